"""What a reader may do on a page: found in the view, so that a template shows it and asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.db.models import Model
from django.utils.functional import Promise

Look = Literal["primary", "secondary", "tertiary", "danger", "link"]


@dataclass(frozen=True)
class Action:
    """One thing to do. With ``is_post`` a button that does it at once, else a link to the page where one does it.

    ``fields`` are the hidden values the button sends along; ``look`` is how it is shown where the template says
    nothing else. A page has one primary action. ``about`` tells actions of one label apart for those who hear the page.
    """

    label: str | Promise
    url: str
    is_post: bool = False
    fields: Mapping[str, str | int] = field(default_factory=dict)
    look: Look = "primary"
    about: str | Promise | Model = ""
