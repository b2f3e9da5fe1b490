"""A priority round of the region in every state, and one drafted in the cluster and one in the nation."""

from datetime import timedelta

from django.utils import timezone

from clusters.models import Cluster
from needs.lifecycle import NeedState
from needs.rounds import services
from needs.rounds.models import Participant, Round
from needs.rounds.rules.candidates import eligible_needs
from needs.rounds.rules.counting import count
from needs.rounds.services.closing import close_round
from regions.models import Municipality, Region
from tests.crawl.people import user_of
from tests.needs.factories import make_need


def find() -> dict[str, object]:
    region, cluster = Region.objects.get(slug="vest"), Cluster.objects.get(slug="haugalandet-og-ryfylke")
    make_need("Hva kan stå på listen?", municipality=_place(), state=NeedState.IN_ASSESSMENT, by=user_of("contact"))
    draft, opened = (_round("region", region.pk, "coordinator") for _ in range(2))
    services.open_round(opened, by=user_of("coordinator"))
    counted, published = _counted(region), _counted(region)
    services.publish(published, prioritised=1, by=user_of("coordinator"))
    return {
        "draft_round": draft.pk,
        "draft_candidate": draft.candidates.first().pk,
        "open_round": opened.pk,
        "open_candidate": opened.candidates.first().pk,
        "counted_round": counted.pk,
        "published_round": published.pk,
        "cluster_round": _round("cluster", cluster.pk, "cluster").pk,
        "nation_round": _round("nation", None, "staff").pk,
        "elsewhere": "4203",
        "open": "open",
        "close": "close",
    }


def _place() -> Municipality:
    return Municipality.objects.in_force().get(number="1106")


def _round(level: str, scope: int | None, runner: str) -> Round:
    """A draft with candidates."""
    by = user_of(runner)
    made = services.create_round(
        title="Runde", level=level, scope=scope, criteria="Nytte", method="borda", by=by,
        closes_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    services.add_candidates(made, needs=eligible_needs(made)[:3], by=by)
    return made


def _counted(region: Region) -> Round:
    """A round that is closed and counted, with one ballot."""
    made = _round("region", region.pk, "coordinator")
    services.open_round(made, by=user_of("coordinator"))
    participant = Participant.objects.get(round=made, municipality=_place())
    services.cast_ballot(participant, order=[made.candidates.first().pk], by=user_of("contact"))
    now = timezone.now()
    Round.objects.filter(pk=made.pk).update(opens_at=now - timedelta(days=1), closes_at=now)
    closed = close_round(made, by=user_of("coordinator"))
    Round.objects.filter(pk=made.pk).update(result=count(closed))
    return Round.objects.get(pk=made.pk)
