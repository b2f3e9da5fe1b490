"""The accounts of the demo: roles, never people."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role

PASSWORD = "ksf-demo-2026"  # noqa: S105 - printed on the sign-in page of the demo, and only there
SHOWN_PER_ROLE = 8


@dataclass(frozen=True)
class DemoAccount:
    email: str
    role: str
    place: str


def demo_accounts() -> Iterable[DemoAccount]:
    """The first few accounts of each role. Empty outside the demo."""
    return [account for _role, accounts in accounts_by_role() for account in accounts[:SHOWN_PER_ROLE]]


def accounts_by_role() -> list[tuple[Role, list[DemoAccount]]]:
    """The accounts to list on the sign-in page, under their roles. Empty outside the demo."""
    if not settings.DEMO:
        return []
    found: dict[Role, dict[str, DemoAccount]] = {}
    held = Appointment.objects.in_force().with_scope().select_related("user")
    for row in held.filter(user__email__endswith="@ksf.example").order_by("user__email", "pk"):
        account = DemoAccount(row.user.email, str(row), row.scope_name)
        found.setdefault(Role(row.role), {}).setdefault(account.email, account)
    return [(role, list(found[role].values())) for role in Role if role in found]


def make_account(name: str, *, label: str = "", language: str = "nb") -> User:
    """The account ``name@ksf.example`` with the demo's password, made once."""
    if not settings.DEMO:
        raise RuntimeError("Demo accounts are made in the demo only.")
    email = f"{name}@ksf.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, password=_hashed_password(), name=label, language=language)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@cache
def _hashed_password() -> str:
    """Hashed once: the demo has two hundred accounts, and hashing is slow on purpose."""
    return make_password(PASSWORD)
