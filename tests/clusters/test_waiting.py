"""What waits for those who coordinate."""

import pytest

from ksf import waiting
from ksf.accounts.roles import Role
from tests.clusters.factories import make_cluster
from tests.ksf.factories import appoint
from tests.regions.factories import make_region

pytestmark = pytest.mark.django_db


def texts(user):
    """What the network itself has waiting; apps above add their own."""
    found = waiting.for_user(user)
    return [(item.title, item.what) for item in found if item.url.startswith(("/klynger/", "/regioner/", "/konto/"))]


def test_missing_contacts_and_anchoring_wait_for_the_cluster_coordinator():
    cluster, other = make_cluster(members=2), make_cluster(members=1)
    user = appoint(Role.CLUSTER_COORDINATOR, cluster)
    appoint(Role.RD_CONTACT, cluster.memberships.first().municipality)
    assert texts(user) == [
        (cluster.name, "1 medlem mangler FoU-kontakt"), (cluster.name, "2 medlemmer er ikke politisk forankret"),
    ]  # fmt: skip
    assert other.name not in str(texts(user))


def test_vacancies_wait_for_who_fills_them():
    cluster = make_cluster(members=1)
    coordinator = appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region)
    assert texts(coordinator) == [(f"{cluster} har ingen koordinator", "Pek ut klyngekoordinator")]
    appoint(Role.CLUSTER_COORDINATOR, cluster)
    assert texts(coordinator) == []
    vacant = make_region()
    assert texts(appoint(Role.HOST_LEAD, vacant)) == [
        (f"{vacant} har ingen regional koordinator", "Pek ut regional koordinator")
    ]
    assert texts(appoint(Role.HOST_LEAD, cluster.lead_region)) == []


def test_the_contact_is_asked_for_the_own_anchoring():
    cluster = make_cluster(members=1)
    membership = cluster.memberships.get()
    user = appoint(Role.RD_CONTACT, membership.municipality)
    assert [item.url for item in waiting.for_user(user)] == [
        f"/klynger/{cluster.slug}/medlemmer/{membership.municipality.number}/forankring/"
    ]
    cluster.memberships.update(anchored_administratively_on="2026-01-01", anchored_politically_on="2026-01-01")
    assert texts(user) == []
