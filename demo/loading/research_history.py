"""What the log would say had the demo's rounds, questions, interest and projects lived in the portal."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from demo.loading.log_entries import ActingPerson, acting_as, log_entry
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from needs.research.lifecycle import InterestState, ProjectState, QuestionState
from needs.research.models import Interest, Participation, ResearchProject, ResearchQuestion
from needs.rounds.models import Round
from regions.models import Region

BEFORE_OPENING = timedelta(days=6)
ANSWERED = {InterestState.IN_TOUCH: "interest.put_in_touch", InterestState.DECLINED: "interest.decline"}


def record_research() -> int:
    """Write the history of rounds, questions, interest and projects. Returns how many entries."""
    actors = _ResearchActors()
    entries = [*_rounds(actors), *_questions(actors), *_interests(actors), *_projects(actors)]
    AuditEntry.objects.bulk_create(entries)
    return len(entries)


class _ResearchActors:
    """The coordinator of a region, the people of a partner, and the portal, which closes and counts by the clock."""

    def __init__(self) -> None:
        held = list(Appointment.objects.in_force().with_scope().select_related("user"))
        self.regions = {row.region_id: row for row in held if row.role == Role.REGIONAL_COORDINATOR}
        self.partners = {row.partner_id: row for row in held if row.role == Role.PARTNER}
        self.system = User.objects.system()

    def coordinator(self, region: Region | None) -> ActingPerson:
        return acting_as(self.regions.get(region.pk) if region else None, self.system)

    def partner(self, interest: Interest) -> ActingPerson:
        return acting_as(self.partners.get(interest.partner_id), self.system)

    @property
    def portal(self) -> ActingPerson:
        return acting_as(None, self.system)


def _rounds(actors: _ResearchActors) -> Iterator[AuditEntry]:
    for row in Round.objects.select_related("region").prefetch_related("changes"):
        by, opened = actors.coordinator(row.region), row.opens_at or row.closes_at
        yield log_entry("round.created", row, by, opened - BEFORE_OPENING)
        yield log_entry("round.open", row, by, opened)
        if row.closes_at <= timezone.now():
            yield log_entry("round.close", row, actors.portal, row.closes_at)
            yield log_entry("round.counted", row, actors.portal, row.closes_at + timedelta(minutes=1))
        for change in row.changes.all():
            ranks = {"before": change.from_rank, "after": change.to_rank, "note": change.reason}
            yield log_entry("round.changed", row, by, change.made_at, ranks)
        if row.published_at:
            yield log_entry("round.publish", row, by, row.published_at)
            yield log_entry("round.minutes", row, by, row.published_at + timedelta(minutes=1))


def _questions(actors: _ResearchActors) -> Iterator[AuditEntry]:
    matched = {QuestionState.MATCHED, QuestionState.IN_PROJECT}
    for row in ResearchQuestion.objects.select_related("region").prefetch_related("interests", "projects"):
        by = actors.coordinator(row.region)
        yield log_entry("question.created", row, by, row.created_at)
        if row.opened_at:
            yield log_entry("question.open", row, by, row.opened_at)
        answers = [interest.answered_at for interest in row.interests.all() if interest.state == InterestState.IN_TOUCH]
        if row.state in matched and answers:
            yield log_entry("question.match", row, by, answers[0])
        begun = [project.created_at for project in row.projects.all()]
        if row.state == QuestionState.IN_PROJECT and begun:
            yield log_entry("question.become_project", row, by, begun[0])


def _interests(actors: _ResearchActors) -> Iterator[AuditEntry]:
    for row in Interest.objects.select_related("region"):
        yield log_entry("interest.shown", row, actors.partner(row), row.created_at, {"message": row.message})
        if row.answered_at:
            answer = {"note": row.answer}
            yield log_entry(
                ANSWERED[InterestState(row.state)], row, actors.coordinator(row.region), row.answered_at, answer
            )


def _projects(actors: _ResearchActors) -> Iterator[AuditEntry]:
    places = Participation.objects.select_related("municipality").order_by("pk")
    for row in ResearchProject.objects.select_related("region"):
        by, begun = actors.coordinator(row.region), _in_the_morning(row.starts_on)
        yield log_entry("project.created", row, by, row.created_at, {"title": row.title})
        for n, place in enumerate(places.filter(project=row), 1):
            name = {"municipality": place.municipality_id, "name": place.municipality, "part": place.part}
            yield log_entry("project.joined", row, by, row.created_at + timedelta(minutes=n), name)
        if row.state != ProjectState.PLANNED:
            yield log_entry("project.start", row, by, begun)
        if row.state == ProjectState.COMPLETED and row.last_day:
            yield log_entry("project.complete", row, by, _in_the_morning(row.last_day))


def _in_the_morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
