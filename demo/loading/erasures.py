"""Two who have left the network: one waits for an answer to the wish to be erased, the other is erased."""

from datetime import timedelta

from demo.accounts import make_account
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.periods import period, today
from ksf.privacy import services
from ksf.privacy.models import ErasureRequest
from regions.models import Municipality


def load_erasures() -> int:
    """Make the wishes; how many."""
    lead = User.objects.get(email="leder@ksf.example")
    services.ask_for_erasure(by=_former("tidligere.kontakt"), reason="Jeg har ny jobb utenfor kommunen.")
    services.carry_out(services.ask_for_erasure(by=_former("sluttet")), by=lead)
    return ErasureRequest.objects.count()


def _former(name: str) -> User:
    """The R&D contact of a municipality until a month ago."""
    user = make_account(name, label="Tidligere FoU-kontakt")
    place = Municipality.objects.in_force().get(number="1149")
    days = period(today() - timedelta(days=400), today() - timedelta(days=30))
    Appointment.objects.create(user=user, role=Role.RD_CONTACT, municipality=place, period=days)
    return user
