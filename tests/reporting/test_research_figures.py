"""Figures from needs, rounds, questions and projects, against a case counted by hand; each opens its records."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from needs.lifecycle import NeedState
from needs.models import Endorsement
from needs.research.lifecycle import InterestState, ProjectState
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Ballot, Participant, Round, RoundLevel
from reporting.figures import Facts
from reporting.national.compute import national_data
from reporting.services import report as reports
from tests.ksf.factories import appoint
from tests.needs.factories import make_need
from tests.needs.research.factories import make_interest, make_project, make_question
from tests.regions.factories import make_municipality, make_region
from tests.reporting.factories import fill, load_definitions, make_network_cluster, make_report, make_team
from tests.reporting.helpers import compute

pytestmark = pytest.mark.django_db
YEAR = 2025


def on(month, day):
    return datetime(YEAR, month, day, 12, tzinfo=UTC)


@pytest.fixture
def places():
    """Two regions: three small and a medium one in the first, a large one in the second."""
    here, there = make_region(), make_region()
    found = {
        name: make_municipality(name, region=here, population=people)
        for name, people in (("Utsira", 200), ("Bokn", 900), ("Kvitsøy", 500), ("Tysvær", 11_000))
    }
    return {**found, "Bergen": make_municipality("Bergen", region=there, population=290_000), "in": here, "by": there}


@pytest.fixture
def projects(places):
    """One in both regions, one that ended in September, one that only gives data, one that has not begun."""
    both = make_project(
        "Begge steder", region=places["in"], state=ProjectState.UNDER_WAY, start=date(YEAR, 7, 1), end=date(2027, 1, 1),
        combined_positions=2, public_sector_phds=1, master_theses=3,
    )  # fmt: skip
    both.participations.create(municipality=places["Utsira"], part="leads")
    both.participations.create(municipality=places["Bergen"])
    ended = make_project(
        "Slutt i september", region=places["in"], state=ProjectState.COMPLETED, end=date(YEAR, 9, 1),
        combined_positions=5, master_theses=1,
    )  # fmt: skip
    ended.participations.create(municipality=places["Bokn"])
    data = make_project("Bare tall", region=places["in"], state=ProjectState.UNDER_WAY, master_theses=9)
    data.participations.create(municipality=places["Kvitsøy"], part="data")
    planned = make_project("Til neste år", region=places["in"], state=ProjectState.PLANNED, combined_positions=9)
    planned.participations.create(municipality=places["Tysvær"])
    return {"both": both, "ended": ended}


HERE = {
    "research_projects": (2, ["Begge steder", "Slutt i september"]),
    "combined_positions": (2, ["Begge steder"]),
    "public_sector_phds": (1, ["Begge steder"]),
    "master_theses": (4, ["Begge steder", "Slutt i september"]),
}
THERE = {"research_projects": 1, "combined_positions": 2, "public_sector_phds": 1, "master_theses": 3}


@pytest.mark.parametrize("code", HERE)
def test_projects(places, projects, code):
    count, titles = HERE[code]
    found = compute(code, places["in"], YEAR)
    assert (found.count, sorted(record.label for record in found.records)) == (count, titles)
    assert sum(record.weight for record in found.records) == count
    assert compute(code, places["by"], YEAR).count == THERE[code]


def test_the_country_counts_what_two_regions_share_once(places, projects):
    load_definitions()
    totals = national_data(YEAR).totals
    assert {code: totals[code].value for code in HERE} == {code: count for code, (count, _titles) in HERE.items()}


def test_a_sealed_report_is_not_counted_twice_either(places, projects):
    load_definitions()
    writer, lead = appoint(Role.REGIONAL_COORDINATOR, places["by"]), appoint(Role.HOST_LEAD, places["by"])
    made = fill(make_report(places["by"], writer))
    made.figures.filter(code="master_theses").update(corrected=5, explanation="To til")
    reports.approve(reports.hand_in(made, by=lead), by=appoint(Role.NATIONAL_STAFF))
    totals = national_data(YEAR).totals
    assert totals["research_projects"].value == 2
    assert totals["master_theses"].value == 6  # four counted once, and the two more the region tells of


def test_small_stand_beside_large(places, projects):
    found = compute("small_in_research", places["in"], YEAR)
    assert (found.count, found.of) == (2, 3)
    assert {record.label: record.counts for record in found.records} == {"Utsira": True, "Bokn": True, "Kvitsøy": False}
    assert found.sizes == {"small": (2, 3), "medium": (0, 1), "large": (0, 0)}


def test_questions_need_a_prioritised_need_and_a_partner(places):
    here = places["in"]
    alone = make_question("Uten partner", region=here, opened_at=on(3, 1))
    early = make_need(municipality=places["Bokn"], state=NeedState.IN_ASSESSMENT)
    make_interest(
        question=make_question("For tidlig", region=here, needs=[early], opened_at=on(3, 1)),
        state=InterestState.IN_TOUCH, answered_at=on(4, 1),
    )  # fmt: skip
    touched = make_question("Med partner", region=here, opened_at=on(3, 2))
    make_interest(question=touched, state=InterestState.IN_TOUCH, answered_at=on(4, 1))
    make_interest(question=touched, state=InterestState.WAITING)
    in_project = make_question("I prosjekt", region=here, opened_at=on(3, 3))
    in_project.projects.add(make_project(region=here))
    make_interest(
        question=make_question("Året før", region=here, opened_at=on(3, 1).replace(year=YEAR - 1)),
        state=InterestState.IN_TOUCH, answered_at=on(5, 1),
    )  # fmt: skip
    found = compute("research_questions", here, YEAR)
    assert [record.label for record in found.records] == ["Med partner", "I prosjekt"]
    assert found.count == 2
    matched = compute("matches", here, YEAR)
    assert (matched.count, [row.label for row in matched.records]) == (3, ["For tidlig", "Med partner", "Året før"])
    assert compute("matches", places["by"], YEAR).count == 0
    assert str(alone) not in {row.label for row in matched.records}


def hold(level, invited, cast, closed=None, state=RoundState.CLOSED, **scope):
    """A round that is closed, with those who were invited and those who cast a ballot."""
    by = appoint(Role.NATIONAL_STAFF)
    round_ = Round.objects.create(
        title=f"Runde {level}", level=level, criteria="Nytte", created_by=by, state=state, opens_at=on(1, 2),
        closes_at=closed or on(5, 1), **scope,
    )  # fmt: skip
    for place in invited:
        row = Participant.objects.create(round=round_, municipality=place, size=place.size)
        if place in cast:
            Ballot.objects.create(participant=row, cast_by=by, cast_at=on(4, 1))
    return round_


@pytest.fixture
def rounds(places):
    cluster, new = make_network_cluster(places["in"]), make_network_cluster(places["in"], "being_established")
    utsira, bokn, bergen = places["Utsira"], places["Bokn"], places["Bergen"]
    hold(RoundLevel.CLUSTER, [utsira, bokn], [utsira], cluster=cluster)
    hold(RoundLevel.CLUSTER, [utsira], [utsira], cluster=cluster, closed=on(9, 1))
    hold(RoundLevel.CLUSTER, [places["Tysvær"]], [], cluster=new)
    hold(RoundLevel.NATION, [bokn, bergen], [bokn, bergen])
    hold(RoundLevel.REGION, [bergen], [bergen], region=places["by"], state=RoundState.OPEN)
    hold(RoundLevel.REGION, [bergen], [bergen], region=places["by"], closed=on(5, 1).replace(year=YEAR + 1))
    return cluster


def test_rounds(places, rounds):
    here, there = places["in"], places["by"]
    facts = Facts(YEAR)
    assert [compute("rounds_held", region, YEAR, facts).count for region in (here, there, None)] == [3, 0, 1]
    prioritised = compute("clusters_prioritised", here, YEAR, facts)
    assert (prioritised.count, [record.label for record in prioritised.records]) == (1, [rounds.name])
    turnout = compute("round_turnout", here, YEAR, facts)
    assert (turnout.count, turnout.of) == (3, 5)
    assert turnout.sizes == {"small": (3, 4), "medium": (0, 1), "large": (0, 0)}
    assert compute("round_turnout", there, YEAR, facts).value == 100


@pytest.fixture
def looks(places):
    """Two needs taken up after 4 and 10 days, one returned after 20 and then taken up, one nobody has opened."""
    made = {
        name: make_need(name, municipality=places[place], submitted_at=on(3, 1), state=NeedState.IN_ASSESSMENT)
        for name, place in (("Fire", "Utsira"), ("Ti", "Bokn"), ("Tjue", "Bokn"), ("Ingen", "Tysvær"))
    }
    actor = appoint(Role.NATIONAL_STAFF)
    for name, verb, at in (
        ("Fire", "take_up", on(3, 5)),
        ("Ti", "take_up", on(3, 11)),
        ("Tjue", "return", on(3, 21)),
        ("Tjue", "take_up", on(4, 30)),
    ):
        AuditEntry.objects.create(
            verb=f"need.{verb}", subject_type="needs.knowledgeneed", subject_id=str(made[name].pk), actor=actor, at=at
        )
    for place in ("Bergen", "Kvitsøy"):
        given = Endorsement.objects.create(need=made["Ti"], municipality=places[place], created_by=actor)
        Endorsement.objects.filter(pk=given.pk).update(created_at=on(6, 1))
    passed_on = {"need": made["Fire"], "municipality": places["Kvitsøy"], "merged_from": made["Ti"]}
    Endorsement.objects.create(**passed_on, created_by=actor, created_at=on(7, 1))
    return made


def test_first_looks_and_endorsements(places, looks):
    days = compute("days_to_assessment", places["in"], YEAR)
    assert (days.value, len(days.records)) == (10, 3)
    assessed = compute("needs_assessed", places["in"], YEAR)
    assert (assessed.count, assessed.of) == (3, 4)
    given = compute("endorsements_given", places["in"], YEAR)
    assert [(record.label, record.detail) for record in given.records] == [("Ti", "Kvitsøy")]
    assert compute("days_to_assessment", places["by"], YEAR).value is None


def test_each_figure_opens_exactly_its_records(client, places, projects, rounds, looks):
    load_definitions()
    region = places["in"]
    writer = appoint(Role.REGIONAL_COORDINATOR, region)
    made = make_report(region, writer, YEAR)
    client.force_login(writer)
    for code in [*HERE, "small_in_research", "rounds_held", "round_turnout", "needs_assessed", "days_to_assessment"]:
        answer = client.get(reverse("report_figure", args=[YEAR, region.slug, code]))
        expected = [(row.label, row.url) for row in compute(code, region, YEAR).records]
        assert expected
        assert [(row.label, row.url) for row in answer.context["page"]] == expected
        assert all(url in answer.text and client.get(url).status_code == 200 for _label, url in expected)
    page = client.get(reverse("report_figure", args=[YEAR, region.slug, "small_in_research"]))
    assert page.context["sizes"][0][1:] == ("66,7\u00a0%", 2, 3)
    assert made.figures.get(code="master_theses").value == 4


def test_what_the_region_wrote_before_the_portal_counted_stays(places, projects):
    load_definitions()
    region, writer, _lead = make_team(places["in"])
    made = make_report(region, writer, YEAR)
    made.figures.filter(code="combined_positions").update(count=None, corrected=7)
    reports.refresh_figures(made, by=writer)
    row = made.figures.get(code="combined_positions")
    assert (row.value, row.computed) == (7, 2)
    assert row.explanation
