"""The call editor: main facts, texts, weights and the rows of the form (G3)."""

from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grants.forms.layout import LaidOut
from grants.models import AnsweredQuestion, Call, CallTextKind, PotKind, Scheme
from grants.rules.dates import a_working_day, a_year_later, out_of_order
from grants.rules.readiness import WHOLE, Fault, left_in, pots_in_use
from grants.rules.terms import tightened
from ksf.web.fields import AmountField, MomentField, NumberField, model_field
from ksf.web.numbers import kroner

RESERVED = {"ny", "bevilgninger", "klager", "soknader", "vurderinger", "tilsagn", "portefolje"}


class PotField(forms.ModelChoiceField):
    """A pot, with what is left to announce of it."""

    def label_from_instance(self, obj: Any) -> str:  # Any: a pot with the annotation left
        return _("%(pot)s, %(left)s left") % {"pot": obj, "left": kroner(max(obj.left, 0))}


class CallForm(LaidOut, forms.ModelForm):
    """A draft's main facts."""

    headings = {
        "title_nb": _("What it is called"),
        "scheme": _("Money"),
        "least_members": _("What is asked of the clusters"),
        "opens_at": _("Dates"),
    }
    amount = AmountField(label=_("Amount announced"), min_value=1, help_text=_("At most what is left of the pot."))
    cap_per_municipality = AmountField(label=_("Cap per municipality"), min_value=1)

    class Meta:
        model = Call
        formfield_callback = model_field
        fields = (
            "title_nb",
            "title_nn",
            "slug",
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
        choose = _("Choose")
        pots = pots_in_use().filter(kind=PotKind.SEED_GRANTS)
        self.fields["pot"] = PotField(pots, label=_("Pot"), empty_label=choose)
        self.fields["scheme"] = forms.ModelChoiceField(Scheme.objects.all(), label=_("Scheme"), empty_label=choose)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This address is used by another page. Choose another."))
        return slug

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        _check_order(self, values)
        _check_pot(self, values, self.instance if self.instance.pk else None)
        return values


class NewCallForm(CallForm):
    """A new draft, with an earlier call to start from; what it had is suggested, a year later."""

    headings = {**CallForm.headings, "like": _("Where it starts from")}
    like = forms.ModelChoiceField(
        Call.objects.all(),
        label=_("Start from the texts and the form of"),
        required=False,
        empty_label=_("Nothing, I write everything from scratch"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        latest = Call.objects.first()
        super().__init__(*args, initial=_a_year_later(latest) if latest else {}, **kwargs)
        self.order_fields(["like"])


def _a_year_later(call: Call) -> dict[str, Any]:
    """What a call like ``call`` would have the year after, its days moved by the calendar."""
    year, following = str(call.year), str(call.year + 1)
    kept = ("scheme", "cap_per_municipality", "least_members", "own_share", "reviews_each")
    moved = ("opens_at", "deadline_at", "review_due_on", "decision_on", "period_from", "period_to")
    dates = {name: getattr(call, name) for name in moved}
    return {
        "like": call,
        "title_nb": call.title_nb.replace(year, following),
        "title_nn": call.title_nn.replace(year, following),
        "slug": following,
        **{name: getattr(call, name) for name in kept},
        **{name: value and a_year_later(value) for name, value in dates.items()},
        **{name: dates[name] and a_working_day(a_year_later(dates[name])) for name in ("review_due_on", "decision_on")},
    }


class PublishCallForm(forms.Form):
    """Publishing a draft: nothing to fix, and what may be wrong has been looked at."""

    def __init__(self, *args: Any, faults: list[Fault], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = [fault for fault in faults if not fault.is_doubt]
        self.doubts = [fault for fault in faults if fault.is_doubt]
        if self.doubts:
            self.fields["has_looked"] = forms.BooleanField(
                label=_("I have looked at these, and they are right"),
                error_messages={"required": _("Look at the questions above first, and tick here.")},
            )

    def clean(self) -> dict[str, Any]:
        if self.missing:
            raise ValidationError(_("Something must be fixed before the call can be published."))
        return super().clean() or {}

    @property
    def has_looked(self) -> bool:
        return bool(self.doubts)


class CorrectionForm(LaidOut, forms.ModelForm):
    """What may be corrected in a published call; the form and the deadline stand."""

    headings = {"notice_nb": _("What you tell everyone"), "title_nb": _("What is corrected")}
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
        formfield_callback = model_field
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = copy(self.instance)  # the form writes what is posted into its instance
        self.order_fields(["notice_nb", "notice_nn"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        _check_order(self, {**values, "deadline_at": self.instance.deadline_at})
        for field, message in tightened(self.stored, values).items():
            self.add_error(field, str(message))
        _check_pot(self, {**values, "pot": self.instance.pot}, self.instance)
        return values


class ExtendForm(LaidOut, forms.Form):
    """A later deadline and the text everyone is notified with."""

    deadline_at = MomentField(label=_("New deadline"), help_text=_("To the minute, Norwegian time."))
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
        days = {"deadline_at": deadline, "review_due_on": self.call.review_due_on, "decision_on": self.call.decision_on}
        if out_of_order(days):
            raise ValidationError(
                _("Then the reviews or the decision would come before the deadline. Correct them first.")
            )
        return deadline


class TextsForm(LaidOut, forms.Form):
    """Every text of a call in both written forms."""

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        written = {text.kind: text for text in call.texts.all()}
        super().__init__(*args, **kwargs)
        for kind in CallTextKind:
            for form, name in (("nb", _("bokmål")), ("nn", _("nynorsk"))):
                initial = getattr(written[kind], f"text_{form}") if kind in written else ""
                self.fields[f"{kind}_{form}"] = forms.CharField(
                    label=f"{kind.label}, {name}",
                    required=False,
                    initial=initial,
                    widget=forms.Textarea(attrs={"rows": 4}),
                )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for kind in CallTextKind:
            if values.get(f"{kind}_nn") and not values.get(f"{kind}_nb"):
                self.add_error(f"{kind}_nb", _("Write it in bokmål too; what lacks nynorsk is shown in bokmål."))
        return values

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts by kind as (bokmål, nynorsk)."""
        data = self.cleaned_data
        return {str(kind): (data[f"{kind}_nb"], data[f"{kind}_nn"]) for kind in CallTextKind}


class WeightsForm(LaidOut, forms.Form):
    """The weight of each of the scheme's criteria; together 100 per cent."""

    mark_required = False

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weights = {criterion.award_criterion_id: criterion.weight for criterion in call.criteria.all()}
        for criterion in call.scheme.award_criteria.all():
            self.fields[f"weight-{criterion.pk}"] = NumberField(
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


class PublicAnswerForm(LaidOut, forms.ModelForm):
    """A question about the call and KSF's answer."""

    class Meta:
        model = AnsweredQuestion
        formfield_callback = model_field
        fields = ("asked_on", "question_nb", "answer_nb", "question_nn", "answer_nn")
        widgets = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("question_nb", "answer_nb", "question_nn", "answer_nn")
        }


def _check_order(form: forms.BaseForm, values: dict[str, Any]) -> None:
    for field, message in out_of_order(values).items():
        form.add_error(field, str(message))


def _check_pot(form: forms.BaseForm, values: dict[str, Any], call: Call | None) -> None:
    pot, amount = values.get("pot"), values.get("amount")
    if pot and amount and amount > (left := left_in(pot, but=call)):
        form.add_error("amount", _("The pot has %(left)s left.") % {"left": kroner(max(left, 0))})
