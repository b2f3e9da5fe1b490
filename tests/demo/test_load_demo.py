import html

import pytest
from django.core.management import CommandError, call_command
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from clusters.models import Cluster, Membership
from demo.accounts import PASSWORD
from grants.models import Application, Award, Call, Complaint, Submission
from grants.services.allocation import problem_of
from ksf import audit
from ksf.accounts.models import User, Visitor
from ksf.accounts.roles import Role
from ksf.audit import verifying
from ksf.audit.models import AuditEntry
from ksf.documents.models import Document
from ksf.privacy.lifecycle import ErasureState
from ksf.privacy.models import ErasureRequest
from needs.models import KnowledgeNeed, Likeness
from needs.research.models import Interest, ResearchProject, ResearchQuestion
from needs.rounds.models import Round
from regions.models import Municipality
from reporting.models import RegionalReport

pytestmark = pytest.mark.django_db


def test_the_network_is_the_real_one(loaded):
    assert Municipality.objects.in_force().count() == 357
    assert Municipality.objects.in_force().filter(population__lt=5000).count() == 174


def test_every_cluster_is_there_and_examples_are_marked(loaded):
    assert Cluster.objects.count() == 20
    assert set(Cluster.objects.filter(is_example=False).values_list("slug", flat=True)) == {
        "kunnskapskommunen-helse-omsorg-vest",
        "kunnskapskommunen-helseomsorg-nord",
    }
    assert Membership.objects.count() == 142


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("nasjonalt", Role.NATIONAL_STAFF),
        ("leder", Role.NATIONAL_LEAD),
        ("koordinator.sorost", Role.REGIONAL_COORDINATOR),
        ("vert.sor", Role.HOST_LEAD),
        ("klynge.namdal", Role.CLUSTER_COORDINATOR),
        ("kontakt.4634", Role.RD_CONTACT),
        ("partner.ntnu", Role.PARTNER),
        ("innsyn", Role.OBSERVER),
    ],
)
def test_accounts(loaded, name, role):
    user = User.objects.get(email=f"{name}@ksf.example")
    assert user.has_role(role)
    assert user.check_password(PASSWORD)


def test_loading_again_changes_nothing(loaded, capsys):
    before = User.objects.count()
    call_command("load_demo", verbosity=0)
    assert User.objects.count() == before


@pytest.mark.parametrize("model", [Round, ResearchQuestion, Interest, ResearchProject])
def test_all_on_the_way_to_research_has_a_history_in_norwegian(loaded, model):
    for row in model.objects.all():
        entries = list(audit.history(row))
        assert entries
        assert {entry.acting_as.split(",")[0] for entry in entries} <= {"Regional koordinator", "Kunnskapspartner", ""}
        assert all(entry.at <= timezone.now() for entry in entries)


def test_the_coordinator_in_the_west_has_something_new_something_alike_and_an_answer_to_wait_for(loaded):
    needs = KnowledgeNeed.objects.filter(municipality__county__region__slug="vest")
    assert needs.to_take_up().count() == 2
    assert needs.waiting_for_answer().count() == 1
    assert Likeness.objects.filter(need__in=needs, settled_at=None).exists()


def test_refused_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo")


def test_reports_are_sealed_returned_and_half_written(loaded):
    states = dict(RegionalReport.objects.values_list("region__slug", "state").filter(year=2025))
    assert {slug for slug, state in states.items() if state == "approved"} == {
        "vest",
        "midt",
        "nord",
        "innlandet",
        "ost",
        "sor",
    }
    assert states["sorost"] == "returned"
    half = RegionalReport.objects.get(region__slug="ost", year=2026)
    assert half.state == "draft"
    assert {bool(section.content) for section in half.sections.all()} == {True, False}


def test_two_calls_are_decided_with_letters_one_is_under_review_and_one_is_open(loaded):
    states = dict(Call.objects.values_list("slug", "state"))
    assert states == {"2024": "decided", "2025": "decided", "2026": "closed", "2027": "published"}
    assert Call.objects.get(slug="2027").is_open
    decided = Application.objects.filter(state__in=["awarded", "rejected"])
    assert decided.count() == 16
    dismissed = Application.objects.get(state="ineligible")
    assert Document.objects.filter(kind="grants.letter").count() == 17
    assert dismissed.rejection.letter is not None
    given = Award.objects.filter(application__call__slug="2024").values_list("application__cluster__slug", "amount")
    assert dict(given)["vestoppland-og-hadeland"] == 600_000
    assert sum(Award.objects.filter(application__call__slug="2024").values_list("amount", flat=True)) == 3_000_000
    assert Application.objects.filter(call__slug="2027", state="draft").count() == 2


def test_a_complaint_waits_for_those_who_took_no_part(loaded):
    complaint = Complaint.objects.get(state="received")
    assert complaint.application.rejection.may_be_complained_about
    handlers = [User.objects.get(email=f"klage{number}@ksf.example") for number in (1, 2)]
    assert all(handler.has_perm("grants.handle_complaint", complaint) for handler in handlers)
    assert not User.objects.get(email="nasjonalt@ksf.example").has_perm("grants.handle_complaint", complaint)
    answered = Complaint.objects.get(state="dismissed")
    assert answered.handled_by in handlers
    assert answered.handled_by_id not in answered.participant_ids


def test_what_was_sealed_met_the_rules_or_was_let_off(loaded):
    outcomes = {
        finding["outcome"] for submission in Submission.objects.all() for finding in submission.snapshot["eligibility"]
    }
    assert outcomes == {"ok", "waived"}


def test_every_application_handed_in_has_a_story(loaded):
    for application in Application.objects.exclude(state="draft"):
        assert "application.submit" in {entry.verb for entry in audit.history(application)}


def test_the_call_under_review_can_be_computed(loaded):
    staff = User.objects.get(email="nasjonalt@ksf.example")
    call = Call.objects.get(slug="2026")
    problem = problem_of(call, pot=call.amount, cap=call.cap_per_municipality)
    assert len(problem["applications"]) == 8
    assert staff.has_perm("grants.propose_allocation", call)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_reviewers_are_appointed_to_the_calls(loaded, number):
    reviewer = User.objects.get(email=f"fagfelle{number}@ksf.example")
    assert len(reviewer.call_ids(Role.REVIEWER)) == 4
    assert reviewer.reviews.exists()


def test_every_public_need_opens_to_visitors_with_its_data_and_names_nothing_that_is_not_open(loaded, client):
    public = KnowledgeNeed.objects.visible_to(Visitor())
    titles = set(public.values_list("title", flat=True))
    private = {need.title for need in KnowledgeNeed.objects.exclude(pk__in=public.values("pk"))} - {"", *titles}
    assert private
    for need in public:
        page, data = client.get(need.get_absolute_url()), client.get(f"{need.get_absolute_url()}data/")
        assert (page.status_code, data.status_code) == (200, 200)
        shown = html.unescape(page.text) + data.text
        assert not [title for title in private if title in shown]


def test_one_wish_to_be_erased_waits_and_one_is_carried_out(loaded):
    waits = ErasureRequest.objects.get(state=ErasureState.ASKED)
    done = ErasureRequest.objects.get(state=ErasureState.DONE)
    assert str(waits.person) == "Tidligere FoU-kontakt"
    assert str(done.person) == f"FoU-kontakt nr. {done.person_id}"


def test_no_address_stands_in_the_log_and_nothing_was_changed_past_it(loaded):
    everything = AuditEntry.objects.annotate(text=Cast("data", TextField()))
    assert not everything.filter(text__contains="@").exists()
    assert list(verifying.faults()) == []
