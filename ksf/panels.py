"""What an upper app adds to a lower app's page, by registration: the lower never imports the upper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from ksf.web.requests import Request

PAGES = (
    "front",
    "contact",
    "my_page",
    "national",
    "region",
    "cluster",
    "municipality",
    "partner",
    "need",
    "account",
    "privacy",
)


@dataclass(frozen=True)
class Panel:
    """One section of a page: a template and what it needs. ``place`` is "main" or "aside", or a name the page has."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: str = "main"


Maker = Callable[[Request, Any], Panel | None]
_makers: dict[str, list[tuple[int, str, Maker]]] = {page: [] for page in PAGES}


def on(page: str, *, order: int = 50) -> Callable[[Maker], Maker]:
    """Register the decorated function to add a panel to ``page``; lower ``order`` stands higher."""

    def register(maker: Maker) -> Maker:
        _makers[page].append((order, maker.__qualname__, maker))
        _makers[page].sort(key=lambda row: row[:2])
        return maker

    return register


def of(page: str, request: Request, subject: Model | None = None) -> list[Panel]:
    """The panels others have to show on ``page`` about ``subject`` to this request's user."""
    made = (maker(request, subject) for _order, _name, maker in _makers[page])
    return [panel for panel in made if panel is not None]
