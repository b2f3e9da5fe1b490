"""The demo's researchable questions, interest and projects: where they stand today, with dates in the past."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from clusters.models import Cluster
from demo.content_files import read
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.periods import period
from needs.models import KnowledgeNeed
from needs.research.models import Interest, Participation, QuestionText, ResearchProject, ResearchQuestion
from regions.models import Municipality, Partner, Region

Row = dict[str, Any]
WRITTEN = timedelta(days=40)
"""How long before it is opened a question is begun."""
REGISTERED = timedelta(days=21)
"""How long before it starts, or before today, a project is registered."""
PARTS = QuestionText.Part.values
MANY = ("clusters", "partners", "questions", "needs", "municipalities")


def load_research() -> int:
    """Make the questions, interest and projects of the content. Returns how many projects there are."""
    content = read("research")
    questions = [_question(row) for row in content["questions"]]
    for row in content["interests"]:
        _interest(row, questions)
    for row in content["projects"]:
        _project(row, questions)
    return len(content["projects"])


def _question(row: Row) -> ResearchQuestion:
    needs = [_need(code) for code in row["needs"]]
    first = needs[0]
    writer = _coordinator(first.municipality.region)
    opened_on = row.get("opened_on")
    question = ResearchQuestion.objects.create(
        title=row["title"],
        kind=row["kind"],
        language=row.get("language", "nb"),
        state=row["state"],
        region=first.municipality.region,
        service_area=first.service_area,
        created_by=writer,
        opened_at=_moment(opened_on) if opened_on else None,
        created_at=_moment(opened_on - WRITTEN) if opened_on else timezone.now() - timedelta(days=9),
    )
    question.needs.set(needs)
    for n, part in enumerate(PARTS, 1):
        at = question.created_at + timedelta(days=1, minutes=7 * n)
        saved: Row = {"version": 1, "updated_at": at, "updated_by": writer} if row[part] else {}
        QuestionText.objects.create(question=question, part=part, content=row[part], **saved)
    return question


def _interest(row: Row, questions: list[ResearchQuestion]) -> None:
    partner = Partner.objects.get(slug=row["partner"])
    question = questions[row["question"] - 1] if "question" in row else None
    need = None if question else _need(row["need"])
    region = question.region if question else need.municipality.region if need else None
    answered: Row = {}
    if "answered_on" in row:
        answered = {"answered_by": _coordinator(region), "answered_at": _moment(row["answered_on"])}
    Interest.objects.create(
        partner=partner,
        question=question,
        need=need,
        region=region,
        message=row["message"],
        state=row.get("state", "waiting"),
        answer=row.get("answer", ""),
        created_at=_moment(row["shown_on"]),
        created_by=User.objects.get(appointments__role=Role.PARTNER, appointments__partner=partner),
        **answered,
    )


def _project(row: Row, questions: list[ResearchQuestion]) -> None:
    region = Region.objects.get(slug=row["region"])
    own = {name: value for name, value in row.items() if name not in {*MANY, "region", "starts_on", "ends_on"}}
    project = ResearchProject.objects.create(
        region=region,
        created_by=_coordinator(region),
        created_at=min(_moment(row["starts_on"]), timezone.now()) - REGISTERED,
        period=period(row["starts_on"], row["ends_on"]),
        **own,
    )
    project.partners.set(Partner.objects.filter(slug__in=row["partners"]))
    project.clusters.set(Cluster.objects.filter(slug__in=row["clusters"]))
    project.needs.set([_need(code) for code in row["needs"]])
    project.questions.set([questions[number - 1] for number in row["questions"]])
    for number, part in row["municipalities"].items():
        place = Municipality.objects.in_force().get(number=number)
        Participation.objects.create(project=project, municipality=place, part=part)


def _need(code: str) -> KnowledgeNeed:
    return KnowledgeNeed.objects.with_place().get(external_id=f"demo-{code}")


def _coordinator(region: Region | None) -> User:
    held = Appointment.objects.in_force().for_role(Role.REGIONAL_COORDINATOR, region=region).first()
    return held.user if held else User.objects.system()


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
