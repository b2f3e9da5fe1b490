"""Forms in the markup of Designsystemet: ``{{ form.field.as_field_group }}`` is all a template says."""

import re
from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ksf.web.numbers import spaced

BARE = (forms.HiddenInput, forms.MultipleHiddenInput)
SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
WHOLE = re.compile(r"-?\d+")
DOTTED = re.compile(r"-?\d{1,3}(\.\d{3})+")
MOST_KRONER = 2_000_000_000
"""More than any amount here, and less than the database can keep."""
DECIMALS = re.compile(r"-?\d[\d.]*[.,]\d{1,2}")


forms.Field.default_error_messages = {"required": _("This must be filled in.")}
"""Django's own words for it are not plain Norwegian."""


class KsfBoundField(forms.BoundField):
    """A field whose widget carries our class and, for dates, the browser's own input."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        _use_native_input(field.widget)
        field.widget.attrs.pop("placeholder", None)  # the label says it, and stays when one starts to write

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Return the widget's attributes, with ``ds-input`` unless it is hidden."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if not isinstance(widget, BARE):
            own = [widget.attrs.get("class"), attrs.get("class"), "ds-input"]
            attrs["class"] = " ".join(str(name) for name in own if name)
        return attrs

    @property
    def is_checkbox(self) -> bool:
        """Tell whether the label stands after the box."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_marked_required(self) -> bool:
        """Tell whether to say "must be filled in"; a form says ``mark_required = False`` where it is plain."""
        return self.field.required and getattr(self.form, "mark_required", True)


class KsfRenderer(DjangoTemplates):
    """Finds our templates first, then Django's own."""

    field_template_name = "components/field.html"
    bound_field_class = KsfBoundField

    @cached_property
    def engine(self) -> Any:
        """Return a template engine with the project's folder before Django's."""
        folders = [Path(settings.BASE_DIR) / "templates", Path(django.forms.__file__).parent / "templates"]
        builtins = ["django.templatetags.i18n"]
        return self.backend({"APP_DIRS": False, "DIRS": folders, "NAME": "ksfforms", "OPTIONS": {"builtins": builtins}})


class ChooseSeveral(forms.CheckboxSelectMultiple):
    """Boxes to tick in a list of its own height: those ticked first, and with script a field to find the others by."""

    template_name = "components/choose.html"

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Return the groups, those with something ticked before the others."""
        groups = super().optgroups(name, value, attrs)
        return sorted(groups, key=lambda group: not any(option["selected"] for option in group[1]))


class AmountInput(forms.TextInput):
    """A text input with "kr" behind it; numbers are grouped as they are read aloud."""

    affix = "kr"

    def format_value(self, value: object) -> str | None:
        """Return whole numbers in groups of three; what was typed wrongly comes back as typed."""
        return spaced(value) if isinstance(value, int) else super().format_value(value)


class AmountField(forms.IntegerField):
    """Whole kroner, typed as people type them: ``250 000``, ``250.000``, ``kr 250000,-``."""

    widget = AmountInput
    default_error_messages = {
        "invalid": _("Write an amount in whole kroner, for example 250 000."),
        "decimals": _("Write whole kroner, without øre."),
    }

    def __init__(self, *, min_value: int | None = 0, max_value: int | None = MOST_KRONER, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for digits."""
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: object) -> int | None:
        """Return kroner as an integer, or ``None`` when nothing is written."""
        return super().to_python(self._digits(value) if isinstance(value, str) else value)

    def _digits(self, typed: str) -> str:
        text = SPACES.sub("", typed).lower().removeprefix("kr").removeprefix(".").removesuffix("kroner")
        text = text.removesuffix("kr").removesuffix(",-").replace("\u2212", "-")
        if DOTTED.fullmatch(text):
            return text.replace(".", "")
        if DECIMALS.fullmatch(text):
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        if text and not WHOLE.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


def _use_native_input(widget: forms.Widget) -> None:
    """Give plain date and time inputs the browser's picker and the ISO format it wants."""
    for kind, input_type, format_ in (
        (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
        (forms.DateInput, "date", "%Y-%m-%d"),
        (forms.TimeInput, "time", "%H:%M"),
    ):
        if isinstance(widget, kind) and widget.input_type == "text":
            widget.input_type, widget.format = input_type, format_
            return
