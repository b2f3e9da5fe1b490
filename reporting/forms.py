"""What is typed in plans and reports, as values the services take."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ksf import files
from ksf.accounts.roles import Role
from ksf.periods import today
from ksf.web.fields import AmountField, DayField, NumberField, model_field
from ksf.web.numbers import whole
from reporting.models import (
    ActivityReport,
    Goal,
    GrantUse,
    Indicator,
    PlanActivity,
    PlanTarget,
    RegionalPlan,
    ReportFigure,
    ReportSection,
)
from reporting.rules.completeness import FigureLine, SectionContents
from reporting.services.report import Conflict, Draft

MAX_ACCOUNTS_BYTES = 10 * 1024 * 1024
ACCOUNTS = {"pdf", "xlsx", "ods"}
WEEKS_TO_CHANGE = 3
MOST_FIGURE = 9_999_999_999_999  # what the column of a figure has room for


class ActivityForm(forms.ModelForm):
    """An activity of a plan."""

    is_kept_unsent = True

    class Meta:
        model = PlanActivity
        formfield_callback = model_field
        fields = ["goal", "title", "responsible", "due_on", "expected_result", "indicator"]

    def __init__(self, *args: Any, plan: RegionalPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["goal"].queryset = Goal.objects.for_year(plan.year)  # type: ignore[attr-defined]
        self.fields["indicator"].queryset = Indicator.objects.for_year(plan.year)  # type: ignore[attr-defined]
        self.fields["indicator"].label_from_instance = lambda row: f"{row.code} {row.name}"  # type: ignore[attr-defined]

    @staticmethod
    def begun(goal: str) -> dict[str, Any]:
        """What a new activity begins with: the goal one came from, and as a rule the coordinator does it."""
        return {"goal": whole(goal), "responsible": Role.REGIONAL_COORDINATOR.label}

    def clean_due_on(self) -> Any:
        """The day must lie in the plan's year."""
        day = self.cleaned_data["due_on"]
        if day.year != self.plan.year:
            raise forms.ValidationError(_now("Choose a day in %(year)s.") % {"year": self.plan.year})
        return day


