import itertools

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, ClusterPhase, Membership, MotorTerm
from ksf.accounts.roles import Role
from ksf.periods import period
from tests.ksf.factories import LONG_AGO, appoint
from tests.regions.factories import make_municipality, make_region

_numbers = itertools.count(1)


def make_cluster(name=None, *, lead_region=None, members=0, motor=True, **fields):
    """A cluster led by a region, with so many new member municipalities; the first is its motor."""
    number = next(_numbers)
    region = lead_region or make_region()
    cluster = Cluster.objects.create(
        name=name or f"Klynge {number}", slug=fields.pop("slug", f"klynge{number}"), lead_region=region, **fields
    )
    for index in range(members):
        membership = add_member(cluster, make_municipality(region=region))
        if motor and index == 0:
            MotorTerm.objects.create(cluster=cluster, membership=membership, period=period(LONG_AGO))
    return cluster


def make_cluster_with_phase(state=ClusterState.BEING_ESTABLISHED, since=LONG_AGO, **fields):
    """A cluster that has had its state since a day, so that the past can be asked for."""
    if state == ClusterState.ESTABLISHED:
        fields.setdefault("established_on", since)
    cluster = make_cluster(state=state, **fields)
    ClusterPhase.objects.create(cluster=cluster, state=state, period=period(since))
    return cluster


def make_coordinator(cluster):
    return appoint(Role.CLUSTER_COORDINATOR, cluster, position_percentage=50)


def add_member(cluster, municipality, start=LONG_AGO, end=None, **fields):
    return Membership.objects.create(cluster=cluster, municipality=municipality, period=period(start, end), **fields)
