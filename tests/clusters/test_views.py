"""The pages of the network: who sees what, on which day, in how many queries; and the forms that change it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, ClusterPhase
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.periods import period, today
from regions.models import HandoverProposal, HostTerm, MunicipalityChange
from tests.clusters.factories import add_member, make_cluster, make_cluster_with_phase
from tests.ksf.factories import LONG_AGO, appoint, make_user
from tests.regions.factories import make_county, make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db
TOMORROW = today() + timedelta(days=1)


def pages_of(cluster):
    member = cluster.memberships.first().municipality
    return [
        reverse("network"), cluster.get_absolute_url(), cluster.lead_region.get_absolute_url(),
        member.get_absolute_url(), reverse("front"),
    ]  # fmt: skip


class TestReading:
    def test_every_page_is_open_to_all_and_read_only(self, client):
        for url in pages_of(make_cluster_with_phase(members=2)):
            assert client.get(url).status_code == 200
            assert client.post(url).status_code == 405

    @pytest.mark.parametrize("url", ["/klynger/ingen/", "/regioner/ingen/", "/kommuner/9999/"])
    def test_what_is_not_there_is_404(self, client, url):
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("day", ["tull", "2025-13-01", "1066-01-01", "99999-01-01", ""])
    def test_a_bad_day_shows_today_and_never_breaks(self, client, day):
        for url in pages_of(make_cluster_with_phase(members=1))[:4]:
            answer = client.get(url, {"dato": day})
            assert answer.status_code == 200
            assert answer.context["shown"].is_today

    def test_a_contacts_name_is_for_members_or_by_consent(self, client):
        cluster = make_cluster_with_phase(members=1)
        user = make_user("k@ksf.example", name="Klyngekoordinator")
        appoint(Role.CLUSTER_COORDINATOR, cluster, user=user, position_percentage=40)
        url = cluster.get_absolute_url()
        assert "k@ksf.example" not in client.get(url).text
        type(user).objects.update(shows_contact=True)
        assert "k@ksf.example" in client.get(url).text
        type(user).objects.update(shows_contact=False)
        client.force_login(make_user())
        text = client.get(url).text
        assert "k@ksf.example" in text
        assert "Under 50" in text

    def test_history_is_for_those_it_concerns(self, client):
        cluster = make_cluster_with_phase(members=1)
        client.force_login(appoint(Role.REGIONAL_COORDINATOR, make_region()))
        assert not client.get(cluster.get_absolute_url()).context["sees_history"]
        client.force_login(appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region))
        assert client.get(cluster.get_absolute_url()).context["sees_history"]

    def test_an_example_says_so(self, client):
        cluster = make_cluster_with_phase(members=1, is_example=True)
        assert ">Eksempel<" in client.get(cluster.get_absolute_url()).text
        Cluster.objects.update(is_example=False)
        assert ">Eksempel<" not in client.get(cluster.get_absolute_url()).text

    def test_what_a_cluster_needs(self, client):
        cluster = make_cluster_with_phase(members=4, motor=False)
        context = client.get(cluster.get_absolute_url()).context
        assert [row.is_met for row in context["requirements"]] == [False, False, False, False, False]

    def test_a_region_shows_its_host_its_seats_and_the_vacancy(self, client):
        region = make_region("KSF Test")
        host = make_municipality("Vertsby", region=region)
        HostTerm.objects.create(region=region, municipality=host, period=period(LONG_AGO), committed_until=TOMORROW)
        make_partner("Universitetet i Vertsby", seat=host)
        text = client.get(region.get_absolute_url()).text
        assert "Universitetet i Vertsby" in text
        assert "Stillingen er ledig." in text
        appoint(Role.REGIONAL_COORDINATOR, region)
        assert "Stillingen er ledig." not in client.get(region.get_absolute_url()).text


class TestAnotherDay:
    def test_members_and_state_are_those_of_the_day(self, client):
        cluster = make_cluster(state=ClusterState.ESTABLISHED, established_on=date(2025, 1, 1))
        for state, start, end in (
            (ClusterState.EXPLORING, date(2023, 1, 1), date(2024, 1, 1)),
            (ClusterState.ESTABLISHED, date(2024, 1, 1), None),
        ):
            ClusterPhase.objects.create(cluster=cluster, state=state, period=period(start, end))
        early, late = make_municipality(), make_municipality()
        add_member(cluster, early, start=date(2023, 1, 1), end=date(2024, 1, 1))
        add_member(cluster, late, start=date(2024, 1, 1))

        def members(day):
            row = client.get(cluster.get_absolute_url(), {"dato": day}).context["row"]
            return row and (row.state, [member.place.municipality for member in row.members])

        assert members("2022-12-31") is None
        assert members("2023-12-31") == (ClusterState.EXPLORING, [early])
        assert members("2024-01-01") == (ClusterState.ESTABLISHED, [late])

    def test_what_was_anchored_later_was_not_in_place_yet(self, client):
        cluster = make_cluster(members=0)
        ClusterPhase.objects.create(cluster=cluster, state=ClusterState.EXPLORING, period=period(date(2023, 1, 1)))
        add_member(
            cluster, make_municipality(), start=date(2023, 1, 1),
            anchored_administratively_on=date(2024, 3, 1), anchored_politically_on=date(2025, 6, 1),
        )  # fmt: skip

        def in_place(day):
            page = client.get(cluster.get_absolute_url(), {"dato": day})
            return page.context["row"].checks_done, "01.03.2024" in page.text, "01.06.2025" in page.text

        assert in_place("2024-02-29") == (0, False, False)
        assert in_place("2024-03-01") == (1, True, False)
        assert in_place("2025-06-01") == (2, True, True)

    def test_size_is_that_of_the_year(self, client):
        municipality = make_municipality(population=6000)
        for year, people in ((2023, 4900), (2025, 5100)):
            municipality.populations.create(year=year, people=people)
        sizes = {
            day: client.get(municipality.get_absolute_url(), {"dato": day}).context["size"].value
            for day in ("2020-01-01", "2024-12-31", "2025-01-01")
        }
        assert sizes == {"2020-01-01": "small", "2024-12-31": "small", "2025-01-01": "medium"}

    def test_a_county_without_region_that_day_stands_outside(self, client):
        region = make_region()
        county = make_county(region)
        region.county_terms.create(county=county, period=period(date(2024, 1, 1)))
        make_municipality(county=county)
        make_municipality(county=county)
        page = client.get(reverse("network"), {"dato": "2023-06-01"})
        network = page.context["network"]
        assert page.text.count("Under avklaring") == 2  # once in the key to the map, one row in the table for both
        assert [place.region for place in network.places.values()] == [None, None]
        network = client.get(reverse("network"), {"dato": "2024-01-01"}).context["network"]
        assert [place.region for place in network.places.values()] == [region, region]

    def test_a_municipality_that_ended_points_to_what_came_after(self, client):
        old = make_municipality(period=period(LONG_AGO, date(2024, 1, 1)))
        new = make_municipality("Nyby")
        MunicipalityChange.objects.create(old_number=old.number, new=new, changed_on=date(2024, 1, 1), kind="merged")
        assert "Nyby" in client.get(old.get_absolute_url()).text
        assert client.get(old.get_absolute_url(), {"dato": "2023-01-01"}).context["exists"]


class TestTheList:
    @pytest.fixture
    def places(self):
        cluster = make_cluster_with_phase(ClusterState.ESTABLISHED, members=0)
        inside = make_municipality("Åmli", region=cluster.lead_region, population=1900)
        add_member(cluster, inside)
        return inside, make_municipality("Ås", population=21000)

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({}, ["Åmli", "Ås"]), ({"q": "åM"}, ["Åmli"]), ({"storrelse": "large"}, ["Ås"]),
            ({"klynge": "established"}, ["Åmli"]), ({"klynge": "none"}, ["Ås"]), ({"klynge": "exploring"}, []),
            ({"region": "tull"}, ["Åmli", "Ås"]),
        ],
    )  # fmt: skip
    def test_filters(self, client, places, asked, names):
        page = client.get(reverse("network"), asked).context["page"]
        assert [place.municipality.name for place in page] == names

    def test_by_region(self, client, places):
        page = client.get(reverse("network"), {"region": places[0].region.slug}).context["page"]
        assert [place.municipality for place in page] == [places[0]]

    def test_csv_is_safe_to_open(self, client):
        make_municipality("=HYPERLINK(1)")
        answer = client.get(reverse("network"), {"format": "csv"})
        text = b"".join(answer.streaming_content).decode()
        assert "'=HYPERLINK(1)" in text
        assert "ksf-kommuner" in answer["Content-Disposition"]

    def test_figures_separate_small_from_large(self, client, places):
        figures = client.get(reverse("network")).context["figures"]
        assert (figures.small, figures.large, figures.total, figures.members, figures.small_share) == (1, 1, 2, 1, 100)

    def test_goals_say_who_when_and_what_is_missing(self, client):
        late = make_cluster_with_phase(ClusterState.ESTABLISHED, since=date(2026, 2, 1), members=5)
        young = make_cluster_with_phase(ClusterState.BEING_ESTABLISHED, name="Ungklyngen", members=3, motor=False)
        goal = client.get(reverse("network")).context["goals"][0]
        outcomes = {outcome.region: outcome for outcome in goal.outcomes}
        assert (outcomes[late.lead_region].reached_on, outcomes[late.lead_region].is_late) == (date(2026, 2, 1), True)
        assert "Ungklyngen" in outcomes[young.lead_region].missing
        assert (goal.reached, len(goal.outcomes)) == (1, 2)


class TestQueries:
    @pytest.mark.parametrize("page", range(5))
    def test_are_as_many_for_one_three_and_sixty(self, client, page, django_assert_num_queries):
        cluster = make_cluster_with_phase(members=1)
        url = pages_of(cluster)[page]
        county = cluster.memberships.get().municipality.county
        counts = []
        for more in (0, 2, 57):
            for index in range(more):
                municipality = make_municipality(county=county)
                add_member(cluster, municipality)
                appoint(Role.RD_CONTACT, municipality)
                if index % 10 == 0:
                    make_cluster_with_phase(lead_region=cluster.lead_region, members=1)
            client.get(url)
            with django_assert_num_queries(10, exact=False) as asked:
                client.get(url)
            counts.append(len(asked))
        assert len(set(counts)) == 1


def sign_in_as(client, role, held_in=None):
    user = appoint(role, held_in)
    client.force_login(user)
    return user


class TestChanging:
    def urls(self, cluster):
        member = cluster.memberships.filter(motor_terms=None).first().municipality
        return {
            "cluster_new": reverse("cluster_new", args=[cluster.lead_region.slug]),
            "cluster_edit": reverse("cluster_edit", args=[cluster.slug]),
            "cluster_step": reverse("cluster_step", args=[cluster.slug, "dissolve"]),
            "motor_handover": reverse("motor_handover", args=[cluster.slug]),
            "member_new": reverse("member_new", args=[cluster.slug]),
            "member_end": reverse("member_end", args=[cluster.slug, member.number]),
            "member_anchor": reverse("member_anchor", args=[cluster.slug, member.number]),
            "host_new": reverse("host_new", args=[cluster.lead_region.slug]),
        }

    ALL = {"cluster_new", "cluster_edit", "cluster_step", "motor_handover", "member_new", "member_end", "member_anchor"}
    MAY = {
        "national_staff": {*ALL, "host_new"},
        "regional_coordinator": ALL,
        "cluster_coordinator": ALL - {"cluster_new", "cluster_step"},
        "rd_contact": {"member_anchor"},
        "host_lead": set(),
        "observer": set(),
    }

    @pytest.mark.parametrize("role", MAY)
    def test_who_may_open_which_form(self, client, role):
        cluster = make_cluster_with_phase(members=2)
        member = cluster.memberships.filter(motor_terms=None).first().municipality
        scopes = {"cluster_coordinator": cluster, "rd_contact": member, "national_staff": None, "observer": None}
        sign_in_as(client, Role(role), scopes.get(role, cluster.lead_region))
        answers = {name: client.get(url).status_code for name, url in self.urls(cluster).items()}
        assert answers == {name: 200 if name in self.MAY[role] else 403 for name in answers}

    def test_nobody_else_comes_near(self, client):
        cluster = make_cluster_with_phase(members=2)
        for url in self.urls(cluster).values():
            assert client.get(url).status_code == 302
        stranger = make_cluster_with_phase(members=1)
        sign_in_as(client, Role.REGIONAL_COORDINATOR, stranger.lead_region)
        for url in self.urls(cluster).values():
            assert client.get(url).status_code == 403
            assert client.post(url).status_code == 403
            assert client.put(url).status_code == 405

    def test_a_member_joins_through_the_form(self, client):
        cluster = make_cluster_with_phase(members=1)
        new = make_municipality(county=cluster.memberships.get().municipality.county)
        sign_in_as(client, Role.CLUSTER_COORDINATOR, cluster)
        url = reverse("member_new", args=[cluster.slug])
        answer = client.post(url, {"municipality": new.pk, "on": "2026-01-01"})
        assert answer.url == cluster.get_absolute_url()
        again = client.post(url, {"municipality": new.pk, "on": "2026-02-01"})
        assert again.status_code == 422
        assert f"{new} har vært medlem siden" in str(again.context["form"].errors["municipality"])

    def test_a_member_leaves_and_anchors_through_forms(self, client):
        cluster = make_cluster_with_phase(members=2)
        row = cluster.memberships.filter(motor_terms=None).get()
        sign_in_as(client, Role.CLUSTER_COORDINATOR, cluster)
        number = row.municipality.number
        assert client.post(reverse("member_end", args=[cluster.slug, number]), {"on": ""}).status_code == 422
        client.post(
            reverse("member_anchor", args=[cluster.slug, number]),
            {"anchored_politically_on": "2026-01-02", "is_in_plans": "on"},
        )
        assert client.post(reverse("member_end", args=[cluster.slug, number]), {"on": str(TOMORROW)}).status_code == 302
        row.refresh_from_db()
        assert (row.anchored_politically_on, row.is_in_plans, row.ends_on) == (date(2026, 1, 2), True, TOMORROW)

    def test_the_motor_is_handed_over_through_the_form(self, client):
        cluster = make_cluster_with_phase(members=2)
        present, new = cluster.motor_terms.get(), cluster.memberships.filter(motor_terms=None).get()
        sign_in_as(client, Role.CLUSTER_COORDINATOR, cluster)
        url = reverse("motor_handover", args=[cluster.slug])
        values = {"membership": new.pk, "on": str(today()), "after": present.pk}
        assert client.post(url, values).status_code == 302
        stale = client.post(url, values)
        assert stale.status_code == 422
        assert cluster.motor_terms.count() == 2

    def test_a_cluster_lives_through_its_forms(self, client):
        region = make_region()
        sign_in_as(client, Role.REGIONAL_COORDINATOR, region)
        url = reverse("cluster_new", args=[region.slug])
        values = {"name": "Fjellklyngen", "purpose": "Rekruttering", "language": "nb", "on": "2026-01-01"}
        assert client.post(url, {**values, "name": ""}).status_code == 422
        assert client.post(url, values).url == "/klynger/fjellklyngen/"
        assert client.post(url, values).status_code == 422
        cluster = Cluster.objects.get()
        page = client.get(cluster.get_absolute_url()).text
        step = {name: reverse("cluster_step", args=[cluster.slug, name]) for name in ("begin", "establish", "dissolve")}
        assert step["begin"] in page
        assert step["establish"] not in page
        assert client.post(step["begin"], {"on": "2026-02-01"}).status_code == 302
        assert client.post(step["begin"], {"on": "2026-02-01"}).url == cluster.get_absolute_url()  # done already
        assert client.post(step["establish"], {"on": "2026-03-01"}).status_code == 422
        assert client.get(reverse("cluster_step", args=[cluster.slug, "tull"])).status_code == 404
        edit = reverse("cluster_edit", args=[cluster.slug])
        client.post(edit, {**values, "name": "Vidda", "language": "nn"})
        cluster.refresh_from_db()
        assert (cluster.name, cluster.language, cluster.state) == ("Vidda", "nn", ClusterState.BEING_ESTABLISHED)

    def test_the_host_is_handed_over_with_consent(self, client):
        region = make_region()
        old, new = make_municipality(region=region), make_municipality(region=region)
        term = HostTerm.objects.create(
            region=region, municipality=old, period=period(LONG_AGO), committed_until=TOMORROW
        )
        sign_in_as(client, Role.NATIONAL_STAFF)
        url = reverse("host_new", args=[region.slug])
        values = {"municipality": new.pk, "on": str(today()), "after": term.pk}
        assert client.post(url, values).status_code == 422
        assert client.post(url, {**values, "reason": "Rullering"}).status_code == 302
        handover = HandoverProposal.objects.get()
        assert client.post(handover.get_absolute_url(), {"step": "consent"}).status_code == 403
        lead = sign_in_as(client, Role.NATIONAL_LEAD)
        assert "Rullering" in client.get(handover.get_absolute_url()).text
        assert client.post(handover.get_absolute_url(), {"step": "refuse"}).status_code == 422
        assert client.post(handover.get_absolute_url(), {"step": "tull"}).status_code == 422
        assert client.post(handover.get_absolute_url(), {"step": "consent"}).status_code == 302
        assert region.host_terms.last().municipality == new
        assert client.post(handover.get_absolute_url(), {"step": "consent"}).status_code in {409, 422}
        assert lead.is_national
        sign_in_as(client, Role.REGIONAL_COORDINATOR, region)
        assert client.get(handover.get_absolute_url()).status_code == 403


def test_the_contact_page_says_whom_to_write_to(client):
    shown, hidden, vacant = (make_region(name) for name in ("KSF Åpen", "KSF Lukket", "KSF Ledig"))
    for region, shows in ((shown, True), (hidden, False)):
        user = appoint(Role.REGIONAL_COORDINATOR, region)
        User.objects.filter(pk=user.pk).update(email=f"koordinator.{region.pk}@ksf.example", shows_contact=shows)
    HostTerm.objects.create(region=vacant, municipality=make_municipality(region=vacant), period=period(LONG_AGO))
    page = client.get(reverse("contact")).text
    assert f"koordinator.{shown.pk}@ksf.example" in page
    assert f"koordinator.{hidden.pk}@ksf.example" not in page
    assert page.count("Skriv til KSF nasjonalt") >= 2
    assert "Ledig stilling" in page


def test_five_or_more_members_are_not_asked_why_they_are_few(client):
    client.force_login(appoint(Role.NATIONAL_STAFF))
    for members, is_asked in ((4, True), (5, False)):
        cluster = make_cluster_with_phase(members=members)
        page = client.get(reverse("cluster_step", args=[cluster.slug, "establish"]))
        assert ("few_members_reason" in page.context["form"].fields) is is_asked
        assert "Ikke på plass ennå" in page.context["lead"]
