"""Numbers and days as Norwegians write them, in any browser (X9)."""

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ksf.web.dates import as_typed, read_day, read_moment
from ksf.web.fields import AmountField, DayField, MomentField, NumberField, YearField
from ksf.web.numbers import NotANumber, WronglyGrouped, read_number, spaced, with_comma

APPS = ("ksf", "regions", "clusters", "needs", "grants", "reporting")
NOT_OURS = {"IntegerField", "DecimalField", "FloatField", "DateField", "DateTimeField", "NumberInput", "DateInput"}


class OneForm(forms.Form):
    amount = AmountField(label="Amount", max_value=500_000)
    share = NumberField(label="Share", decimals=1, affix="%", required=False)
    on = DayField(label="Day", required=False)
    at = MomentField(label="Time", required=False)


@pytest.mark.parametrize(
    "typed",
    [
        "250000", "250 000", "250\u00a0000", "250\u202f000", "250\u2009000", "250.000", "kr 250 000", "kr. 250 000,-",
        "250 000 kroner", "250 000,00", "250000,-", "250 000 kr", " 250 000 ", "250000.00",
    ],
)  # fmt: skip
def test_amounts_as_people_type_them(typed):
    assert AmountField().clean(typed) == 250_000


@pytest.mark.parametrize("typed", ["120 0000", "1 250.000", "12.34.567", "1 00", "1,2,3", "12 000 00"])
def test_groups_that_are_not_of_three_are_asked_about(typed):
    """``120 0000`` may be meant as 120 000 or as 1 200 000."""
    with pytest.raises(WronglyGrouped):
        read_number(typed)
    with override("nb"), pytest.raises(forms.ValidationError, match="grupper på tre siffer"):
        AmountField().clean(typed)


@pytest.mark.parametrize("typed", ["mye", "2,5 mill", "1e5", "--5", "kr", "½", "٣", "0x10", "1_000"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NotANumber):
        read_number(typed)
    with override("nb"), pytest.raises(forms.ValidationError, match="Skriv et beløp i hele kroner"):
        AmountField().clean(typed)


@pytest.mark.parametrize("typed", ["250 000,50", "1.5", "0,5", "1,250"])
def test_amounts_with_oere_are_refused_clearly(typed):
    with override("nb"), pytest.raises(forms.ValidationError, match="Skriv hele kroner, uten øre"):
        AmountField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "number"), [("12,5", "12.5"), ("12.5", "12.5"), ("−3", "-3"), ("1 250,75", "1250.75"), ("50 %", "50")]
)
def test_decimals_are_read_with_a_comma_and_with_a_point(typed, number):
    assert read_number(typed) == Decimal(number)


def test_a_field_has_no_more_decimals_than_it_says():
    assert NumberField(decimals=1).clean("12,5") == Decimal("12.5")
    with pytest.raises(forms.ValidationError):
        NumberField(decimals=1).clean("12,55")
    with pytest.raises(forms.ValidationError):
        NumberField().clean("12,5")


def test_limits_are_said_as_numbers_are_written():
    assert AmountField(required=False).clean("") is None
    with override("nb"):
        with pytest.raises(forms.ValidationError, match="minst 0"):
            AmountField().clean("-1")
        with pytest.raises(forms.ValidationError) as refused:
            AmountField(max_value=102_000).clean("102 001")
    assert refused.value.messages == [f"Det kan høyst være {spaced(102_000)}."]


def test_the_digits_of_a_year_stand_together():
    class YearForm(forms.Form):
        year = YearField(min_value=2024)

    assert 'value="2026"' in str(YearForm(initial={"year": 2026})["year"])
    assert YearField().clean("2026") == 2026
    with pytest.raises(forms.ValidationError, match="2024"):
        YearField(min_value=2024).clean("2023")


@pytest.mark.parametrize("typed", ["2 000 000 001", "9" * 30, f"-{'9' * 30}"])
def test_more_than_the_database_can_keep_is_said_at_the_field(typed):
    with pytest.raises(forms.ValidationError):
        AmountField(min_value=None).clean(typed)


