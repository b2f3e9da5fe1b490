from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.lifecycle import ClusterState
from clusters.models import LEAST_MEMBERS, Cluster, Membership, MotorTerm
from clusters.reading.network import Place
from ksf.periods import DateRange, today
from ksf.web.fields import DayField, model_field
from regions.forms import MunicipalityChoice
from regions.models import Municipality, Partner, Region, Size

NO_CLUSTER = "none"


class NetworkFilter(forms.Form):
    """Which municipalities the list shows."""

    mark_required = False
    q = forms.CharField(
        label=_("Find a municipality or a cluster"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    storrelse = forms.ChoiceField(label=_("Size"), required=False, choices=[("", _("All sizes")), *Size.choices])
    klynge = forms.ChoiceField(
        label=_("Cluster"), required=False,
        choices=[
            ("", _p("clusters", "All")), *((s.value, s.label) for s in ClusterState if s != ClusterState.DISSOLVED),
            (NO_CLUSTER, _("In no cluster")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["region"]
        choices.choices = [("", _("All regions")), *((region.slug, region.name) for region in regions)]

    def rows(self, places: list[Place]) -> list[Place]:
        """The municipalities asked for; a filter that is not understood is left out."""
        self.is_valid()
        asked = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        return [place for place in places if all(_fits(place, name, value) for name, value in asked.items())]


def _fits(place: Place, name: str, value: str) -> bool:
    match name:
        case "q":
            wanted = value.casefold()
            names = [place.municipality.full_name, place.municipality.number, *(str(c.cluster) for c in place.clusters)]
            return any(wanted in text.casefold() for text in names)
        case "region":
            return place.region is not None and place.region.slug == value
        case "storrelse":
            return place.size == value
        case _:
            return not place.clusters if value == NO_CLUSTER else any(c.state == value for c in place.clusters)


class ClusterForm(forms.ModelForm):
    """What a cluster says of itself."""

    class Meta:
        model = Cluster
        formfield_callback = model_field
        fields = ["name", "purpose", "language", "coordinator_funding"]
        labels = {"language": _("Language form"), "coordinator_funding": _("How the coordinator is paid for")}
        help_texts = {
            "purpose": _("One or two sentences in the cluster's own words. They stand at the top of its page.")
        }
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        funding: Any = self.fields["coordinator_funding"]
        funding.choices = [("", _("Not settled yet")), *Cluster.CoordinatorFunding.choices]


class ClusterNewForm(ClusterForm):
    on = DayField(label=_("Explored since"), initial=today)

    def _post_clean(self) -> None:
        """Leave the making to the service; only the fields' own checks hold here."""


class BeginForm(forms.Form):
    on = DayField(label=_("Being established from"), initial=today)

    def __init__(self, *args: Any, members: int, **kwargs: Any) -> None:
        """``members`` is how many the cluster has today."""
        super().__init__(*args, **kwargs)
        _ask_only_few(self, members)


class EstablishForm(BeginForm):
    on = DayField(label=_("Established from"), initial=today)
    few_members_reason = forms.CharField(
        label=_("Why fewer than five members"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where the cluster has fewer than five."),
    )


class DissolveForm(BeginForm):
    on = DayField(label=_("Dissolved from"), initial=today)
    reason = forms.CharField(
        label=_("Why the cluster is dissolved"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Memberships, the motor municipality's term and the coordinator's role end on the same day."),
    )


STEP_FORMS: dict[str, type[BeginForm]] = {"begin": BeginForm, "establish": EstablishForm, "dissolve": DissolveForm}


class MemberForm(forms.Form):
    municipality = MunicipalityChoice(Municipality.objects.none(), label=_("Municipality"))
    on = DayField(label=_("First day as a member"), initial=today)
    outside_reason = forms.CharField(
        label=_("Why a member from another region or county"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only for a municipality outside the cluster's region or county: which need for development is shared?"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["municipality"]
        places.queryset = Municipality.objects.in_force().select_related("county__region")


class MembershipEndForm(forms.Form):
    on = DayField(label=_("First day outside the cluster"), initial=today)
    few_members_reason = forms.CharField(
        label=_("Why fewer than five members"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where an established cluster is left with fewer than five."),
    )

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        """``left`` is how many members the cluster has without this one."""
        super().__init__(*args, **kwargs)
        _ask_only_few(self, left)


def _ask_only_few(form: forms.Form, members: int) -> None:
    """Ask why the members are few only when they are. What is sent is taken: on the chosen day they may be fewer."""
    if members >= LEAST_MEMBERS and not form.is_bound:
        form.fields.pop("few_members_reason", None)


class AnchorForm(forms.ModelForm):
    class Meta:
        model = Membership
        formfield_callback = model_field
        fields = ["anchored_administratively_on", "anchored_politically_on", "is_in_plans", "has_research_strategy"]

    def _post_clean(self) -> None:
        """Leave the writing, and its checks, to the service."""


class MotorForm(forms.Form):
    membership = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Motor municipality"),
        empty_label=_("Choose"),
        help_text=_("It must be a member for the whole term."),
    )
    on = DayField(
        label=_("First day"), initial=today, help_text=_("The present motor municipality's term ends the same day.")
    )
    proposed_by = forms.CharField(
        label=_("Named or proposed by"),
        max_length=200,
        required=False,
        help_text=_("The cluster itself, or the regional coordinator or KS' regional office."),
    )
    after = forms.ModelChoiceField(MotorTerm.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = self.fields["membership"]
        members.queryset = cluster.memberships.filter(period__overlap=DateRange(today(), None)).with_municipality()
        members.label_from_instance = lambda row: row.municipality.full_name
        terms: Any = self.fields["after"]
        terms.queryset = cluster.motor_terms.all()


class PartnerForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.all(), label=_("Knowledge partner"), empty_label=_("Choose"))
    on = DayField(label=_("First day"), initial=today)
    agreed_on = DayField(
        label=_("Agreement signed"), required=False, help_text=_("Leave empty where there is no agreement.")
    )


class PartnerEndForm(forms.Form):
    on = DayField(label=_("First day outside"), initial=today)


class PartnerFilter(forms.Form):
    """Which knowledge partners the list shows."""

    mark_required = False
    q = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Partner.Kind.choices])

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for; what is empty or not understood is left out."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
