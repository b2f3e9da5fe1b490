"""A year's appropriation and its pots (G1)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grants.models import Appropriation, PotKind
from ksf.web.fields import AmountField, YearField
from ksf.web.numbers import kroner

FIELDS = {PotKind.REGIONS: "regions", PotKind.SEED_GRANTS: "seed_grants"}


class MoneyForm(forms.Form):
    """The year stands once it is written; the amounts may be changed."""

    year = YearField(label=_("Year"), min_value=2024, max_value=2199)
    amount = AmountField(label=_("Appropriation"), min_value=1, help_text=_("The state grant to KS for KSF."))
    regions = AmountField(label=_("Of it to regions"))
    seed_grants = AmountField(label=_("Of it to seed grants"))
    source = forms.CharField(
        label=_("Where it is decided"),
        max_length=200,
        required=False,
        help_text=_("For instance the grant letter, with its date."),
    )

    def __init__(self, *args: Any, appropriation: Appropriation | None = None, **kwargs: Any) -> None:
        if appropriation is not None:
            pots = {FIELDS[PotKind(pot.kind)]: pot.amount for pot in appropriation.pots.all()}
            kept = {"year": appropriation.year, "amount": appropriation.amount, "source": appropriation.source}
            kwargs["initial"] = {**kept, **pots}
        super().__init__(*args, **kwargs)
        if appropriation is not None:
            self.fields["year"].disabled = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        parts = [values.get(name) for name in FIELDS.values()]
        amount = values.get("amount")
        if amount is not None and None not in parts and sum(part or 0 for part in parts) > amount:
            raise ValidationError(_("The two parts are more than the appropriation."))
        return values

    def pots(self) -> dict[str, int]:
        """Kroner by kind of pot."""
        return {str(kind): self.cleaned_data[name] for kind, name in FIELDS.items()}

    def add_used(self, least: dict[str, int]) -> None:
        """Say beside each pot what is announced from it already."""
        for kind, used in least.items():
            sentence = _("%(used)s of it is announced already.") % {"used": kroner(used)}
            self.add_error(FIELDS[PotKind(kind)], sentence)
