"""The national report: what it counts, that it stays the same, and what its PDF says of itself."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.documents.typography import grouped
from ksf.jobs import tasks as job_tasks
from ksf.jobs.models import Job, JobState
from ksf.lifecycle import StepNotAllowed
from reporting.models import NationalReport, ReportFigure
from reporting.national import build, comparisons, document, sentences, sheet
from reporting.national.compute import national_data, target_status
from reporting.services import national as services
from reporting.services import report
from reporting.stored.national import ReportsReceived
from tests.clusters.factories import add_member
from tests.ksf import pdf_file
from tests.ksf.factories import appoint
from tests.regions.factories import make_county, make_municipality, make_partner, make_region
from tests.reporting.factories import (
    YEAR,
    fill,
    load_definitions,
    make_network_cluster,
    make_report,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    """Region A is sealed with a correction, region B has not reported; one municipality belongs to no region."""
    load_definitions()
    staff = appoint(Role.NATIONAL_STAFF)
    first, writer, lead = make_team(make_region("KSF Vest", slug="vest"))
    second = make_region("KSF Nord", slug="nord")
    cluster = make_network_cluster(first, name="Klynge Haugaland")
    for number, people in enumerate((800, 3_000, 30_000)):
        add_member(cluster, make_municipality(region=first, population=people, map_q=number, map_r=3))
    make_municipality(region=second, population=1_000, map_q=4, map_r=1)
    make_municipality("Oslo", county=make_county(None), population=700_000, map_q=2, map_r=2)
    made = fill(make_report(first, writer))
    made.sections.filter(code="summary").update(content="Klyngen er i gang.\n\nSmå kommuner leder an.")
    ReportFigure.objects.filter(report=made, code="clusters_established").update(corrected=2, explanation="Én mangler")
    report.approve(report.hand_in(made, by=lead), by=staff)
    return first, second, staff


class TestFigures:
    def test_sums_sealed_reports_and_the_register(self, network):
        data = national_data(YEAR)
        total = data.totals["in_established_cluster"]
        assert (total.count, total.of, total.value) == (3, 5, 60)
        assert total.sizes == {"small": (2, 3), "medium": (0, 0), "large": (1, 2)}
        assert data.totals["clusters_established"].value == 2
        assert data.unplaced.names == ["Oslo"]
        assert data.totals["programmes_changed"].regions_counted == 1

    def test_what_is_nothing_in_every_year_is_not_shown(self, network):
        data = national_data(YEAR)
        shown = dict(comparisons.totals_to_show(data))
        assert data.totals["rounds_held"].value == 0
        assert "rounds_held" not in shown
        assert shown["clusters_established"].value == 2

    def test_names_those_that_have_not_reported(self, network):
        received = national_data(YEAR).received
        assert received == ReportsReceived(
            expected=2, received=1, on_time=0, approved=1, missing=["KSF Nord"], not_approved=[]
        )

    def test_says_which_indicators_have_no_figure(self, network):
        data = national_data(YEAR)
        uncounted = {row.code for row in data.uncounted}
        assert {"2.4", "2.5", "2.7", "3.1", "3.2", "3.6", "4.7", "4.8"} <= uncounted
        assert "4.1" not in uncounted
        assert not uncounted & {row.code for row in data.indicators}
        assert "2.4 " in sentences.indicators_without_figures(data)

    def test_small_beside_large_for_every_share(self, network):
        rows = {
            str(label): sentences.share_texts(pairs) for label, pairs in comparisons.shares_by_size(national_data(YEAR))
        }
        assert rows["Kommuner i etablert klynge"] == ["67 %", "–", "50 %", "−17"]

    def test_names_those_whose_report_is_not_approved(self, network):
        data = national_data(YEAR)
        assert sentences.reports_not_approved(data) == ["Ikke mottatt: KSF Nord."]
        data = replace(data, received=replace(data.received, missing=[], not_approved=["KSF Sør"]))
        assert sentences.reports_not_approved(data) == ["Levert, men ikke godkjent: KSF Sør."]
        data = replace(data, received=replace(data.received, not_approved=[]))
        assert sentences.reports_not_approved(data) == []

    def test_compares_with_targets_and_earlier_years(self, network):
        data = national_data(YEAR)
        row = next(row for row in data.indicators if row.code == "4.1")
        assert (row.value, row.target, row.status, row.version) == (60, 12, "reached", 1)
        assert [earlier.year for earlier in data.earlier] == [YEAR - 2, YEAR - 1]
        assert data.earlier[-1].totals["in_established_cluster"].count == 3
        assert next(row.value for row in data.indicators if row.code == "4.2") == 1

    @pytest.mark.parametrize(
        ("value", "target", "better", "expected"),
        [
            (60, 60, "more", "reached"),
            (51, 60, "more", "nearly"),
            (50, 60, "more", "missed"),
            (30, 30, "less", "reached"),
            (35, 30, "less", "nearly"),
            (36, 30, "less", "missed"),
            (None, 3, "more", ""),
            (3, None, "more", ""),
        ],
    )
    def test_target_status(self, value, target, better, expected):
        assert target_status(value, target, better) == expected

    def test_a_published_year_gives_the_same_figures_whatever_happens_later(self, network):
        first, _second, staff = network
        data = national_data(YEAR)
        made = build.store(data, b"", by=staff)
        services.publish(made, by=appoint(Role.NATIONAL_LEAD))
        add_member(first.clusters.get(), make_municipality(region=first))
        make_region()
        assert national_data(YEAR) == data
        kept = build.store(replace(data, order=[]), b"", by=staff)
        assert kept.contents == data
        with pytest.raises(DatabaseError), transaction.atomic():
            NationalReport.objects.update(data={})

    def test_an_unpublished_year_follows_the_register(self, network):
        _first, second, _staff = network
        before = national_data(YEAR).totals["in_established_cluster"].of
        make_municipality(region=second)
        assert national_data(YEAR).totals["in_established_cluster"].of == before + 1

    def test_the_spreadsheet_holds_every_region_and_size(self, network):
        rows = list(sheet.rows(national_data(YEAR)))
        found = [row for row in rows if row.code == "in_cluster" and row.year == YEAR]
        assert {(row.region, row.size) for row in found} == {
            (region, size) for region in ("", "KSF Vest", "KSF Nord") for size in ("", "small", "medium", "large")
        }

    def test_as_many_queries_for_many_regions_as_for_few(self, network):
        few = _queries(lambda: national_data(YEAR))
        for _number in range(5):
            make_network_cluster(make_region(), members=2)
        assert _queries(lambda: national_data(YEAR)) == few


def _queries(act):
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


class TestJob:
    def test_a_job_run_twice_takes_effect_once(self, network, quick_pdfs):
        _first, _second, staff = network
        job = services.request_build(YEAR, by=staff)
        assert services.request_build(YEAR, by=staff) == job
        job_tasks.run(job.pk)
        made = NationalReport.objects.get()
        built_at = made.built_at
        job_tasks.run(job.pk)
        job.refresh_from_db()
        made.refresh_from_db()
        assert (job.state, job.result["sha256"]) == (JobState.DONE, made.sha256)
        assert made.built_at == built_at
        assert bytes(made.draft).startswith(b"%PDF")

    def test_publishing_seals_one_document(self, network, quick_pdfs):
        _first, _second, staff = network
        made = build.store(national_data(YEAR), b"", by=staff)
        with pytest.raises(PermissionDenied):
            services.publish(made, by=staff)
        lead = appoint(Role.NATIONAL_LEAD)
        services.publish(made, by=lead)
        with pytest.raises(StepNotAllowed):
            services.publish(made, by=lead)
        job = Job.objects.get(kind="reporting.national_pdf")
        job_tasks.run(job.pk)
        job_tasks.run(job.pk)
        made.refresh_from_db()
        assert made.document_number == Document.objects.get().number
        assert made.draft is None

    @pytest.mark.parametrize("role", [Role.OBSERVER, Role.PARTNER])
    def test_only_national_staff_may_ask(self, role):
        with pytest.raises(PermissionDenied):
            services.request_build(YEAR, by=appoint(role, make_partner() if role == Role.PARTNER else None))


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_living_one_alone(quick_pdfs):
    load_definitions()
    make_region()
    job = services.request_build(YEAR, by=appoint(Role.NATIONAL_STAFF))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [job_tasks.LOCK_SPACE, job.pk])
            job_tasks.run(job.pk)
            assert not NationalReport.objects.exists()
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [job_tasks.LOCK_SPACE, job.pk])
        job_tasks.run(job.pk)
        assert NationalReport.objects.count() == 1
    finally:
        other.close()


class TestCommand:
    @pytest.mark.parametrize("year", ["2019", "9999", "0"])
    def test_a_year_without_reports_is_named(self, year, tmp_path):
        with pytest.raises(CommandError, match=f"There is no report on {year}"):
            call_command("build_national_report", year, output=tmp_path / "report.pdf")
        assert not NationalReport.objects.exists()

    @pytest.mark.parametrize("place", [".", "nowhere/report.pdf"])
    def test_a_file_that_cannot_be_written_is_named_before_anything_is_computed(self, place, tmp_path):
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("build_national_report", str(YEAR), output=tmp_path / place)
        assert not NationalReport.objects.exists()


class TestPaper:
    def test_says_what_it_is(self, network, tmp_path):
        path = tmp_path / "report.pdf"
        call_command("build_national_report", str(YEAR), output=path)
        content = path.read_bytes()
        assert pdf_file.faults(content) == []
        with pikepdf.open(BytesIO(content)) as pdf:
            assert str(pdf.Root.Lang) == "nb-NO"
            assert str(pdf.docinfo.Title) == f"KSF årsrapport {YEAR}"
            assert pdf_file.names(pdf).count("Figure") >= 4
        text = pdf_file.text(content)
        for expected in (
            "KSF Nord",
            "Klynge Haugaland",
            "Små kommuner leder an.",
            "Oslo",
            grouped(NationalReport.objects.get().sha256),
        ):
            assert expected in text
        assert bytes(NationalReport.objects.get().draft) == content

    def test_same_data_same_bytes_also_from_what_is_stored(self, network):
        data = national_data(YEAR)
        stored = build.store(data, b"", by=network[2])
        stored.refresh_from_db()
        assert document.render_pdf(stored.contents) == document.render_pdf(data)

    def test_in_nynorsk_too(self, network):
        content = document.render_pdf(national_data(YEAR), language="nn")
        assert pdf_file.faults(content) == []
        assert "kommunar" in pdf_file.text(content)

    def test_a_region_in_its_own_words(self, network):
        job_tasks.run(Job.objects.get(kind="reporting.regional_pdf").pk)
        content = bytes(Document.objects.get().content)
        assert pdf_file.faults(content) == []
        text = pdf_file.text(content)
        for expected in ("Små kommuner leder an.", "Én mangler", "450 000", "Klyngen er i gang."):
            assert expected in text


def test_an_empty_network_makes_a_report_too():
    load_definitions()
    content = document.render_pdf(national_data(YEAR))
    assert content.startswith(b"%PDF")
