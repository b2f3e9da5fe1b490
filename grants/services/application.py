"""Starting, writing, submitting and withdrawing applications (G4, G5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from clusters.models import Cluster, MotorTerm
from grants import notifications
from grants.letters import sealing
from grants.lifecycle import APPLICATION, APPLICATION_ACTIONS, ApplicationState
from grants.models import (
    Answer,
    Application,
    ApplicationMember,
    Attachment,
    BudgetLine,
    Call,
    CostCategory,
    Rejection,
    RequiredAttachment,
    Submission,
    Waiver,
)
from grants.models.award import COMPLAIN_WITHIN, MADE_BY_HAND
from grants.reading.snapshot import snapshot_of
from grants.rules import eligibility
from ksf import audit, files, jobs
from ksf.accounts.models import User
from ksf.documents.services import fingerprint
from ksf.lifecycle import OutOfTime
from ksf.steps import lock, take
from regions.models import Municipality


class CallNotOpen(OutOfTime):
    """The call takes no applications at the moment the request arrived."""

    def __init__(self, call: Call) -> None:
        super().__init__(call, call.opens_at, call.deadline_at)


class NotEligible(Exception):
    """Rules stand in the way of submitting; ``findings`` says which."""

    def __init__(self, findings: Iterable[eligibility.Finding]) -> None:
        self.findings = [finding for finding in findings if finding.blocks]
        super().__init__(", ".join(finding.code for finding in self.findings))


class NoMotorMunicipality(Exception):
    """The cluster has no motor municipality in force, so nobody can apply for it."""


@dataclass(frozen=True)
class Edit:
    """One amount as its writer saw it, ``was``, and as it shall be, in kroner. None: the municipality is not with."""

    was: int | None
    value: int | None


@dataclass(frozen=True)
class AmountClash:
    """Two have written different amounts in the same place; ``saved`` stands, ``mine`` is the later writer's."""

    key: Any
    mine: int | None
    saved: int | None


def arrived_at() -> datetime:
    """The database's time as this statement began: one clock for all processes, read before a lock is waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


@transaction.atomic
def start(call: Call, cluster: Cluster, *, by: User) -> Application:
    """The cluster's application to the call, made if there is none, with today's members at zero.

    Raises CallNotOpen, NoMotorMunicipality, and PermissionDenied for those who may not write for the cluster.
    """
    motor = _motor_of(cluster.pk)
    if motor is None:
        raise NoMotorMunicipality
    draft = Application(call=call, cluster=cluster, motor=motor, created_by=by, title="", language=cluster.language)
    if not by.has_perm("grants.write_application", draft):
        raise PermissionDenied("grants.write_application")
    found = Application.objects.filter(call=call, cluster=cluster).first()
    if found is not None:
        return _follow_motor(lock(found), by=by)
    if not call.is_open_at(arrived_at()):
        raise CallNotOpen(call)
    application, is_new = Application.objects.get_or_create(
        call=call,
        cluster=cluster,
        defaults={"motor": motor, "created_by": by, "title": cluster.name, "language": cluster.language},
    )
    if is_new:
        _prepare(application)
        audit.record("application.start", application, by=by, cluster=cluster)
    return application


def _motor_of(cluster_id: int) -> Municipality | None:
    terms = MotorTerm.objects.in_force().filter(cluster=cluster_id)
    term = terms.select_related("membership__municipality").first()
    return term.membership.municipality if term else None


def _follow_motor(application: Application, *, by: User) -> Application:
    """Let a draft be the cluster's present motor municipality's; what is handed in stays as it was."""
    motor = _motor_of(application.cluster_id)
    if application.state == ApplicationState.DRAFT and motor and motor.pk != application.motor_id:
        audit.record("application.motor", application, by=by, before=application.motor, after=motor)
        application.motor = motor
        application.save(update_fields=["motor"])
    return application


def _prepare(application: Application) -> None:
    memberships = application.cluster.memberships.in_force()
    ApplicationMember.objects.bulk_create(
        ApplicationMember(application=application, municipality_id=membership.municipality_id)
        for membership in memberships
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(application=application, category=category) for category in application.call.cost_categories.all()
    )
    Answer.objects.bulk_create(
        Answer(application=application, question=question) for question in application.call.questions.all()
    )


def lock_draft(application: Application, *, by: User) -> Application:
    """The application, locked, if ``by`` may write it and it is being written. Raises as the lifecycle does."""
    locked = lock(application)
    APPLICATION_ACTIONS.check("write", locked, by=by)
    return _follow_motor(locked, by=by)


@transaction.atomic
def save_details(
    application: Application, *, title: str, language: str, least_amount: int | None, by: User
) -> Application:
    """Save the title, the language and the least amount of a draft."""
    application = lock_draft(application, by=by)
    values = {"title": title, "language": language, "least_amount": least_amount}
    changes = audit.changes_of(application, values)
    if changes:
        for field, value in values.items():
            setattr(application, field, value)
        application.save(update_fields=list(values))
        audit.record("application.details", application, by=by, changes=changes)
    return application


@transaction.atomic
def save_amounts(application: Application, edits: Mapping[int, Edit], *, by: User) -> list[AmountClash]:
    """Save the members' amounts by municipality id; returns where somebody else has written something else since."""
    application = lock_draft(application, by=by)
    rows = {member.municipality_id: member for member in application.members.all()}
    allowed = set(application.cluster.memberships.in_force().values_list("municipality", flat=True)) | rows.keys()
    saved = {pk: rows[pk].amount if pk in rows else None for pk in allowed}
    changed, clashes = merge(saved, {pk: edit for pk, edit in edits.items() if pk in allowed})
    for pk, amount in changed.items():
        if amount is None:
            rows[pk].delete()
        else:
            ApplicationMember.objects.update_or_create(
                application=application, municipality_id=pk, defaults={"amount": amount}
            )
    if changed:
        numbers = dict(Municipality.objects.filter(pk__in=changed).values_list("pk", "number"))
        changes = {numbers[pk]: [saved[pk], amount] for pk, amount in changed.items()}
        audit.record("application.amounts", application, by=by, changes=changes)
    return clashes


