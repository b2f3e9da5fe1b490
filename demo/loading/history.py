"""What the log would say had the demo's network grown in the portal: one entry for every dated row."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model
from django.utils import timezone

from clusters.lifecycle import ClusterState
from clusters.models import ClusterPhase, Membership, MotorTerm, PartnerTerm
from demo.loading.log_entries import acting_as, log_entry
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from regions.models import HostTerm, Region

STEPS = {
    ClusterState.EXPLORING: ("cluster.created", "region.cluster_created"),
    ClusterState.BEING_ESTABLISHED: ("cluster.begin", ""),
    ClusterState.ESTABLISHED: ("cluster.establish", "region.cluster_established"),
}


def record_network() -> int:
    """Write the history of the clusters, regions and partners. Returns how many entries."""
    actors = _NetworkActors()
    rows = [*_phases(), *_members(), *_motors(), *_partners(), *_hosts()]
    entries = [actors.entry(verb, subject, region, on, data) for verb, subject, region, on, data in rows]
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


Happening = tuple[str, Model, Region, date, dict[str, Any]]
"""What happened (the log's verb), to what, in which region, on which day, and what the log keeps of it."""


def _phases() -> Iterator[Happening]:
    for row in ClusterPhase.objects.select_related("cluster__lead_region"):
        verb, in_region = STEPS[ClusterState(row.state)]
        region = row.cluster.lead_region
        yield verb, row.cluster, region, row.starts_on, {}
        if in_region:
            yield in_region, region, region, row.starts_on, {"cluster": row.cluster}


def _members() -> Iterator[Happening]:
    for row in Membership.objects.select_related("cluster__lead_region", "municipality"):
        who, region = {"municipality": row.municipality}, row.cluster.lead_region
        yield "cluster.member_joined", row.cluster, region, row.starts_on, who
        if row.ends_on:
            yield "cluster.member_left", row.cluster, region, row.ends_on, who


def _motors() -> Iterator[Happening]:
    for row in MotorTerm.objects.select_related("cluster__lead_region", "membership__municipality"):
        after = {"after": row.membership.municipality}
        yield "cluster.motor_changed", row.cluster, row.cluster.lead_region, row.starts_on, after


def _partners() -> Iterator[Happening]:
    for row in PartnerTerm.objects.select_related("cluster__lead_region", "region", "partner"):
        region = row.cluster.lead_region if row.cluster else row.region
        yield "partner.came_in", row.place, region, row.starts_on, {"partner": row.partner}
        yield "partner.takes_part", row.partner, region, row.starts_on, {"place": row.place}


def _hosts() -> Iterator[Happening]:
    for row in HostTerm.objects.select_related("region", "municipality"):
        yield "region.host_changed", row.region, row.region, row.starts_on, {"after": row.municipality}


class _NetworkActors:
    """Who did it: the region's coordinator of the day; before there was one, the portal took it over."""

    def __init__(self) -> None:
        held = Appointment.objects.for_role(Role.REGIONAL_COORDINATOR).with_scope().select_related("user")
        self.coordinators = {row.region_id: row for row in held}
        self.system = User.objects.system()

    def entry(self, verb: str, subject: Model, region: Region, on: date, data: dict[str, Any]) -> AuditEntry:
        held = self.coordinators.get(region.pk)
        by = acting_as(held if held and held.is_in_force_on(on) else None, self.system)
        return log_entry(verb, subject, by, timezone.make_aware(datetime.combine(on, time(9))), {"on": on, **data})
