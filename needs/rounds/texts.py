"""The criteria of rounds, for those who run them."""

from collections.abc import Mapping

from ksf.accounts.models import User
from ksf.writing.registry import LongTexts, keeps_versions, labels_of
from needs.rounds.lifecycle import ACTIONS, RUN
from needs.rounds.models import Round
from needs.rounds.services.preparing import edit_round


@keeps_versions
class RoundTexts(LongTexts[Round]):
    model = Round

    def labels(self, user: User, row: Round) -> Mapping[str, str]:
        return labels_of(row, "criteria") if user.has_perm(RUN, row) else {}

    def may_change(self, user: User, row: Round, field: str) -> bool:  # noqa: ARG002 - it has one
        return ACTIONS.allows("discard", row, by=user)  # a draft; what is open stays as it was published

    def change(self, row: Round, field: str, text: str, *, by: User) -> None:
        edit_round(row, by=by, **{field: text})

    def url(self, row: Round, field: str) -> str:  # noqa: ARG002
        return row.get_absolute_url()
