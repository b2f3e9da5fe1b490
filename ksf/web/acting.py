"""Letting a form's values act: a service does it, and what it refuses is said at the field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


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