@transaction.atomic
def save_budget(application: Application, edits: Mapping[tuple[int, str], Edit], *, by: User) -> list[AmountClash]:
    """Save the budget by (category id, "grant" or "own"); returns where somebody else has written since."""
    application = lock_draft(application, by=by)
    lines = {line.category_id: line for line in application.budget.all()}
    saved: dict[tuple[int, str], int | None] = {
        (pk, column): getattr(line, column) for pk, line in lines.items() for column in ("grant", "own")
    }
    changed, clashes = merge(saved, {key: edit for key, edit in edits.items() if key in saved})
    for (pk, column), amount in changed.items():
        setattr(lines[pk], column, amount or 0)
    BudgetLine.objects.bulk_update([lines[pk] for pk in {pk for pk, _column in changed}], ["grant", "own"])
    if changed:
        codes = dict(CostCategory.objects.filter(pk__in=lines).values_list("pk", "code"))
        changes = {
            f"{codes[pk]}.{column}": [saved[pk, column], amount or 0] for (pk, column), amount in changed.items()
        }
        audit.record("application.budget", application, by=by, changes=changes)
    return clashes


def merge(
    saved: Mapping[Any, int | None], edits: Mapping[Any, Edit]
) -> tuple[dict[Any, int | None], list[AmountClash]]:
    """What to change, and where two have changed the same amount to different values."""
    changed: dict[Any, int | None] = {}
    clashes = []
    for key, edit in edits.items():
        now = saved.get(key)
        if edit.value in (edit.was, now):
            continue
        if now == edit.was:
            changed[key] = edit.value
        else:
            clashes.append(AmountClash(key, edit.value, now))
    return changed, clashes


@transaction.atomic
def attach(
    application: Application, requirement: RequiredAttachment, *, name: str, content: bytes, by: User
) -> Attachment:
    """Keep a file whose kind and size the form has checked, in place of what was attached there before."""
    application = lock_draft(application, by=by)
    kind = files.kind_of(content)
    if kind is None:
        raise ValueError("The bytes are of no kind that is accepted.")
    application.attachments.current().filter(requirement=requirement).update(removed_at=timezone.now())
    attachment = Attachment.objects.create(
        application=application,
        requirement=requirement,
        name=files.clean_name(name, kind),
        content_type=files.TYPES[kind],
        content=content,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        uploaded_by=by,
    )
    audit.record("application.attach", application, by=by, name=attachment.name, sha256=attachment.sha256)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, by: User) -> None:
    """Remove a file from the draft. The bytes are kept for submissions that have it."""
    application = lock_draft(attachment.application, by=by)
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at"])
    audit.record("application.detach", application, by=by, name=attachment.name)


