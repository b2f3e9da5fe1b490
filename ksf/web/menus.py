"""A place one can go, as menus and breadcrumbs show it."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class MenuItem:
    """A place in a menu."""

    url: str
    label: str | Promise
    is_current: bool = False
