"""The demo's applications and reviews, sealed as they were handed in."""

from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from clusters.models import Cluster
from demo.content_files import moment, read
from demo.loading.calls import OPEN, REVIEWERS, UNDER_REVIEW, at, shift_of, staff
from grants import documents
from grants.lifecycle import ApplicationState, CallState, ReviewState
from grants.models import (
    Answer,
    Application,
    ApplicationMember,
    Attachment,
    BudgetLine,
    Call,
    Review,
    Score,
    Submission,
    Waiver,
)
from grants.reading.snapshot import snapshot_of
from grants.rules.eligibility import examine
from grants.services.application import start
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.documents import pdf
from ksf.documents.services import fingerprint
from regions.models import Municipality

STATES = {
    "awarded": ApplicationState.UNDER_REVIEW,
    "partial": ApplicationState.UNDER_REVIEW,
    "rejected": ApplicationState.UNDER_REVIEW,
    "withdrawn": ApplicationState.WITHDRAWN,
    "ineligible": ApplicationState.INELIGIBLE,
}
UNFINISHED = {"S2026-03": ReviewState.ASSIGNED, "S2026-06": ReviewState.WRITING}
"""The last review of these is still to be done, so that there is something to do."""
RULES = {"minimum_members": "members", "attachments": "attachments"}
"""The content's names of rules, and the portal's."""
FILES = {
    "letters": "bekreftelser.pdf",
    "agreement": "samarbeidsavtale.pdf",
    "agreement_draft": "avtaleutkast.pdf",
    "anchoring": "forankring.pdf",
    "region_statement": "uttalelse.pdf",
}
"""What the attachments are called when the portal's own requirement is known by its code."""
DRAFTS_FROM = ("namdal", "nord-troms")
"""The clusters that have begun on the open call."""


def load_applications(calls: dict[str, Call]) -> dict[str, Application]:
    """Make the applications with reviews, by the content's own id. Decisions are another step."""
    content = read("scheme_and_calls")["calls"]
    shifts = {row["code"]: shift_of(row) for row in content}
    made: dict[str, Application] = {}
    for row in read("applications")["applications"]:
        call = calls[row["call"]]
        made[row["id"]] = _application(row, call, shifts[row["call"]])
        for place, review in enumerate(row.get("reviews") or []):
            is_last = place == len(row["reviews"]) - 1
            _review(made[row["id"]], review, shifts[row["call"]], UNFINISHED.get(row["id"]) if is_last else None)
    for slug in DRAFTS_FROM:
        _draft(calls[OPEN], Cluster.objects.get(slug=slug))
    return made


def _application(row: dict[str, Any], call: Call, shift: timedelta) -> Application:
    motor = Municipality.objects.in_force().get(number=row["motor_municipality"])
    call.last_number += 1
    call.save(update_fields=["last_number"])
    cluster = Cluster.objects.get(slug=row["cluster"])
    application = Application.objects.create(
        call=call,
        cluster=cluster,
        motor=motor,
        language=row["language"],
        title=row["title"],
        least_amount=row["least_amount"],
        state=STATES[row["status"]],
        number=f"{call.slug}-{call.last_number:02}",
        submitted_at=moment(row["submitted_at"]) + shift,
        created_by=writer_for(cluster, motor),
        dismissal_grounds=row["decision"]["grounds"] if row["status"] == "ineligible" else "",
    )
    _parts(application, row)
    _waive(application, (row.get("eligibility") or {}).get("waiver"))
    _seal(application)
    return application


def writer_for(cluster: Cluster, motor: Municipality) -> User:
    """Who writes for the cluster: its coordinator, its motor's contact, or KSF where the demo has neither."""
    held = Appointment.objects.in_force().select_related("user")
    appointment = (
        held.filter(role=Role.RD_CONTACT, municipality=motor).first()
        or held.filter(role=Role.CLUSTER_COORDINATOR, cluster=cluster).first()
    )
    return appointment.user if appointment else staff()


