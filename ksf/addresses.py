"""Addresses of the things a page has many of."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=5_000)
def address_of(page: str, key: str | int) -> str:
    """The address of one thing's ``page``. Django looks through its patterns each time; a region's page has 200."""
    return reverse(page, args=[key])
