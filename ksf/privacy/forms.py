from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ksf.privacy.models import ErasureRequest


class AskForm(forms.ModelForm):
    """One need not say why (GDPR article 17 asks for no reason)."""

    class Meta:
        model = ErasureRequest
        fields = ["reason"]
        widgets: ClassVar = {"reason": forms.Textarea(attrs={"rows": 4})}


class RefuseErasureForm(forms.Form):
    answer = forms.CharField(
        label=_("Why the wish is refused"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The person gets this by e-mail, with how to complain to the Norwegian Data Protection Authority."),
    )
