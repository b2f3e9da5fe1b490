"""How often one may ask for what costs much, by address and by person (X11).

Counted in the cache, for as long as a window of time lasts. While Redis is silent each process counts for itself; the
portal is not closed for it. An address stands for many where a municipality has one for all its people, so those who
are signed in have a share of their own, and the address a larger one for all of them.
"""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_network
from math import ceil
from time import time
from typing import Concatenate, Final, ParamSpec, TypeVar

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http.response import HttpResponseBase

from ksf.web.requests import Request

R = TypeVar("R", bound=Request)
P = ParamSpec("P")
A = TypeVar("A", bound=HttpResponseBase)

AT_ONE_ADDRESS: Final = 10  # as much as so many persons
IPV6_NETWORK: Final = 64  # the bits of an address that are one household's or office's; the rest it chooses itself


class AskedTooOften(Exception):
    """More was asked for than one may; ``seconds`` until one may again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Asked too often, again in {seconds} s.")


def count(request: Request, what: str) -> None:
    """Count that the reader asks for ``what``, a name in ``RATE_LIMITS``. Raises AskedTooOften."""
    limit = settings.RATE_LIMITS.get(what)
    if limit is None:
        return
    most, seconds = limit
    address = _address(request)
    if request.user.is_authenticated:
        _count(f"{what}-person-{request.user.pk}", most, seconds)
        _count(f"{what}-people-at-{address}", most * AT_ONE_ADDRESS, seconds)
    else:
        _count(f"{what}-visitor-{address}", most, seconds)


def limited(
    what: str,
) -> Callable[[Callable[Concatenate[R, P], A]], Callable[Concatenate[R, P], A]]:
    """Count what is posted to the view; to read its page costs nothing."""

    def decorate(view: Callable[Concatenate[R, P], A]) -> Callable[Concatenate[R, P], A]:
        @wraps(view)
        def answer(request: R, *args: P.args, **kwargs: P.kwargs) -> A:
            if request.method == "POST":
                count(request, what)
            return view(request, *args, **kwargs)

        return answer

    return decorate


def _count(key: str, most: int, seconds: int) -> None:
    now = time()
    window = int(now // seconds)
    name = f"limit-{key}-{window}"
    if cache.add(name, 1, seconds):
        so_far = 1
    else:
        try:
            so_far = cache.incr(name)
        except ValueError:  # the window ended in between
            return
    if so_far > most:
        raise AskedTooOften(max(1, ceil((window + 1) * seconds - now)))


def _address(request: Request) -> str:
    address = get_adapter().get_client_ip(request)
    return str(ip_network(f"{address}/{IPV6_NETWORK}", strict=False)) if ":" in address else address
