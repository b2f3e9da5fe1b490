"""The roles of the crawl: whom each is in the demo. "Elsewhere" is the same role in another region."""

from demo.accounts import make_account
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.periods import period
from regions.models import Region

ACCOUNTS = {
    "staff": "nasjonalt",
    "lead": "leder",
    "coordinator": "koordinator.vest",
    "coordinator-elsewhere": "koordinator.sor",
    "host": "vert.vest",
    "host-elsewhere": "vert.sor",
    "cluster": "klynge.haugalandet-og-ryfylke",
    "cluster-elsewhere": "klynge.ostre-agder",
    "contact": "kontakt.1106",
    "contact-elsewhere": "kontakt.4203",
    "reviewer": "fagfelle1",
    "partner": "partner.ntnu",
    "office": "ks.vest",
    "observer": "innsyn",
}
ANONYMOUS = "anonymous"
ROLES = (ANONYMOUS, *ACCOUNTS)


def appoint_office() -> None:
    """The one role the demo has no account for: the regional office of KS."""
    user = make_account(ACCOUNTS["office"])
    region = Region.objects.get(slug="vest")
    Appointment.objects.create(user=user, role=Role.KS_REGIONAL_OFFICE, region=region, period=period("2024-03-01"))


def user_of(role: str) -> User:
    return User.objects.get(email=f"{ACCOUNTS[role]}@ksf.example")
