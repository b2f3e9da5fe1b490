"""Steps of a grant's life done through the services, as the tests' beginnings."""

from datetime import date

from django.db.models import F

from clusters.lifecycle import ClusterState
from grants import documents
from grants.lifecycle import CallState
from grants.models import Call, CallText, PlannedInstalment, ScenarioKind
from grants.services import allocation, decision
from grants.services import application as applications
from grants.services.application import Edit
from ksf import waiting
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job
from ksf.jobs.tasks import run
from tests.clusters.factories import make_cluster
from tests.grants.factories import PDF, make_call
from tests.ksf.factories import appoint, make_lead, make_staff


def make_draft(call=None, *, is_complete=True, **cluster):
    """A started application and its coordinator; complete unless said otherwise."""
    call = call or make_call()
    cluster = make_cluster(members=5, **{"state": ClusterState.BEING_ESTABLISHED, **cluster})
    coordinator = appoint(Role.CLUSTER_COORDINATOR, cluster)
    application = applications.start(call, cluster, by=coordinator)
    if is_complete:
        complete(application, by=coordinator)
    return application, coordinator


def complete(application, *, by):
    ids = application.members.values_list("municipality", flat=True)
    applications.save_amounts(application, {pk: Edit(0, 100_000) for pk in ids}, by=by)
    line = application.budget.get(category__code="pay")
    applications.save_budget(application, {(line.category_id, "grant"): Edit(0, 500_000)}, by=by)
    applications.save_details(application, title="Sammen i fjorden", language="nb", least_amount=300_000, by=by)
    application.answers.update(content="Fordi vi trenger det.")
    applications.attach(application, application.call.required_attachments.get(), name="avtale.pdf", content=PDF, by=by)


def compute_scenario(call, staff, *, kind=ScenarioKind.OPTIMUM, pot=None, cap=None):
    """A scenario whose job has run."""
    scenario = allocation.compute(
        call, kind=kind, pot=pot or call.amount, cap=cap or call.cap_per_municipality, by=staff
    )
    run(scenario.job_id)
    scenario.refresh_from_db()
    assert scenario.computed_at, scenario.job.message
    return scenario


def propose_allocation(call, staff=None):
    staff = staff or make_staff()
    chosen = allocation.choose(compute_scenario(call, staff), by=staff)
    return decision.propose(chosen, grounds="Best", by=staff)


def decide_allocation(call, lead=None):
    return decision.decide(propose_allocation(call), by=lead or make_lead())


def run_jobs(kind):
    for job in Job.objects.unfinished().filter(kind=kind):
        run(job.pk)


def write_letters(call):
    run(Job.objects.get(kind="grants.letters", params__call=call.pk).pk)


def letter_of(application):
    application.refresh_from_db()
    return Document.objects.get(subject_id=application.pk, kind=documents.LETTER)


def grants_waiting_for(user):
    """Addresses under /tilskudd/ that wait for the user."""
    return [item.url for item in waiting.for_user(user) if item.url.startswith("/tilskudd/")]


def make_ready_call(**fields):
    """A draft call that lacks nothing before it can be published."""
    call = make_call(CallState.DRAFT, **{"title_nn": "Såkornmidlar", **fields})
    Call.objects.filter(pk=call.pk).update(period_from=date(call.year, 6, 15), period_to=date(call.year + 1, 6, 30))
    for rows in (call.questions, call.cost_categories, call.required_attachments):
        rows.update(label_nn=F("label_nb"))
    for kind in ("purpose", "who_may_apply", "reporting", "control"):
        CallText.objects.create(call=call, kind=kind, text_nb="Tekst", text_nn="Tekst")
    PlannedInstalment.objects.create(call=call, number=1, share=100, when_nb="Ved aksept", when_nn="Ved aksept")
    call.refresh_from_db()
    return call
