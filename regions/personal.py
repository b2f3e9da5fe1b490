"""What the network holds about people (X7)."""

from django.utils.translation import gettext_lazy as _

from ksf.personal import Fate, PersonalTable, kind
from regions.models import HandoverProposal

kind(
    "regions",
    _("Changes of host municipality"),
    Fate.CASE,
    PersonalTable(HandoverProposal, {"proposed_by": ("region", "municipality", "reason", "proposed_at")}),
)
