"""The second factor: its secrets are encrypted at rest, and who decides for the whole network keeps one (X2)."""

import hashlib
from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

OWN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What one signs in with; recovery codes stand in for one of these and are none themselves."""
ENCRYPTED = "gAAAAA"
"""How all that Fernet has encrypted begins. What is older than the encryption does not, and is read as it is."""


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(ENCRYPTED):
            return encrypted_text
        return ciphers().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_needed(authenticator)


def is_needed(authenticator: Authenticator) -> bool:
    """Whether this is the last factor of somebody who must have one."""
    user = authenticator.user
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_national or authenticator.type not in OWN:
        return False
    return not Authenticator.objects.filter(user=user, type__in=OWN).exclude(pk=authenticator.pk).exists()


def ciphers() -> MultiFernet:
    """The first key encrypts; the others read what was encrypted with them earlier."""
    digests = (hashlib.sha256(key.encode()).digest() for key in settings.SECOND_FACTOR_KEYS)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
