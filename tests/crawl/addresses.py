"""Every address of the project, as the URL patterns have it."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver
from django.views.generic import RedirectView

from ksf.people.allauth_urls import not_offered


def names() -> set[str]:
    """The name of every URL pattern, but of pages of allauth that are not offered and what only sends on."""
    return set(_names(get_resolver()))


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif entry.callback is not not_offered and getattr(entry.callback, "view_class", None) is not RedirectView:
            yield f"{namespace}{entry.name or entry.pattern}"