def _parts(application: Application, row: dict[str, Any]) -> None:
    call = application.call
    numbers = {member["municipality"]: member["amount"] for member in row["members"]}
    members = Municipality.objects.in_force().filter(number__in=numbers)
    ApplicationMember.objects.bulk_create(
        ApplicationMember(application=application, municipality=one, amount=numbers[one.number]) for one in members
    )
    budget = {line["category"]: line for line in row["budget"]}
    BudgetLine.objects.bulk_create(
        BudgetLine(
            application=application,
            category=category,
            grant=budget.get(category.code, {}).get("grant", 0),
            own=budget.get(category.code, {}).get("own", 0),
        )
        for category in call.cost_categories.all()
    )
    Answer.objects.bulk_create(
        Answer(
            application=application,
            question=question,
            content=row["answers"].get(question.code, ""),
            version=1,
            updated_at=application.submitted_at,
            updated_by=application.created_by,
        )
        for question in call.questions.all()
    )
    required = {one.code: one for one in call.required_attachments.all()}
    for one in row["attachments"]:
        if one["code"] in required:
            content = _example(required[one["code"]].label_nb)
            Attachment.objects.create(
                application=application,
                requirement=required[one["code"]],
                name=FILES.get(one["code"], one["file"]),
                content=content,
                content_type="application/pdf",
                size=len(content),
                sha256=sha256(content).hexdigest(),
                uploaded_by=application.created_by,
            )


def _waive(application: Application, waiver: dict[str, Any] | None) -> None:
    if waiver:
        rule = RULES[waiver["rule"]]
        Waiver.objects.create(application=application, rule=rule, reason=waiver["reason"], waived_by=staff())


@cache
def _example(title: str) -> bytes:
    """A PDF that says it is an example attachment."""
    context = {"title": title, "lead": "Eksempelvedlegg til demonstrasjonen. Filen har ikke annet innhold."}
    return pdf.render("documents/letter.html", context, language="nb")


def _seal(application: Application) -> None:
    whole = Application.objects.for_page().get(pk=application.pk)
    whole.call.state = CallState.PUBLISHED  # as it was the moment the application came in
    findings = examine(whole, application.submitted_at)
    held = [finding for finding in findings if not finding.blocks]  # a motor that has changed since says nothing of it
    snapshot = snapshot_of(whole, held, application.submitted_at)
    checksum = fingerprint(snapshot)
    Submission.objects.create(
        application=application,
        submitted_at=application.submitted_at,
        submitted_by=application.created_by,
        snapshot=snapshot,
        checksum=checksum,
        document=documents.seal_application(whole, snapshot, checksum, by=application.created_by),
    )


def _review(application: Application, row: dict[str, Any], shift: timedelta, unfinished: ReviewState | None) -> Review:
    has_tie = row["submitted"] is None
    state = unfinished or (ReviewState.CONFLICTED if has_tie else ReviewState.HANDED_IN)
    is_declared = state != ReviewState.ASSIGNED
    is_in = state == ReviewState.HANDED_IN
    review = Review.objects.create(
        application=application,
        reviewer=_reviewer(application, row["reviewer"]),
        state=state,
        declaration=row.get("conflict_reason", "") if has_tie else "",
        declared_at=at(row["impartiality_declared"] + shift) if is_declared else None,
        advised_amount=row["advised_amount"] if is_in else None,
        content=row["overall"] if is_in else "",
        assigned_by=staff(),
        handed_in_at=at(row["submitted"] + shift) if is_in else None,
    )
    given = {score["criterion"]: score for score in row.get("scores") or []} if is_in else {}
    Score.objects.bulk_create(
        Score(
            review=review,
            criterion=criterion,
            points=given.get(criterion.code, {}).get("score"),
            content=given.get(criterion.code, {}).get("grounds", ""),
        )
        for criterion in application.call.criteria.select_related("award_criterion")
    )
    return review


def _reviewer(application: Application, key: str) -> User:
    """The demo's four reviewers stand in for the content's six: the wanted one, or the next who is free."""
    taken = set(application.reviews.values_list("reviewer__email", flat=True))
    wanted = (int(key[1:]) - 1) % len(REVIEWERS)
    names = [f"{name}@ksf.example" for name in (*REVIEWERS[wanted:], *REVIEWERS[:wanted])]
    return User.objects.get(email=next(name for name in names if name not in taken))


def _draft(call: Call, cluster: Cluster) -> Application:
    """A draft with its first answer, as it is after a day's work."""
    motor = cluster.motor_terms.in_force().select_related("membership__municipality").get().membership.municipality
    application = start(call, cluster, by=writer_for(cluster, motor))
    earlier = cluster.applications.filter(call__slug=UNDER_REVIEW).first()
    answer = application.answers.first()
    if earlier is not None and answer is not None:
        answer.content = earlier.answers.get(question__code="why").content
        answer.version, answer.updated_at, answer.updated_by = 1, call.opens_at, application.created_by
        answer.save()
        amounts = dict(earlier.members.values_list("municipality", "amount"))
        for member in application.members.all():
            member.amount = min(amounts.get(member.municipality_id, 0), call.cap_per_municipality)
            member.save(update_fields=["amount"])
    return application
