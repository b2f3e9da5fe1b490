"""How many queries a page may ask, whatever the number of rows: docs/architecture.md, Speed."""

from tests.crawl.people import ANONYMOUS

PUBLIC, SIGNED_IN = 12, 20


def most(role: str) -> int:
    """The most queries a page may ask for this role."""
    return PUBLIC if role == ANONYMOUS else SIGNED_IN
