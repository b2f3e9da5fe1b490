"""Questions, interests and projects of the region in the states that answer differently."""

from clusters.models import Cluster
from needs.lifecycle import NeedState
from needs.research.lifecycle import InterestState, ProjectState, QuestionState
from needs.research.models import Interest, Participation, ResearchProject, ResearchQuestion, SavedSearch
from regions.models import Municipality, Partner, Region
from tests.crawl.people import user_of
from tests.needs.factories import make_need
from tests.needs.research.factories import make_interest, make_project, make_question


def find() -> dict[str, object]:
    search = SavedSearch.objects.create(user=user_of("contact"))
    return _questions() | _interests() | _projects() | {"search": search.pk, "off": "off"}


def _question(state: QuestionState) -> ResearchQuestion:
    """A question of the region from a need of the contact's municipality."""
    place = Municipality.objects.in_force().get(number="1106")
    need = make_need("Hva kan forskes på?", municipality=place, state=NeedState.PRIORITISED, by=user_of("contact"))
    return make_question(
        region=Region.objects.get(slug="vest"), needs=[need], state=state, created_by=user_of("coordinator")
    )


def _interest(question: ResearchQuestion, **fields: object) -> Interest:
    partner = Partner.objects.get(pk__in=user_of("partner").partner_ids())
    return make_interest(question=question, partner=partner, created_by=user_of("partner"), **fields)


def _questions() -> dict[str, object]:
    shared = _question(QuestionState.DRAFT)
    _interest(shared, state=InterestState.IN_TOUCH)
    return {
        "draft_question": _question(QuestionState.DRAFT).pk,
        "shared_draft": shared.pk,
        "open_question": _question(QuestionState.OPEN).pk,
        "question_in_project": _question(QuestionState.IN_PROJECT).pk,
        "question_part": "outcome",
        "open": "open",
        "take_back": "take_back",
        "become_project": "become_project",
    }


def _interests() -> dict[str, object]:
    declined = {"state": InterestState.DECLINED, "answer": "Ikke nå", "answered_by": user_of("coordinator")}
    return {
        "interest": _interest(_question(QuestionState.OPEN)).pk,
        "declined_interest": _interest(_question(QuestionState.OPEN), **declined).pk,
        "put_in_touch": "put_in_touch",
        "decline": "decline",
        "withdraw": "withdraw",
    }


def _projects() -> dict[str, object]:
    region, cluster = Region.objects.get(slug="vest"), Cluster.objects.get(slug="haugalandet-og-ryfylke")
    partner = Partner.objects.get(pk__in=user_of("partner").partner_ids())

    def of_the_region(state: ProjectState = ProjectState.PLANNED, **fields: object) -> ResearchProject:
        return make_project(region=region, created_by=user_of("coordinator"), state=state, **fields)

    shared = of_the_region(partners=[partner])
    shared.clusters.add(cluster)
    place = Municipality.objects.in_force().get(number="1106")
    return {
        "planned_project": of_the_region().pk,
        "shared_project": shared.pk,
        "participation": Participation.objects.create(project=shared, municipality=place).pk,
        "project_under_way": of_the_region(ProjectState.UNDER_WAY).pk,
        "stopped_project": of_the_region(ProjectState.STOPPED, stop_reason="Ingen penger").pk,
        "start": "start",
        "stop": "stop",
    }
