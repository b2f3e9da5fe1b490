"""Computing, comparing and changing allocations, and sending one for decision (G7, G8)."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from grants.models import Application, Call, Complaint, Line, ScenarioKind
from ksf.web.fields import AmountField
from ksf.web.numbers import kroner

BOTH = "both"


class ScenarioForm(forms.Form):
    """Which principle to divide by, and within what pot and cap."""

    kind = forms.ChoiceField(
        label=_("Principle"),
        widget=forms.RadioSelect,
        choices=[(BOTH, _("Both, so that they can be compared")), *ScenarioKind.choices],
    )
    pot = AmountField(label=_("Pot"), min_value=1000)
    cap = AmountField(label=_("At most per municipality"), min_value=1000)

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        is_first = not call.scenarios.exists()
        kind = BOTH if is_first else ScenarioKind.OPTIMUM
        kwargs["initial"] = {"kind": kind, "pot": call.amount, "cap": call.cap_per_municipality}
        super().__init__(*args, **kwargs)
        most = MaxValueValidator
        self.fields["pot"].validators.append(most(call.pot.amount, _("More than the pot of the year.")))
        self.fields["cap"].validators.append(most(call.cap_per_municipality, _("More than the cap of the call.")))

    def kinds(self) -> list[str]:
        """The principles to compute by."""
        kind = self.cleaned_data["kind"]
        return list(ScenarioKind) if kind == BOTH else [kind]

    def limits(self) -> dict[str, int]:
        """Pot and cap, in kroner."""
        return {name: self.cleaned_data[name] for name in ("pot", "cap")}


class CompareForm(forms.Form):
    """Which two to see beside each other."""

    mark_required = False
    a = forms.TypedChoiceField(label=_("Show"), coerce=int, required=False)
    b = forms.TypedChoiceField(label=_("Beside"), coerce=int, required=False)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]


class SharesForm(forms.Form):
    """Shares for one application, and why. One field for each municipality, named by its number."""

    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads this in the letter. Write it in the language of the application."),
    )

    def __init__(
        self, *args: Any, application: Application, given: dict[str, int], why: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        members = list(application.members.select_related("municipality"))
        for member in members:
            number = member.municipality.number
            self.fields[f"m{number}"] = AmountField(
                label=member.municipality.name,
                required=False,
                initial=given.get(number, 0),
                max_value=member.amount,
                help_text=_("Asked for %(amount)s") % {"amount": kroner(member.amount)},
            )
        self.order_fields([f"m{member.municipality.number}" for member in members])
        self.initial["reason"] = why

    def shares(self) -> dict[str, int]:
        """Kroner by municipality number."""
        return {name[1:]: amount or 0 for name, amount in self.cleaned_data.items() if name != "reason"}

    def add_wrong_shares(self, errors: dict[str, str], whole: str) -> None:
        """Put what the rules refused beside its field."""
        for number, text in errors.items():
            self.add_error(f"m{number}" if f"m{number}" in self.fields else None, text)
        if whole:
            self.add_error(None, whole)


class LineForm(SharesForm):
    """Other shares than the computed ones."""

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        given = {share["municipality"]: share["amount"] for share in line.final_shares}
        super().__init__(*args, application=line.application, given=given, why=line.override_reason, **kwargs)


class RedecisionForm(SharesForm):
    """What a complaint that is upheld gives, starting from what is proposed or what stands."""

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        proposed = getattr(complaint, "redecision", None)
        award = getattr(complaint.application, "award", None)
        given = {share["municipality"]: share["amount"] for share in proposed.shares} if proposed else {}
        if award and not proposed:
            given = dict(award.shares.values_list("municipality__number", "amount"))
        why = proposed.grounds if proposed else ""
        super().__init__(*args, application=complaint.application, given=given, why=why, **kwargs)


class ProposeForm(forms.Form):
    grounds = forms.CharField(
        label=_("Grounds for the proposal"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the lead. Say what was weighed, and why amounts are changed by hand, if any are."),
    )


class SendBackForm(forms.Form):
    note = forms.CharField(label=_("What must be changed"), widget=forms.Textarea(attrs={"rows": 3}))
