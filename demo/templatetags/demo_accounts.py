from django.template import Library

from demo import accounts
from ksf.accounts.roles import Role

register = Library()


@register.simple_tag
def demo_accounts() -> list[tuple[Role, list[accounts.DemoAccount]]]:
    """The accounts to try the demo with, by role; none outside it."""
    return accounts.accounts_by_role()


@register.simple_tag
def demo_password() -> str:
    return accounts.PASSWORD
