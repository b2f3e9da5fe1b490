"""Links that let somebody in: made when the mail leaves and kept nowhere, so that reading the rows opens nothing."""

from collections.abc import Callable

PLACE = "[[link]]"
"""Where in the text of a notice the link is to stand."""

Maker = Callable[[int], str | None]
_makers: dict[str, Maker] = {}


def maker(kind: str) -> Callable[[Maker], Maker]:
    """Register what makes the address of a link of this kind, from the key of what it opens.

    It makes the earlier link to the same worthless, and gives None where there is nothing to open any more.
    """

    def register(function: Maker) -> Maker:
        _makers[kind] = function
        return function

    return register


def make(kind: str, key: int) -> str | None:
    """A new address on the portal, such as ``/konto/invitasjon/…/``; None where there is nothing to open."""
    return _makers[kind](key)
