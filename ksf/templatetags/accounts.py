from collections.abc import Iterable

from django.template import Library

from ksf.accounts import demo

register = Library()


@register.simple_tag
def demo_accounts() -> Iterable[demo.DemoAccount]:
    """The accounts to try the demo with; none outside it."""
    return demo.demo_accounts()


@register.simple_tag
def demo_password() -> str:
    return demo.PASSWORD
