from django.template import Library

from ksf.accounts import demo
from ksf.accounts.roles import Role

register = Library()


@register.simple_tag
def demo_accounts() -> list[tuple[Role, list[demo.DemoAccount]]]:
    """The accounts to try the demo with, by role; none outside it."""
    return demo.accounts_by_role()


@register.simple_tag
def demo_password() -> str:
    return demo.PASSWORD
