"""Who writes for which municipality, and which regions have a coordinator: what appointments in force say (N1)."""

from typing import Any

from django.db.models import Q

from clusters.models import Membership
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.actor import Actor
from regions.models import Municipality


def municipalities_for(user: Actor) -> Any:
    """The municipalities in whose name ``user`` may write needs: one's own, or those of one's cluster or region."""
    municipalities = Municipality.objects.in_force().with_place()
    if user.is_national:
        return municipalities
    return municipalities.filter(
        Q(pk__in=user.municipality_ids(Role.RD_CONTACT))
        | Q(county__region__in=user.region_ids(Role.REGIONAL_COORDINATOR))
        | Q(pk__in=members_of_own_clusters(user))
    )


def members_of_own_clusters(user: Actor) -> Any:
    """The ids of the municipalities that are members today of the clusters ``user`` coordinates."""
    own = user.cluster_ids(Role.CLUSTER_COORDINATOR)
    return Membership.objects.in_force().filter(cluster__in=own).values("municipality")


def coordinated_regions() -> Any:
    """The ids of the regions that have a coordinator today. What comes from others is for national staff."""
    held = Appointment.objects.in_force().for_role(Role.REGIONAL_COORDINATOR)
    return held.filter(user__is_active=True).values("region")


def may_write_for(user: Actor, municipality: Municipality) -> bool:
    """Whether ``municipality`` is among them. Asks the database only for cluster coordinators."""
    return (
        user.is_national
        or municipality.pk in user.municipality_ids(Role.RD_CONTACT)
        or municipality.region_id in user.region_ids(Role.REGIONAL_COORDINATOR)
        or (
            user.has_role(Role.CLUSTER_COORDINATOR)
            and members_of_own_clusters(user).filter(municipality=municipality).exists()
        )
    )
