"""What allauth does to accounts, in the log (X4)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.dispatch import receiver

from ksf import audit
from ksf.accounts.models import User


@receiver(email_changed)
def log_new_address(
    user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_sent: Any
) -> None:
    before = from_email_address.email if from_email_address else ""
    audit.record("account.address", user, by=user, email=[before, to_email_address.email])
