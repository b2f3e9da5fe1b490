"""Answering a grant, complaining, and answering a complaint (G9, G10)."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("You need not say why, but it helps KSF."),
    )


class ComplaintForm(forms.Form):
    text = forms.CharField(
        label=_("What you complain about"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say what you think is wrong, what you want changed, and why."),
    )


class AnswerComplaintForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[
            ("uphold", _("The complaint is upheld. The decision is made again.")),
            ("dismiss", _("The decision stands.")),
        ],
    )
    answer = forms.CharField(label=_("Answer to the applicant"), widget=forms.Textarea(attrs={"rows": 8}))
