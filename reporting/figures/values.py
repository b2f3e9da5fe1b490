"""Figures as JSON stores them and as text shows them."""

from decimal import Decimal

from django.utils.translation import gettext as _

from ksf.web.numbers import spaced
from reporting.models.indicators import Unit


def json_number(value: Decimal | None) -> int | float | None:
    """A figure as JSON stores it: whole when it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def format_value(value: Decimal | float | None, unit: str) -> str:
    """A figure as text in the active language: ``1 250 000 kr``, ``12,5 %``, ``14 days``; a dash for none."""
    if value is None:
        return "–"
    number = json_number(Decimal(str(value)))
    digits = spaced(number) if isinstance(number, int) else f"{number:.1f}".replace(".", _("decimal point"))
    match unit:
        case Unit.PERCENT:
            return f"{digits}\u00a0%"
        case Unit.KRONER:
            return f"{digits}\u00a0kr"
        case Unit.DAYS:
            return _("%(number)s days") % {"number": digits}
        case _:
            return digits
