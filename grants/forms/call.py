"""The call editor: main facts, texts, weights and the rows of the form (G3)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grants.models import (
    AnsweredQuestion,
    Call,
    CallText,
    CostCategory,
    PlannedInstalment,
    Pot,
    Question,
    RequiredAttachment,
    RequiredDeliverable,
)
from grants.readiness import WHOLE, left_in, pots_in_use
from ksf.web.forms import AmountField
from ksf.web.numbers import kroner

RESERVED = {"ny", "bevilgninger", "klager", "soknader", "vurderinger", "tilsagn", "portefolje"}


class PotField(forms.ModelChoiceField):
    """A pot, with what is left to announce of it."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(pot)s, %(left)s left") % {"pot": obj, "left": kroner(max(obj.left, 0))}


class CallForm(forms.ModelForm):
    """A draft's main facts."""

    amount = AmountField(label=_("Amount announced"), min_value=1, help_text=_("At most what is left of the pot."))
    cap_per_municipality = AmountField(label=_("Cap per municipality"), min_value=1)

    class Meta:
        model = Call
        fields = (
            "slug",
            "title_nb",
            "title_nn",
            "scheme",
            "pot",
            "amount",
            "cap_per_municipality",
            "least_members",
            "own_share",
            "reviews_each",
            "opens_at",
            "deadline_at",
            "review_due_on",
            "decision_on",
            "period_from",
            "period_to",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pot"] = PotField(pots_in_use().filter(kind=Pot.Kind.SEED_GRANTS), label=_("Pot"))

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This address is used by another page. Choose another."))
        return slug

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        _check_order(self, values, "opens_at", "deadline_at", _("The deadline must be after the opening."))
        _check_order(self, values, "period_from", "period_to", _("The period must end after it begins."))
        _check_pot(self, values, self.instance if self.instance.pk else None)
        return values


class NewCallForm(CallForm):
    """A new draft, with an earlier call to start from."""

    like = forms.ModelChoiceField(
        Call.objects.all(),
        label=_("Start from the texts and the form of"),
        required=False,
        empty_label=_("Nothing, I write all anew"),
    )


class CorrectionForm(forms.ModelForm):
    """What may be corrected in a published call; the form and the deadline stand."""

    amount = AmountField(label=_("Amount announced"), min_value=1)
    cap_per_municipality = AmountField(label=_("Cap per municipality"), min_value=1)
    notice_nb = forms.CharField(
        label=_("What is changed, bokmål"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown at the top of the call and sent to all who have begun an application."),
    )
    notice_nn = forms.CharField(
        label=_("What is changed, nynorsk"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    class Meta:
        model = Call
        fields = (
            "title_nb",
            "title_nn",
            "amount",
            "cap_per_municipality",
            "least_members",
            "own_share",
            "review_due_on",
            "decision_on",
            "period_from",
            "period_to",
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        _check_order(self, values, "period_from", "period_to", _("The period must end after it begins."))
        _check_pot(self, {**values, "pot": self.instance.pot}, self.instance)
        return values


class ExtendForm(forms.Form):
    """A later deadline and the words that tell of it."""

    deadline_at = forms.DateTimeField(label=_("New deadline"), help_text=_("To the minute, Norwegian time."))
    notice_nb = forms.CharField(label=_("What is changed, bokmål"), widget=forms.Textarea(attrs={"rows": 3}))
    notice_nn = forms.CharField(
        label=_("What is changed, nynorsk"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        self.call = call
        super().__init__(*args, **kwargs)

    def clean_deadline_at(self) -> Any:
        deadline = self.cleaned_data["deadline_at"]
        if deadline <= self.call.deadline_at:
            raise ValidationError(_("The deadline can only be moved to a later moment."))
        return deadline


class TextsForm(forms.Form):
    """Every text of a call in both written forms."""

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        written = {text.kind: text for text in call.texts.all()}
        super().__init__(*args, **kwargs)
        for kind in CallText.Kind:
            for form, name in (("nb", _("bokmål")), ("nn", _("nynorsk"))):
                initial = getattr(written[kind], f"text_{form}") if kind in written else ""
                self.fields[f"{kind}_{form}"] = forms.CharField(
                    label=f"{kind.label}, {name}",
                    required=False,
                    initial=initial,
                    widget=forms.Textarea(attrs={"rows": 4}),
                )

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts by kind as (bokmål, nynorsk)."""
        data = self.cleaned_data
        return {str(kind): (data[f"{kind}_nb"], data[f"{kind}_nn"]) for kind in CallText.Kind}


class WeightsForm(forms.Form):
    """The weight of each of the scheme's criteria; together 100 per cent."""

    mark_required = False

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weights = {criterion.award_criterion_id: criterion.weight for criterion in call.criteria.all()}
        for criterion in call.scheme.award_criteria.all():
            self.fields[f"weight-{criterion.pk}"] = forms.IntegerField(
                label=criterion.name,
                min_value=0,
                max_value=WHOLE,
                initial=weights.get(criterion.pk, 0),
                help_text=_("Per cent. 0 leaves the criterion out."),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        total = sum(value for value in values.values() if value)
        if not self.errors and total != WHOLE:
            raise ValidationError(_("The weights sum to %(total)d. They must sum to 100."), params={"total": total})
        return values

    def weights(self) -> dict[int, int]:
        """Per cent by award criterion id."""
        return {int(name.removeprefix("weight-")): value for name, value in self.cleaned_data.items()}


class AnswerForm(forms.ModelForm):
    """A question about the call and KSF's answer."""

    class Meta:
        model = AnsweredQuestion
        fields = ("asked_on", "question_nb", "answer_nb", "question_nn", "answer_nn")
        widgets = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("question_nb", "answer_nb", "question_nn", "answer_nn")
        }


class DeliverableForm(forms.ModelForm):
    class Meta:
        model = RequiredDeliverable
        fields = ("code", "label_nb", "label_nn", "due_from", "due_months", "due_on", "order")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_date = values.get("due_from") == RequiredDeliverable.Point.DATE
        if is_date and not values.get("due_on"):
            self.add_error("due_on", _("Write the date."))
        if not is_date and values.get("due_months") is None:
            self.add_error("due_months", _("Write the number of months."))
        values["due_months" if is_date else "due_on"] = None
        return values


class InstalmentRows(forms.BaseInlineFormSet):
    """Instalments that sum to 100 per cent."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]
        total = sum(row["share"] for row in rows if not row.get("DELETE"))
        if not any(self.errors) and total != WHOLE:
            raise ValidationError(
                _("The instalments sum to %(total)d per cent. They must sum to 100."), params={"total": total}
            )


def _rows(model: type, fields: tuple[str, ...], **options: Any) -> Any:
    return forms.inlineformset_factory(
        Call, model, fields=None if "form" in options else fields, extra=1, can_delete=True, **options
    )


FORM_PARTS: dict[str, tuple[Any, Any]] = {
    "questions": (
        _("Questions"),
        _rows(
            Question,
            (
                "code",
                "section_nb",
                "section_nn",
                "label_nb",
                "label_nn",
                "help_nb",
                "help_nn",
                "max_characters",
                "is_required",
                "order",
            ),
        ),
    ),
    "costs": (
        _("Kinds of cost"),
        _rows(
            CostCategory,
            (
                "code",
                "label_nb",
                "label_nn",
                "is_allowed",
                "max_share",
                "order",
            ),
        ),
    ),
    "attachments": (
        _("Attachments"),
        _rows(
            RequiredAttachment,
            (
                "code",
                "label_nb",
                "label_nn",
                "is_required",
                "is_agreement",
                "order",
            ),
        ),
    ),
    "deliverables": (_("Deliverables"), _rows(RequiredDeliverable, (), form=DeliverableForm)),
    "instalments": (
        _("Instalments"),
        _rows(
            PlannedInstalment,
            (
                "number",
                "share",
                "when_nb",
                "when_nn",
                "is_held_back",
            ),
            formset=InstalmentRows,
        ),
    ),
}
"""The parts of a call's form that are edited as rows: heading and formset."""


def _check_order(form: forms.BaseForm, values: dict[str, Any], first: str, then: str, message: Any) -> None:
    if values.get(first) and values.get(then) and values[first] >= values[then]:
        form.add_error(then, message)


def _check_pot(form: forms.BaseForm, values: dict[str, Any], call: Call | None) -> None:
    pot, amount = values.get("pot"), values.get("amount")
    if pot and amount and amount > (left := left_in(pot, but=call)):
        form.add_error("amount", _("The pot has %(left)s left.") % {"left": kroner(max(left, 0))})
