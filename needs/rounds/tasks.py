"""What goes by the clock, the count of a round, and the PDF of its minutes."""

from typing import Any

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from ksf import audit, jobs
from ksf.actor import Actor
from ksf.jobs import Effect, Progress
from ksf.jobs.models import Job
from needs.rounds.documents import seal_minutes
from needs.rounds.models import Round
from needs.rounds.rules.counting import count
from needs.rounds.services.closing import close_due_rounds


@shared_task
def close_due() -> None:
    """Close the rounds whose time is out."""
    close_due_rounds()


def _runs(user: Actor, job: Job) -> bool:
    round_ = Round.objects.filter(pk=job.subject_id).first()
    return round_ is not None and bool(user.has_perm("needs.run_round", round_))


@jobs.handler("needs.round_result", may_see=_runs)
def compute_result(job: Job, progress: Progress) -> Effect:
    """Count the ballots of a closed round by every method; kept once, when the job ends."""
    progress(10, _("Counting the ballots"))
    result = count(Round.objects.get(pk=job.subject_id))

    def effect() -> dict[str, Any]:
        round_ = Round.objects.select_for_update(of=("self",)).get(pk=job.subject_id)
        if round_.result is None:
            round_.result = result
            round_.save(update_fields=["result"])
            audit.record("round.counted", round_, by=job.requested_by, cast=result["cast"])
        return {"cast": result["cast"]}

    return effect


@jobs.handler("needs.round_minutes", queue="documents", may_see=_runs)
def seal_round_minutes(job: Job, progress: Progress) -> Effect:
    """Seal the minutes of a published round as a numbered PDF."""
    progress(20, _("Setting the minutes as PDF"))

    def effect() -> dict[str, Any]:
        round_ = Round.objects.select_for_update(of=("self",)).get(pk=job.subject_id)
        if not round_.document_number:
            round_.document_number = seal_minutes(round_, by=job.requested_by).number
            round_.save(update_fields=["document_number"])
            audit.record("round.minutes", round_, by=job.requested_by, document=round_.document_number)
        return {"document": round_.document_number}

    return effect
