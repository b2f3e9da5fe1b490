"""Needs of the contact's municipality: a draft, one that was sent, one taken up and one merged into it."""

from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.services import merging as services
from needs.services.endorsing import endorse
from regions.models import Municipality
from tests.crawl.people import user_of
from tests.needs.factories import make_need


def find() -> dict[str, object]:
    municipality, contact = Municipality.objects.in_force().get(number="1106"), user_of("contact")

    def of_the_contact(state: NeedState) -> int:
        return make_need(f"Hva virker? {state}", municipality=municipality, state=state, by=contact).pk

    taken_up, merged = of_the_contact(NeedState.IN_ASSESSMENT), of_the_contact(NeedState.SUBMITTED)
    need = KnowledgeNeed.objects.get(pk=taken_up)
    services.merge(KnowledgeNeed.objects.get(pk=merged), into=need, by=user_of("coordinator"))
    other = user_of("contact-elsewhere")
    there = Municipality.objects.get(pk__in=other.municipality_ids())
    return {
        "merged_need": merged,
        "endorsement": endorse(need, municipality=there, by=other).pk,
        "draft_need": of_the_contact(NeedState.DRAFT),
        "sent_need": of_the_contact(NeedState.SUBMITTED),
        "need": taken_up,
        "take_up": "take_up",
        "prioritise": "prioritise",
    }
