"""The shapes that pages are built of. What stands between a tag and its end is shown inside the shape.

Each shape is written here once, as HTML; templates say what is in it. A new shape needs three pages that have it, a
test in ``tests/ksf/test_web_ui.py``, and a place in ``custom-blocks`` of ``pyproject.toml``.
"""

from collections.abc import Iterable
from typing import Literal

from django.db.models import Model
from django.middleware.csrf import get_token
from django.template import Context, Library
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ksf.web import form_keys
from ksf.web.actions import Action

register = Library()

Text = str | Promise | Model  # a model says its own name


# --- Parts of a page -----------------------------------------------------------------------------------
@register.simple_block_tag(takes_context=True)
def page_head(
    context: Context,
    content: SafeString,
    heading: Text,
    *,
    lang: str = "",
    main: Action | None = None,
    actions: Iterable[Action] = (),
) -> SafeString:
    """The name of the page, what is said about it, and what one may do: ``{% page_head need main=actions.main %}``.

    ``main`` stands first; ``actions`` are shown after it, each by its own look.
    """
    shown = [one for one in (main, *actions) if one]
    return format_html(
        '<header class="page-head"><div><h1 class="ds-heading" data-size="lg"{}>{}</h1>{}</div>{}</header>',
        _attribute("lang", lang),
        heading,
        content,
        format_html('<div class="actions">{}</div>', _joined(context, shown)) if shown else "",
    )


@register.simple_block_tag
def section(content: SafeString, heading: Text, *, name: str = "", kind: str = "") -> SafeString:
    """A part of the page under its heading. With a ``name`` one can link to it, and it is a landmark."""
    return format_html(
        '<section{}{}><h2 class="ds-heading" data-size="sm"{}>{}</h2>{}</section>',
        _attribute("class", kind),
        _attribute("aria-labelledby", name),
        _attribute("id", name),
        heading,
        content,
    )


@register.simple_block_tag
def aside_part(content: SafeString, heading: Text) -> SafeString:
    """A part of the side column under its heading."""
    return format_html('<div><h2 class="ds-heading" data-size="xs">{}</h2>{}</div>', heading, content)


@register.simple_block_tag
def notice(content: SafeString, tone: str, *, role: str = "") -> SafeString:
    """What must be noticed before all else: ``{% notice "warning" %}``, or info, success, danger.

    ``role="alert"`` for the answer to what one just did, so that it is read aloud.
    """
    return format_html('<div class="ds-alert" data-color="{}"{}>{}</div>', tone, _attribute("role", role), content)


@register.simple_block_tag
def table(
    content: SafeString, label: Text, *, kind: str = "", caption: Literal["", "hidden", "shown"] = ""
) -> SafeString:
    """A table that scrolls sideways on a narrow screen, within ``label``; ``kind="table-rows"`` folds into blocks.

    With ``caption`` the label is the table's own caption too, shown or for those who hear the page.
    """
    captions = {
        "": "",
        "hidden": format_html('<caption><span class="ds-sr-only">{}</span></caption>', label),
        "shown": format_html("<caption>{}</caption>", label),
    }
    return format_html(
        '<div class="table-scroll" role="region" aria-label="{}" tabindex="0"><table class="{}">{}{}</table></div>',
        label,
        f"ds-table {kind}".strip(),
        captions[caption],
        content,
    )


@register.simple_block_tag
def row(content: SafeString, url: str, title: Text, *, lang: str = "", level: int = 3) -> SafeString:
    """One of a list's rows (``<ul class="rows">``): its name as a link, and under it what stands between the tags.

    ``level`` is one more than that of the heading the list stands under.
    """
    return format_html(
        '<li><h{level} class="ds-heading" data-size="2xs"><a class="ds-link" href="{url}"{lang}>{title}</a></h{level}>'
        "{content}</li>",
        level=level,
        url=url,
        lang=_attribute("lang", lang),
        title=title,
        content=content,
    )


@register.simple_block_tag
def fact(content: SafeString, name: Text, *, kind: str = "", lang: str = "") -> SafeString:
    """One of the facts in a ``<dl class="facts">``; ``kind="num"`` for a number."""
    look = (_attribute("class", kind), _attribute("lang", lang))
    return format_html("<dt>{}</dt><dd{}{}>{}</dd>", name, *look, content)


@register.simple_tag
def hexagon(kind: str, map_kind: str = "") -> SafeString:
    """One municipality in the colour of ``kind``: ``{% hexagon "s-small" %}``.

    ``map_kind`` says what colours mean where no element around it does: ``by-size`` and others in ``css/``.
    """
    return format_html(
        '<svg class="{}" viewBox="-1 -1 2 2" aria-hidden="true">'
        '<polygon class="tile {}" points="0,-.95 .82,-.47 .82,.47 0,.95 -.82,.47 -.82,-.47"/></svg>',
        f"swatch {map_kind}".strip(),
        kind,
    )


# --- What every form that posts carries ----------------------------------------------------------------
@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's token, and the key by which the form counts once (``ksf.once``).

    It has the name of Django's own tag and takes its place, so that no form can have the one without the other.
    """
    request = context["request"]
    fields = (("csrfmiddlewaretoken", get_token(request)), (form_keys.FIELD, form_keys.next_key(request)))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


# --- What one may do -----------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def action(context: Context, one: Action | None, look: str = "", size: str = "", *, form: str = "") -> SafeString | str:
    """One thing to do, by its own look or the one said here; nothing where there is none.

    ``form="due"`` is the class of the form round a button, where it stands in a row's own place.
    """
    return _shown(context, one, look or one.look, size, form) if one else ""


@register.simple_tag(takes_context=True)
def action_links(context: Context, actions: Iterable[Action]) -> SafeString:
    """Several things to do, as a list of links."""
    items = ((_shown(context, one, "link"),) for one in actions)
    return format_html('<ul class="links">{}</ul>', format_html_join("", "<li>{}</li>", items))


def _joined(context: Context, actions: Iterable[Action]) -> SafeString:
    return format_html_join("", "{}", ((_shown(context, one, one.look),) for one in actions))


def _shown(context: Context, one: Action, look: str, size: str = "", form: str = "") -> SafeString:
    if not one.is_post:
        return format_html('<a {} href="{}">{}</a>', _classes(look, size, "ds-link"), one.url, _label(one))
    return format_html(
        '<form{} method="post" action="{}">{}{}<button {}>{}</button></form>',
        _attribute("class", form),
        one.url,
        csrf_token(context),
        format_html_join("", '<input type="hidden" name="{}" value="{}">', one.fields.items()),
        _classes(look, size, "link-button"),
        _label(one),
    )


def _label(one: Action) -> SafeString:
    return format_html('{}<span class="ds-sr-only">: {}</span>' if one.about else "{}", one.label, one.about)


def _classes(look: str, size: str, as_link: str) -> SafeString:
    if look == "link":
        return format_html('class="{}"', as_link)
    if look == "danger":
        return format_html('{} data-color="danger"', _classes("secondary", size, as_link))
    return format_html('class="ds-button" data-variant="{}"{}', look, _attribute("data-size", size))


def _attribute(name: str, value: str) -> SafeString | str:
    return format_html(' {}="{}"', name, value) if value else ""
