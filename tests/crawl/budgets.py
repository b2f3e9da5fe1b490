"""How many queries a page may ask, whatever the number of rows: docs/architecture.md, Speed."""

from tests.crawl.people import ANONYMOUS
from tests.crawl.visitor import QUERIES_FOR_THE_PERSON

PUBLIC = 12
SIGNED_IN = 20 + 1  # and the session, which lies in the database so that nobody is signed out without Redis (X11)


def most(role: str) -> int:
    """The most queries a page may ask for this role, without the one for the person, which the crawl keeps."""
    return PUBLIC if role == ANONYMOUS else SIGNED_IN - QUERIES_FOR_THE_PERSON
