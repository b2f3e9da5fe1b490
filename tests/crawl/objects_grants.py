"""An open call with a draft, and a closed one with an application under review, beside what the demo has."""

from django.utils import timezone

from clusters.models import Cluster
from grants.lifecycle import ApplicationState, CallState, ReviewState
from grants.models import Complaint
from grants.services import allocation
from grants.services import application as services
from ksf.accounts.roles import Role
from tests.crawl.people import user_of
from tests.grants.factories import PDF, make_application, make_award, make_call, make_closed_call, make_review
from tests.grants.helpers import compute_scenario
from tests.ksf.factories import appoint


def find() -> dict[str, object]:
    cluster = Cluster.objects.get(slug="haugalandet-og-ryfylke")
    writer = user_of("cluster")
    call, closed = make_call(), make_call(CallState.CLOSED, opens=-60, deadline=-5)
    draft = services.start(call, cluster, by=writer)
    requirement = call.required_attachments.get()
    services.attach(draft, requirement, name="avtale.pdf", content=PDF, by=writer)
    application = make_application(closed, cluster=cluster, state=ApplicationState.UNDER_REVIEW, created_by=writer)
    reviewer = appoint(Role.REVIEWER, closed, user=user_of("reviewer"))
    review = make_review(application, reviewer, state=ReviewState.WRITING, points=[5, 6])
    found = _decisions(cluster)
    asked = call.answered_questions.create(asked_on=call.opens_at.date(), question_nb="Hvem?", answer_nb="Alle.")
    return found | {
        "call_answer": asked.pk,
        "call": call.slug,
        "closed_call": closed.slug,
        "draft_call": make_call(CallState.DRAFT).slug,
        "draft": draft.pk,
        "answer": draft.answers.get().pk,
        "requirement": requirement.pk,
        "attachment": draft.attachments.get().pk,
        "application": application.pk,
        "criterion": closed.criteria.first().pk,
        "review": review.pk,
        "score": review.scores.first().pk,
        "rule": "members",
        "part": "texts",
        "money_year": closed.pot.appropriation.year,
    }


def _decisions(cluster: Cluster) -> dict[str, object]:
    """A call with a proposal that waits to be sent, and a decided one with an award and a complaint about it."""
    staff, lead = user_of("staff"), user_of("lead")
    call = make_closed_call()
    scenario = compute_scenario(call, staff)
    allocation.choose(scenario, by=staff)
    decided = make_call(CallState.DECIDED, opens=-90, deadline=-60)
    awarded = make_application(decided, cluster=cluster, state=ApplicationState.AWARDED, created_by=user_of("cluster"))
    make_award(awarded, decided_by=lead)
    complaint = Complaint.objects.create(
        application=awarded, text="Beløpet er feil.", received_at=timezone.now(), sent_by=user_of("cluster")
    )
    return {
        "proposed_call": call.slug,
        "scenario": scenario.pk,
        "line": scenario.lines.first().pk,
        "decided_call": decided.slug,
        "awarded": awarded.pk,
        "complaint": complaint.pk,
    }
