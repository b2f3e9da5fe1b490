"""The rows of a call's form: questions, costs, attachments, deliverables and instalments (G3)."""

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from grants.forms.layout import LaidOut
from grants.models import (
    Call,
    CostCategory,
    PlannedInstalment,
    Question,
    RequiredAttachment,
    RequiredDeliverable,
)
from grants.rules.readiness import WHOLE
from ksf.web.fields import model_field

LABELS: Any = {"order": _("Place in the list")}


class RowForm(LaidOut, forms.ModelForm):
    """One row. Its code, which sealed applications know it by, is made from its first label and never changes."""

    class Meta:
        formfield_callback = model_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        label = values.get("label_nb")
        if label and hasattr(self.instance, "code") and not self.instance.code:
            self.instance.code = f"{slugify(label)[:40]}-{secrets.token_hex(2)}"
        return values


class DeliverableForm(RowForm):
    class Meta:
        model = RequiredDeliverable
        formfield_callback = model_field
        fields = ("label_nb", "label_nn", "due_from", "due_months", "due_on", "order")
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_from"].choices = [("", _("Choose")), *RequiredDeliverable.Point.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        is_date = values.get("due_from") == RequiredDeliverable.Point.DATE
        if is_date and not values.get("due_on"):
            self.add_error("due_on", _("Write the date."))
        if not is_date and values.get("due_months") is None:
            self.add_error("due_months", _("Write the number of months."))
        values["due_months" if is_date else "due_on"] = None
        return values


class Rows(forms.BaseInlineFormSet):
    """Rows in their order; a new one comes last."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        place = "number" if self.model is PlannedInstalment else "order"
        if index is not None and index < self.initial_form_count():
            return kwargs
        last = max((getattr(row, place) for row in self.get_queryset()), default=0)
        return {**kwargs, "initial": {place: last + 1}}


class InstalmentRows(Rows):
    """Instalments that sum to 100 per cent."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]
        total = sum(row["share"] for row in rows if not row.get("DELETE"))
        if not any(self.errors) and total != WHOLE:
            raise ValidationError(
                _("The instalments sum to %(total)d per cent. They must sum to 100."), params={"total": total}
            )


def _rows(model: type, *fields: str, form: type = RowForm, formset: type = Rows) -> Any:
    return forms.inlineformset_factory(
        Call,
        model,
        form=form,
        formset=formset,
        fields=fields or None,
        labels=LABELS if fields else None,
        extra=1,
        can_delete=True,
    )


FORM_PARTS: dict[str, tuple[Any, Any]] = {
    "questions": (
        _("Questions"),
        _rows(
            Question,
            "label_nb",
            "label_nn",
            "help_nb",
            "help_nn",
            "section_nb",
            "section_nn",
            "max_characters",
            "is_required",
            "order",
        ),
    ),
    "costs": (_("Kinds of cost"), _rows(CostCategory, "label_nb", "label_nn", "is_allowed", "max_share", "order")),
    "attachments": (
        _("Attachments"),
        _rows(RequiredAttachment, "label_nb", "label_nn", "is_required", "is_agreement", "order"),
    ),
    "deliverables": (_("Deliverables"), _rows(RequiredDeliverable, form=DeliverableForm)),
    "instalments": (
        _("Instalments"),
        _rows(PlannedInstalment, "number", "share", "when_nb", "when_nn", "is_held_back", formset=InstalmentRows),
    ),
}
"""The parts of a call's form that are edited as rows: heading and formset."""
