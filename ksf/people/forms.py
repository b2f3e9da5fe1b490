from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.people import security
from ksf.people.offices import places_for
from ksf.periods import today
from ksf.web.fields import DayField, NumberField


class AccountForm(forms.ModelForm):
    """What a person keeps of themselves."""

    class Meta:
        model = User
        fields = ["name", "language", "phone", "shows_contact", "wants_urgent_mail", "wants_digest"]
        help_texts = {"shows_contact": _("Without this, only people who are signed in see how to reach you.")}


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Name or e-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])

    def rows(self, people: QuerySet) -> QuerySet:
        """The people asked for; a filter that is not understood is left out."""
        if not self.is_valid():
            return people
        if wanted := self.cleaned_data["q"]:
            people = people.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
        if role := self.cleaned_data["role"]:
            people = people.filter(appointments__role=role, appointments__period__contains=today())
        return people.distinct()


class SecurityFilter(forms.Form):
    """Which part of the security log is shown."""

    kind = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("Everything")), *security.SecurityKind.choices]
    )
    q = forms.CharField(label=_("Name or e-mail"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Up to and including"), required=False)

    def rows(self) -> QuerySet:
        """The entries asked for; a filter that is not understood is left out."""
        self.is_valid()
        return security.entries(**{name: value for name, value in self.cleaned_data.items() if value})


class InviteForm(forms.Form):
    """Who is to fill an office, where and from when. The role is chosen on the page before."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The work address. It becomes the user name.")
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=[("nb", "Bokmål"), ("nn", "Nynorsk")])
    start = DayField(label=_("From"), initial=today)
    end = DayField(
        label=_("Until"), required=False, help_text=_("The first day without the role. Leave empty if it runs on.")
    )
    position_percentage = NumberField(label=_("Position, per cent"), min_value=1, max_value=100, required=False)

    def __init__(self, *args: Any, user: Actor, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_for(user, role)
        if places is not None:
            self.fields["held_in"] = forms.ModelChoiceField(places, label=_("Where"), empty_label=_("Choose"))
            self.order_fields(["held_in"])
        if role not in {Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR}:
            del self.fields["position_percentage"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and end <= start:
            self.add_error("end", _("The last day must be after the first."))
        return values


class EndForm(forms.Form):
    on = DayField(label=_("First day without the role"), initial=today)


class HandOverForm(forms.Form):
    """Who takes over a role, and from when."""

    email = forms.EmailField(
        label=_("E-mail of the new person"), max_length=254, help_text=_("The work address. It becomes the user name.")
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=[("nb", "Bokmål"), ("nn", "Nynorsk")])
    on = DayField(
        label=_("First day for the new person"),
        initial=today,
        help_text=_("The same day the present person loses the role."),
    )
    position_percentage = NumberField(label=_("Position, per cent"), min_value=1, max_value=100, required=False)

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if role not in {Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR}:
            del self.fields["position_percentage"]


class AcceptForm(forms.Form):
    """Makes the account an invitation is for; one who has an account is asked for nothing."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Several words are easy to remember."),
    )

    def __init__(self, *args: Any, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            self.fields.clear()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
