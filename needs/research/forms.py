"""Forms of questions, interest and projects."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.models import Cluster
from ksf.actor import Actor
from ksf.web.fields import AmountField, DayField, NumberField, YearField
from ksf.web.forms import ChooseSeveral
from needs.forms import NumberedMunicipalityChoice, OneLineField, PlainTextField
from needs.models import KnowledgeNeed, ServiceArea
from needs.research.lifecycle import ProjectState
from needs.research.models import Kind, Participation, ResearchProject, ResearchQuestion
from regions.models import Municipality, Partner, Region

LANGUAGES = [("nb", _p("language form", "bokmål")), ("nn", _p("language form", "nynorsk"))]


class Narrowing(forms.Form):
    """What a list is narrowed by; an unknown value narrows nothing."""

    mark_required = False

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid choices; what is wrong or empty is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def region_field(**kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Region.objects.all(),
        label=_("Region"),
        required=False,
        to_field_name="slug",
        empty_label=_("All regions"),
        **kwargs,
    )


class SearchForm(Narrowing):
    area = forms.ModelChoiceField(
        ServiceArea.objects.all(), label=_("Service area"), required=False, to_field_name="code",
        empty_label=_("All areas"),
    )  # fmt: skip
    region = region_field()
    kind = forms.ChoiceField(label=_("Kind of research"), required=False, choices=[("", _("All kinds")), *Kind.choices])


class ProjectFilter(Narrowing):
    region = region_field()
    partner = forms.ModelChoiceField(
        Partner.objects.all(), label=_("Knowledge partner"), required=False, to_field_name="slug",
        empty_label=_("All partners"),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *ProjectState.choices])
    year = YearField(label=_("Year"), required=False, min_value=2000, max_value=2100)


class NeedChoices(forms.ModelMultipleChoiceField):
    """Needs, named with their number and municipality so that two alike are told apart."""

    def label_from_instance(self, obj: KnowledgeNeed) -> str:
        return f"{obj.number} {obj.title} ({obj.municipality})"


class QuestionForm(forms.Form):
    title = OneLineField(label=_("The question in one sentence"), max_length=300)
    needs = NeedChoices(
        KnowledgeNeed.objects.none(),
        label=_("Needs it comes from"),
        help_text=_("One or several. They keep their own words, and those that are prioritised become researchable."),
        widget=ChooseSeveral,
    )
    kind = forms.ChoiceField(
        label=_("Kind of research wanted"), required=False, choices=[("", _("Not decided yet")), *Kind.choices]
    )
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.all(), label=_("Service area"), required=False, empty_label=_("As the first need")
    )
    language = forms.ChoiceField(label=_("Language form"), choices=LANGUAGES)

    def __init__(self, *args: Any, needs: QuerySet[KnowledgeNeed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].queryset = needs  # type: ignore[attr-defined]


class InterestForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("On behalf of"))
    message = PlainTextField(
        label=_("What can you contribute?"),
        help_text=_("Who you are, what you could study, and when. The coordinator of the region reads it."),
        rows=6,
        most=4_000,
    )

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]
        self.fields["partner"].initial = partners.first()
        if len(partners) == 1:
            self.fields["partner"].widget = forms.HiddenInput()


class InterestAnswerForm(forms.Form):
    answer = PlainTextField(
        label=_("Answer to the partner"),
        help_text=_("When you put in touch: who to talk to. When you say no: why."),
        required=False,
        most=4_000,
    )


class HowMany(NumberField):
    """A number of something there need not be any of: empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=0, min_value=0, max_value=999, **kwargs)

    def clean(self, value: object) -> int:
        return super().clean(value) or 0


class ProjectForm(forms.Form):
    """A project as the register has it."""

    PARTS = (
        (_("The project"), ("title", "summary", "is_under_way", "starts_on", "last_day")),
        (_("Who takes part"), ("partners", "region", "clusters")),
        (_("What it answers"), ("needs", "questions")),
        (_("Money and positions"), (
            "funding_source", "funding_amount", "combined_positions", "public_sector_phds", "master_theses",
        )),
    )  # fmt: skip
    """The parts of the page with their fields; a field that a form does not have is left out."""

    title = OneLineField(label=_("Title"), max_length=300)
    summary = PlainTextField(label=_("What it is about"), required=False, most=4_000)
    partners = forms.ModelMultipleChoiceField(
        Partner.objects.all(), label=_("Knowledge partners"), widget=ChooseSeveral
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("Region"), required=False, empty_label=_("The whole network")
    )
    clusters = forms.ModelMultipleChoiceField(
        Cluster.objects.alive(), label=_("Clusters"), required=False, widget=ChooseSeveral
    )
    starts_on = DayField(label=_("Starts"))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Empty while no end is set."))
    funding_source = OneLineField(
        label=_("Who pays for it"), required=False, max_length=200,
        help_text=_("For example the Research Council, a county fund or own means"),
    )  # fmt: skip
    funding_amount = AmountField(label=_("Amount, kroner"), required=False)
    combined_positions = HowMany(label=_("Combined positions"))
    public_sector_phds = HowMany(label=_("Public-sector PhDs"))
    master_theses = HowMany(label=_("Master's theses"))
    questions = forms.ModelMultipleChoiceField(
        ResearchQuestion.objects.none(), label=_("Researchable questions"), required=False,
        widget=ChooseSeveral,
    )  # fmt: skip
    needs = NeedChoices(
        KnowledgeNeed.objects.none(), label=_("Needs it answers"), required=False,
        widget=ChooseSeveral,
        help_text=_("Their municipalities take part. When the project starts, the needs are in research."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs = KnowledgeNeed.objects.to_research(kept=self.initial.get("needs", ()))
        self.fields["needs"].queryset = needs.select_related("municipality").order_by("number")  # type: ignore[attr-defined]
        self.fields["questions"].queryset = ResearchQuestion.objects.visible_to(user).order_by("title")  # type: ignore[attr-defined]

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        return [(legend, [self[name] for name in names if name in self.fields]) for legend, names in self.PARTS]


class NewProjectForm(ProjectForm):
    is_under_way = forms.BooleanField(label=_("The project is under way already"), required=False)


class EditProjectForm(ProjectForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: ResearchProject, **kwargs: Any) -> None:
        values = {name: getattr(project, name) for name in self.base_fields}
        chosen = {name: list(value.all()) for name, value in values.items() if hasattr(value, "all")}
        super().__init__(*args, initial=values | chosen, **kwargs)
        for name, rows in chosen.items():  # what is there already stays choosable, hidden or dissolved as it may be
            field: Any = self.fields[name]
            either = Q(pk__in=field.queryset.values("pk")) | Q(pk__in=[row.pk for row in rows])
            field.queryset = field.queryset.model.objects.filter(either)
        needs: Any = self.fields["needs"]
        needs.queryset = needs.queryset.select_related("municipality").order_by("number")


class StopForm(forms.Form):
    reason = PlainTextField(label=_("Why it was stopped"), most=2_000)


class JoinForm(forms.Form):
    municipality = NumberedMunicipalityChoice(Municipality.objects.none(), label=_("Municipality"))
    part = forms.ChoiceField(label=_("Role in the project"), choices=Participation.Part.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.in_force()  # type: ignore[attr-defined]
