"""The user guides of ``docs/user`` as pages: Markdown of our own, with images among the static files."""

import re
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ksf.web.requests import Request

FOLDER = Path(settings.BASE_DIR) / "docs" / "user"
FIRST = "README"
NYNORSK = "nn"
"""The language form that has a folder of its own; the guides themselves are in bokmål."""
NAMES = {"fou-kontakt", "koordinator", "vertskap", "fagfelle", "partner", "nasjonalt"}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
GUIDE = re.compile(r"^([\w-]+)\.md$")


@login_not_required
@require_safe
def help_front(request: Request) -> HttpResponse:
    """Which guide is for whom, and how to sign in."""
    return _page(request, FIRST)


@login_not_required
@require_safe
def help_page(request: Request, name: str) -> HttpResponse:
    if name not in NAMES:
        raise Http404(name)
    return _page(request, name)


def _page(request: Request, name: str) -> HttpResponse:
    tongue = NYNORSK if get_language() == NYNORSK else "nb"
    title, text, parts = rendered(name, tongue)
    context = {"heading": title, "text": text, "parts": parts, "is_first": name == FIRST, "tongue": tongue}
    return render(request, "content/guide.html", context)


def path_of(name: str, tongue: str) -> Path:
    """Where the guide lies in this language form."""
    return (FOLDER / NYNORSK if tongue == NYNORSK else FOLDER) / f"{name}.md"


@cache
def rendered(name: str, tongue: str = "nb") -> tuple[str, SafeString, list[tuple[str, str]]]:
    """The guide's title, the rest of it as HTML, and its headings with their ids. The files are our own."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path_of(name, tongue).read_text(encoding="utf-8"))
    title = tokens[1].content
    parts = []
    for token, inside in pairwise(tokens[3:]):
        _dress(token)
        if token.type == "heading_open":
            parts.append((slugify(inside.content.casefold().translate(LETTERS)), inside.content.split(" (")[0]))
            token.attrSet("id", parts[-1][0])
    html = markdown.renderer.render(tokens[3:], markdown.options, {})
    frame = f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(title)}">'
    html = html.replace("<table", f"{frame}<table").replace("</table>", "</table></div>")
    return title, SafeString(html), parts


def _dress(token: Token) -> None:
    """Give a token the portal's classes, and its links and images the portal's addresses."""
    classes = {"heading_open": "ds-heading", "table_open": "ds-table", "link_open": "ds-link", "image": "shot"}
    if token.type in classes:
        token.attrSet("class", classes[token.type])
    match token.type:
        case "heading_open":
            token.attrSet("data-size", {"h2": "sm"}.get(token.tag, "xs"))
        case "bullet_list_open" | "ordered_list_open":
            token.attrSet("class", "ds-list")
        case "link_open" if found := GUIDE.match(str(token.attrGet("href"))):
            token.attrSet("href", reverse("help_page", args=[found[1]]))
        case "image":
            token.attrSet("src", static(str(token.attrGet("src")).removeprefix("../").replace("img/", "help/", 1)))
            token.attrSet("loading", "lazy")
    for child in token.children or []:
        _dress(child)