class TargetsForm(forms.Form):
    """The region's targets, one field per indicator; empty means no target of its own."""

    def __init__(self, *args: Any, plan: RegionalPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(PlanTarget.objects.filter(plan=plan).values_list("indicator", "value"))
        for row in Indicator.objects.for_year(plan.year):
            self.fields[str(row.pk)] = NumberField(
                label=f"{row.code} {row.name}",
                required=False,
                min_value=0,
                initial=known.get(row.pk),
                help_text=row.get_unit_display(),
            )

    def targets(self) -> dict[int, int | None]:
        return {int(name): value for name, value in self.cleaned_data.items()}


class CommentForm(forms.Form):
    """What KS asks to have changed in a plan."""

    comment = forms.CharField(label=_("What must be changed"), widget=forms.Textarea(attrs={"rows": 4}))


class HandInForm(forms.Form):
    """Handing in a report; after the deadline with the reason."""

    late_reason = forms.CharField(
        label=_("Why is the report late?"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["late_reason"]


class ReviewForm(forms.Form):
    """KS' comments, a field per section, and the new deadline."""

    def __init__(self, *args: Any, parts: list[SectionContents], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            self.fields[part.section.code] = forms.CharField(
                label=_now("What must be changed in “%(section)s”?") % {"section": part.section},
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["resubmit_by"] = DayField(
            label=_("New deadline"), initial=today() + timedelta(weeks=WEEKS_TO_CHANGE)
        )

    def parts_with_fields(self) -> list[tuple[SectionContents, forms.BoundField]]:
        """Each part with the field for its comment, to be read side by side."""
        return [(part, self[part.section.code]) for part in self.parts]

    def comments(self) -> dict[str, str]:
        return {code: text for code, text in self.cleaned_data.items() if code != "resubmit_by"}

    def clean(self) -> dict[str, Any]:
        """A report is returned for a reason."""
        found = super().clean() or {}
        if not any(found.get(code) for code in self.fields if code != "resubmit_by"):
            raise forms.ValidationError(_("Write what must change in at least one section."))
        return found


class FigureForm(forms.Form):
    """A correction: the right figure and why; both empty undoes it."""

    corrected = NumberField(
        label=_("The right figure"),
        required=False,
        min_value=0,
        max_value=MOST_FIGURE,
        decimals=1,
        help_text=_("Leave empty to use the portal's figure."),
    )
    explanation = forms.CharField(
        label=_("Why is the portal's figure wrong?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """A correction needs its reason."""
        found = super().clean() or {}
        if found.get("corrected") is not None and not found.get("explanation", "").strip():
            self.add_error("explanation", _("Say why, so that others can follow it."))
        return found


class AccountsForm(forms.Form):
    """The accounts of the operating grant."""

    file = forms.FileField(
        label=_("Accounts"),
        help_text=_("PDF or spreadsheet, at most 10 MB."),
        required=True,
        widget=forms.FileInput(
            attrs={
                "accept": ".pdf,.xlsx,.ods",
                "data-max-bytes": MAX_ACCOUNTS_BYTES,
                "data-too-large": _("The file is larger than 10 MB."),
            }
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        received = files.receive(
            file, kinds=ACCOUNTS, most=MAX_ACCOUNTS_BYTES, other_kind=_("Choose a PDF or a spreadsheet.")
        )
        file.seek(0)
        file.name = received.name
        return file


@dataclass(frozen=True)
class SectionFormRow:
    """A row of the database in the section's form: its key, its fields and the version its writer saw."""

    key: str
    row: Any
    fields: dict[str, str]

    @property
    def version_field(self) -> str:
        return f"{self.key}_version"


class SectionForm(forms.Form):
    """All that is typed on a section's page. Several rows, each with its version, so that two may write at once."""

    is_kept_unsent = False  # it is saved in the rows
    mark_required = False

    def __init__(self, *args: Any, part: SectionContents, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        self.form_rows: list[SectionFormRow] = []
        self._text()
        for line in part.lines:
            self._figure(line)
        for activity_report in part.activities:
            self._activity(activity_report)
        if part.grant_use is not None:
            self._add(
                "grant",
                part.grant_use,
                {
                    "granted": AmountField(label=_("Operating grant received"), required=False),
                    "spent": AmountField(label=_("Of that, spent by 31 December"), required=False),
                },
            )

    def _text(self) -> None:
        section = self.part.section
        content = forms.CharField(
            label=str(section.definition.question),
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 10}),
        )
        nothing = forms.BooleanField(label=_("Nothing to report here this year"), required=False)
        self._add("text", section, {"content": content, "is_nothing": nothing})

    def _figure(self, line: FigureLine) -> None:
        fields: dict[str, forms.Field] = {}
        if line.is_reported:
            fields["corrected"] = NumberField(
                label=line.label,
                required=False,
                min_value=0,
                max_value=MOST_FIGURE,
                decimals=1,
                help_text=_now("Last year: %(value)s") % {"value": line.last_year}
                if line.last_year is not None
                else "",
            )
        if line.is_unusual:
            fields["remark"] = forms.CharField(
                label=_now("Why is “%(figure)s” so far from earlier years?") % {"figure": line.label},
                required=False,
                help_text=_("One or two sentences are enough."),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if fields:
            self._add(f"figure{line.figure.pk}", line.figure, fields)

    def _activity(self, activity_report: ActivityReport) -> None:
        name = {"activity": activity_report.activity.title}
        self._add(
            f"activity{activity_report.pk}",
            activity_report,
            {
                "outcome": forms.ChoiceField(
                    label=_now("How did “%(activity)s” go?") % name,
                    choices=ActivityReport.Outcome.choices,
                    required=False,
                ),
                "content": forms.CharField(
                    label=_now("What came of “%(activity)s”, or why was it dropped?") % name,
                    required=False,
                    strip=False,
                    widget=forms.Textarea(attrs={"rows": 2}),
                ),
            },
        )

    def _add(
        self, key: str, row: ReportSection | ReportFigure | ActivityReport | GrantUse, fields: dict[str, forms.Field]
    ) -> None:
        form_row = SectionFormRow(key, row, {name: f"{key}_{name}" for name in fields})
        for name, field in fields.items():
            field.initial = getattr(row, name)
            self.fields[form_row.fields[name]] = field
        self.fields[form_row.version_field] = forms.IntegerField(
            initial=row.version, widget=forms.HiddenInput, min_value=0
        )
        self.form_rows.append(form_row)

    def clean(self) -> dict[str, Any]:
        """No more is spent than was received."""
        found = super().clean() or {}
        granted, spent = found.get("grant_granted"), found.get("grant_spent")
        if granted is not None and spent is not None and spent > granted:
            self.add_error("grant_spent", _("More is spent than was received."))
        return found

    def drafts(self) -> list[Draft]:
        """What was typed, for every row whose fields are all right."""
        return [draft for form_row in self.form_rows if (draft := self._draft(form_row)) is not None]

    def _draft(self, form_row: SectionFormRow) -> Draft | None:
        names = [*form_row.fields.values(), form_row.version_field]
        if any(name not in self.cleaned_data for name in names):
            return None
        values = {name: _as_stored(self.cleaned_data[typed]) for name, typed in form_row.fields.items()}
        chosen = whole(self.data.get(f"{form_row.key}_take", ""))
        version = self.cleaned_data[form_row.version_field] if chosen is None else chosen
        return Draft(form_row.row, values, version)

    def versions(self) -> Iterator[forms.BoundField]:
        """The hidden fields, one per row."""
        return (self[form_row.version_field] for form_row in self.form_rows)

    def bound(self, form_row: SectionFormRow) -> list[forms.BoundField]:
        return [self[name] for name in form_row.fields.values()]

    def groups(self, kind: type) -> list[tuple[Any, list[forms.BoundField]]]:
        """The rows of one kind with their fields, for the template."""
        return [(form_row.row, self.bound(form_row)) for form_row in self.form_rows if isinstance(form_row.row, kind)]

    def figures(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return self.groups(ReportFigure)

    def activities(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return self.groups(ActivityReport)

    def clashes(self, conflicts: list[Conflict]) -> list["Clash"]:
        """Conflicts as the page shows them: the field, what the other one saved, and the key to take one's own."""
        keys = {(type(form_row.row), form_row.row.pk): form_row for form_row in self.form_rows}
        found = []
        for conflict in conflicts:
            form_row = keys[type(conflict.theirs), conflict.theirs.pk]
            for name, typed in form_row.fields.items():
                saved = getattr(conflict.theirs, name)
                if saved != conflict.draft.values[name]:
                    found.append(Clash(form_row.key, str(self[typed].label), saved, conflict.theirs))
        return found


@dataclass(frozen=True)
class Clash:
    key: str
    label: str
    saved: Any
    row: Any


def _as_stored(value: object) -> object:
    """Line breaks as the database has them; whole decimals stay decimals."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value.quantize(Decimal("0.1")) if isinstance(value, Decimal) else value
