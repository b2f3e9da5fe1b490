"""Letting a form's values act: a service does it, and what it refuses is said at the field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

OVERTAKEN = "overtaken"


def acted(form: forms.BaseForm, action: Callable[..., Any]) -> bool:
    """Call ``action`` with the form's values. False if the form or the action refused; the form then says why."""
    if not form.is_valid():
        return False
    try:
        action(**form.cleaned_data)
    except ValidationError as error:
        refused = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for field, errors in refused.items():
            form.add_error(field if field in form.fields else None, errors)
        return False
    return True


def is_overtaken(form: forms.BaseForm) -> bool:
    """Whether the action refused because somebody else had written; ``OVERTAKEN`` is the code of such a refusal."""
    return form.has_error(NON_FIELD_ERRORS, OVERTAKEN)


def see_now(form: forms.BaseForm, field: str, now: object) -> None:
    """Let ``field``, which says what the writer has seen, hold what there is ``now``: the next saving passes."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix(field)] = str(now)
    form.data = data
