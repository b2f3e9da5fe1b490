"""The upper size of a text that somebody types or pastes, in any form and wherever it is saved as it is typed (X9).

Above a field's own limit, such as 10 000 characters of a need, a draft may grow to this. Then its writer is asked to
shorten it before it is saved, and the text stays in the page.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

MOST_TYPED = 100_000
TOO_LONG = _("The text has %(long)s characters, and there is room for %(room)s. Shorten it, and keep the rest aside.")


def check_length(text: str) -> None:
    """Raise ValidationError for a text that is longer than any text here needs to be."""
    if isinstance(text, str) and len(text) > MOST_TYPED:
        sizes = {"long": len(text), "room": MOST_TYPED}
        shown = {name: number_format(size, force_grouping=True) for name, size in sizes.items()}
        raise ValidationError(TOO_LONG, code="too_long", params=shown)


def set_on_every_field() -> None:
    """Give every text field that is made from now on the limit; a field may set ``default_validators`` of its own."""
    forms.CharField.default_validators = [check_length]
