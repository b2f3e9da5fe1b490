"""Forms in the markup of Designsystemet: ``{{ form.field.as_field_group }}`` is all a template says."""

from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

BARE = (forms.HiddenInput, forms.MultipleHiddenInput)


forms.Field.default_error_messages = {"required": _("This must be filled in.")}
"""Django's own words for it are not plain Norwegian."""


class KsfBoundField(forms.BoundField):
    """A field whose widget carries our class."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
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
