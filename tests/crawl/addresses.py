"""Every address of the project, as the URL patterns have it."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver
from django.views.generic import RedirectView


def names() -> set[str]:
    """The name of every URL pattern, but of old addresses that only send on to a named one."""
    return set(_names(get_resolver()))


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif getattr(entry.callback, "view_class", None) is not RedirectView:
            yield f"{namespace}{entry.name or entry.pattern}"
