"""Each figure against a small network counted by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clusters.models import ClusterPhase
from grants.lifecycle import ApplicationState, AwardState
from grants.models import Application, Award
from ksf.accounts.roles import Role
from ksf.periods import period
from needs.lifecycle import NeedState
from needs.models import Endorsement
from regions.models import Municipality, Population, RegionCounty
from reporting.figures import Facts, all_figures, figure_of, is_unusual
from reporting.models.report import in_unit
from reporting.national import comparisons, page
from reporting.national.chapters import overview
from tests.clusters.factories import add_member
from tests.grants.factories import make_application, make_award, make_call
from tests.ksf.factories import LONG_AGO, appoint
from tests.needs.factories import make_need
from tests.regions.factories import make_county, make_municipality, make_region
from tests.reporting.factories import make_network_cluster
from tests.reporting.helpers import compute

pytestmark = pytest.mark.django_db
YEAR = 2025
ON_THE_DAY = date(2025, 12, 31)
BOTH = {"anchored_administratively_on": date(2025, 3, 1), "anchored_politically_on": date(2025, 6, 1)}


@pytest.fixture
def region():
    """Five municipalities: two small in an established cluster, one large in a new one, two in none."""
    region = make_region()
    place = {
        name: make_municipality(name, region=region, population=people)
        for name, people in (
            ("Utsira", 200),
            ("Bokn", 900),
            ("Haugesund", 38_000),
            ("Sauda", 4_500),
            ("Tysvær", 11_000),
        )
    }
    established = make_network_cluster(region)
    beginning = make_network_cluster(region, "being_established")
    add_member(established, place["Utsira"], **BOTH, has_research_strategy=True)
    add_member(established, place["Bokn"], anchored_administratively_on=date(2025, 3, 1))
    add_member(beginning, place["Haugesund"], **{**BOTH, "anchored_politically_on": date(2026, 1, 1)})
    appoint(Role.RD_CONTACT, place["Utsira"])
    appoint(Role.RD_CONTACT, place["Sauda"])
    appoint(Role.CLUSTER_COORDINATOR, established, position_percentage=30)
    appoint(Role.CLUSTER_COORDINATOR, established, position_percentage=20)
    appoint(Role.REGIONAL_COORDINATOR, region, position_percentage=80)
    return region


COUNTED_BY_HAND = {
    "clusters_established": (1, None),
    "clusters_being_established": (1, None),
    "in_established_cluster": (2, 5),
    "in_cluster": (3, 5),
    "small_in_cluster": (2, 3),
    "coordinators_half": (1, 1),
    "anchored": (1, 3),
    "contacts": (1, 3),
    "strategies": (1, 3),
    "coordinator_position": (80, None),
}


@pytest.mark.parametrize("code", COUNTED_BY_HAND)
def test_counts_as_by_hand(region, code):
    found = compute(code, region, YEAR)
    assert (found.count, found.of) == COUNTED_BY_HAND[code]
    if found.of is not None:
        assert len(found.records) == found.of
        assert sum(record.counts for record in found.records) == found.count
    elif code != "coordinator_position":
        assert len(found.records) == found.count


@pytest.mark.parametrize("code", [figure.code for figure in all_figures() if figure.work])
def test_another_region_counts_nothing_of_it(region, code):
    found = compute(code, make_region(), YEAR)
    assert (found.count, found.of or 0) == (0, 0)


def test_every_record_opens_its_page(region, client):
    client.force_login(appoint(Role.NATIONAL_STAFF))
    for code in ("in_established_cluster", "clusters_established"):
        for record in compute(code, region, YEAR).records:
            assert client.get(record.url).status_code == 200


def test_sizes_are_counted_apart(region):
    sizes = compute("in_cluster", region, YEAR).sizes
    assert sizes == {"small": (2, 3), "medium": (0, 1), "large": (1, 1)}


def test_size_is_by_the_people_of_the_year(region):
    sauda = region.counties.get(municipalities__name="Sauda").municipalities.get()
    Population.objects.create(municipality=sauda, year=YEAR, people=5_100)
    assert compute("small_in_cluster", region, YEAR).of == 2
    assert compute("small_in_cluster", region, YEAR - 1).of == 3


def test_the_last_day_of_the_year_decides(region):
    late = make_network_cluster(region, since=date(2026, 1, 1))
    ended = make_network_cluster(region, since=LONG_AGO)
    ClusterPhase.objects.filter(cluster=ended).update(period=period(LONG_AGO, ON_THE_DAY))
    on_the_day = make_network_cluster(region, since=ON_THE_DAY)
    names = {record.label for record in compute("clusters_established", region, YEAR).records}
    assert on_the_day.name in names
    assert names.isdisjoint({late.name, ended.name})


def test_a_county_counts_where_it_was_that_day():
    before, after = make_region(), make_region()
    county = make_county(after)
    make_municipality(county=county)
    RegionCounty.objects.create(region=before, county=county, period=period(LONG_AGO, date(2026, 1, 1)))
    RegionCounty.objects.create(region=after, county=county, period=period(date(2026, 1, 1)))
    assert compute("in_cluster", before, YEAR).of == 1
    assert compute("in_cluster", after, YEAR).of == 0


def test_one_reading_serves_all_figures_and_regions(region, django_assert_max_num_queries):
    others = [make_region() for _number in range(3)]
    with django_assert_max_num_queries(15):
        facts = Facts(YEAR)
        for where in (region, *others, None):
            for figure in all_figures():
                if figure.work:
                    compute(figure.code, where, YEAR, facts)


def at(year, month=6):
    return datetime(year, month, 1, 12, tzinfo=UTC)


class TestNeeds:
    @pytest.fixture
    def place(self, region):
        """Two needs from Utsira, one of them endorsed twice; one merged, one of last year, one hidden, one draft."""
        places = {row.name: row for row in Municipality.objects.all()}
        shared = make_need(municipality=places["Utsira"], submitted_at=at(YEAR), state=NeedState.IN_ASSESSMENT)
        new = make_need("Ny", municipality=places["Utsira"], submitted_at=at(YEAR))
        make_need(
            "Slått sammen",
            municipality=places["Bokn"],
            submitted_at=at(YEAR),
            state=NeedState.MERGED,
            merged_into=shared,
        )
        make_need("I fjor", municipality=places["Bokn"], submitted_at=at(YEAR - 1))
        make_need("Skjult", municipality=places["Sauda"], submitted_at=at(YEAR), is_hidden=True)
        make_need("Utkast", municipality=places["Sauda"], state=NeedState.DRAFT)
        for name in ("Haugesund", "Bokn"):
            Endorsement.objects.create(
                need=shared, municipality=places[name], created_by=shared.created_by, created_at=at(YEAR, 7)
            )
        Endorsement.objects.create(
            need=new, municipality=places["Tysvær"], created_by=new.created_by, created_at=at(YEAR + 1, 2)
        )
        return places

    @pytest.mark.parametrize(
        ("code", "expected"),
        [("needs_submitted", (3, None)), ("municipalities_with_need", (3, 5)), ("needs_shared", (2, 2))],
    )
    def test_counts_as_by_hand(self, region, place, code, expected):
        found = compute(code, region, YEAR)
        assert (found.count, found.of) == expected
        assert sum(record.counts for record in found.records) == found.count

    def test_the_year_before_is_its_own(self, region, place):
        assert compute("needs_submitted", region, YEAR - 1).count == 1
        assert compute("municipalities_with_need", region, YEAR + 1).count == 1

    def test_records_say_who_stands_behind(self, region, place):
        details = [record.detail for record in compute("needs_submitted", region, YEAR).records]
        assert "Utsira, 2 tilslutninger" in details


class TestFunding:
    @pytest.fixture
    def applications(self, region):
        """Three applications of the year: awarded, declined, rejected; one withdrawn; one of another year."""
        call = make_call()
        states = [
            (ApplicationState.AWARDED, YEAR),
            (ApplicationState.AWARDED, YEAR),
            (ApplicationState.REJECTED, YEAR),
            (ApplicationState.WITHDRAWN, YEAR),
            (ApplicationState.SUBMITTED, YEAR - 1),
        ]
        made = []
        for state, year in states:
            row = make_application(call, cluster=make_network_cluster(region, members=5), state=state)
            Application.objects.filter(pk=row.pk).update(submitted_at=at(year))
            made.append(row)
        for row, amount in zip(made[:2], (300_000, 200_000), strict=True):
            award = make_award(row, amount)
            Award.objects.filter(pk=award.pk).update(decided_at=at(YEAR))
        Award.objects.filter(application=made[1]).update(state=AwardState.LAPSED)
        return made

    @pytest.mark.parametrize(
        ("code", "count"), [("seed_applications", 3), ("seed_awards", 1), ("seed_amount", 300_000)]
    )
    def test_counts_as_by_hand(self, region, applications, code, count):
        assert compute(code, region, YEAR).count == count
        assert compute(code, make_region(), YEAR).count == 0
        assert compute(code, None, YEAR).count == 0


def test_a_reported_figure_is_not_computed():
    assert figure_of("programmes_changed").work is None
    with pytest.raises(KeyError):
        figure_of("no_such_figure")


@pytest.mark.parametrize(
    ("count", "of", "value"), [(3, None, Decimal(3)), (1, 3, Decimal("33.3")), (0, 0, None), (None, None, None)]
)
def test_in_unit(count, of, value):
    assert in_unit(count, of) == value


@pytest.mark.parametrize(
    ("value", "earlier", "unit", "expected"),
    [
        (21, [10], "count", True),
        (15, [10], "count", False),
        (4, [2], "count", False),
        (0, [4], "count", True),
        (30, [15, None, 17], "percent", True),
        (12, [5], "percent", False),
        (600_000, [300_000], "kroner", True),
        (80_000, [40_000], "kroner", False),
        (7, [], "count", False),
        (None, [4], "count", False),
    ],
)
def test_far_from_the_regions_own_history(value, earlier, unit, expected):
    assert (
        is_unusual(value and Decimal(value) if value != 0 else Decimal(0), [e and Decimal(e) for e in earlier], unit)
        is expected
    )


def test_figures_the_national_report_speaks_of_are_there():
    named = {
        comparisons.CLUSTERS_ESTABLISHED,
        comparisons.CLUSTERS_BEING_ESTABLISHED,
        comparisons.IN_CLUSTER,
        comparisons.IN_ESTABLISHED_CLUSTER,
        *page.KEY_FIGURES,
        *overview.KEY_FIGURES,
    }
    assert named <= {figure.code for figure in all_figures() if figure.is_summed}
