"""What each reader may do with a cluster, its members and its region: data, without a page."""

import pytest

from clusters.actions import cluster_actions, member_rows, region_actions
from clusters.lifecycle import ClusterState
from clusters.reading.network import Network
from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from ksf.periods import today
from tests.clusters.factories import make_cluster_with_phase, make_coordinator
from tests.ksf.factories import appoint
from tests.regions.factories import make_region

pytestmark = pytest.mark.django_db

HEAD = {
    ClusterState.EXPLORING: ["begin", "rediger", "dissolve"],
    ClusterState.BEING_ESTABLISHED: ["establish", "rediger", "dissolve"],
    ClusterState.ESTABLISHED: ["rediger", "dissolve"],
    ClusterState.DISSOLVED: [],
}


def made(state):
    cluster = make_cluster_with_phase(state, members=2)
    row = next((row for row in Network.on(today()).clusters if row.cluster.pk == cluster.pk), None)
    return cluster, row


def where(actions):
    """The last part of each address: what is done there."""
    return [action.url.strip("/").split("/")[-1] for action in actions]


@pytest.mark.parametrize("state", ClusterState)
def test_the_regions_coordinator_may_take_the_steps_that_are_open(state):
    cluster, row = made(state)
    coordinator = appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region)
    assert where(cluster_actions(coordinator, cluster, row).head) == HEAD[state]


@pytest.mark.parametrize("state", ClusterState)
def test_others_than_its_own_people_may_do_nothing(state):
    cluster, row = made(state)
    for reader in (Visitor(), appoint(Role.REGIONAL_COORDINATOR, make_region()), appoint(Role.OBSERVER)):
        actions = cluster_actions(reader, cluster, row)
        assert (actions.head, actions.add_member, actions.name_motor, actions.name_coordinator) == (
            [],
            None,
            None,
            None,
        )


def test_the_step_forward_is_the_main_thing_and_the_end_stands_last():
    cluster, row = made(ClusterState.EXPLORING)
    coordinator = appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region)
    assert [action.look for action in cluster_actions(coordinator, cluster, row).head] == [
        "primary",
        "secondary",
        "tertiary",
    ]


def test_a_contact_answers_for_the_own_municipality_alone():
    cluster, row = made(ClusterState.ESTABLISHED)
    first, second = row.members
    contact = appoint(Role.RD_CONTACT, second.place.municipality)
    rows = member_rows(contact, cluster, [first, second])
    assert [(one.may_anchor, one.may_end) for one in rows] == [(False, False), (True, False)]


def test_the_motor_municipality_does_not_leave():
    cluster, row = made(ClusterState.ESTABLISHED)
    rows = member_rows(make_coordinator(cluster), cluster, row.members)
    assert {one.member.is_motor: one.may_end for one in rows} == {True: False, False: True}


def test_a_region_is_for_those_who_run_it():
    region = make_region()
    assert region_actions(Visitor(), region) == []
    assert where(region_actions(appoint(Role.REGIONAL_COORDINATOR, region), region)) == ["ny"]
    assert len(region_actions(appoint(Role.NATIONAL_STAFF), region)) == 2
