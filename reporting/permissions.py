"""Who may do what with plans and reports. Each rule gets a plan, report or section: anything with ``region_id``."""

from typing import Protocol

import rules

from ksf.accounts.roles import Role
from ksf.actor import Actor


class InRegion(Protocol):
    """A plan, a report or a section of one."""

    @property
    def region_id(self) -> int: ...


@rules.predicate
def is_coordinator(user: Actor, obj: InRegion) -> bool:
    return obj.region_id in user.region_ids(Role.REGIONAL_COORDINATOR)


@rules.predicate
def is_host_lead(user: Actor, obj: InRegion) -> bool:
    return obj.region_id in user.region_ids(Role.HOST_LEAD)


@rules.predicate
def is_national(user: Actor) -> bool:
    return user.is_national


@rules.predicate
def is_national_lead(user: Actor) -> bool:
    return user.has_role(Role.NATIONAL_LEAD)


belongs_to_region = is_coordinator | is_host_lead

rules.add_perm("reporting.write", is_coordinator)
rules.add_perm("reporting.hand_in", is_host_lead & ~is_coordinator)
rules.add_perm("reporting.review", is_national & ~belongs_to_region)
rules.add_perm("reporting.build_national", is_national)
rules.add_perm("reporting.publish_national", is_national_lead)
