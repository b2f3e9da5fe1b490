"""Each page: who may, what it says, and that it costs the same however long the list is."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ksf import waiting
from ksf.accounts.roles import Role
from ksf.documents.typography import grouped
from ksf.jobs.models import Job
from ksf.periods import today
from reporting.lifecycle import PlanState, ReportState, SectionState
from reporting.models import (
    ActivityReport,
    Goal,
    GrantUse,
    NationalReport,
    PlanActivity,
    RegionalPlan,
    RegionalReport,
    ReportFigure,
)
from reporting.national import build
from reporting.national.compute import national_data
from reporting.rules.years import reporting_year
from reporting.services import national as national_services
from reporting.services import plan as plan_services
from reporting.services import report as report_services
from tests.clusters.factories import add_member
from tests.ksf.factories import appoint
from tests.ksf.helpers import count_queries, text_of
from tests.regions.factories import make_municipality, make_region
from tests.reporting.factories import (
    YEAR,
    fill,
    load_definitions,
    make_approved,
    make_network_cluster,
    make_plan,
    make_report,
    make_team,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def team():
    load_definitions()
    return make_team()


def url(name, region, *args, year=YEAR):
    return reverse(name, args=[year, region.slug, *args])


class TestWhoSees:
    PAGES = (
        ("regional_report", ()),
        ("report_section", ("network",)),
        ("report_figure", ("in_cluster",)),
        ("plan", ()),
    )

    @pytest.mark.parametrize(
        ("role", "in_region", "draft", "approved"),
        [
            (Role.REGIONAL_COORDINATOR, True, 200, 200),
            (Role.HOST_LEAD, True, 200, 200),
            (Role.KS_REGIONAL_OFFICE, True, 200, 200),
            (Role.REGIONAL_COORDINATOR, False, 404, 404),
            (Role.NATIONAL_STAFF, None, 200, 200),
            (Role.NATIONAL_LEAD, None, 200, 200),
            (Role.OBSERVER, None, 404, 200),
        ],
    )
    def test_plans_and_reports(self, client, team, role, in_region, draft, approved):  # noqa: PLR0917
        region, writer, lead = team
        staff = appoint(Role.NATIONAL_STAFF)
        make_plan(region, writer, activities=[(Goal.objects.first(), "Behovsrunde")])
        make_report(region, writer)
        client.force_login(appoint(role, None if in_region is None else region if in_region else make_region()))
        for name, args in self.PAGES:
            assert client.get(url(name, region, *args)).status_code == draft, name
        plan_services.approve(plan_services.hand_in(RegionalPlan.objects.get(), by=lead), by=staff)
        ActivityReport.objects.update(outcome="done")
        report_services.approve(report_services.hand_in(fill(RegionalReport.objects.get()), by=lead), by=staff)
        for name, args in self.PAGES:
            assert client.get(url(name, region, *args)).status_code == approved, name

    def test_visitors_are_asked_to_sign_in(self, client, team):
        region, writer, _lead = team
        make_report(region, writer)
        for name, args in self.PAGES:
            assert client.get(url(name, region, *args)).status_code == 302

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("report_start", ()),
            ("report_refresh", ()),
            ("report_hand_in", ()),
            ("report_approve", ()),
            ("plan_start", ()),
            ("plan_hand_in", ()),
            ("plan_return", ()),
            ("plan_approve", ()),
            ("plan_activity_remove", (1,)),
            ("plan_activity_move", (1,)),
        ],
    )
    def test_what_changes_is_posted(self, client, team, name, args):
        region, writer, _lead = team
        client.force_login(writer)
        assert client.get(url(name, region, *args)).status_code == 405

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("report_refresh", ()),
            ("report_hand_in", ()),
            ("report_approve", ()),
            ("report_review", ()),
            ("report_section", ("summary",)),
            ("report_figure", ("in_cluster",)),
            ("plan_hand_in", ()),
            ("plan_return", ()),
            ("plan_approve", ()),
            ("plan_targets", ()),
            ("plan_activity_new", ()),
            ("report_accounts", ()),
        ],
    )
    def test_readers_may_not_change(self, client, team, name, args):
        region, writer, _lead = team
        make_plan(region, writer)
        make_report(region, writer)
        client.force_login(appoint(Role.KS_REGIONAL_OFFICE, region))
        assert client.post(url(name, region, *args), {}).status_code == 403


class TestReporting:
    def test_visitors_see_what_is_published(self, client, team):
        staff, lead = appoint(Role.NATIONAL_STAFF), appoint(Role.NATIONAL_LEAD)
        made = build.store(national_data(YEAR), b"", by=staff)
        assert made.get_absolute_url() not in client.get("/rapportering/").text
        national_services.publish(made, by=lead)
        assert made.get_absolute_url() in client.get("/rapportering/").text

    def test_the_coordinator_begins_the_years_report(self, client, team):
        region, writer, _lead = team
        client.force_login(writer)
        page = client.get("/rapportering/").text
        from_page = url("report_start", region, year=reporting_year(today()))
        assert from_page in page
        answer = client.post(from_page)
        assert answer["Location"] == RegionalReport.objects.get().get_absolute_url()

    def test_readers_get_no_button(self, client, team):
        region, _writer, lead = team
        client.force_login(lead)
        page = client.get("/rapportering/").text
        assert region.name in page
        assert "/start/" not in page

    @pytest.mark.parametrize("role", [Role.NATIONAL_STAFF, Role.REGIONAL_COORDINATOR])
    def test_costs_the_same_for_any_number_of_regions(self, client, team, role):
        region, writer, _lead = team
        client.force_login(writer if role == Role.REGIONAL_COORDINATOR else appoint(role))
        make_report(region, writer)
        found = set()
        for more in (0, 2, 57):
            for _number in range(more):
                RegionalReport.objects.create(region=make_region(), year=YEAR)
            found.add(count_queries(client, "/rapportering/"))
        assert len(found) == 1
        assert found.pop() <= 10

    def test_definitions_are_public_with_versions(self, client, team):
        page = client.get("/rapportering/indikatorer/")
        assert page.status_code == 200
        assert page.text.count('class="ds-details"') == 30
        rows = list(
            csv.reader(
                io.StringIO(client.get("/rapportering/indikatorer/?format=csv").getvalue().decode("utf-8-sig")),
                delimiter=";",
            )
        )
        assert len(rows) == 31

    def test_definitions_without_data(self, client):
        assert client.get("/rapportering/indikatorer/").status_code == 200


class TestPlanPages:
    FIELDS = {
        "title": "Behovsrunde",
        "responsible": "regional koordinator",
        "due_on": f"{YEAR}-05-15",
        "expected_result": "Ti behov",
        "indicator": "",
    }

    def test_an_activity_from_first_to_last(self, client, team):
        region, writer, _lead = team
        client.force_login(writer)
        assert client.post(url("plan_start", region)).status_code == 302
        goal = Goal.objects.for_year(YEAR).first()
        begun = client.get(url("plan_activity_new", region), {"goal": goal.pk}).context["form"]
        assert begun["goal"].value() == goal.pk
        assert client.post(url("plan_activity_new", region), {**self.FIELDS, "goal": goal.pk}).status_code == 302
        activity = PlanActivity.objects.get()
        assert "Behovsrunde" in client.get(url("plan", region)).text
        address = url("plan_activity", region, activity.pk)
        assert client.get(address).status_code == 200
        client.post(address, {**self.FIELDS, "goal": goal.pk, "title": "Felles runde"})
        activity.refresh_from_db()
        assert activity.title == "Felles runde"
        client.post(url("plan_activity_move", region, activity.pk), {"direction": "up"})
        client.post(url("plan_activity_remove", region, activity.pk))
        assert not PlanActivity.objects.exists()

    def test_a_day_in_another_year_is_refused(self, client, team):
        region, writer, _lead = team
        make_plan(region, writer)
        client.force_login(writer)
        data = {**self.FIELDS, "goal": Goal.objects.for_year(YEAR).first().pk, "due_on": f"{YEAR + 1}-01-02"}
        answer = client.post(url("plan_activity_new", region), data)
        assert answer.status_code == 422
        assert not PlanActivity.objects.exists()

    def test_targets(self, client, team):
        region, writer, _lead = team
        made = make_plan(region, writer)
        client.force_login(writer)
        fields = dict.fromkeys(client.get(url("plan_targets", region)).context["form"].fields, "")
        first = next(iter(fields))
        assert client.post(url("plan_targets", region), {**fields, first: "12"}).status_code == 302
        assert [row.value for row in made.targets.all()] == [12]
        client.post(url("plan_targets", region), fields)
        assert not made.targets.exists()

    def test_in_and_back_and_approved(self, client, team):
        region, writer, lead = team
        made = make_plan(region, writer, activities=[(Goal.objects.first(), "Behovsrunde")])
        client.force_login(lead)
        client.post(url("plan_hand_in", region))
        client.force_login(appoint(Role.NATIONAL_STAFF))
        assert client.post(url("plan_return", region), {"comment": ""}).status_code == 422
        client.post(url("plan_return", region), {"comment": "Hvem er ansvarlig?"})
        made.refresh_from_db()
        assert made.state == PlanState.RETURNED
        assert "Hvem er ansvarlig?" in client.get(url("plan", region)).text
        assert client.post(url("plan_approve", region)).status_code == 409
        client.force_login(lead)
        client.post(url("plan_hand_in", region))
        client.force_login(appoint(Role.NATIONAL_STAFF))
        client.post(url("plan_approve", region))
        made.refresh_from_db()
        assert made.state == PlanState.APPROVED

    def test_an_empty_plan_is_not_handed_in(self, client, team):
        region, writer, lead = team
        make_plan(region, writer)
        client.force_login(lead)
        client.post(url("plan_hand_in", region))
        assert RegionalPlan.objects.get().state == PlanState.DRAFT

    def test_costs_the_same_for_any_number_of_activities(self, client, team):
        region, writer, _lead = team
        made = make_plan(region, writer, activities=[(Goal.objects.first(), "A")])
        client.force_login(writer)
        few = count_queries(client, url("plan", region))
        for number in range(59):
            plan_services.add_activity(
                made,
                goal=Goal.objects.first(),
                title=f"T{number}",
                responsible="r",
                due_on=f"{YEAR}-01-01",
                expected_result="x",
                indicator=None,
                by=writer,
            )
        assert count_queries(client, url("plan", region)) == few <= 10


class TestWriting:
    def form_of(self, client, address):
        form = client.get(address).context["form"]
        return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}

    def test_saves_and_finishes(self, client, team):
        region, writer, _lead = team
        made = make_report(region, writer)
        client.force_login(writer)
        address = url("report_section", region, "summary")
        data = self.form_of(client, address)
        data.pop("text_is_nothing")
        answer = client.post(address, {**data, "text_content": "Året\r\ni korthet", "step": "finish"})
        assert answer.url == url("report_section", region, "network")
        section = made.sections.get(code="summary")
        assert (section.content, section.state, section.version) == ("Året\ni korthet", SectionState.DONE, 1)
        client.post(address, {**data, "text_content": "Året\r\ni korthet", "text_version": 1, "step": "reopen"})
        section.refresh_from_db()
        assert section.state == SectionState.DRAFT

    def test_the_last_finished_part_leads_to_the_whole_report(self, client, team):
        region, writer, _lead = team
        made = fill(make_report(region, writer))
        made.sections.filter(code__in=["summary", "education"]).update(state=SectionState.DRAFT)
        client.force_login(writer)
        ways = {"education": url("report_section", region, "summary"), "summary": url("regional_report", region)}
        for code, after in ways.items():
            address = url("report_section", region, code)
            data = self.form_of(client, address)
            data.pop("text_is_nothing")
            assert client.post(address, {**data, "step": "finish"}).url == after

    def test_says_what_is_missing_and_keeps_what_is_written(self, client, team):
        region, writer, _lead = team
        made = make_report(region, writer)
        client.force_login(writer)
        address = url("report_section", region, "education")
        data = self.form_of(client, address)
        data.pop("text_is_nothing")
        answer = client.post(address, {**data, "text_content": "Litt", "step": "finish"})
        assert answer.status_code == 422
        assert made.sections.get(code="education").content == "Litt"

    def test_autosave_answers_with_the_new_version(self, client, team):
        region, writer, _lead = team
        make_report(region, writer)
        client.force_login(writer)
        address = url("report_section", region, "summary")
        answer = client.post(address, {"text_content": "Først", "text_version": 0}, headers=HTMX)
        assert answer.status_code == 200
        assert 'name="text_version" value="1"' in text_of(answer)
        assert "<html" not in answer.text

    def test_two_writers_see_both_texts(self, client, team):
        region, writer, _lead = team
        made = make_report(region, writer)
        client.force_login(writer)
        address = url("report_section", region, "summary")
        client.post(address, {"text_content": "Først", "text_version": 0})
        for headers, status in ((HTMX, 422), ({}, 409)):
            answer = client.post(address, {"text_content": "Samtidig", "text_version": 0}, headers=headers)
            assert answer.status_code == status
            assert "Først" in answer.text
            assert made.sections.get(code="summary").content == "Først"
        assert "Samtidig" in answer.text
        client.post(address, {"text_content": "Samtidig", "text_version": 0, "text_take": "1"})
        assert made.sections.get(code="summary").content == "Samtidig"

    @pytest.mark.parametrize("files", ["folder", "bucket"])
    def test_the_grant_and_its_accounts(self, client, team, files, request):
        request.getfixturevalue(f"files_in_{files}")
        region, writer, lead = team
        made = make_report(region, writer)
        client.force_login(writer)
        address = url("report_section", region, "grant_use")
        data = {"text_content": "Lønn", "text_version": 0, "grant_version": 0}
        answer = client.post(address, {**data, "grant_granted": "450 000", "grant_spent": "460 000"})
        assert answer.status_code == 422
        data["text_version"] = 1
        client.post(address, {**data, "grant_granted": "450 000", "grant_spent": "410 000"})
        assert GrantUse.objects.get(report=made).left == 40_000
        accounts = url("report_accounts", region)
        assert client.get(accounts).status_code == 404
        client.post(accounts, {"file": SimpleUploadedFile("regnskap.pdf", b"MZ, whatever its name says")})
        assert client.get(accounts).status_code == 404
        client.post(accounts, {"file": SimpleUploadedFile("regnskap.exe", b"%PDF-1.7")})
        client.force_login(lead)
        answer = client.get(accounts)
        assert answer.getvalue() == b"%PDF-1.7"
        assert answer["Content-Disposition"] == 'attachment; filename="regnskap.pdf"'
        held = {"If-None-Match": answer["ETag"]}
        assert client.get(accounts, headers=held).status_code == 304
        client.force_login(appoint(Role.REGIONAL_COORDINATOR, make_region()))
        assert client.get(accounts, headers=held).status_code == 404

    def test_activities_are_shown_under_their_goal(self, client, team):
        region, writer, lead = team
        made = make_plan(region, writer, activities=[(Goal.objects.get(code="goal_1"), "Behovsrunde")])
        plan_services.approve(plan_services.hand_in(made, by=lead), by=appoint(Role.NATIONAL_STAFF))
        make_report(region, writer)
        activity = ActivityReport.objects.get()
        client.force_login(writer)
        address = url("report_section", region, "needs")
        key = f"activity{activity.pk}"
        data = {
            "text_content": "x",
            "text_version": 0,
            f"{key}_outcome": "dropped",
            f"{key}_content": "",
            f"{key}_version": 0,
        }
        answer = client.post(address, {**data, "step": "finish"})
        assert answer.status_code == 422
        assert "Behovsrunde" in answer.text
        data |= {"text_version": 1, f"{key}_version": 1, f"{key}_content": "Ingen ville"}
        assert client.post(address, {**data, "step": "finish"}).status_code == 302

    def test_no_such_section(self, client, team):
        region, writer, _lead = team
        make_report(region, writer)
        client.force_login(writer)
        assert client.get(url("report_section", region, "nothing")).status_code == 404
        assert client.get(url("report_figure", region, "nothing")).status_code == 404


class TestFigurePage:
    def test_lists_the_records_and_gives_them_as_csv(self, client, team):
        region, writer, _lead = team
        cluster = make_network_cluster(region)
        add_member(cluster, make_municipality("Utsira", region=region))
        make_report(region, writer)
        client.force_login(writer)
        address = url("report_figure", region, "in_cluster")
        page = client.get(address)
        assert "/kommuner/" in page.text
        assert "Utsira" in page.text
        rows = client.get(address + "?format=csv").getvalue().decode("utf-8-sig").splitlines()
        assert len(rows) == 2
        assert rows[1].startswith("Utsira;")

    def test_corrects_with_a_reason(self, client, team):
        region, writer, _lead = team
        make_report(region, writer)
        client.force_login(writer)
        address = url("report_figure", region, "clusters_established")
        assert client.post(address, {"corrected": "2", "explanation": ""}).status_code == 422
        assert client.post(address, {"corrected": "2", "explanation": "Én mangler"}).status_code == 302
        figure = ReportFigure.objects.get(code="clusters_established")
        assert (figure.value, figure.computed) == (2, 0)

    def test_costs_the_same_for_any_number_of_records(self, client, team):
        region, writer, _lead = team
        made = make_report(region, writer)
        client.force_login(writer)
        found = set()
        for number in (1, 3, 60):
            ReportFigure.objects.filter(report=made, code="in_cluster").update(
                records=[[f"Kommune {n}", "", "", True, "small"] for n in range(number)]
            )
            found.add(count_queries(client, url("report_figure", region, "in_cluster")))
        assert len(found) == 1
        assert found.pop() <= 10


class TestReportPage:
    def test_handing_in_returning_and_approving(self, client, team):
        region, writer, lead = team
        staff = appoint(Role.NATIONAL_STAFF)
        made = make_report(region, writer)
        client.force_login(lead)
        answer = client.post(url("report_hand_in", region), {"late_reason": "Sykdom"})
        assert answer.status_code == 422
        fill(made)
        assert client.post(url("report_hand_in", region), {"late_reason": "Sykdom"}).status_code == 302
        client.force_login(staff)
        assert "/rapportering/" in waiting.for_user(staff)[0].url
        review = url("report_review", region)
        text, _field = client.get(review).text.split('id="h-needs"')[1].split('name="needs"')
        assert "Vi samlet behov." in text  # what the part says is read beside the field for its comment
        assert client.post(review, {"needs": "", "resubmit_by": "2026-12-01"}).status_code == 422
        assert client.post(review, {"needs": "Nevn alle", "resubmit_by": "2026-12-01"}).status_code == 302
        client.force_login(writer)
        assert "Nevn alle" in client.get(url("report_section", region, "needs")).text
        report_services.finish(made.sections.get(code="needs"), by=writer)
        client.force_login(lead)
        client.post(url("report_hand_in", region))
        client.force_login(staff)
        client.post(url("report_approve", region))
        made.refresh_from_db()
        assert made.state == ReportState.APPROVED
        assert grouped(made.sha256) in client.get(url("regional_report", region)).text
        again = client.post(url("report_approve", region), follow=True)  # one's own second press
        assert "allerede" in text_of(again)

    def test_fetches_the_figures_again(self, client, team):
        region, writer, _lead = team
        made = make_report(region, writer)
        make_network_cluster(region, members=1)
        client.force_login(writer)
        client.post(url("report_refresh", region))
        assert made.figures.get(code="clusters_established").count == 1

    def test_costs_the_same_however_much_is_planned(self, client, team):
        region, writer, lead = team
        goals = list(Goal.objects.for_year(YEAR))
        made = make_plan(region, writer, activities=[(goals[0], "A")])
        plan_services.approve(plan_services.hand_in(made, by=lead), by=appoint(Role.NATIONAL_STAFF))
        make_report(region, writer)
        client.force_login(writer)
        few = count_queries(client, url("regional_report", region))
        for number in range(59):
            activity = PlanActivity.objects.create(
                plan=made, goal=goals[number % 5], title="T", due_on=f"{YEAR}-01-01", responsible="r"
            )
            ActivityReport.objects.create(activity=activity)
        assert count_queries(client, url("regional_report", region)) == few <= 10


class TestNationalPages:
    def test_staff_build_the_lead_publishes_everybody_reads(self, client, team):
        region, writer, lead = team
        staff, boss = appoint(Role.NATIONAL_STAFF), appoint(Role.NATIONAL_LEAD)
        make_network_cluster(region, members=3)
        make_approved(region, writer, lead, staff)
        address = f"/rapportering/{YEAR}/nasjonal/"
        client.force_login(writer)
        assert client.post(address + "bygg/").status_code == 403
        client.force_login(staff)
        assert (
            client.post(address + "bygg/")["Location"] == Job.objects.get(kind="reporting.national").get_absolute_url()
        )
        made = build.store(national_data(YEAR), b"%PDF-1.7", by=staff)
        assert client.get(address).status_code == 200
        assert client.get(address + "utkast.pdf").content == b"%PDF-1.7"
        assert client.post(address + "publiser/").status_code == 403
        client.force_login(writer)
        assert client.get(address).status_code == 404
        client.force_login(boss)
        client.post(address + "publiser/")
        client.logout()
        page = client.get(address)
        assert page.status_code == 200
        assert page.text.count("<svg") >= 6
        assert grouped(made.sha256) in page.text
        rows = client.get(address + "?format=csv").getvalue().decode("utf-8-sig").splitlines()
        assert any(region.name in row for row in rows)
        assert client.get(address + "?format=xlsx").status_code == 200

    def test_no_report_no_page(self, client):
        assert client.get(f"/rapportering/{YEAR}/nasjonal/").status_code == 404

    @pytest.mark.parametrize("year", [0, 1999, 2019, 40_000, 10**20])
    def test_a_year_outside_the_network_s_time_is_no_address(self, client, team, year):
        region, writer, _boss = team
        for user, address in (
            (writer, f"/rapportering/{year}/{region.slug}/start/"),
            (writer, f"/rapportering/{year}/{region.slug}/plan/start/"),
            (appoint(Role.NATIONAL_STAFF), f"/rapportering/{year}/nasjonal/bygg/"),
        ):
            client.force_login(user)
            assert client.post(address).status_code == 404
        assert not Job.objects.exists()

    def test_costs_the_same_for_any_number_of_regions(self, client, team):
        staff = appoint(Role.NATIONAL_STAFF)
        build.store(national_data(YEAR), b"", by=staff)
        client.force_login(staff)
        few = count_queries(client, f"/rapportering/{YEAR}/nasjonal/")
        for _number in range(6):
            make_network_cluster(make_region(), members=2)
        build.store(national_data(YEAR), b"", by=staff)
        assert NationalReport.objects.count() == 1
        assert count_queries(client, f"/rapportering/{YEAR}/nasjonal/") == few <= 6


class TestWaiting:
    def test_each_waits_for_what_is_theirs(self, team):
        region, writer, lead = team
        staff = appoint(Role.NATIONAL_STAFF)
        year = reporting_year(today())
        assert [item.url for item in waiting.for_user(writer)] == ["/rapportering/"]
        made = make_report(region, writer, year)
        assert [item.url for item in waiting.for_user(writer)] == [made.get_absolute_url()]
        assert waiting.for_user(lead) == []
        fill(made)
        assert [item.url for item in waiting.for_user(lead)] == [made.get_absolute_url()]
        made = report_services.hand_in(made, late_reason="x", by=lead)
        assert [item.url for item in waiting.for_user(staff)] == [made.get_absolute_url()]
        assert waiting.for_user(writer) == waiting.for_user(lead) == []
        report_services.give_back(made, comments={"needs": "Mer"}, resubmit_by=today(), by=staff)
        assert [(item.url, item.urgent) for item in waiting.for_user(writer)] == [(made.get_absolute_url(), True)]

    def test_plans_too(self, team):
        region, writer, lead = team
        make_report(region, writer, reporting_year(today()))
        made = make_plan(region, writer, YEAR, [(Goal.objects.first(), "A")])
        assert made.get_absolute_url() in [item.url for item in waiting.for_user(writer)]
        assert made.get_absolute_url() in [item.url for item in waiting.for_user(lead)]
        plan_services.hand_in(made, by=lead)
        assert made.get_absolute_url() in [item.url for item in waiting.for_user(appoint(Role.NATIONAL_STAFF))]
