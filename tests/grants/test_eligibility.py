"""G5: how each rule stands, and KSF's exceptions from them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from grants.models import Application, ApplicationMember, Call, CostCategory
from grants.rules.eligibility import RULES, RuleOutcome, examine
from grants.services import application as services
from grants.services.application import Edit
from ksf.accounts.roles import Role
from ksf.notifications.models import Notice
from tests.grants.factories import make_application, make_call
from tests.grants.helpers import make_draft
from tests.ksf.factories import appoint, make_staff
from tests.ksf.helpers import text_of

pytestmark = pytest.mark.django_db


def finding(application, code, moment=None):
    fresh = Application.objects.for_page().get(pk=application.pk)
    return next(one for one in examine(fresh, moment or timezone.now()) if one.code == code)


def outcome(application, code, moment=None):
    return finding(application, code, moment).outcome


def test_rules_say_how_they_stand():
    application = make_application(make_call(own_share=20), amount=100_000)
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert {code for code in codes if outcome(application, code) is RuleOutcome.MISSING} == {
        "budget",
        "own",
        "agreement",
    }
    application.members.filter(pk=application.members.first().pk).update(amount=300_001)
    assert outcome(application, "cap") is RuleOutcome.MISSING
    application.members.last().delete()
    assert outcome(application, "members") is RuleOutcome.MISSING
    application.cluster.motor_terms.all().delete()
    assert outcome(application, "motor") is RuleOutcome.MISSING
    application.cluster.memberships.all().delete()
    assert outcome(application, "belonging") is RuleOutcome.MISSING


def test_costs_over_their_share_and_barred_costs_stand_in_the_way():
    application = make_application()
    pay, partner = application.call.cost_categories.all()
    for category, grant in ((pay, 70), (partner, 30)):
        application.budget.create(category=category, grant=grant)
    assert outcome(application, "costs") is RuleOutcome.OK
    application.budget.filter(category=partner).update(grant=31)
    assert outcome(application, "costs") is RuleOutcome.MISSING
    application.budget.filter(category=partner).update(grant=0, own=500)
    CostCategory.objects.filter(pk=partner.pk).update(is_allowed=False)
    assert outcome(application, "costs") is RuleOutcome.OK
    application.budget.filter(category=partner).update(grant=1)
    assert outcome(application, "costs") is RuleOutcome.MISSING


def test_own_contribution_is_a_share_of_the_whole_cost():
    application = make_application(make_call(own_share=25))
    line = application.budget.create(category=application.call.cost_categories.first(), grant=300, own=99)
    assert outcome(application, "own") is RuleOutcome.MISSING
    line.own = 100
    line.save()
    assert outcome(application, "own") is RuleOutcome.OK


def test_answers_within_their_length():
    application = make_application()
    answer = application.answers.create(question=application.call.questions.get(), content="x" * 100)
    assert outcome(application, "answers") is RuleOutcome.OK
    answer.content += "x"
    answer.save()
    assert outcome(application, "answers") is RuleOutcome.MISSING


def test_the_deadline_rule_is_exact_to_the_second():
    application = make_application()
    deadline = application.call.deadline_at
    assert outcome(application, "deadline", deadline) is RuleOutcome.OK
    assert outcome(application, "deadline", deadline + timedelta(seconds=1)) is RuleOutcome.MISSING
    assert outcome(application, "deadline", application.call.opens_at - timedelta(seconds=1)) is RuleOutcome.MISSING


def test_waivers_are_staff_s_with_a_reason():
    application, coordinator = make_draft()
    ApplicationMember.objects.filter(pk=application.members.last().pk).delete()
    services.save_details(application, title="Fire", language="nb", least_amount=1, by=coordinator)
    line = application.budget.get(category__code="pay")
    services.save_budget(application, {(line.category_id, "grant"): Edit(500_000, 400_000)}, by=coordinator)
    with pytest.raises(PermissionDenied):
        services.waive(application, "members", reason="Øykommuner", by=coordinator)
    staff = appoint(Role.NATIONAL_STAFF)
    with pytest.raises(ValueError, match="cannot be waived"):
        services.waive(application, "cap", reason="Nei", by=staff)
    services.waive(application, "members", reason="Øykommuner", by=staff)
    submission = services.submit(application, by=coordinator)
    rule = next(row for row in submission.snapshot["eligibility"] if row["code"] == "members")
    assert (rule["outcome"], "Øykommuner" in rule["detail"]) == ("waived", True)


def test_an_exception_is_notified_of_and_can_be_taken_back(client):
    application, coordinator = make_draft()
    application.members.last().delete()
    staff = make_staff()
    services.waive(application, "members", reason="Øykommuner", by=staff)
    services.waive(application, "members", reason="Fergefri", by=staff)
    assert "Fergefri" in Notice.objects.filter(user=coordinator).latest("pk").body
    client.force_login(staff)
    assert "Ta tilbake unntaket" in text_of(client.get(application.get_absolute_url()))
    url = reverse("application_take_back_waiver", args=[application.pk, "members"])
    assert [client.post(url).status_code for _time in range(2)] == [302, 302]
    assert "Ta tilbake unntaket" not in text_of(client.get(application.get_absolute_url()))
    assert Notice.objects.filter(user=coordinator, subject__startswith="Et unntak for").count() == 1
    assert list(application.waivers.order_by("pk").values_list("reason", "taken_back_by")) == [
        ("Øykommuner", staff.pk),
        ("Fergefri", staff.pk),
    ]
    with pytest.raises(services.NotEligible):
        services.submit(application, by=coordinator)
    with pytest.raises(PermissionDenied):
        services.take_back_waiver(application, "members", by=coordinator)


@pytest.mark.parametrize(
    ("state", "may"), [("exploring", False), ("being_established", True), ("established", True), ("dissolved", False)]
)
def test_only_clusters_that_are_or_come_into_being_apply(state, may):
    application, _coordinator = make_draft()
    fresh = Application.objects.for_page().get(pk=application.pk)
    fresh.cluster.state = state
    cluster = next(one for one in examine(fresh, timezone.now()) if one.code == "cluster")
    assert (cluster.outcome == RuleOutcome.OK, cluster.can_be_waived) == (may, True)


def test_rules_say_how_much_is_missing():
    application, coordinator = make_draft()
    first, second = application.members.all()[:2]
    edits = {first.municipality_id: Edit(100_000, 0), second.municipality_id: Edit(100_000, 350_000)}
    services.save_amounts(application, edits, by=coordinator)
    application.members.last().delete()
    Call.objects.filter(pk=application.call_id).update(own_share=40, amount=500_000)
    details = {
        code: finding(application, code).detail.replace("\u202f", " ").replace("\xa0", " ")
        for code in ("members", "without_amount", "cap", "asked", "own", "budget")
    }
    assert details == {
        "members": "4 er med, 1 mangler",
        "without_amount": str(first.municipality),
        "cap": f"{second.municipality} med 50 000 kr",
        "asked": "550 000 kr, 50 000 kr for mye",
        "own": "0 kr, 333 334 kr mangler",
        "budget": "500 000 kr i budsjettet, 550 000 kr til sammen fra medlemmene: 50 000 kr skiller",
    }
