"""Plans and reports from the first word to the seal."""

import threading
from datetime import date, timedelta
from functools import partial

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clusters.models import Membership
from ksf import audit
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs import tasks as job_tasks
from ksf.jobs.models import Job
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from reporting.lifecycle import PlanState, ReportState, SectionState
from reporting.models import ActivityReport, Goal, Indicator, RegionalReport, Target
from reporting.rules.completeness import contents_of
from reporting.services import definitions, plan, report
from reporting.services.report import Draft
from tests.clusters.factories import add_member
from tests.ksf.factories import appoint
from tests.ksf.helpers import delete_rows
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


class TestDefinitions:
    def test_load_twice_is_load_once(self):
        first = definitions.load()
        before = list(Indicator.objects.values()), list(Goal.objects.values()), list(Target.objects.values())
        assert definitions.load() == first == {"goals": 6, "indicators": 30, "targets": 120}
        assert (list(Indicator.objects.values()), list(Goal.objects.values()), list(Target.objects.values())) == before

    def test_goal_two_keeps_both_wordings_and_uses_one(self):
        load_definitions()
        assert Goal.objects.filter(code="goal_2").count() == 2
        assert Goal.objects.for_year(YEAR).filter(code="goal_2").get().version == 1

    def test_a_sealed_report_keeps_its_definition(self, tmp_path):
        load_definitions()
        region, writer, lead = make_team()
        made = make_approved(region, writer, lead, appoint(Role.NATIONAL_STAFF))
        for name in ("goals", "indicators"):
            text = (definitions.DATA / f"{name}.yaml").read_text()
            (tmp_path / f"{name}.yaml").write_text(text.replace("Kommuner i etablert klynge", "Noe annet"))
        with pytest.raises(definitions.DefinitionInUse, match=r"4\.1 version 1"):
            definitions.load(tmp_path)
        kept = next(row for row in made.snapshot["figures"] if row["code"] == "in_established_cluster")
        assert kept["indicator"]["name"]["nb"] == "Kommuner i etablert klynge"

    def test_a_used_definition_may_be_closed_and_followed_by_a_new_version(self, tmp_path):
        load_definitions()
        region, writer, lead = make_team()
        make_approved(region, writer, lead, appoint(Role.NATIONAL_STAFF))
        (tmp_path / "goals.yaml").write_text((definitions.DATA / "goals.yaml").read_text())
        indicators = yaml.safe_load((definitions.DATA / "indicators.yaml").read_text())["indicators"]
        old = next(row for row in indicators if row["code"] == "4.1")
        new = {**old, "version": 2, "from_year": YEAR + 1, "counted": "Noe annet", "targets": {}}
        old["until_year"] = YEAR
        (tmp_path / "indicators.yaml").write_text(yaml.safe_dump({"indicators": [*indicators, new]}))
        definitions.load(tmp_path)
        used = {year: Indicator.objects.for_year(year).get(code="4.1").version for year in (YEAR, YEAR + 1)}
        assert used == {YEAR: 1, YEAR + 1: 2}

    def test_an_unused_definition_may_be_corrected(self, tmp_path):
        load_definitions()
        for name in ("goals", "indicators"):
            text = (definitions.DATA / f"{name}.yaml").read_text()
            (tmp_path / f"{name}.yaml").write_text(text.replace("Kommuner i etablert klynge", "Noe annet"))
        definitions.load(tmp_path)
        assert Indicator.objects.get(code="4.1").name_nb == "Noe annet"


