"""The network as last read is kept until a row of it changes, and never longer."""

from datetime import timedelta

import pytest
from django.db import transaction

from clusters.models import Cluster, Membership
from clusters.reading.network import Network
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.periods import period, today
from regions.models import HostTerm, MunicipalityName, Partner
from tests.clusters.factories import make_cluster_with_phase
from tests.ksf.factories import appoint
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster():
    return make_cluster_with_phase(members=2)


def test_is_read_once_while_nothing_changes(cluster, django_assert_num_queries):
    first = Network.on(today())
    with django_assert_num_queries(1):
        assert Network.on(today()) is first
    assert Network.on(today() - timedelta(days=1)) is not first


def rename(cluster):
    Cluster.objects.filter(pk=cluster.pk).update(name="Et nytt navn")


def leave(cluster):
    cluster.memberships.filter(motor_terms=None).delete()


def anchor(cluster):
    row = cluster.memberships.first()
    row.is_in_plans = not row.is_in_plans
    row.save()


def join(cluster):
    Membership.objects.bulk_create(
        [Membership(cluster=cluster, municipality=make_municipality(), period=period(today()))]
    )


def name_contact(cluster):
    appoint(Role.RD_CONTACT, cluster.memberships.first().municipality)


def show_contact(cluster):
    appoint(Role.CLUSTER_COORDINATOR, cluster)
    Network.on(today())
    User.objects.update(shows_contact=True)


def host(cluster):
    HostTerm.objects.create(region=cluster.lead_region, municipality=make_municipality(), period=period(today()))


def name_in_sami(cluster):
    place = cluster.memberships.first().municipality
    MunicipalityName.objects.create(municipality=place, name="Guovdageaidnu", language="se", period=period(today()))


def seat_partner(_cluster):
    Partner.objects.create(slug="ny", name="Ny", kind=Partner.Kind.UNIVERSITY)


@pytest.mark.parametrize(
    "change",
    [rename, leave, anchor, join, name_contact, show_contact, host, name_in_sami, seat_partner],
)
def test_any_change_is_seen_at_once(cluster, change):
    before = Network.on(today())
    change(cluster)
    assert Network.on(today()) is not before


def test_what_is_rolled_back_is_not_seen_after(cluster):
    before = Network.on(today())
    with transaction.atomic():
        rename(cluster)
        assert "Et nytt navn" in {str(row.cluster) for row in Network.on(today()).clusters}
        transaction.set_rollback(True)
    assert "Et nytt navn" not in {str(row.cluster) for row in Network.on(today()).clusters}
    assert Network.on(today()) is before
    rename(cluster)
    assert "Et nytt navn" in {str(row.cluster) for row in Network.on(today()).clusters}


def test_signing_in_is_no_change_of_the_network(cluster):
    appoint(Role.CLUSTER_COORDINATOR, cluster)
    before = Network.on(today())
    User.objects.update(last_login="2026-01-01T00:00:00Z")
    assert Network.on(today()) is before


def test_what_follows_from_it_is_made_once_for_each_language(cluster):
    network, made = Network.on(today()), []
    for _time in range(2):
        network.once("a", lambda: made.append(1) or len(made))
    assert network.once("a", lambda: 0) == 1
    assert [network.once("nothing", lambda: made.append(1)) for _time in range(2)] == [None, None]
    assert len(made) == 3
