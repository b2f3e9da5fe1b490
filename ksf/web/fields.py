"""Numbers and days as Norwegians write them, in any browser (X9): the only fields a form has for them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _

from ksf.web.dates import as_typed, read_day, read_moment
from ksf.web.numbers import NotANumber, WronglyGrouped, read_number, spaced, with_comma

MOST_KRONER = 2_000_000_000
"""More than any amount here, and less than the database can keep."""
MOST = 999_999_999
"""The greatest number of a field that sets no limit of its own: less than the database can keep."""


class NumberInput(forms.TextInput):
    """A text input that shows a number as it is read aloud: ``1 250``, ``12,5``. ``affix`` is the unit behind it."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, affix: str = "") -> None:
        super().__init__(attrs)
        self.affix = affix

    def format_value(self, value: Any) -> str | None:  # Any: Django's own signature
        """Return numbers in groups of three; what was typed wrongly comes back as typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            return spaced(value)
        return with_comma(value) if isinstance(value, Decimal) else super().format_value(value)


class NumberField(forms.Field):
    """A number with at most ``decimals`` decimals: an ``int`` where it has none, else a ``Decimal``; None when empty.

    ``affix`` is the unit, shown behind the input.
    """

    default_error_messages = {
        "invalid": _("Write a number, for example 1 250."),
        "groups": _("Write thousands in groups of three, for example 120 000, so that the number cannot be misread."),
        "decimals": _("Write a whole number."),
        "too_many_decimals": _("Write it with fewer decimals."),
        "least": _("It must be at least %(limit)s."),
        "most": _("It can be at most %(limit)s."),
    }

    def __init__(
        self,
        *,
        min_value: int | None = None,
        max_value: int = MOST,
        decimals: int = 0,
        affix: str = "",
        **kwargs: Any,  # what Django's own field takes
    ) -> None:
        self.min_value, self.max_value, self.decimals = min_value, max_value, decimals
        kwargs.setdefault("widget", NumberInput(affix=affix))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for digits, with a comma where there may be decimals."""
        if isinstance(widget, forms.HiddenInput):
            return {}
        return {
            "inputmode": "decimal" if self.decimals or self._may_be_negative() else "numeric",
            "autocomplete": "off",
        }

    def prepare_value(self, value: Any) -> Any:  # Any: Django's own signature
        """A stored decimal is shown with as many decimals as the field has."""
        return round(value, self.decimals) if isinstance(value, Decimal) and self.decimals else value

    def to_python(self, value: str | Decimal | None) -> int | Decimal | None:
        if value is None or not str(value).strip():
            return None
        number = self._read(value) if isinstance(value, str) else Decimal(value)
        if self.decimals:
            return self._within_decimals(number)
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return int(number)

    def validate(self, value: int | Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            least = self.limit(self.min_value)
            raise ValidationError(self.error_messages["least"], code="least", params={"limit": least})
        if value > self.max_value or value < -self.max_value:
            most = self.limit(self.max_value)
            raise ValidationError(self.error_messages["most"], code="most", params={"limit": most})

    def limit(self, number: int) -> str:
        """How a limit is written in an error."""
        return spaced(number)

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: Django's own signature
        """Whether another number is meant, however it is written."""
        try:
            return not self.disabled and self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _may_be_negative(self) -> bool:
        return self.min_value is None or self.min_value < 0

    def _read(self, typed: str) -> Decimal:
        try:
            return read_number(typed)
        except WronglyGrouped as error:
            raise ValidationError(self.error_messages["groups"], code="groups") from error
        except NotANumber as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def _within_decimals(self, number: Decimal) -> Decimal:
        if number != round(number, self.decimals):
            raise ValidationError(self.error_messages["too_many_decimals"], code="too_many_decimals")
        return round(number, self.decimals)


class YearField(NumberField):
    """A year: its digits stand together."""

    def prepare_value(self, value: Any) -> Any:  # Any: Django's own signature
        """As text, so that the input does not group it."""
        return str(value) if isinstance(value, int) else value

    def limit(self, number: int) -> str:
        return str(number)


class AmountField(NumberField):
    """Whole kroner: ``250 000``, ``250.000``, ``kr 250 000,-``."""

    default_error_messages = {
        "invalid": _("Write an amount in whole kroner, for example 250 000."),
        "decimals": _("Write whole kroner, without øre."),
    }

    def __init__(self, *, min_value: int | None = 0, max_value: int = MOST_KRONER, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, affix="kr", **kwargs)


class DayInput(forms.TextInput):
    """A text input that shows a day as one types it; with script there is the browser's own calendar beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        calendar = {"data-picks": "date", "data-calendar": _("Calendar")}
        super().__init__({"autocomplete": "off", **calendar, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:  # Any: Django's own signature
        """Return ``14.1.2027``; what was typed wrongly comes back as typed."""
        return as_typed(value) if isinstance(value, date) else super().format_value(value)


class DayField(forms.Field):
    """A ``date``; None when empty."""

    widget = DayInput
    default_error_messages = {"invalid": _("Write a date, for example 14.1.2027.")}

    def to_python(self, value: str | date | None) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        if not value.strip():
            return None
        try:
            return read_day(value)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: Django's own signature
        """Whether another day is meant, however it is written."""
        try:
            return not self.disabled and self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MomentInput(DayInput):
    """The same for a day and a time."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-picks": "datetime-local", **(attrs or {})})


class MomentField(forms.Field):
    """An aware ``datetime``, to the minute in Oslo's time; None when empty."""

    widget = MomentInput
    default_error_messages = {"invalid": _("Write a date and a time, for example 14.1.2027 12.00.")}

    def to_python(self, value: str | datetime | None) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value
        if not value.strip():
            return None
        try:
            return from_current_timezone(read_moment(value))  # Raises ValidationError for an hour the clock leaps over
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: Django's own signature
        """Whether another minute is meant, however it is written."""
        try:
            return not self.disabled and self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def model_field(column: models.Field, **kwargs: Any) -> forms.Field | None:  # Any: what Django's own fields take
    """The field of a ModelForm's column: ``formfield_callback = model_field`` in its Meta."""
    match column:
        case models.DateTimeField():
            return column.formfield(form_class=MomentField, **kwargs)
        case models.DateField():
            return column.formfield(form_class=DayField, **kwargs)
        case models.IntegerField() if not column.choices:
            limits = [one.limit_value for one in column.validators if isinstance(one, MaxValueValidator)]
            return column.formfield(form_class=NumberField, max_value=min([MOST, *limits]), **kwargs)
        case _:
            return column.formfield(**kwargs)
