"""Two clocks by mistake: whatever is in the schedule is done once (X8, X11)."""

from datetime import timedelta
from importlib import import_module

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.utils import timezone

from grants.lifecycle import ApplicationState, AwardState, CallState
from grants.models import Award, Call
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.jobs.models import Job
from ksf.notifications.models import Notice
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Round
from tests.grants.factories import make_application, make_award, make_call
from tests.grants.helpers import make_draft, run_jobs
from tests.ksf.factories import appoint
from tests.ksf.helpers import at_once
from tests.needs.rounds.factories import make_round

pytestmark = pytest.mark.django_db(transaction=True)


def everything_due():
    """Something for each clock: a call to close, an award to lapse, a round to close, a draft to remind of."""
    over, ahead = make_call(deadline=-1), make_call(deadline=2)
    _draft, coordinator = make_draft(ahead)
    awarded = make_application(make_call(CallState.DECIDED), state=ApplicationState.AWARDED)
    with transaction.atomic():
        award = make_award(awarded, acceptance_due_on=timezone.localdate() - timedelta(days=1))
    cluster = appoint(Role.CLUSTER_COORDINATOR, awarded.cluster)
    round_ = make_round(RoundState.OPEN)
    minute = timedelta(minutes=1)
    Round.objects.filter(pk=round_.pk).update(opens_at=timezone.now() - 2 * minute, closes_at=timezone.now() - minute)
    return over, award, round_, coordinator, cluster


def one_clock():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        module = entry["task"].rpartition(".")[0]
        import_module(module)
        current_app.tasks[entry["task"]](*entry.get("args", ()))


def steps(verb):
    return AuditEntry.objects.filter(verb=verb).count()


def test_two_clocks_at_once_do_each_thing_once():
    over, award, round_, coordinator, cluster = everything_due()
    assert at_once(one_clock, one_clock) == ["done", "done"]
    run_jobs("grants.deadline_comes")
    assert (Call.objects.get(pk=over.pk).state, steps("call.close")) == (CallState.CLOSED, 1)
    assert (Award.objects.get(pk=award.pk).state, steps("award.lapse")) == (AwardState.LAPSED, 1)
    assert (Round.objects.get(pk=round_.pk).state, steps("round.close")) == (RoundState.CLOSED, 1)
    assert Notice.objects.filter(user=cluster).count() == 1  # of the award that lapsed
    assert Job.objects.filter(kind="grants.deadline_comes").count() == 1
    assert Notice.objects.filter(user=coordinator, subject__startswith="Fristen for").count() == 1
    summaries = [one.to[0] for one in mail.outbox if one.subject.endswith("venter på deg i KSF-portalen")]
    assert summaries.count(coordinator.email) == 1
    assert len(summaries) == len(set(summaries))
