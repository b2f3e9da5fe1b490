"""The short notation of the table: ``"200 staff lead | 403 *"``."""

from dataclasses import dataclass, field

from tests.crawl.people import ANONYMOUS, ROLES

SIGN_IN = "sign-in"  # sent to the sign-in page
DONE = "ok"  # let through: the form is answered, well or badly, or a step that is not open now is explained


@dataclass(frozen=True)
class Row:
    """Who gets which answer at one address, when it is read and when an empty form is posted to it.

    ``args`` names the objects of ``tests.crawl.objects`` that fill the address, ``data`` those that fill the form.
    ``*`` is everybody not named; visitors are sent to the sign-in page unless the row says otherwise.
    """

    get: str
    post: str
    args: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)


def answers(notation: str) -> dict[str, str]:
    """The answer each role is to get."""
    expected = {}
    for part in notation.split(" | "):
        answer, *roles = part.split()
        for role in ROLES if roles == ["*"] else roles:
            assert role in ROLES, role
            expected.setdefault(role, SIGN_IN if role == ANONYMOUS and roles == ["*"] else answer)
    assert expected.keys() == set(ROLES), f"{notation!r} leaves out {set(ROLES) - expected.keys()}"
    return expected
