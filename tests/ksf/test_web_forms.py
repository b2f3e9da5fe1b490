from django import forms
from django.utils.translation import override

from tests.ksf.helpers import on_one_line


class NeedForm(forms.Form):
    title = forms.CharField(label="Title", help_text="A question.")
    text = forms.CharField(label="Text", required=False, widget=forms.Textarea(attrs={"placeholder": "Text"}))
    kind = forms.ChoiceField(label="Kind", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")
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


def test_hidden_field_is_bare():
    assert "ds-input" not in str(NeedForm()["secret"])
