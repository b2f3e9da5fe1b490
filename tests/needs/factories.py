from django.utils import timezone

from ksf.accounts.roles import Role
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.services.drafts import next_number
from needs.services.finding import refresh_index
from tests.ksf.factories import appoint, make_user
from tests.regions.factories import make_municipality


def make_contact(municipality=None, **fields):
    """An R&D contact; of a new municipality when none is given."""
    return appoint(Role.RD_CONTACT, municipality or make_municipality(), **fields)


def make_coordinator(need_or_region):
    region = getattr(need_or_region, "municipality", None)
    return appoint(Role.REGIONAL_COORDINATOR, region.region if region else need_or_region)


def make_need(title="Hva virker mot fall på sykehjem?", *, municipality=None, state=NeedState.SUBMITTED, **fields):
    """A need with its number and time, as if it had been sent; a draft has neither."""
    municipality = municipality or make_municipality()
    if state != NeedState.DRAFT:
        fields.setdefault("number", next_number(timezone.localdate().year))
        fields.setdefault("submitted_at", timezone.now())
    if state == NeedState.CLOSED:
        fields.setdefault("close_reason", "Utenfor temaet")
    fields.setdefault("description", "Vi har mange fall, og vet ikke hva som virker.")
    fields.setdefault("created_by", fields.pop("by", None) or make_user())
    need = KnowledgeNeed.objects.create(title=title, municipality=municipality, state=state, **fields)
    refresh_index(need)
    return need