def test_a_number_is_shown_in_groups_and_as_typed_when_wrong():
    assert 'value="1\u202f250\u202f000"' in str(OneForm(initial={"amount": 1_250_000})["amount"])
    assert 'value="12,5"' in str(OneForm(initial={"share": Decimal("12.50")})["share"])
    assert 'value="120 0000"' in str(OneForm({"amount": "120 0000"})["amount"])
    assert 'aria-hidden="true">kr</span>' in OneForm()["amount"].as_field_group()
    assert 'inputmode="numeric"' in str(OneForm()["amount"])
    assert 'inputmode="decimal"' in str(OneForm()["share"])


@given(st.integers(-(10**12), 10**12))
def test_what_is_shown_is_read_back(number):
    assert read_number(spaced(number)) == number


@given(st.decimals(-(10**6), 10**6, places=2))
def test_decimals_that_are_shown_are_read_back(number):
    assert read_number(with_comma(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "14.1.2027", "14.01.2027", "14. 1. 2027", "14. januar 2027", "14 jan 2027", "14. jan. 2027", "14/1-2027",
        "14/1 2027", "14/1-27", "14.1.27", "2027-01-14", " 14.  Januar  2027 ", "14 January 2027",
    ],
)  # fmt: skip
def test_days_as_people_type_them(typed):
    assert DayField().clean(typed) == date(2027, 1, 14)


@pytest.mark.parametrize(
    "typed", ["31.2.2027", "14.1", "i morgen", "14. janufar 2027", "2027", "0.1.2027", "1.13.2027"]
)
def test_what_is_no_day_is_refused(typed):
    with override("nb"), pytest.raises(forms.ValidationError, match="Skriv en dato, for eksempel"):
        DayField().clean(typed)


@given(st.dates())
def test_a_day_that_is_shown_is_read_back(day):
    assert day.year < 1000 or read_day(as_typed(day)) == day


@pytest.mark.parametrize(
    "typed", ["14.1.2027 12.00", "14. januar 2027 kl. 12.00", "2027-01-14T12:00", "14.1.2027, kl 12:00"]
)
def test_moments_are_in_oslos_time(typed):
    assert MomentField().clean(typed) == datetime(2027, 1, 14, 11, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["14.1.2027", "14.1.2027 25.00", "12.00", "28.3.2027 02.30"])
def test_what_is_no_moment_is_refused(typed):
    """The last one is in the hour that the clock leaps over."""
    with pytest.raises(forms.ValidationError):
        MomentField().clean(typed)


def test_a_moment_has_a_day_and_a_time():
    with pytest.raises(ValueError, match="14"):
        read_moment("14.1.2027")


def test_days_and_moments_are_shown_as_they_are_typed():
    form = OneForm(initial={"on": date(2027, 1, 14), "at": datetime(2027, 1, 14, 11, tzinfo=UTC)})
    assert 'type="text" name="on" value="14.1.2027"' in str(form["on"])
    assert 'value="14.1.2027 12.00"' in str(form["at"])
    assert 'value="i morgen"' in str(OneForm({"on": "i morgen"})["on"])


def test_the_same_written_otherwise_is_no_change():
    initial = {"amount": 250_000, "on": date(2027, 1, 14)}
    form = OneForm({"amount": "250.000", "on": "14. januar 2027"}, initial=initial)
    assert form.changed_data == []


def test_no_form_has_djangos_own_fields_for_numbers_and_days():
    """They read a comma in one language and a point in another, and the browser's own inputs by its own language."""
    found = []
    for path in (path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_forms = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "forms"
            if is_forms and node.attr in NOT_OURS and "HiddenInput" not in _call_around(path, node):
                found.append(f"{path.relative_to(settings.BASE_DIR)}:{node.lineno} {node.attr}")
    assert found == []


def _call_around(path, node):
    """The lines of the call: hidden versions and the like are no text of people's."""
    return "".join(path.read_text(encoding="utf-8").splitlines()[node.lineno - 1 : node.lineno + 3])
