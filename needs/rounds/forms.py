"""What is asked of those who run a round, and of the municipalities."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from ksf.actor import Actor
from ksf.web.fields import NumberField, model_field
from ksf.web.numbers import whole
from needs.models import KnowledgeNeed
from needs.rounds.models import Candidate, Round, RoundLevel
from needs.rounds.rules.candidates import rounds_below
from needs.rounds.services import scopes_of
from regions.models import Region


class RoundForm(forms.ModelForm):
    class Meta:
        model = Round
        formfield_callback = model_field
        fields = ["title", "criteria", "method", "closes_at"]
        widgets = {"method": forms.RadioSelect, "criteria": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_at"].help_text = _("Norwegian time. The round closes by itself.")
        self.fields["method"].help_text = _(
            "Points are the easiest to explain. Pairs are safer when many needs are alike. Both are shown afterwards."
        )

    def clean_closes_at(self) -> Any:
        """A deadline to come."""
        closes_at = self.cleaned_data["closes_at"]
        if closes_at <= timezone.now():
            raise ValidationError(_("Choose a time to come."))
        return closes_at


class RoundNewForm(RoundForm):
    """A round in one of the places the person runs rounds in."""

    scope = forms.ChoiceField(label=_("Where"))
    field_order = ["title", "scope", "criteria", "method", "closes_at"]

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = scopes_of(user)
        clusters = Cluster.objects.alive().filter(pk__in=scopes.get(RoundLevel.CLUSTER, ()))
        regions = Region.objects.filter(pk__in=scopes.get(RoundLevel.REGION, ()))
        choices: list[tuple[str, Any]] = [(f"{RoundLevel.REGION}:{region.pk}", str(region)) for region in regions]
        choices += [(f"{RoundLevel.CLUSTER}:{cluster.pk}", str(cluster)) for cluster in clusters]
        if RoundLevel.NATION in scopes:
            choices.append((f"{RoundLevel.NATION}:", _("The whole country")))
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The place as level and id, as the service takes it."""
        values = super().clean() or self.cleaned_data
        if "scope" in values:
            level, _sep, pk = values.pop("scope").partition(":")
            values |= {"level": level, "scope": int(pk) if pk else None}
        return values

    def _post_clean(self) -> None:
        """The row is checked where it is made: here its level is not known yet."""


class CandidatesForm(forms.Form):
    """The needs that are ticked on the page of needs that can stand."""

    needs: Any = forms.ModelMultipleChoiceField(queryset=None, label=_("Needs"))

    def __init__(self, *args: Any, choices: QuerySet[KnowledgeNeed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["needs"]
        field.queryset = choices
        field.error_messages["required"] = _("Tick at least one need.")


class LiftForm(forms.Form):
    source: Any = forms.ModelChoiceField(queryset=None, label=_("List"))
    first = NumberField(
        label=_("How many from the top"),
        min_value=1,
        max_value=40,
        initial=5,
        help_text=_("Those who share the last place all come along."),
    )

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["source"]
        field.queryset = rounds_below(round_)
        field.label_from_instance = lambda source: f"{source.title}, {source.scope_name}"


class BallotForm(forms.Form):
    """A place per candidate, chosen in a list: works with keyboard, on phones and without script."""

    mark_required = False

    def __init__(self, *args: Any, candidates: list[Candidate], order: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        places = [("", _("No place")), *((n, str(n)) for n in range(1, len(candidates) + 1))]
        given = {candidate: place for place, candidate in enumerate(order, 1)}
        for candidate in candidates:
            self.fields[f"place_{candidate.pk}"] = forms.TypedChoiceField(
                label=_("Place"),
                choices=places,
                coerce=int,
                empty_value=None,
                required=False,
                initial=given.get(candidate.pk),
            )

    @property
    def lines(self) -> list[tuple[Candidate, Any]]:
        """Each candidate with its field, in the order of the places given so far."""
        fields = [(candidate, self[f"place_{candidate.pk}"]) for candidate in self.candidates]
        last = len(fields) + 1
        return sorted(fields, key=lambda line: whole(str(line[1].value())) or last)

    def clean(self) -> dict[str, Any]:
        """The ids in order; gaps do not matter. The same place twice is refused at the field."""
        values = super().clean() or {}
        taken: dict[int, int] = {}
        for candidate in self.candidates:
            place = values.get(f"place_{candidate.pk}")
            if place is None:
                continue
            if place in taken:
                self.add_error(f"place_{candidate.pk}", _("Place %(n)d is given twice.") % {"n": place})
            taken[place] = candidate.pk
        if not taken and not self.errors:
            raise ValidationError(_("Give at least one need a place."))
        return {"order": [taken[place] for place in sorted(taken)]}


def moved(candidates: list[Candidate], places: Mapping[str, str], move: str) -> list[int]:
    """The order in ``places``, as the ballot's lists give it, with one candidate moved: ``up-17`` or ``down-17``.

    One without a place gets the last one when it is moved up; a move that leads nowhere leaves all as it is.
    """
    known = [candidate.pk for candidate in candidates]
    given = {pk: place for pk in known if (place := whole(places.get(f"place_{pk}", ""))) is not None}
    order = sorted(given, key=given.__getitem__)
    way, _dash, number = move.partition("-")
    pk = whole(number) or 0
    if pk in order:
        here = order.index(pk)
        there = here + (1 if way == "down" else -1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
    elif pk in known and way == "up":
        order.append(pk)
    return order


class ChangeForm(forms.Form):
    candidate: Any = forms.ModelChoiceField(queryset=None, label=_("Need"), empty_label=_("Choose a need"))
    to_rank = NumberField(label=_("New place"), min_value=1)
    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        help_text=_("Published with the result."),
    )

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["candidate"]
        field.queryset = round_.candidates.select_related("need")


class PublishForm(forms.Form):
    prioritised = NumberField(
        label=_("How many are prioritised"),
        min_value=0,
        help_text=_("Counted from the top. Those who share the last place are all prioritised. 0 is none of them."),
    )