class TestPlan:
    def test_next_year_starts_from_this_one_without_what_is_finished(self):
        load_definitions()
        region, writer, lead = make_team()
        goal = Goal.objects.for_year(YEAR).first()
        first = make_plan(region, writer, activities=[(goal, "Behovsrunde"), (goal, "Avtale")])
        plan.set_targets(first, targets={Indicator.objects.get(code="4.1").pk: 30}, by=writer)
        plan.approve(plan.hand_in(first, by=lead), by=appoint(Role.NATIONAL_STAFF))
        ActivityReport.objects.filter(activity__title="Avtale").update(outcome="done")
        second = plan.start(region, YEAR + 1, by=writer)
        assert [(row.title, row.due_on) for row in second.activities.all()] == [("Behovsrunde", date(YEAR + 1, 6, 1))]
        assert [(row.indicator.code, row.value) for row in second.targets.all()] == [("4.1", 30)]
        assert second.started_from == first
        assert first.activities.count() == 2

    def test_starting_twice_gives_the_same_plan(self):
        region, writer, _lead = make_team()
        assert plan.start(region, YEAR, by=writer) == plan.start(region, YEAR, by=writer)

    def test_an_empty_plan_is_not_handed_in(self):
        region, writer, lead = make_team()
        with pytest.raises(ValidationError):
            plan.hand_in(make_plan(region, writer), by=lead)

    def test_the_whole_way_with_a_return(self):
        load_definitions()
        region, writer, lead = make_team()
        staff = appoint(Role.NATIONAL_STAFF)
        made = make_plan(region, writer, activities=[(Goal.objects.first(), "Behovsrunde")])
        made = plan.give_back(plan.hand_in(made, by=lead), comment="Skriv hvem som er ansvarlig", by=staff)
        assert made.state == PlanState.RETURNED
        assert [notice.user for notice in Notice.objects.all()] == [writer]
        activity = plan.change_activity(made.activities.get(), title="Felles behovsrunde", by=writer)
        made = plan.approve(plan.hand_in(made, by=lead), by=staff)
        assert (made.state, activity.title) == (PlanState.APPROVED, "Felles behovsrunde")
        assert ActivityReport.objects.filter(activity=activity).exists()
        with pytest.raises(StepNotAllowed):
            plan.change_activity(activity, title="For sent", by=writer)
        with pytest.raises(StepNotAllowed):
            plan.remove_activity(activity, by=writer)
        assert {entry.verb for entry in audit.history(made)} >= {
            "regional_plan.start",
            "regional_plan.add_activity",
            "regional_plan.change_activity",
            "regional_plan.hand_in",
            "regional_plan.return",
            "regional_plan.approve",
        }

    def test_activities_move_within_their_goal(self):
        load_definitions()
        region, writer, _lead = make_team()
        goal = Goal.objects.first()
        made = make_plan(region, writer, activities=[(goal, "A"), (goal, "B"), (goal, "C")])
        plan.move_activity(made.activities.get(title="C"), up=True, by=writer)
        plan.move_activity(made.activities.get(title="A"), up=True, by=writer)
        assert [row.title for row in made.activities.all()] == ["A", "C", "B"]

    def test_an_activity_is_taken_out_but_stays_in_the_log(self):
        load_definitions()
        region, writer, _lead = make_team()
        made = make_plan(region, writer, activities=[(Goal.objects.first(), "A")])
        plan.remove_activity(made.activities.get(), by=writer)
        assert not made.activities.exists()
        assert audit.history(made).get(verb="regional_plan.remove_activity").data["activity"] == "A"

    @pytest.mark.parametrize("act", ["start", "move", "hand_in"])
    def test_strangers_may_not(self, act):
        load_definitions()
        region, writer, lead = make_team()
        made = make_plan(region, writer, activities=[(Goal.objects.first(), "A")])
        stranger = appoint(Role.REGIONAL_COORDINATOR, make_region())
        steps = {
            "start": lambda: plan.start(region, YEAR + 1, by=stranger),
            "move": lambda: plan.move_activity(made.activities.get(), up=True, by=lead),
            "hand_in": lambda: plan.hand_in(made, by=writer),
        }
        with pytest.raises(PermissionDenied):
            steps[act]()


