"""The key of an opened form: every form that posts carries one, so that it counts once however often it is sent.

The keys of a page share a beginning, made when the page is opened, and are numbered in the order of its forms. A page
that is shown again with what is wrong keeps its beginning, and so its forms keep their keys: nothing was made.
"""

import re
import uuid
from typing import Final

from django.http import HttpRequest

FIELD: Final = "form_key"
KEY = re.compile(r"([0-9a-f]{32})-\d{1,4}")
_OPENED, _COUNT = "form_keys_opened", "form_keys_count"  # on the request: a page answers one


def next_key(request: HttpRequest) -> str:
    """The key of the next form on the page that answers ``request``."""
    if not hasattr(request, _OPENED):
        posted = KEY.fullmatch(posted_key(request))
        setattr(request, _OPENED, posted[1] if posted else uuid.uuid4().hex)
    number = getattr(request, _COUNT, 0) + 1
    setattr(request, _COUNT, number)
    return f"{getattr(request, _OPENED)}-{number}"


def posted_key(request: HttpRequest) -> str:
    """The key that was sent; empty where there is none, or none of ours."""
    key = request.POST.get(FIELD, "") if request.method == "POST" else ""
    return key if KEY.fullmatch(key) else ""


def open_again(request: HttpRequest) -> None:
    """Let the forms of the page that answers ``request`` be others than the one that was sent."""
    setattr(request, _OPENED, uuid.uuid4().hex)
