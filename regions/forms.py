from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ksf.periods import today
from ksf.web.fields import DayField
from regions.models import HostTerm, Municipality, Region


class MunicipalityChoice(forms.ModelChoiceField):
    """A choice of municipalities, named with their county: two are called Herøy and two Våler."""

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(queryset.select_related("county__region"), empty_label=_("Choose"), **kwargs)

    def label_from_instance(self, obj: Municipality) -> str:
        return f"{obj.full_name} ({obj.county})"


class HostForm(forms.Form):
    """Who takes over as host, from when, and what it was decided by."""

    municipality = MunicipalityChoice(Municipality.objects.none(), label=_("New host"))
    on = DayField(
        label=_("First day as host"), initial=today, help_text=_("The present host's term ends the same day.")
    )
    decided_on = DayField(label=_("Decided on"), required=False)
    decision_reference = forms.CharField(
        label=_("Reference of the decision"),
        max_length=120,
        required=False,
        help_text=_("The decision by KS' managing director, as it is called in the archive."),
    )
    committed_until = DayField(label=_("The new host is committed until"), required=False)
    reason = forms.CharField(
        label=_("Why the present term ends early"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Asked for while the present host is committed. KSF's national lead must then consent."),
    )
    after = forms.ModelChoiceField(HostTerm.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["municipality"]
        places.queryset = Municipality.objects.in_force().in_region(region).select_related("county__region")
        terms: Any = self.fields["after"]
        terms.queryset = region.host_terms.all()


class RefuseForm(forms.Form):
    note = forms.CharField(label=_("Why it is refused"), widget=forms.Textarea(attrs={"rows": 3}))
