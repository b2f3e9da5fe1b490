"""Writing an application: details, amounts, budget, files (G4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorList
from django.utils.html import format_html
from django.utils.safestring import SafeString
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
from ksf.web.numbers import spaced, whole
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


@dataclass(frozen=True)
class AmountCell:
    """An amount in a table of them, and beside it what its writer last saw, so that two do not overwrite each other.

    The inputs are ``a-<key>`` and ``was-<key>``. ``amount`` is in kroner, or as it was typed where it could not be
    saved. Drawn here: a page has up to sixty, and a widget of Django's is a copy of its field and three templates.
    """

    key: str
    label: str
    amount: int | str | None
    seen: int | None = None
    errors: ErrorList | None = None

    def __str__(self) -> SafeString:
        name = f"a-{self.key}"
        wrong = format_html(' aria-invalid="true" aria-describedby="id_{}_error"', name) if self.errors else ""
        return format_html(
            '<label class="ds-sr-only" for="id_{name}">{label}</label>'
            '<input type="text" name="{name}" value="{amount}" inputmode="numeric" autocomplete="off" class="ds-input"'
            ' id="id_{name}"{wrong}><input type="hidden" name="was-{key}" value="{seen}" id="id_was-{key}">{errors}',
            name=name,
            key=self.key,
            label=self.label,
            amount=spaced(self.amount) if isinstance(self.amount, int) else self.amount or "",
            seen="" if self.seen is None else self.seen,
            wrong=wrong,
            errors=self.errors or "",
        )


class AmountsForm(forms.Form):
    """What was sent of a table of amounts; ``cells`` are the amounts as they are saved."""

    mark_required = False

    def __init__(self, *args: Any, cells: list[AmountCell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cells = cells
        for cell in cells:
            self.fields[f"a-{cell.key}"] = AmountField(label=cell.label, required=False)

    def edits(self, *, empty: int | None = None) -> dict[str, Edit]:
        """The valid amounts by key; ``empty`` is what an empty field means. Invalid ones are left for the writer."""
        found = {}
        for cell in self.cells:
            if f"a-{cell.key}" not in self.cleaned_data or f"was-{cell.key}" not in self.data:
                continue
            value = self.cleaned_data[f"a-{cell.key}"]
            found[cell.key] = Edit(whole(self.data[f"was-{cell.key}"]), empty if value is None else value)
        return found

    def typed(self, cells: list[AmountCell]) -> list[AmountCell]:
        """``cells`` as they are saved now, each with what was typed in it and what is wrong with that."""
        return [
            replace(cell, amount=self.data.get(f"a-{cell.key}"), errors=self[f"a-{cell.key}"].errors) for cell in cells
        ]


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