class TestWriting:
    def test_starts_with_nine_sections_and_figures(self):
        load_definitions()
        region, writer, _lead = make_team()
        make_network_cluster(region, members=2)
        made = make_report(region, writer)
        assert made.sections.count() == 9
        established = made.figures.get(code="clusters_established")
        assert (established.count, [row[0] for row in established.records]) == (1, [str(region.clusters.get())])
        assert report.start(region, YEAR, by=writer) == made

    def test_two_writers_lose_nothing(self):
        region, writer, _lead = make_team()
        other = appoint(Role.REGIONAL_COORDINATOR, region)
        section = make_report(region, writer).sections.get(code="summary")
        mine = Draft(section, {"content": "Min tekst", "is_nothing": False}, 0)
        theirs = Draft(section, {"content": "Din tekst", "is_nothing": False}, 0)
        assert report.save_part(section, [mine], by=writer) == []
        [conflict] = report.save_part(section, [theirs], by=other)
        assert (conflict.theirs.content, conflict.draft.values["content"]) == ("Min tekst", "Din tekst")
        section.refresh_from_db()
        assert (section.content, section.version, section.updated_by) == ("Min tekst", 1, writer)
        again = Draft(section, {"content": "Begge", "is_nothing": False}, conflict.theirs.version)
        assert report.save_part(section, [again], by=other) == []
        section.refresh_from_db()
        assert section.content == "Begge"

    def test_rows_without_conflict_are_saved_beside_one_with(self):
        load_definitions()
        region, writer, lead = make_team()
        made_plan = make_plan(region, writer, activities=[(Goal.objects.get(code="goal_1"), "Runde")])
        plan.approve(plan.hand_in(made_plan, by=lead), by=appoint(Role.NATIONAL_STAFF))
        section = make_report(region, writer).sections.get(code="needs")
        report.save_part(section, [Draft(section, {"content": "Først"}, 0)], by=writer)
        activity = ActivityReport.objects.get()
        drafts = [Draft(section, {"content": "Sist"}, 0), Draft(activity, {"outcome": "done", "content": "I mål"}, 0)]
        assert len(report.save_part(section, drafts, by=writer)) == 1
        activity.refresh_from_db()
        assert (activity.outcome, activity.content) == ("done", "I mål")

    def test_finishing_says_all_that_is_missing(self):
        region, writer, _lead = make_team()
        made = make_report(region, writer)
        with pytest.raises(ValidationError) as refused:
            report.finish(made.sections.get(code="education"), by=writer)
        assert len(refused.value.messages) == 3
        assert made.sections.get(code="education").state == SectionState.DRAFT

    def test_nothing_to_report_is_an_answer(self):
        region, writer, _lead = make_team()
        section = make_report(region, writer).sections.get(code="education")
        report.save_part(section, [Draft(section, {"is_nothing": True}, 0)], by=writer)
        assert report.finish(section, by=writer).state == SectionState.DONE
        assert report.reopen(section, by=writer).state == SectionState.DRAFT

    @pytest.mark.parametrize("work", [report.finish, report.reopen, partial(report.save_part, drafts=[])])
    def test_all_who_write_lock_the_report_before_its_section(self, work):
        """Else two requests from one page, the last words saved and the part finished, wait for each other forever."""
        region, writer, _lead = make_team()
        section = make_report(region, writer).sections.get(code="education")
        state = SectionState.DONE if work is report.reopen else SectionState.DRAFT
        type(section).objects.filter(pk=section.pk).update(state=state, is_nothing=True)
        with CaptureQueriesContext(connection) as asked:
            work(section, by=writer)
        locked = [row["sql"] for row in asked if "FOR UPDATE" in row["sql"]]
        assert [sql.split('FROM "')[1].split('"')[0] for sql in locked][:2] == [
            "reporting_regionalreport",
            "reporting_reportsection",
        ]

    def test_a_correction_keeps_what_was_counted(self):
        load_definitions()
        region, writer, _lead = make_team()
        make_network_cluster(region, members=2)
        figure = make_report(region, writer).figures.get(code="clusters_established")
        figure = report.correct_figure(figure, corrected=2, explanation="Én mangler", by=writer)
        assert (figure.computed, figure.value, figure.is_corrected) == (1, 2, True)
        report.refresh_figures(figure.report, by=writer)
        figure.refresh_from_db()
        assert (figure.count, figure.value, figure.explanation) == (1, 2, "Én mangler")
        figure = report.correct_figure(figure, corrected=None, explanation="", by=writer)
        assert (figure.value, figure.is_corrected) == (1, False)

    def test_accounts_are_kept_with_the_report(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        region, writer, _lead = make_team()
        made = make_report(region, writer)
        use = report.attach_accounts(made, file=ContentFile(b"%PDF-1.7", name="Regnskap 2025.pdf"), by=writer)
        assert use.attachment_name == "Regnskap 2025.pdf"
        with use.attachment.open() as kept:
            assert kept.read() == b"%PDF-1.7"

    @pytest.mark.parametrize("state", [ReportState.SUBMITTED])
    def test_what_is_handed_in_is_not_written_in(self, state):
        region, writer, _lead = make_team()
        made = make_report(region, writer)
        RegionalReport.objects.update(state=state)
        section = made.sections.first()
        for act in (
            lambda: report.save_part(section, [Draft(section, {"content": "x"}, 0)], by=writer),
            lambda: report.refresh_figures(made, by=writer),
            lambda: report.correct_figure(made.figures.first(), corrected=1, explanation="x", by=writer),
        ):
            with pytest.raises(StepNotAllowed):
                act()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_lose_nothing():
    """Five write different words over the same version: one is saved, four get both texts."""
    region, writer, _lead = make_team()
    section = make_report(region, writer).sections.get(code="summary")
    outcomes, ready = [], threading.Barrier(5)

    def write(number):
        try:
            ready.wait()
            draft = Draft(section, {"content": f"Tekst {number}"}, 0)
            outcomes.append((number, report.save_part(section, [draft], by=writer)))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    section.refresh_from_db()
    saved = [number for number, conflicts in outcomes if not conflicts]
    assert [f"Tekst {number}" for number in saved] == [section.content]
    assert {c.draft.values["content"] for _n, conflicts in outcomes for c in conflicts} == {
        f"Tekst {number}" for number in range(5) if number not in saved
    }
    assert section.version == 1


class TestHandingIn:
    def test_only_the_host_lead_and_only_when_finished(self):
        region, writer, lead = make_team()
        made = make_report(region, writer)
        with pytest.raises(ValidationError):
            report.hand_in(made, by=lead)
        made = fill(made)
        with pytest.raises(PermissionDenied):
            report.hand_in(made, by=writer)
        made = report.hand_in(made, by=lead)
        assert (made.state, made.submitted_by) == (ReportState.SUBMITTED, lead)

    def test_one_person_with_both_roles_may_not_hand_in_alone(self):
        region, writer, _lead = make_team()
        both = appoint(Role.HOST_LEAD, region, user=writer)
        with pytest.raises(PermissionDenied):
            report.hand_in(fill(make_report(region, both)), by=both)

    def test_late_asks_why(self):
        region, writer, lead = make_team()
        made = fill(make_report(region, writer, YEAR - 1))
        RegionalReport.objects.update(late_reason="")
        with pytest.raises(ValidationError, match="sent"):
            report.hand_in(made, by=lead)
        assert report.hand_in(made, late_reason="Sykdom", by=lead).late_reason == "Sykdom"

    def test_on_time_is_by_first_of_march(self):
        made = RegionalReport(year=YEAR)
        for moment, expected in (("2026-03-01T22:30:00+00:00", True), ("2026-03-01T23:30:00+00:00", False)):
            made.first_submitted_at = timezone.datetime.fromisoformat(moment)
            assert made.is_on_time is expected

    def test_an_unusual_figure_asks_for_a_word(self):
        load_definitions()
        region, writer, lead = make_team()
        staff = appoint(Role.NATIONAL_STAFF)
        make_approved(region, writer, lead, staff, YEAR - 1)
        for _number in range(4):
            make_network_cluster(region, members=1)
        made = make_report(region, writer)
        contents = contents_of(made)
        line = next(row for row in contents.part("network").lines if row.figure.code == "clusters_established")
        assert (line.is_unusual, line.last_year) == (True, 0)
        fill(made)
        with pytest.raises(ValidationError, match="langt fra tidligere år"):
            report.hand_in(made, by=lead)
        made.figures.update(remark="Fire nye")
        assert report.hand_in(made, by=lead).state == ReportState.SUBMITTED


class TestReview:
    def test_return_opens_the_commented_sections_and_closes_the_others(self):
        region, writer, lead = make_team()
        staff = appoint(Role.NATIONAL_STAFF)
        made = report.hand_in(fill(make_report(region, writer)), by=lead)
        made = report.give_back(
            made, comments={"needs": "Nevn alle ti", "next": " "}, resubmit_by=date(2026, 12, 1), by=staff
        )
        states = dict(made.sections.values_list("code", "state"))
        assert states.pop("needs") == SectionState.RETURNED
        assert set(states.values()) == {SectionState.ACCEPTED}
        needs = made.sections.get(code="needs")
        assert needs.comments.get().text == "Nevn alle ti"
        assert {notice.user for notice in Notice.objects.all()} == {writer, lead}
        assert all("Nevn alle ti" in notice.body for notice in Notice.objects.all())
        other = made.sections.get(code="summary")
        with pytest.raises(StepNotAllowed):
            report.save_part(other, [Draft(other, {"content": "x"}, 0)], by=writer)
        report.save_part(needs, [Draft(needs, {"content": "Alle ti"}, 0)], by=writer)
        report.finish(needs, by=writer)
        assert report.hand_in(made, by=lead).state == ReportState.SUBMITTED

    def test_return_without_a_word_is_refused(self):
        region, writer, lead = make_team()
        made = report.hand_in(fill(make_report(region, writer)), by=lead)
        with pytest.raises(ValidationError):
            report.give_back(
                made, comments={"needs": ""}, resubmit_by=date(2026, 12, 1), by=appoint(Role.NATIONAL_STAFF)
            )

    def test_the_region_cannot_approve_its_own(self):
        region, writer, lead = make_team()
        made = report.hand_in(fill(make_report(region, writer)), by=lead)
        both = appoint(Role.NATIONAL_STAFF, user=lead)
        for user in (writer, both):
            with pytest.raises(PermissionDenied):
                report.approve(made, by=user)


class TestSeal:
    def test_later_changes_do_not_reach_it(self):
        load_definitions()
        region, writer, lead = make_team()
        cluster = make_network_cluster(region, members=2)
        made = make_approved(region, writer, lead, appoint(Role.NATIONAL_STAFF))
        sealed = dict(made.snapshot)
        add_member(cluster, make_municipality(region=region))
        Membership.objects.filter(cluster=cluster).update(has_research_strategy=True)
        region.name = "KSF Nytt navn"
        region.save()
        made.refresh_from_db()
        assert made.snapshot == sealed
        assert made.snapshot["region"]["name"] != "KSF Nytt navn"

    def test_the_database_refuses_to_change_it(self):
        region, writer, lead = make_team()
        made = make_approved(region, writer, lead, appoint(Role.NATIONAL_STAFF))
        for change in (
            lambda: RegionalReport.objects.filter(pk=made.pk).update(snapshot={}),
            lambda: RegionalReport.objects.filter(pk=made.pk).update(state="draft", approved_at=None),
            lambda: delete_rows(RegionalReport),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_its_document_is_made_once_however_often_the_job_runs(self):
        region, writer, lead = make_team()
        make_approved(region, writer, lead, appoint(Role.NATIONAL_STAFF))
        job = Job.objects.get(kind="reporting.regional_pdf")
        job_tasks.run(job.pk)
        job_tasks.run(job.pk)
        made = RegionalReport.objects.get()
        document = Document.objects.get()
        assert (made.document_number, document.subject_id) == (document.number, made.pk)
        assert bytes(document.content).startswith(b"%PDF")

    def test_the_year_is_not_over_yet(self):
        region, writer, _lead = make_team()
        made = make_report(region, writer)
        RegionalReport.objects.update(figures_at=timezone.make_aware(timezone.datetime(YEAR, 12, 31, 12)))
        made.refresh_from_db()
        assert len(contents_of(made).lacks) == 1
        made = report.refresh_figures(made, by=writer)
        assert contents_of(made).lacks == []
        assert made.figures_at > timezone.now() - timedelta(minutes=1)
