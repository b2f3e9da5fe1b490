"""Who may appoint whom (X2). Upper apps add authorities over what only they know, such as a cluster's members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rules

from ksf.accounts.models import Invitation
from ksf.accounts.roles import NATIONAL, SCOPE_OF, Role, Scope
from ksf.actor import Actor


@dataclass(frozen=True)
class Office:
    """A role in a scope: what one is appointed to. ``held_in`` is None for the whole network."""

    role: Role
    held_in: Any = None

    @property
    def region_id(self) -> int | None:
        """The region the office lies in, None for national offices, calls and partners."""
        match SCOPE_OF[self.role]:
            case Scope.REGION:
                return self.held_in.pk
            case Scope.CLUSTER:
                return self.held_in.lead_region_id
            case Scope.MUNICIPALITY:
                return self.held_in.region_id
            case _:
                return None


Authority = Callable[[Actor, Office], bool]
_authorities: list[Authority] = []


def authority(function: Authority) -> Authority:
    """Register a further answer to "may this user appoint to this office?"."""
    _authorities.append(function)
    return function


@rules.predicate
def is_national_lead(user: Actor, office: Office | None = None) -> bool:  # noqa: ARG001
    return user.has_role(Role.NATIONAL_LEAD)


@rules.predicate
def is_national(user: Actor, office: Office | None = None) -> bool:  # noqa: ARG001
    return user.is_national


@rules.predicate
def is_national_office(user: Actor, office: Office) -> bool:  # noqa: ARG001
    return office.role in NATIONAL


@rules.predicate
def coordinates_its_region(user: Actor, office: Office) -> bool:
    """The regional coordinator names cluster coordinators and R&D contacts in the region."""
    return office.role in {Role.CLUSTER_COORDINATOR, Role.RD_CONTACT} and office.region_id in user.region_ids(
        Role.REGIONAL_COORDINATOR
    )


@rules.predicate
def leads_its_host(user: Actor, office: Office) -> bool:
    """The host municipality employs the regional coordinator (S3)."""
    return office.role == Role.REGIONAL_COORDINATOR and office.region_id in user.region_ids(Role.HOST_LEAD)


@rules.predicate
def has_other_authority(user: Actor, office: Office) -> bool:
    return any(answer(user, office) for answer in _authorities)


rules.add_perm(
    "accounts.appoint",
    (is_national & ~is_national_office)
    | (is_national_lead & is_national_office)
    | coordinates_its_region
    | leads_its_host
    | has_other_authority,
)


@rules.predicate
def fills_offices(user: Actor) -> bool:
    """Whether there is any office ``user`` may appoint somebody to."""
    return user.is_national or user.has_role(Role.HOST_LEAD, Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR)


rules.add_perm("accounts.see_people", fills_offices)
rules.add_perm("accounts.read_security_log", is_national_lead)


@rules.predicate
def has_no_part_in_it(user: Actor, invitation: Invitation) -> bool:
    """Whether somebody else invited, and somebody else is invited."""
    return user.pk != invitation.invited_by_id and getattr(user, "email", "") != invitation.email


rules.add_perm("accounts.confirm_invitation", is_national_lead & has_no_part_in_it)
