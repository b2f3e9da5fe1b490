"""How many queries a page may ask, whatever the number of rows: docs/architecture.md, Speed."""

from tests.crawl.people import ANONYMOUS

PUBLIC, SIGNED_IN = 6, 10
OVER = {"project_edit": 11}
"""Pages that ask more, and how much. A number here may fall and never rise; no page comes in."""


def most(name: str, role: str) -> int:
    """The most queries the page may ask for this role."""
    return max(OVER.get(name, 0), PUBLIC if role == ANONYMOUS else SIGNED_IN)
