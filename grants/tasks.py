"""Long work and timers: computing an allocation, sealing the letters of a decision, letting awards lapse."""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants import documents, notifications
from grants.allocation import STAGES, AllocationResult, Changes, Problem, solve, strict_ranking
from grants.letters import sealing
from grants.lifecycle import AWARD
from grants.models import Application, Award, Call, Line, Scenario, ScenarioKind, Submission
from grants.reading import wording
from grants.services import call as calls
from grants.services.allocation import problem_in
from grants.services.awarding import lock_pot
from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.actor import Actor
from ksf.jobs import Effect, Progress
from ksf.jobs.models import Job
from ksf.steps import take

SOLVED = 40
"""Per cent of the work that is done when the allocation is found; the rest is what would have changed it."""


def _is_national(user: Actor, _job: Job) -> bool:
    return bool(user.is_national)


@jobs.handler("grants.allocation", queue="solver", may_see=_is_national)
def compute_allocation(job: Job, progress: Progress) -> Effect:
    """Compute a scenario from its own input; kept when the job ends, so a killed worker leaves nothing."""
    scenario = Scenario.objects.get(pk=job.params["scenario"])
    problem = problem_in(scenario.input)
    result = _solve(scenario, problem, progress)
    reasons = _reasons(scenario, problem, result, progress)

    def effect() -> dict[str, Any]:
        keep(scenario, problem, result, reasons, by=job.requested_by)
        return {"scenario": scenario.pk}

    return effect


def _solve(scenario: Scenario, problem: Problem, progress: Progress) -> AllocationResult:
    if scenario.kind == ScenarioKind.STRICT:
        progress(SOLVED, _("Ranking the applications by score"))
        return strict_ranking(problem)
    stages = [
        _("Finding out how many regions can be reached"),
        _("Looking for the highest total of score and amount"),
        _("Reaching as many municipalities as possible, small ones first"),
        _("Settling ties"),
        _("Sharing between municipalities"),
    ]
    return solve(problem, lambda stage: progress(stage * SOLVED // STAGES, stages[min(stage, len(stages)) - 1]))


def _reasons(
    scenario: Scenario, problem: Problem, result: AllocationResult, progress: Progress
) -> dict[str, dict[str, Any]]:
    """By application number: why, and for the optimum also what would have changed it."""
    found = {}
    changes = Changes(problem, result) if scenario.kind == ScenarioKind.OPTIMUM else None
    for place, award in enumerate(result.awards):
        done = SOLVED + (99 - SOLVED) * place // len(result.awards)
        progress(done, _("Finding out what would have changed the result"))
        found[award.application] = wording.stored(award.reason, changes.of(award.application) if changes else ())
    return found


def keep(
    scenario: Scenario, problem: Problem, result: AllocationResult, reasons: dict[str, dict[str, Any]], *, by: User
) -> None:
    """Write the result and its lines, once."""
    locked = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    if locked.computed_at is not None:
        return
    locked.result, locked.computed_at = result.as_json(), timezone.now()
    locked.save(update_fields=["result", "computed_at"])
    ids = dict(Application.objects.filter(call=locked.call_id).values_list("number", "pk"))
    Line.objects.bulk_create(
        Line(
            scenario=locked,
            application_id=ids[award.application],
            score=problem.application(award.application).score,
            amount=award.amount,
            shares=[{"municipality": share.municipality, "amount": share.amount} for share in award.shares],
            reason=reasons[award.application],
        )
        for award in result.awards
    )
    audit.record("scenario.computed", locked, by=by, left=result.left, optimal=result.optimal)


@jobs.handler("grants.letters", queue="documents", may_see=_is_national)
def write_letters(job: Job, progress: Progress) -> Effect:
    """Seal a letter for each decided application of a call that has none, and notify the applicant.

    Each letter is a transaction of its own: a worker that takes over goes on with those that are left.
    """
    call = Call.objects.get(pk=job.params["call"])
    waiting = list(sealing.applications_without(call))
    for place, application in enumerate(waiting):
        progress(place * 99 // len(waiting), _("Writing the letter to %(cluster)s") % {"cluster": application.cluster})
        with transaction.atomic():
            if sealing.seal(application, by=job.requested_by) is not None:
                notifications.decided(application)

    def effect() -> dict[str, Any]:
        return {"letters": len(waiting)}

    return effect


def _may_read_application(user: Actor, job: Job) -> bool:
    return Application.objects.visible_to(user).filter(pk=job.subject_id).exists()


@jobs.handler("grants.application_pdf", queue="documents", may_see=_may_read_application)
def seal_application(job: Job, progress: Progress) -> Effect:
    """Seal the PDF of an application as it was handed in (G4)."""
    progress(20, _("Setting the application as PDF"))

    def effect() -> dict[str, Any]:
        submission = Submission.objects.select_for_update(of=("self",)).get(pk=job.params["submission"])
        if submission.document is None:
            submission.document = documents.seal_application(
                submission.application, submission.snapshot, submission.checksum, by=job.requested_by
            )
            submission.save(update_fields=["document"])
        return {"document": submission.document.number}

    return effect


@jobs.handler("grants.call_published", may_see=_is_national)
def notify_of_call(job: Job, progress: Progress) -> Effect:
    """Notify those a new call concerns: all of them when the job ends, so nobody twice."""
    progress(10, _("Notifying those the call concerns"))

    def effect() -> dict[str, Any]:
        notifications.published(Call.objects.get(pk=job.params["call"]))
        return {}

    return effect


@jobs.handler("grants.deadline_comes", may_see=_is_national)
def notify_of_deadline(job: Job, progress: Progress) -> Effect:
    """Remind those with a draft, once for each of the days before the deadline."""
    progress(10, _("Reminding those with a draft"))

    def effect() -> dict[str, Any]:
        call = Call.objects.get(pk=job.params["call"])
        return {"reminded": notifications.deadline_comes(call) if call.is_open else 0}

    return effect


@shared_task
def remind_of_deadlines() -> int:
    """Ask for the reminders of deadlines that have come (X3); how many."""
    return calls.request_reminders(timezone.now())


@shared_task
def lapse_awards() -> int:
    """Let the awards lapse that nobody accepted in time (G10); how many."""
    system, today = User.objects.system(), timezone.localdate()
    count = 0
    for award in list(Award.objects.overdue_at(today)):
        with transaction.atomic():
            lock_pot(award)
            if Award.objects.overdue_at(today).filter(pk=award.pk).exists():  # another clock may have been first
                take(AWARD, "lapse", award, by=system)
                notifications.lapsed(award)
                count += 1
    return count