@transaction.atomic
def submit(application: Application, *, by: User) -> Submission:
    """Hand in the application: checked, numbered, sealed as data, with a receipt to those who write it.

    A job makes the PDF of what is sealed: at the deadline many hand in at once (X11).

    The time is the database's as the request arrives; the deadline and the rules are judged under the lock. Raises
    StepNotAllowed for the second of two who press at once, CallNotOpen one second after the deadline, NotEligible.
    """
    moment = arrived_at()
    call = lock(application.call)  # before the application, as where a call is decided
    locked = lock(application)
    APPLICATION.check("submit", locked, by=by)
    locked = _follow_motor(locked, by=by)
    if not call.is_open_at(moment):
        raise CallNotOpen(call)
    whole = Application.objects.for_page().get(pk=locked.pk)
    with override(whole.language):
        findings = eligibility.examine(whole, moment)
    if any(finding.blocks for finding in findings):
        raise NotEligible(findings)
    number = locked.number or _next_number(call)
    locked = take(APPLICATION, "submit", locked, by=by, number=number, submitted_at=moment)
    whole.number, whole.submitted_at = number, moment
    return _seal(whole, findings, moment, by=by)


def _next_number(call: Call) -> str:
    """The next number of the call, ``2027-03``. The call's row is locked by the caller."""
    call.last_number += 1
    call.save(update_fields=["last_number"])
    return f"{call.slug}-{call.last_number:02}"


def _seal(application: Application, findings: list[eligibility.Finding], moment: datetime, *, by: User) -> Submission:
    snapshot = snapshot_of(application, findings, moment)
    checksum = fingerprint(snapshot)
    submission = Submission.objects.create(
        application=application,
        submitted_at=moment,
        submitted_by=by,
        snapshot=snapshot,
        checksum=checksum,
    )
    jobs.request(
        "grants.application_pdf",
        by=by,
        title=str(application)[:200],
        subject=application,
        key=f"submission-{submission.pk}",
        next_url=reverse("application_receipt", args=[application.pk]),
        submission=submission.pk,
    )
    notifications.receipt(application, submission)
    return submission


@transaction.atomic
def withdraw(application: Application, *, by: User) -> Application:
    """Take back what was handed in. The sealed copies stay."""
    application = take(APPLICATION, "withdraw", application, by=by)
    notifications.withdrawn(application)
    return application


@transaction.atomic
def reopen(application: Application, *, by: User) -> Application:
    """Go on writing what was withdrawn, while the call is open. Raises CallNotOpen after the deadline."""
    moment = arrived_at()
    application = take(APPLICATION, "reopen", application, by=by)
    if not application.call.is_open_at(moment):
        raise CallNotOpen(application.call)
    return application


@transaction.atomic
def waive(application: Application, rule: str, *, reason: str, by: User) -> Waiver:
    """Let a rule that may be waived not bind this application, with the reason, and notify the applicant (G5).

    An exception that stands is taken back first, so that both reasons are kept. Raises PermissionDenied.
    """
    application = _lock_to_waive(application, by=by)
    if rule not in eligibility.WAIVABLE:
        raise ValueError(f"{rule} cannot be waived.")
    _take_back(application, rule, by=by)
    waiver = Waiver.objects.create(application=application, rule=rule, reason=reason, waived_by=by)
    audit.record("application.waive", application, by=by, rule=rule, reason=reason)
    notifications.waived(waiver)
    return waiver


@transaction.atomic
def take_back_waiver(application: Application, rule: str, *, by: User) -> None:
    """Let the rule bind the application again and notify the applicant; nothing where no exception stands.

    What is handed in keeps the exception it was handed in with. Raises PermissionDenied.
    """
    application = _lock_to_waive(application, by=by)
    if waiver := _take_back(application, rule, by=by):
        audit.record("application.take_back_waiver", application, by=by, rule=rule)
        notifications.waiver_taken_back(waiver)


def _lock_to_waive(application: Application, *, by: User) -> Application:
    application = lock(application)
    if not by.has_perm("grants.waive_rule", application):
        raise PermissionDenied("grants.waive_rule")
    return application


def _take_back(application: Application, rule: str, *, by: User) -> Waiver | None:
    waiver = application.waivers.in_force().filter(rule=rule).first()
    if waiver is not None:
        waiver.taken_back_at, waiver.taken_back_by = timezone.now(), by
        waiver.save(update_fields=["taken_back_at", "taken_back_by"])
    return waiver


@transaction.atomic
def dismiss(application: Application, *, grounds: str, by: User) -> Rejection:
    """Dismiss an application that does not meet the rules, and ask for the letter that says why (G9)."""
    application = take(APPLICATION, "dismiss", application, by=by, dismissal_grounds=grounds)
    now = timezone.now()
    rejection = Rejection.objects.create(
        application=application,
        reason={MADE_BY_HAND: grounds},
        grounds=grounds,
        decided_at=now,
        decided_by=by,
        complaint_due_on=timezone.localdate(now) + COMPLAIN_WITHIN,
    )
    sealing.request_letters(application.call, key=f"dismissal-{rejection.pk}", by=by)
    return rejection
