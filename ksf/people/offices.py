"""The offices a person may fill: for the choices in the forms that appoint and invite."""

from typing import cast

from django.db.models import Model, Q, QuerySet

from ksf.accounts.models import Appointment
from ksf.accounts.roles import NATIONAL, SCOPE_OF, Role, Scope
from ksf.actor import Actor


def roles_to_fill(user: Actor) -> list[Role]:
    """The roles ``user`` may appoint somebody to, somewhere."""
    if user.is_national:
        return [role for role in Role if role not in NATIONAL or user.has_role(Role.NATIONAL_LEAD)]
    roles = []
    if user.region_ids(Role.HOST_LEAD):
        roles.append(Role.REGIONAL_COORDINATOR)
    if user.region_ids(Role.REGIONAL_COORDINATOR):
        roles.append(Role.CLUSTER_COORDINATOR)
    if user.region_ids(Role.REGIONAL_COORDINATOR) or user.cluster_ids(Role.CLUSTER_COORDINATOR):
        roles.append(Role.RD_CONTACT)
    return roles


def scope_model(scope: Scope) -> type[Model]:
    """The model of what a role of this scope is held in."""
    related = Appointment._meta.get_field(scope).related_model  # noqa: SLF001
    return cast("type[Model]", related)  # each scope but the network is a foreign key


def places_for(user: Actor, role: Role) -> QuerySet[Model] | None:
    """Where ``user`` may fill the role; None for roles held in the whole network."""
    scope = SCOPE_OF[role]
    if scope is Scope.NETWORK:
        return None
    places = scope_model(scope)._default_manager.all()  # noqa: SLF001
    if user.is_national:
        return places
    coordinates, leads = user.region_ids(Role.REGIONAL_COORDINATOR), user.region_ids(Role.HOST_LEAD)
    match role:
        case Role.REGIONAL_COORDINATOR:
            return places.filter(pk__in=leads)
        case Role.CLUSTER_COORDINATOR:
            return places.filter(lead_region__in=coordinates)
        case Role.RD_CONTACT:
            clusters = user.cluster_ids(Role.CLUSTER_COORDINATOR)
            mine = Q(county__region__in=coordinates) | Q(memberships__cluster__in=clusters)
            return places.filter(mine).distinct()
        case _:
            return places.none()
