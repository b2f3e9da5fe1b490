"""Forms of needs: the draft as it is typed, the same when it is sent, and what coordinators fill in."""

import base64
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf import files
from ksf.limits import MOST_TYPED, TOO_LONG
from ksf.text import one_line, plain_text
from ksf.web.numbers import spaced, whole
from needs.history import STORY
from needs.lifecycle import NeedState
from needs.models import MOST_TEXT, KnowledgeNeed, Relation, ServiceArea
from needs.services.importing import COLUMNS
from regions.models import Municipality, Region, Size


class PlainTextField(forms.CharField):
    """Text freed of what word processors leave in it. ``most`` is the room there is when it is sent."""

    def __init__(self, *, rows: int = 4, most: int = MOST_TEXT, **kwargs: Any) -> None:
        self.most = most
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: object) -> str:
        return plain_text(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(TOO_LONG % {"long": spaced(len(value)), "room": spaced(self.most)}, code="too_long")


class OneLineField(forms.CharField):
    """One line of plain text."""

    def to_python(self, value: object) -> str:
        return one_line(super().to_python(value) or "")


class NumberedMunicipalityChoice(forms.ModelChoiceField):
    """A municipality, named with its number so that two of one name are told apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("Choose a municipality"), **kwargs)

    def label_from_instance(self, obj: Municipality) -> str:
        return f"{obj.name} ({obj.number})"


class DraftForm(forms.Form):
    """A need as it is typed: anything may be missing, and a text may be longer than there is room for in the end."""

    title = OneLineField(
        label=_("The need in one sentence"),
        help_text=_("Preferably a question. Similar needs are shown while you write."),
        max_length=200,
    )
    description = PlainTextField(
        label=_("What do you need to know, and why?"), help_text=_("Three or four sentences are enough."), rows=8
    )
    consequence = PlainTextField(label=_("What happens if you get no answer?"), rows=3, required=False)
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.all(), label=_("Service area"), required=False, empty_label=_("Not chosen")
    )
    target_group = OneLineField(
        label=_("Who is it about?"),
        help_text=_("For example older people who live alone"),
        required=False,
        max_length=300,
    )
    concerns = OneLineField(
        label=_("Whom else does it concern?"),
        help_text=_("For example next of kin, the hospital or the neighbouring municipality"),
        required=False,
        max_length=300,
    )
    municipality = NumberedMunicipalityChoice(Municipality.objects.none(), label=_("Municipality that has the need"))
    draft_key = forms.UUIDField(widget=forms.HiddenInput)
    draft_tab = forms.UUIDField(widget=forms.HiddenInput, required=False)
    draft_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    overwrite = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    is_kept_unsent = False  # it is saved in the need's own row
    is_sent = False
    MORE = ("consequence", "service_area", "target_group", "concerns")

    def __init__(self, *args: Any, municipalities: QuerySet[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]
        self.choices = list(municipalities[:2])
        if len(self.choices) == 1:
            self.fields["municipality"].widget = forms.HiddenInput()
            self.fields["municipality"].initial = self.choices[0].pk
        if not self.is_sent and self.is_bound:
            for name in ("title", "description"):
                self.fields[name].required = False
            for field in self.fields.values():
                if isinstance(field, PlainTextField):
                    field.most = MOST_TYPED

    @property
    def more(self) -> list[Any]:
        """The optional fields, folded away until somebody wants them."""
        return [self[name] for name in self.MORE]

    @property
    def is_more_open(self) -> bool:
        """Whether an optional field is filled in or wrong."""
        return any(field.value() or field.errors for field in self.more)


class NeedForm(DraftForm):
    """A need as it is sent: the sentence and the text are there, and within their room."""

    is_sent = True


class ClarificationForm(forms.Form):
    """The municipality's answer to the coordinator's question."""

    answer = PlainTextField(label=_("Your answer"), most=2_000)


class Sort(TextChoices):
    RELEVANCE = "", _p("order of needs", "Best match or newest")
    SUPPORT = "support", _p("order of needs", "Most municipalities behind")
    OLDEST = "oldest", _p("order of needs", "Oldest")


class FilterForm(forms.Form):
    """What the list of needs is narrowed by; an unknown value narrows nothing."""

    mark_required = False

    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    area = forms.ModelChoiceField(
        ServiceArea.objects.all(),
        label=_("Service area"),
        required=False,
        to_field_name="code",
        empty_label=_("All areas"),
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("Region"), required=False, to_field_name="slug", empty_label=_("All regions")
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    size = forms.ChoiceField(
        label=_("Size of municipality"), required=False, choices=[("", _("All sizes")), *Size.choices]
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=Sort.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, str(state.label)) for state in NeedState]
        self.fields["state"].choices = [("", _("All states")), *states]  # type: ignore[attr-defined]
        first = _("Best match") if self.data.get("q", "").strip() else _("Newest")
        self.fields["sort"].choices = [("", first), *Sort.choices[1:]]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid choices; what is wrong or empty is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


TO_ALL = _("Told in the need's story, open to all.")
TO_NETWORK = _("Told in the need's story to people of the network, not to the public.")


class NoteForm(forms.Form):
    """What is said with a step. The label is the step's own; for some steps the words must be there."""

    note = PlainTextField(label=_("Note"), required=False, most=4_000)

    LABELS = {
        "return": _("What do you need to know from the municipality?"),
        "close": _("Why it is closed"),
        "decline": _("Why it is not yours"),
        "give_answer": _("The answer, in plain words"),
        "put_to_use": _("What did you use it for, and what changed?"),
    }

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note, wording = self.fields["note"], STORY.get(f"need.{step}")
        if step in self.LABELS:
            note.label, note.required = self.LABELS[step], True
        if wording and wording.quote:
            note.help_text = TO_ALL if wording.is_quoted_to_all else TO_NETWORK


class EndorseForm(forms.Form):
    """On behalf of which municipality, and what it is like there."""

    municipality = NumberedMunicipalityChoice(Municipality.objects.none(), label=_("Municipality"))
    comment = PlainTextField(label=_("What is it like with you?"), required=False, rows=3, most=1_000)

    def __init__(self, *args: Any, municipalities: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=[m.pk for m in municipalities])  # type: ignore[attr-defined]
        if len(municipalities) == 1:
            self.fields["municipality"].widget = forms.HiddenInput()
            self.fields["municipality"].initial = municipalities[0].pk


class AssessForm(forms.Form):
    """What is known: a short summary, the sources, FHI's method assessment, and one of three outcomes (N4)."""

    summary = PlainTextField(label=_("What is known already, in plain words"), rows=6, most=4_000)
    sources = PlainTextField(
        label=_("Sources"),
        help_text=_("One on each line. A link at the end of the line becomes the source's link."),
        required=False,
        rows=5,
    )
    method_assessment_url = forms.URLField(
        label=_("Link to the method assessment by FHI"), required=False, assume_scheme="https", max_length=200
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=KnowledgeNeed.Assessment.choices, widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def clean_sources(self) -> list[tuple[str, str]]:
        """Each line as title and link."""
        lines = [line for line in self.cleaned_data["sources"].split("\n") if line.strip()]
        return [_source(line) for line in lines]


def _source(line: str) -> tuple[str, str]:
    title, _space, last = line.rpartition(" ")
    if not last.startswith(("http://", "https://")):
        return line[:300], ""
    return (title.strip(" -–,.") or last)[:300], last


class RelateForm(forms.Form):
    """How a need hangs together with another."""

    kind = forms.ChoiceField(
        label=_("How they hang together"),
        choices=[choice for choice in Relation.Kind.choices if choice[0] != Relation.Kind.DUPLICATE],
        widget=forms.RadioSelect,
    )
    other = forms.ModelChoiceField(KnowledgeNeed.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs: QuerySet[KnowledgeNeed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = needs  # type: ignore[attr-defined]


class PairForm(forms.Form):
    """The other need of a pair, among those one may see."""

    other = forms.ModelChoiceField(KnowledgeNeed.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs: QuerySet[KnowledgeNeed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = needs  # type: ignore[attr-defined]


SALT = "needs.import"
MOST_BYTES = 1024 * 1024


class CarriedField(forms.CharField):
    """A file that the page carries, signed: it is as long as the file."""

    default_validators = []


class ImportForm(forms.Form):
    """A file of needs: chosen the first time, carried along in the page while one looks at it."""

    file = forms.FileField(
        label=_("File of needs"),
        help_text=_("Excel (.xlsx or .xls), LibreOffice (.ods) or CSV, at most 1 MB. One need on each row."),
        required=False,
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,.csv,.ods,.xls",
                "data-max-bytes": MOST_BYTES,
                "data-too-large": _("The file is larger than 1 MB."),
            }
        ),
    )
    carried = CarriedField(widget=forms.HiddenInput, required=False)

    held = ""

    def clean(self) -> dict[str, Any]:
        """The file's name and bytes, from the upload or from what the page carried."""
        file, carried = self.cleaned_data.get("file"), self.cleaned_data.get("carried")
        if file:
            name, content = file.name, self._received(file)
        elif carried:
            name, content = self._unpacked(carried)
        else:
            raise ValidationError({"file": _("Choose a file.")})
        self.held = signing.dumps([name, base64.b64encode(content).decode()], salt=SALT, compress=True)
        return {"file": {"name": name, "content": content}}

    def _received(self, file: UploadedFile) -> bytes:
        try:
            return files.read(file, most=MOST_BYTES)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error

    @property
    def chosen(self) -> dict[int, str]:
        """The columns that have been matched by hand: their index, and a column of needs or nothing."""
        found = {}
        for key, value in self.data.items():
            index = whole(key.removeprefix("column-")) if key.startswith("column-") else None
            if index is not None and value in ("", *COLUMNS):
                found[index] = value
        return found

    def _unpacked(self, carried: str) -> tuple[str, bytes]:
        try:
            name, packed = signing.loads(carried, salt=SALT, max_age=24 * 3600)
        except signing.BadSignature as error:
            raise ValidationError({"file": _("Choose the file again.")}) from error
        return name, base64.b64decode(packed)
