"""Who is notified about a region's plan or report."""

from typing import Any

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify


def notify_region(region_id: int, roles: tuple[Role, ...], mail: str, context: dict[str, Any], url: str) -> None:
    """Send the notice once to everybody who holds one of ``roles`` in the region today."""
    held = Appointment.objects.in_force().filter(role__in=roles, region=region_id)
    for user in User.objects.filter(pk__in=held.values("user"), is_active=True):
        notify(user, f"reporting/{mail}", context, url=url)
