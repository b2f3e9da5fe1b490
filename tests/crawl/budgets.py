"""How many queries a page may ask, whatever the number of rows: docs/architecture.md, Speed."""

from tests.crawl.people import ANONYMOUS
from tests.crawl.visitor import QUERIES_FOR_THE_PERSON

PUBLIC, SIGNED_IN = 12, 20


def most(role: str) -> int:
    """The most queries a page may ask for this role, without the one for the person, which the crawl keeps."""
    return PUBLIC if role == ANONYMOUS else SIGNED_IN - QUERIES_FOR_THE_PERSON
