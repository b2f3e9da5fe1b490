"""What priority rounds hold about people (X7)."""

from django.utils.translation import gettext_lazy as _

from ksf.personal import Fate, PersonalTable, kind
from needs.rounds.models import Ballot, ChairChange, Round

kind(
    "needs-rounds",
    _("Priority rounds and ballots"),
    Fate.CASE,
    PersonalTable(Round, {"created_by": ("title", "created_at")}),
    PersonalTable(Ballot, {"cast_by": ("participant", "cast_at")}),
    PersonalTable(ChairChange, {"made_by": ("candidate", "reason", "made_at")}),
)
