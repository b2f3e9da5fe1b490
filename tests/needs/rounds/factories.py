from datetime import timedelta

from django.utils import timezone

from ksf.accounts.roles import Role
from ksf.jobs.models import Job
from ksf.jobs.tasks import run
from needs.lifecycle import NeedState
from needs.rounds import services
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Round
from needs.rounds.services.closing import close_round
from tests.ksf.factories import appoint
from tests.needs.factories import make_contact, make_need
from tests.regions.factories import make_county, make_municipality, make_region


def make_round(state=RoundState.DRAFT, *, needs=3, municipalities=3, region=None, **fields):
    """A regional round in ``state`` with needs that stand; ``round_.runner`` is the coordinator who runs it."""
    region = region or make_region()
    runner = appoint(Role.REGIONAL_COORDINATOR, region)
    county = make_county(region)
    places = [make_municipality(county=county) for _ in range(municipalities)]
    fields = {"closes_at": timezone.now() + timedelta(days=7), "criteria": "Nytte", "method": "borda", **fields}
    round_ = services.create_round(title="Runde", level="region", scope=region.pk, by=runner, **fields)
    stand = [
        make_need(f"Behov {i}", municipality=places[i % len(places)], state=NeedState.IN_ASSESSMENT)
        for i in range(needs)
    ]
    services.add_candidates(round_, needs=stand, by=runner)
    if state != RoundState.DRAFT:
        services.open_round(round_, by=runner)
    if state in {RoundState.CLOSED, RoundState.PUBLISHED}:
        for participant in round_.participants.all():
            vote(participant, [0, 1, 2][:needs])
        close_round(round_, by=runner)
        do_jobs()
    if state == RoundState.PUBLISHED:
        services.publish(round_, prioritised=1, by=runner)
    return fresh(round_, runner)


def fresh(round_, runner=None):
    found = Round.objects.get(pk=round_.pk)
    found.runner = runner or round_.runner
    return found


def vote(participant, places, *, by=None):
    """Cast the ballot with the candidates at ``places`` of the round's list, best first."""
    ids = list(participant.round.candidates.values_list("pk", flat=True))
    by = by or make_contact(participant.municipality)
    return services.cast_ballot(participant, order=[ids[place] for place in places], by=by)


def do_jobs():
    """Do the long work that waits, as a worker would."""
    for pk in Job.objects.unfinished().values_list("pk", flat=True):
        run(pk)


def pass_deadline(round_, *, by=timedelta(seconds=1)):
    """Let the clock stand ``by`` after the deadline."""
    now = timezone.now()
    Round.objects.filter(pk=round_.pk).update(opens_at=now - timedelta(days=1), closes_at=now - by)
