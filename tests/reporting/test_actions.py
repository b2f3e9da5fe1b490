"""What each reader may do with a plan, a report and the national report in each state, and how it is shown."""

import pytest
from django.urls import resolve
from django.utils import timezone

from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from reporting import actions
from reporting.lifecycle import NationalState, PlanState, ReportState, SectionState
from reporting.models import NationalReport, RegionalPlan
from reporting.reading.status import OwnRegion
from tests.ksf.factories import appoint
from tests.reporting.factories import YEAR, make_plan, make_report, make_team

pytestmark = pytest.mark.django_db

NOTHING = ([], None, False)
PLAN = {  # what stands beside the name, the return with a comment, and whether one may write
    "draft": {"coordinator": (["plan_start"], None, True), "host": (["plan_hand_in"], None, False)},
    "submitted": {
        "coordinator": (["plan_start"], None, False),
        "staff": (["plan_approve"], "plan_return", False),
        "lead": (["plan_approve"], "plan_return", False),
    },
    "returned": {"coordinator": (["plan_start"], None, True), "host": (["plan_hand_in"], None, False)},
    "approved": {"coordinator": (["plan_start"], None, False)},
}
REPORT = {  # what stands beside the name, handing in, and whether one may write
    "draft": {"coordinator": ([], None, True), "host": ([], "report_hand_in", False)},
    "submitted": {
        "staff": (["report_approve", "report_review"], None, False),
        "lead": (["report_approve", "report_review"], None, False),
    },
    "returned": {"coordinator": ([], None, True), "host": ([], "report_hand_in", False)},
    "approved": {},
}
EXPORTS = ["?format=xlsx", "?format=csv"]


def name_of(action):
    """The page an action leads to; an export as it is."""
    if action is None or action.url.startswith("?"):
        return action and action.url
    return resolve(action.url).url_name


def names(found):
    return [name_of(action) for action in found]


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def readers(team):
    _region, coordinator, host = team
    return {
        "coordinator": coordinator,
        "host": host,
        "staff": appoint(Role.NATIONAL_STAFF),
        "lead": appoint(Role.NATIONAL_LEAD),
        "observer": appoint(Role.OBSERVER),
        "another coordinator": make_team()[1],
        "visitor": Visitor(),
    }


def test_plan_in_every_state_to_every_reader(team, readers):
    plan = make_plan(team[0], team[1])
    assert set(PLAN) == set(PlanState)
    for state, rows in PLAN.items():
        plan.state = state
        for who, reader in readers.items():
            found = actions.plan_actions(reader, plan)
            shown = (names(found.head), name_of(found.give_back), found.may_write)
            assert shown == rows.get(who, NOTHING), (state, who)


def test_handing_in_is_the_main_button_and_the_next_plan_a_quiet_one(team):
    region, coordinator, host = team
    plan = make_plan(region, coordinator)
    assert [action.look for action in actions.plan_actions(host, plan).head] == ["primary"]
    assert [action.look for action in actions.plan_actions(coordinator, plan).head] == ["tertiary"]
    RegionalPlan.objects.create(region=region, year=YEAR + 1)
    assert actions.plan_actions(coordinator, plan).head == []


def test_who_writes_the_plan_sees_who_hands_it_in(team):
    region, coordinator, host = team
    plan = make_plan(region, coordinator)
    assert actions.plan_actions(coordinator, plan).waits_for_host
    assert not actions.plan_actions(host, plan).waits_for_host


def test_report_in_every_state_to_every_reader(team, readers):
    report = make_report(team[0], team[1])
    assert set(REPORT) == set(ReportState)
    for state, rows in REPORT.items():
        report.state = state
        for who, reader in readers.items():
            found = actions.report_actions(reader, report, None)
            shown = (names(found.head), name_of(found.hand_in), found.may_write)
            assert shown == rows.get(who, NOTHING), (state, who)


def test_an_approved_report_has_its_pdf_and_its_plan(team):
    region, coordinator, _host = team
    report, plan = make_report(region, coordinator), make_plan(region, coordinator)
    report.state, report.document_number = ReportState.APPROVED, "R-2025-0001"
    found = actions.report_actions(coordinator, report, plan).head
    assert [(name_of(action), action.look) for action in found] == [("document", "primary"), ("plan", "link")]


@pytest.mark.parametrize(
    ("state", "buttons", "may_write"),
    [
        (SectionState.DRAFT, [("finish", "primary"), ("save", "secondary")], True),
        (SectionState.RETURNED, [("finish", "primary"), ("save", "secondary")], True),
        (SectionState.DONE, [("reopen", "secondary"), ("save", "secondary")], True),
        (SectionState.ACCEPTED, [("save", "secondary")], False),
    ],
)
def test_buttons_of_a_section(team, state, buttons, may_write):
    region, coordinator, host = team
    section = make_report(region, coordinator).sections.first()
    section.state = state
    found = actions.section_buttons(coordinator, section)
    assert [(button.step, button.look) for button in found] == buttons
    assert actions.may_write_section(coordinator, section) == may_write
    assert not actions.may_write_section(host, section)


def test_nothing_is_written_in_a_report_that_is_handed_in(team):
    region, coordinator, _host = team
    report = make_report(region, coordinator)
    report.state = ReportState.SUBMITTED
    section = report.sections.first()
    section.report = report
    assert not actions.may_write_section(coordinator, section)


@pytest.mark.parametrize(
    ("state", "who", "expected"),
    [
        (NationalState.BUILT, "staff", ["national_draft", "national_build"]),
        (NationalState.BUILT, "lead", ["national_draft", "national_publish", "national_build"]),
        (NationalState.PUBLISHED, "lead", []),
        (NationalState.PUBLISHED, "visitor", []),
    ],
)
def test_national_report(readers, state, who, expected):
    report = NationalReport(year=YEAR, state=state, built_at=timezone.now())
    assert names(actions.national_actions(readers[who], report)) == expected + EXPORTS
    report.document_number = "N-2025-0001"
    assert names(actions.national_actions(readers[who], report))[0] == "document"


def test_national_staff_compute_the_latest_years(readers):
    found = actions.builds(readers["staff"], (YEAR, YEAR - 1))
    assert [(action.url, action.look) for action in found] == [
        (f"/rapportering/{YEAR}/nasjonal/bygg/", "secondary"),
        (f"/rapportering/{YEAR - 1}/nasjonal/bygg/", "tertiary"),
    ]
    assert actions.builds(readers["coordinator"], (YEAR, YEAR - 1)) == []


def test_what_one_s_own_region_has_not_begun_may_be_begun(team):
    region, coordinator, _host = team
    plan = make_plan(region, coordinator)
    own = OwnRegion(region, YEAR, None, [(YEAR, plan), (YEAR + 1, None)], may_begin=True)
    report, this, following = actions.own_documents(own)
    assert (name_of(report.start), report.start.look, report.due_on) == ("report_start", "primary", None)
    assert (this.document, this.start) == (plan, None)
    assert (name_of(following.start), following.start.look) == ("plan_start", "secondary")
    begun = OwnRegion(region, YEAR, make_report(region, coordinator), [(YEAR, None)], may_begin=False)
    assert [document.start for document in actions.own_documents(begun)] == [None, None]
