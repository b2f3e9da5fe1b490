"""What the shell of every page needs: navigation, active role, languages, whether this is a demo."""

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ksf.web.menus import MenuItem
from ksf.web.requests import Request

#: Names of addresses, each with its label.
Pages = tuple[tuple[str, Promise | str], ...]

HTMX_CONFIG = (
    '{"includeIndicatorStyles": false, "allowEval": false, "allowScriptTags": false, "responseHandling": ['
    '{"code": "204", "swap": false}, {"code": "[23]..", "swap": true}, {"code": "4(09|22|29)", "swap": true}, '
    '{"code": "...", "swap": false, "error": true}]}'
)
MEMBER_PAGES = (
    ("my_page", _("My page")),
    ("network", _("The network")),
    ("need_list", _("Needs")),
    ("call_list", _("Grants")),
    ("reporting", _("Reporting")),
)
VISITOR_PAGES = (
    ("about", _("About KSF")),
    ("network", _("Regions and clusters")),
    ("need_list", _("Knowledge needs")),
    ("call_list", _("Calls")),
    ("reporting", _("Results")),
)
OWN_PAGES = (
    ("account", _("My profile and notices")),
    ("mfa_index", _("Safe sign-in")),
    ("people", _("People and roles")),
)
NEEDED = {"people": "accounts.see_people"}
"""The permission that opens an own page; the others are open to all who are signed in."""
FOOTER_PAGES = (
    ("about", _("About the portal")),
    ("help_front", _("Help")),
    ("news_list", _("News")),
    ("partner_list", _("Knowledge partners")),
    ("accessibility", _("Accessibility")),
    ("privacy", _("Privacy")),
    ("open_data", _("Open data")),
    ("contact", _("Contact")),
)


def shell(request: Request) -> dict[str, Any]:
    """Return what ``base.html`` shows around every page."""
    is_member = getattr(getattr(request, "user", None), "is_authenticated", False)
    return {
        "navigation": _items(MEMBER_PAGES if is_member else VISITOR_PAGES, request.path, is_member=is_member),
        "own_pages": _items(_open_to(request, OWN_PAGES), request.path, is_member=is_member) if is_member else [],
        "footer_pages": _items(FOOTER_PAGES, request.path, is_member=is_member),
        "languages": [(code, label) for code, label in settings.LANGUAGES if code != get_language()],
        "is_demo": settings.DEMO,
        "htmx_config": HTMX_CONFIG,
    }


def _open_to(request: Request, pages: Pages) -> Pages:
    """Those of the pages that do not refuse this reader (X1)."""
    return tuple(page for page in pages if page[0] not in NEEDED or request.user.has_perm(NEEDED[page[0]]))


def _items(pages: Pages, path: str, *, is_member: bool) -> list[MenuItem]:
    found = ((_address(name, is_member=is_member), label) for name, label in pages)
    return [MenuItem(url, label, path.startswith(url)) for url, label in found if url]


@cache
def _address(name: str, *, is_member: bool) -> str:
    """Return a page's address, or nothing where it is not installed or not open to this visitor."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return ""
    is_open = not getattr(resolve(url).func, "login_required", True)
    return url if is_member or is_open else ""
