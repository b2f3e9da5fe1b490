from django.utils import timezone

from ksf.accounts.roles import Role
from ksf.periods import period
from needs.lifecycle import NeedState
from needs.research.lifecycle import QuestionState
from needs.research.models import Interest, QuestionText, ResearchProject, ResearchQuestion
from tests.ksf.factories import LONG_AGO, appoint, make_user
from tests.needs.factories import make_need
from tests.regions.factories import make_municipality, make_partner, make_region


def make_question(title="Virker fallforebygging?", *, region=None, needs=None, state=QuestionState.OPEN, **fields):
    """A question from one prioritised need of the region, with its texts."""
    region = region or make_region()
    if needs is None:
        needs = [make_need(municipality=make_municipality(region=region), state=NeedState.PRIORITISED)]
    if state != QuestionState.DRAFT:
        fields.setdefault("opened_at", timezone.now())
    fields.setdefault("created_by", make_user())
    question = ResearchQuestion.objects.create(title=title, region=region, state=state, **fields)
    question.needs.set(needs)
    QuestionText.objects.bulk_create([QuestionText(question=question, part=part) for part in QuestionText.Part])
    return question


def make_interest(*, question=None, need=None, partner=None, **fields):
    partner = partner or make_partner()
    region = question.region if question else need.municipality.region
    fields = {"message": "Vi kan bidra.", "created_by": appoint(Role.PARTNER, partner), **fields}
    return Interest.objects.create(partner=partner, question=question, need=need, region=region, **fields)


def make_project(title="Fall i distriktet", *, region=None, partners=(), start=LONG_AGO, end=None, **fields):
    project = ResearchProject.objects.create(
        title=title, region=region, period=period(start, end), **{"created_by": make_user(), **fields}
    )
    project.partners.set(partners)
    return project
