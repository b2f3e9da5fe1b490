"""One's own page shows one's own part of the network, as it is today."""

from datetime import date

import pytest
from django.urls import reverse

from ksf.accounts.roles import Role
from tests.clusters.factories import add_member, make_cluster_with_phase
from tests.ksf.factories import appoint
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster():
    """A cluster being established with one anchored member of two, in a region of three."""
    region = make_region()
    cluster = make_cluster_with_phase(name="Fjordklyngen", lead_region=region)
    for anchored in (date(2024, 1, 1), None):
        add_member(cluster, make_municipality(region=region), anchored_politically_on=anchored)
    make_municipality(region=region)
    make_municipality(region=make_region())
    return cluster


def figures_for(client, user):
    client.force_login(user)
    page = client.get(reverse("my_page"))
    parts = [panel.context["part"] for panel in page.context["panels"] if "part" in panel.context]
    return page, [figure.value for part in parts for figure in part.figures]


def test_a_coordinator_sees_the_region(client, cluster):
    user = appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region)
    page, values = figures_for(client, user)
    assert values == [3, 2, 0, 1]
    assert f"{cluster.lead_region} nå" in page.text


def test_a_cluster_coordinator_sees_the_cluster(client, cluster):
    page, values = figures_for(client, appoint(Role.CLUSTER_COORDINATOR, cluster))
    assert values == [2, 0, 1]
    assert "Fjordklyngen nå" in page.text


def test_an_observer_sees_the_whole_network(client, cluster):
    page, values = figures_for(client, appoint(Role.OBSERVER))
    assert values == [4, 2, 0, 1]
    assert f'href="{reverse("network")}"' in page.text


def test_others_see_no_part(client, cluster):
    municipality = cluster.memberships.first().municipality
    assert figures_for(client, appoint(Role.RD_CONTACT, municipality))[1] == []
