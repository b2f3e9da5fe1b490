"""How many queries a page may ask, whatever the number of rows: docs/architecture.md, Speed."""

from tests.crawl.people import ANONYMOUS

PUBLIC, SIGNED_IN = 6, 10


def most(role: str) -> int:
    """The most queries a page may ask for this role."""
    return PUBLIC if role == ANONYMOUS else SIGNED_IN
