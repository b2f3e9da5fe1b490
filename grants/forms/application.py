"""Writing an application: details, amounts, budget, files (G4)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.models import Cluster
from grants.lifecycle import ApplicationState
from grants.models import Application, Call
from grants.models.application import ApplicationQuerySet
from grants.models.attachment import MAX_ATTACHMENT_BYTES
from grants.models.texts import BothForms
from grants.services.application import Edit
from ksf import files
from ksf.actor import Actor
from ksf.web.fields import AmountField
from ksf.web.numbers import whole
from regions.models import Region

TOO_LARGE = _("The file is larger than 10 MB.")
ATTACHED = {"pdf", "docx", "xlsx", "png", "jpg"}


class StartForm(forms.Form):
    """For which cluster one applies; the only one is chosen already."""

    def __init__(self, *args: Any, clusters: QuerySet[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = clusters[:2]
        self.fields["cluster"] = forms.ModelChoiceField(
            clusters,
            label=_("Cluster"),
            widget=forms.RadioSelect,
            empty_label=None,
            initial=first[0] if len(first) == 1 else None,
        )


class DetailsForm(forms.ModelForm):
    """Title, language and least amount. Saved as typed, so nothing but the title is asked for yet."""

    mark_required = False
    least_amount = AmountField(
        label=_("Least amount that makes sense"),
        required=False,
        help_text=_("Can you carry it out with less? Then it is easier to get something."),
    )

    class Meta:
        model = Application
        fields = ("title", "language", "least_amount")


class AmountsForm(forms.Form):
    """A table of amounts. Beside each stands what the writer last saw, so that two writers do not overwrite each other.

    ``cells`` are (key, label, amount now); the field is ``a-<key>``, what was seen is ``was-<key>``.
    """

    mark_required = False

    def __init__(self, *args: Any, cells: list[tuple[str, str, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label, amount in cells:
            self.fields[f"a-{key}"] = AmountField(label=label, required=False, initial=amount)
            self.fields[f"was-{key}"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=_seen(amount))
        self.keys = [key for key, _label, _amount in cells]

    def cell(self, key: str) -> tuple[forms.BoundField, forms.BoundField]:
        """The amount and what was seen beside it."""
        return self[f"a-{key}"], self[f"was-{key}"]

    def see_again(self, cells: list[tuple[str, str, int | None]]) -> None:
        """Put what is saved now in place of what the writer saw, so that the next save is measured against it."""
        seen = {f"was-{key}": [_seen(amount)] for key, _label, amount in cells}
        data = QueryDict(mutable=True)
        for name, values in {**dict(self.data.lists()), **seen}.items():  # type: ignore[attr-defined]
            data.setlist(name, values)
        self.data = data

    def edits(self, *, empty: int | None = None) -> dict[str, Edit]:
        """The valid amounts by key; ``empty`` is what an empty field means. Invalid ones are left for the writer."""
        found = {}
        for key in self.keys:
            if f"a-{key}" not in self.cleaned_data or f"was-{key}" not in self.data:
                continue
            was = whole(self.cleaned_data.get(f"was-{key}", ""))
            value = self.cleaned_data[f"a-{key}"]
            found[key] = Edit(was, empty if value is None else value)
        return found


def _seen(amount: int | None) -> str:
    return "" if amount is None else str(amount)


class AttachmentForm(forms.Form):
    """One file, judged by its content."""

    mark_required = False

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Word, Excel, PNG or JPEG, at most 10 MB."),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".pdf,.docx,.xlsx,.png,.jpg,.jpeg",
                "data-max-bytes": MAX_ATTACHMENT_BYTES,
                "data-too-large": TOO_LARGE,
            }
        ),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.content = files.receive(
            upload,
            kinds=ATTACHED,
            most=MAX_ATTACHMENT_BYTES,
            other_kind=_(
                "The file is not a PDF, Word, Excel, PNG or JPEG file, whatever its name says. Save it as PDF."
            ),
        ).content
        return upload


class WaiverForm(forms.Form):
    """Why a rule does not bind this application."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}))


class DismissForm(forms.Form):
    grounds = forms.CharField(
        label=_("Why it is dismissed"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The applicant reads this in the letter. Write it in the language of the application."),
    )


SORTS = {
    "call": (("-call__deadline_at", "number"), _p("sort by", "Newest call first")),
    "number": (("number",), _p("sort by", "Number")),
    "asked": (("-asked",), _p("sort by", "Amount asked, largest first")),
    "cluster": (("cluster__sort_key",), _p("sort by", "Cluster")),
    "submitted": (("-submitted_at",), _p("sort by", "Last handed in")),
}


class ApplicationFilter(forms.Form):
    """The list's filters and order; unknown values count as none. Calls are those ``user`` may see."""

    mark_required = False
    call = forms.ChoiceField(label=_("Call"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ApplicationState.choices])
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, choices=[(key, label) for key, (_fields, label) in SORTS.items()]
    )

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calls = Call.objects.visible_to(user).values_list("slug", "title_nb", "title_nn")
        regions = Region.objects.values_list("slug", "name")
        self._offer("call", [(slug, BothForms(nb, nn)) for slug, nb, nn in calls])
        self._offer("region", regions)

    def _offer(self, name: str, choices: Iterable[tuple[str, BothForms | str]]) -> None:
        self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def rows(self, applications: ApplicationQuerySet) -> ApplicationQuerySet:
        """The applications chosen, in the chosen order."""
        self.is_valid()
        chosen = self.cleaned_data if self.is_bound else {}
        for field, lookup in (("call", "call__slug"), ("region", "cluster__lead_region__slug"), ("state", "state")):
            if chosen.get(field):
                applications = applications.filter(**{lookup: chosen[field]})
        return applications.order_by(*SORTS[chosen.get("sort") or "call"][0], "pk")
