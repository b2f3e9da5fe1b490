"""How many queries a page may ask, whatever the number of rows: docs/architecture.md, Speed."""

from tests.crawl.people import ANONYMOUS

PUBLIC, SIGNED_IN = 6, 10
OVER = {
    "my_page": 18,
    "project_edit": 11,
    "call_edit": 12,
    "application": 16,
    "application_waive": 15,
    "proposal": 18,
}
"""Pages that ask more, and how much. A number here may fall and never rise; no page comes in."""


def most(name: str, role: str) -> int:
    """The most queries the page may ask for this role."""
    return max(OVER.get(name, 0), PUBLIC if role == ANONYMOUS else SIGNED_IN)
