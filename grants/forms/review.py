"""A reviewer's declaration, points and advice (G6)."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from grants.models import Application, JointScore
from ksf.web.fields import AmountField
from ksf.web.numbers import kroner

POINTS = [(points, str(points)) for points in range(1, 8)]


class DeclarationForm(forms.Form):
    """Impartial or not, in the reviewer's own name."""

    is_impartial = forms.TypedChoiceField(
        label=_("Are you impartial in this case?"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", _("Yes. I know of nothing that is apt to weaken trust in my impartiality.")),
            ("no", _("No. I have a tie to the applicant, and step aside.")),
        ],
    )
    declaration = forms.CharField(
        label=_("About my ties to the applicant"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say it here if there is something others should know, even if it does not make you partial."),
    )


class PointsForm(forms.Form):
    points = forms.TypedChoiceField(choices=POINTS, coerce=int, empty_value=None, required=False)


class AdviceForm(forms.Form):
    """The advised amount, between what the applicant can do with and what it asks for."""

    mark_required = False
    advised_amount = AmountField(label=_("Amount you advise"), required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, asked = self.fields["advised_amount"], application.asked
        field.validators.append(MaxValueValidator(asked, _("More than the applicant asks for.")))
        amounts = {"least": kroner(application.least_amount or 0), "asked": kroner(asked)}
        field.help_text = _("The applicant can do with %(least)s and asks for %(asked)s.") % amounts


class SettleForm(forms.Form):
    """The panel's score on one criterion, and why."""

    points = forms.TypedChoiceField(label=_("The panel's score"), choices=[("", _("Choose")), *POINTS], coerce=int)
    grounds = forms.CharField(label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, settled: JointScore | None, **kwargs: Any) -> None:
        if settled is not None:
            kwargs["initial"] = {"points": settled.points, "grounds": settled.grounds}
        super().__init__(*args, **kwargs)
