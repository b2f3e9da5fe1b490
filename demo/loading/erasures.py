"""Two who have left the network: one waits for an answer to the wish to be erased, the other is erased."""

from datetime import timedelta

from demo.accounts import make_account
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.periods import period, today
from ksf.privacy import services
from ksf.privacy.models import ErasureRequest
from regions.models import Municipality

ASKED_DAYS_AGO = 9


def load_erasures() -> int:
    """Make the wishes; how many."""
    lead = User.objects.get(email="leder@ksf.example")
    waits = services.ask_for_erasure(by=_former("tidligere.kontakt"), reason="Jeg har ny jobb utenfor kommunen.")
    asked_on = today() - timedelta(days=ASKED_DAYS_AGO)
    ErasureRequest.objects.filter(pk=waits.pk).update(
        asked_at=waits.asked_at - timedelta(days=ASKED_DAYS_AGO), due_on=services.a_month_after(asked_on)
    )
    services.carry_out(services.ask_for_erasure(by=_former("sluttet")), by=lead)
    return ErasureRequest.objects.count()


def _former(name: str) -> User:
    """The R&D contact of a municipality until a month ago."""
    user = make_account(name, label="Tidligere FoU-kontakt")
    place = Municipality.objects.in_force().get(number="1149")
    days = period(today() - timedelta(days=400), today() - timedelta(days=30))
    Appointment.objects.create(user=user, role=Role.RD_CONTACT, municipality=place, period=days)
    return user
