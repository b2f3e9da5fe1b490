"""What a published call has promised those who have applied (G3)."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grants.models import Call

PROMISED: Mapping[str, tuple[int, Promise]] = {
    "amount": (-1, _("Somebody has applied: the amount announced can be raised, not lowered.")),
    "cap_per_municipality": (-1, _("Somebody has applied: the cap can be raised, not lowered.")),
    "least_members": (1, _("Somebody has applied: the least number of members can be lowered, not raised.")),
    "own_share": (1, _("Somebody has applied: the own contribution can be lowered, not raised.")),
}
"""By field which way it would be worse for the applicants, and what is said of that."""


def tightened(call: Call, values: Mapping[str, Any]) -> dict[str, Promise]:
    """The fields of ``values`` that would be worse than ``call`` as it stands, once an application is handed in."""
    worse = {
        field: message
        for field, (direction, message) in PROMISED.items()
        if values.get(field) is not None and (values[field] - getattr(call, field)) * direction > 0
    }
    return worse if worse and call.applications.received().exists() else {}
