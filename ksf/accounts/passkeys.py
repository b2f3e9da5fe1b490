"""allauth's forms for passkeys: named in the reader's language, and never surprised by what a browser answers."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

NOT_A_CREDENTIAL = (KeyError, TypeError, ValueError, AttributeError)
"""What reading an answer raises that has other parts than a credential, or numbers longer than Python reads."""


class CredentialField(forms.JSONField):
    """The browser's answer."""

    def to_python(self, value: object) -> Any:
        try:
            return super().to_python(value)
        except NOT_A_CREDENTIAL as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def bound_data(self, _data: object, _initial: object) -> None:
        """Nothing: an answer is good for one time, and is not shown again."""


class CredentialForm(forms.Form):
    """Takes an answer that is no credential as a wrong one."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NOT_A_CREDENTIAL as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignInForm(CredentialForm, allauth.LoginWebAuthnForm):
    pass


class SecondFactorForm(CredentialForm, allauth.AuthenticateWebAuthnForm):
    pass


class ConfirmForm(CredentialForm, allauth.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(allauth.AddWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"), required=False)
    credential = CredentialField(widget=forms.HiddenInput)

    def clean(self) -> Any:
        try:
            return super().clean()
        except NOT_A_CREDENTIAL as error:
            raise get_adapter().validation_error("incorrect_code") from error


class EditPasskeyForm(allauth.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"))
