"""The register of research participation: the only writer of projects (N9)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.periods import DateRange, period
from ksf.steps import lock, take
from ksf.writing.services import keep_earlier
from needs.models import KnowledgeNeed
from needs.research.lifecycle import PROJECT, QUESTION
from needs.research.models import Participation, ResearchProject
from needs.research.services.questions import lift
from regions.models import Municipality

MANY = ("partners", "clusters", "needs", "questions")


@transaction.atomic
def register_project(
    *, starts_on: date, last_day: date | None = None, is_under_way: bool = False, by: User, **values: Any
) -> ResearchProject:
    """Register a project; its questions become projects, its needs' municipalities take part.

    One that is under way already takes its needs into research. Raises PermissionDenied for those who coordinate
    neither its region nor one of its clusters, ValidationError for a period that ends before it begins.
    """
    many = {name: list(values.pop(name, ())) for name in MANY}
    project = ResearchProject(period=_period(starts_on, last_day), created_by=by, **values)
    project.own_cluster_ids = frozenset(cluster.pk for cluster in many["clusters"])
    if not by.has_perm("needs_research.edit_project", project):
        raise PermissionDenied("needs_research.make_project")
    project.save()
    _set(project, many)
    audit.record("project.created", project, by=by, title=project.title)
    for municipality in {need.municipality for need in _needs(project)}:
        Participation.objects.create(project=project, municipality=municipality)
    _questions_become(project, by=by)
    return move_project("start", project, by=by) if is_under_way else project


@transaction.atomic
def edit_project(
    project: ResearchProject, *, version: int, starts_on: date, last_day: date | None = None, by: User, **values: Any
) -> ResearchProject:
    """Change what the register says. Raises ValidationError when somebody else changed it since ``version``."""
    locked = lock(project)
    if not by.has_perm("needs_research.edit_project", locked):
        raise PermissionDenied("needs_research.edit_project")
    if locked.version != version:
        raise ValidationError(
            _("Somebody else changed the project while you wrote. Your words stand below: compare, and save again."),
            code="overtaken",
        )
    many = {name: list(values.pop(name, ())) for name in MANY}
    if "summary" in values:
        keep_earlier(locked, {"summary": (locked.summary, values["summary"])}, by=by)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.period = _period(starts_on, last_day)
    locked.version += 1
    locked.save()
    _set(locked, many)
    audit.record("project.edited", locked, by=by, title=locked.title)
    _questions_become(locked, by=by)
    if locked.state == "under_way":
        lift("start_research", _needs(locked), by=by, note=locked.title)
    return locked


@transaction.atomic
def move_project(step: str, project: ResearchProject, *, by: User, reason: str = "") -> ResearchProject:
    """Take a step of the project's life. When it starts, its needs come into research where their life allows it."""
    changes: dict[str, Any] = {"stop_reason": reason} if step == "stop" else {}
    if step == "stop" and not reason:
        raise ValidationError({"reason": _("Write why it was stopped. What did not work is worth knowing.")})
    moved = take(PROJECT, step, project, by=by, **changes)
    if step == "start":
        lift("start_research", _needs(moved), by=by, note=moved.title)
    return moved


@transaction.atomic
def join(project: ResearchProject, *, municipality: Municipality, part: str, by: User) -> Participation:
    """Let a municipality take part, or give it another role."""
    locked = _editable(project, by)
    row, _is_new = Participation.objects.update_or_create(
        project=locked, municipality=municipality, defaults={"part": part}
    )
    audit.record("project.joined", locked, by=by, municipality=municipality.pk, name=str(municipality), part=part)
    return row


@transaction.atomic
def leave(participation: Participation, *, by: User) -> None:
    """Take a municipality out of the project; the log keeps that it was there."""
    locked = _editable(participation.project, by)
    place = participation.municipality
    audit.record("project.left", locked, by=by, municipality=place.pk, name=str(place), part=participation.part)
    participation.delete()


def _editable(project: ResearchProject, by: User) -> ResearchProject:
    locked = lock(project)
    if not by.has_perm("needs_research.edit_project", locked):
        raise PermissionDenied("needs_research.edit_project")
    return locked


def _period(starts_on: date, last_day: date | None) -> DateRange:
    if last_day is None:
        return period(starts_on)
    if last_day < starts_on:
        raise ValidationError({"last_day": _("The project must end after it starts.")})
    return period(starts_on, last_day + timedelta(days=1))


def _set(project: ResearchProject, many: dict[str, list[Any]]) -> None:
    for name, rows in many.items():
        getattr(project, name).set(rows)


def _needs(project: ResearchProject) -> Iterable[KnowledgeNeed]:
    """The needs the project answers, its questions' needs among them."""
    found = {need.pk: need for need in project.needs.select_related("municipality__county")}
    for question in project.questions.prefetch_related("needs__municipality__county"):
        found |= {need.pk: need for need in question.needs.all()}
    return list(found.values())


def _questions_become(project: ResearchProject, *, by: User) -> None:
    for question in project.questions.all():
        if QUESTION.allows("become_project", question, by=by):
            take(QUESTION, "become_project", question, by=by)
