"""Knowledge partners: where they take part, who brings them in, and what their page shows to whom (S9, N7, N9)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clusters import services
from clusters.lifecycle import ClusterState
from clusters.models import PartnerTerm
from ksf import audit
from ksf.accounts.roles import Role
from ksf.periods import period, today
from needs.research.lifecycle import ProjectState
from tests.clusters.factories import make_cluster, make_cluster_with_phase, make_coordinator
from tests.ksf.factories import LONG_AGO, appoint
from tests.needs.research.factories import make_interest, make_project, make_question
from tests.regions.factories import make_partner, make_region

pytestmark = pytest.mark.django_db
TOMORROW = today() + timedelta(days=1)


def make_term(partner=None, place=None, start=LONG_AGO, end=None, **fields):
    place = place or make_cluster()
    where = {"cluster" if hasattr(place, "lead_region") else "region": place}
    return PartnerTerm.objects.create(partner=partner or make_partner(), period=period(start, end), **where, **fields)


class TestTakingPart:
    def test_in_a_cluster_and_a_region_each_by_who_coordinates_it(self):
        partner, cluster = make_partner(), make_cluster()
        services.add_partner(cluster, partner, on=today(), agreed_on=today(), by=make_coordinator(cluster))
        region = cluster.lead_region
        services.add_partner(region, partner, on=today(), by=appoint(Role.REGIONAL_COORDINATOR, region))
        assert {term.place for term in partner.terms.with_names()} == {cluster, region}
        assert [entry.verb for entry in audit.history(cluster)] == ["partner.came_in"]
        assert [entry.data["place"] for entry in audit.history(partner)] == [str(region), str(cluster)]

    def test_refused_to_others(self):
        cluster = make_cluster()
        for by in (make_coordinator(make_cluster()), appoint(Role.PARTNER, make_partner())):
            with pytest.raises(PermissionDenied):
                services.add_partner(cluster, make_partner(), on=today(), by=by)
        with pytest.raises(PermissionDenied):
            services.add_partner(cluster.lead_region, make_partner(), on=today(), by=make_coordinator(cluster))
        assert not PartnerTerm.objects.exists()

    def test_twice_at_once_is_explained_and_held_by_the_database(self):
        term = make_term()
        with pytest.raises(ValidationError) as error:
            services.add_partner(term.cluster, term.partner, on=today(), by=appoint(Role.NATIONAL_STAFF))
        assert "1. januar 2020" in str(error.value)
        for place in (term.cluster, make_region()):
            make_term(place=place)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_term(term.partner, term.cluster, start=today())

    def test_a_dissolved_cluster_takes_none_and_lets_go_of_those_it_has(self):
        cluster = make_cluster_with_phase()
        by = appoint(Role.NATIONAL_STAFF)
        term = make_term(place=cluster)
        services.dissolve(cluster, on=today(), reason="Slått sammen", by=by)
        assert PartnerTerm.objects.get().ends_on == today()
        cluster.refresh_from_db()
        assert cluster.state == ClusterState.DISSOLVED
        with pytest.raises(ValidationError):
            services.add_partner(cluster, make_partner(), on=today(), by=by)
        assert audit.history(term.partner).get().verb == "partner.ended"

    def test_ends_on_a_day_after_its_first(self):
        term, by = make_term(start=today()), appoint(Role.NATIONAL_STAFF)
        with pytest.raises(ValidationError):
            services.end_partnership(term, on=today(), by=by)
        with pytest.raises(PermissionDenied):
            services.end_partnership(term, on=TOMORROW, by=appoint(Role.OBSERVER))
        assert services.end_partnership(term, on=TOMORROW, by=by).ends_on == TOMORROW
        services.add_partner(term.cluster, term.partner, on=TOMORROW, by=by)
        with pytest.raises(ValidationError, match=str(term.partner)):
            services.end_partnership(term, on=TOMORROW + timedelta(days=9), by=by)


class TestPages:
    def test_a_partner_for_all(self, client):
        partner = make_partner("Universitetet i Nord", website="https://example.org/nord")
        term = make_term(partner, agreed_on=LONG_AGO)
        make_term(partner, start=LONG_AGO, end=today())
        make_project("Fall i distriktet", partners=[partner], state=ProjectState.UNDER_WAY)
        make_project("Hemmelig plan", partners=[partner])
        make_interest(question=make_question(), partner=partner)
        page = client.get(partner.get_absolute_url()).text
        for text in ("Fall i distriktet", str(term.cluster), "avtale underskrevet", "Tidligere", "example.org/nord"):
            assert text in page
        for text in (
            "Hemmelig plan",
            "Interesse fra partnere",
            "Historikk",
            reverse("partner_end", args=["x", 1])[-8:],
        ):
            assert text not in page
        assert client.post(partner.get_absolute_url()).status_code == 405
        assert client.get(reverse("partner", args=["ukjent"])).status_code == 404

    def test_its_own_people_see_interest_and_history_others_do_not(self, client):
        partner = make_partner()
        question = make_question("Hva virker?")
        make_interest(question=question, partner=partner)
        services.add_partner(make_cluster(), partner, on=today(), by=appoint(Role.NATIONAL_STAFF))
        shown = {}
        for role, held_in in ((Role.PARTNER, partner), (Role.PARTNER, make_partner()), (Role.NATIONAL_STAFF, None)):
            client.force_login(appoint(role, held_in))
            page = client.get(partner.get_absolute_url()).text
            shown[(role, held_in)] = ("Interesse fra partnere" in page, "Kom inn i" in page)
        assert list(shown.values()) == [(True, True), (False, False), (True, True)]

    def test_listed_with_where_it_takes_part_and_as_a_file(self, client):
        partner = make_partner("Høgskulen")
        cluster = make_term(partner).cluster
        make_partner("Instituttet", kind="institute")
        page = client.get(reverse("partner_list"), {"q": "høgsk"}).text
        assert str(cluster) in page
        assert "Instituttet" not in page
        assert "Instituttet" in client.get(reverse("partner_list"), {"kind": "institute"}).text
        assert "Ingenting passer" in client.get(reverse("partner_list"), {"q": "xyz"}).text
        file = b"".join(client.get(reverse("partner_list"), {"format": "csv"}).streaming_content).decode()
        assert "Høgskulen" in file

    def test_on_the_pages_of_cluster_and_region_on_the_day(self, client):
        partner = make_partner("Tidligere universitet")
        cluster = make_cluster_with_phase()
        for place in (cluster, cluster.lead_region):
            make_term(partner, place, start=LONG_AGO, end=today())
            assert str(partner) not in client.get(place.get_absolute_url()).text
            assert str(partner) in client.get(place.get_absolute_url(), {"dato": "2021-01-01"}).text

    def test_brought_in_and_ended_on_the_pages(self, client):
        cluster, partner = make_cluster_with_phase(), make_partner()
        url = reverse("cluster_partner_new", args=[cluster.slug])
        client.force_login(appoint(Role.RD_CONTACT, make_cluster(members=1).memberships.get().municipality))
        assert client.get(url).status_code == 403
        client.force_login(make_coordinator(cluster))
        assert client.post(url, {"partner": ""}).status_code == 422
        client.post(url, {"partner": partner.pk, "on": LONG_AGO, "agreed_on": ""})
        term = PartnerTerm.objects.get()
        end = reverse("partner_end", args=[partner.slug, term.pk])
        assert end in client.get(partner.get_absolute_url()).text
        assert client.post(end, {"on": "2019-01-01"}).status_code == 422
        assert client.post(end, {"on": today()}).status_code == 302
        assert client.get(end).status_code == 404

    def test_asks_as_much_for_one_and_thirty(self, client, django_assert_max_num_queries):
        counts = set()
        for number in (1, 30):
            partner = make_partner()
            for _ in range(number):
                make_term(partner)
            for url in (partner.get_absolute_url(), reverse("partner_list")):
                client.get(url)
                with django_assert_max_num_queries(8) as asked:
                    client.get(url)
                counts.add((url == reverse("partner_list"), len(asked.captured_queries)))
        assert len(counts) == 2
