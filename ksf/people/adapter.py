"""How allauth's pages behave here, and which of them there are."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.urls import reverse
from django.utils.translation import gettext as _

from ksf.actor import Actor
from ksf.web.requests import Request


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations only (X2)."""

    def is_open_for_signup(self, request: Request) -> bool:  # noqa: ARG002
        return False

    def get_reauthentication_methods(self, user: Actor) -> list[dict[str, Any]]:
        """How ``user`` confirms who they are: by second factor where there is one, else by password or a new code."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and get_mfa_adapter().is_mfa_enabled(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        again = {"id": "sign_in_again", "description": _("Use a new code"), "url": reverse("sign_in_again")}
        return methods if methods or not user.is_authenticated else [again]
