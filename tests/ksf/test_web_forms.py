import pytest
from django import forms
from django.utils.translation import override

from ksf.web.forms import AmountField
from tests.ksf.helpers import on_one_line


class NeedForm(forms.Form):
    title = forms.CharField(label="Title", help_text="A question.")
    text = forms.CharField(label="Text", required=False, widget=forms.Textarea(attrs={"placeholder": "Text"}))
    kind = forms.ChoiceField(label="Kind", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    on = forms.DateField(label="Day", required=False)
    at = forms.DateTimeField(label="Time", required=False)
    agreed = forms.BooleanField(label="Agreed")
    amount = AmountField(label="Amount", max_value=500_000)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_field_is_labelled_described_and_marked():
    with override("nb"):
        html = on_one_line(NeedForm()["title"].as_field_group())
    assert '<label class="ds-label" for="id_title">Title<span class="ds-tag" data-color="warning">Må fylles ut' in html
    assert 'id="id_title_helptext">A question.' in html
    assert 'aria-describedby="id_title_helptext"' in html
    assert 'class="ds-input"' in html
    assert "aria-invalid" not in html


def test_wrong_field_points_to_its_help_and_its_error():
    form = NeedForm({})
    html = on_one_line(form["title"].as_field_group())
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'class="ds-validation-message" data-field="validation" id="id_title_error"' in html


def test_optional_field_is_not_marked_and_loses_its_placeholder():
    html = NeedForm()["text"].as_field_group()
    assert "ds-tag" not in html
    assert "placeholder" not in html


def test_a_form_may_leave_out_the_mark():
    form = NeedForm()
    form.mark_required = False
    assert "ds-tag" not in form["title"].as_field_group()


def test_choices_are_a_fieldset_with_a_legend_that_describes_them():
    html = on_one_line(NeedForm({})["kind"].as_field_group())
    assert html.startswith('<fieldset class="ds-fieldset" aria-describedby="id_kind_error">')
    assert '<legend class="ds-label">Kind' in html
    assert html.count('class="ds-input"') == html.count('<input type="radio" name="kind"') == 2
    assert '<label class="ds-label" for="id_kind_0">One</label>' in html


def test_box_stands_before_its_label():
    html = NeedForm()["agreed"].as_field_group()
    assert html.index('type="checkbox"') < html.index("<label")


@pytest.mark.parametrize(
    ("name", "type_", "value"), [("on", "date", "2026-11-22"), ("at", "datetime-local", "2026-11-22T13:00")]
)
def test_days_use_the_browsers_input_and_iso(name, type_, value):
    with override("nb"):
        field = NeedForm({name: value})
        assert f'<input type="{type_}" name="{name}" value="{value}"' in field[name].as_field_group()
        assert name not in field.errors


def test_hidden_field_is_bare():
    assert "ds-input" not in str(NeedForm()["secret"])


@pytest.mark.parametrize(
    "typed",
    [
        "250000",
        "250 000",
        "250\u00a0000",
        "250\u202f000",
        "250\u2009000",
        "250.000",
        "kr 250 000",
        "kr. 250 000,-",
        "250 000 kroner",
    ],
)
def test_amounts_as_people_type_them(typed):
    assert AmountField().clean(typed) == 250_000


@pytest.mark.parametrize("typed", ["250 000,50", "1.5", "0,5"])
def test_amounts_with_oere_are_refused_clearly(typed):
    with override("nb"), pytest.raises(forms.ValidationError, match="Skriv hele kroner, uten øre"):
        AmountField().clean(typed)


@pytest.mark.parametrize("typed", ["mye", "1.0000", "12.34.567", "2,5 mill", "2 000 000 001", "9" * 30])
def test_what_is_no_amount_or_more_than_the_database_can_keep_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        AmountField().clean(typed)


def test_amount_keeps_its_limits_and_may_be_empty():
    assert AmountField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError):
        AmountField().clean("-1")
    with pytest.raises(forms.ValidationError):
        AmountField(max_value=500_000).clean("500 001")


def test_amount_is_shown_in_groups_and_as_typed_when_wrong():
    assert 'value="1\u202f250\u202f000"' in str(NeedForm(initial={"amount": 1_250_000})["amount"])
    assert 'value="mye"' in str(NeedForm({"amount": "mye"})["amount"])
    assert 'aria-hidden="true">kr</span>' in NeedForm()["amount"].as_field_group()
