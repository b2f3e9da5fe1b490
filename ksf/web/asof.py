"""A page as it was on another day: ``?dato=2025-06-01`` (S11)."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from ksf.periods import today
from ksf.web.fields import DayField
from ksf.web.requests import Request

EARLIEST = date(2020, 1, 1)


class DayForm(forms.Form):
    """The control that chooses the day."""

    mark_required = False
    dato = DayField(
        label=_("As it was on"),
        required=False,
        error_messages={"invalid": _("Write the day like this: 1.6.2025. Today is shown.")},
    )

    def clean_dato(self) -> date | None:
        day: date | None = self.cleaned_data["dato"]
        if day and day < EARLIEST:
            raise forms.ValidationError(_("The register goes back to 1 January 2020. Today is shown."))
        return day


@dataclass(frozen=True)
class AsOf:
    """The day to show and the form it was chosen with. A day that is not understood shows today, and says so."""

    day: date
    form: DayForm

    @property
    def is_today(self) -> bool:
        return self.day == today()


def as_of(request: Request) -> AsOf:
    """What ``?dato=`` asks for; today without it."""
    if "dato" not in request.GET:
        return AsOf(today(), DayForm(initial={"dato": today()}))
    form = DayForm(request.GET)
    chosen = form.cleaned_data["dato"] if form.is_valid() else None
    return AsOf(chosen or today(), form)
