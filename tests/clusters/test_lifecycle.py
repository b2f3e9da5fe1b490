"""Every state and every step of a cluster's life, against what the rules say (S4)."""

import pytest

from clusters import services
from clusters.lifecycle import CLUSTER, ClusterState
from clusters.models import Cluster, ClusterPhase
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.periods import period, today
from tests.clusters.factories import make_cluster
from tests.ksf.factories import LONG_AGO, appoint

ALLOWED = {
    (ClusterState.EXPLORING, "begin"): ClusterState.BEING_ESTABLISHED,
    (ClusterState.BEING_ESTABLISHED, "establish"): ClusterState.ESTABLISHED,
    (ClusterState.EXPLORING, "dissolve"): ClusterState.DISSOLVED,
    (ClusterState.BEING_ESTABLISHED, "dissolve"): ClusterState.DISSOLVED,
    (ClusterState.ESTABLISHED, "dissolve"): ClusterState.DISSOLVED,
}
TAKE = {
    "begin": lambda cluster, by: services.begin(cluster, on=today(), by=by),
    "establish": lambda cluster, by: services.establish(cluster, on=today(), by=by),
    "dissolve": lambda cluster, by: services.dissolve(cluster, on=today(), reason="Slått sammen", by=by),
}


@pytest.mark.django_db
@pytest.mark.parametrize("state", ClusterState)
@pytest.mark.parametrize("step", CLUSTER.steps)
def test_every_state_and_step(state, step):
    cluster = make_cluster(members=5, state=state, established_on=LONG_AGO)
    ClusterPhase.objects.create(cluster=cluster, state=state, period=period(LONG_AGO))
    by = appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region)
    if (state, step) in ALLOWED:
        assert step in [row.name for row in CLUSTER.steps_for(by, cluster)]
        TAKE[step](cluster, by)
        assert Cluster.objects.get().state == ALLOWED[state, step]
        assert [(p.state, p.starts_on, p.ends_on) for p in cluster.phases.all()] == [
            (state, LONG_AGO, today()), (ALLOWED[state, step], today(), None),
        ]  # fmt: skip
    else:
        assert step not in [row.name for row in CLUSTER.steps_for(by, cluster)]
        with pytest.raises(StepNotAllowed):
            TAKE[step](cluster, by)
        assert Cluster.objects.get().state == state
