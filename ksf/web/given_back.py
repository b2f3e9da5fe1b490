"""A form that was sent and not received, given back with all that stood in it, to be sent again."""

from typing import Any

from django.http import HttpRequest

from ksf.web import form_keys

NEVER_GIVEN_BACK = ("csrfmiddlewaretoken", form_keys.FIELD, "password")
"""Fields of forms, by how their names begin, that no page shows again."""


def given_back(request: HttpRequest) -> dict[str, Any]:
    """What ``components/given_back.html`` shows: what a person wrote, to read and change, and the rest unseen."""
    sent = [
        (field, value)
        for field, values in request.POST.lists()
        for value in values
        if not field.startswith(NEVER_GIVEN_BACK)
    ]
    return {
        "typed": [(field, value) for field, value in sent if _is_written(value)],
        "carried": [(field, value) for field, value in sent if not _is_written(value)],
        "has_files": bool(request.FILES),
    }


def _is_written(value: str) -> bool:
    """Whether a person wrote it, not what a form chose or numbered."""
    return len(value.split()) > 1
