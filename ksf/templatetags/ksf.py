"""What every template may say without loading anything."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from django import forms
from django.core.paginator import Page
from django.db.models import Choices, Field, Model
from django.template import Context, Library
from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy

from ksf.panels import Panel
from ksf.periods import DatedModel
from ksf.templatetags.ui import hexagon
from ksf.web import dates, numbers
from ksf.web.browsers import browser_name
from ksf.web.history import events
from ksf.web.menus import MenuItem
from ksf.web.stages import stages_of
from ksf.web.unsent import Forms, keeping

register = Library()

SIZES: Mapping[str, Promise | str] = {
    "small": pgettext_lazy("size of a municipality", "small"),
    "medium": pgettext_lazy("size of a municipality", "medium-sized"),
    "large": pgettext_lazy("size of a municipality", "large"),
}


class HasSize(Protocol):
    @property
    def size(self) -> str: ...


@register.filter
def amount(kroner: int | None) -> str:
    """``{{ 1250000|amount }}`` gives ``1 250 000 kr``; nothing for ``None``."""
    return "" if kroner is None else numbers.kroner(kroner)


@register.filter
def number(value: int | None) -> str:
    """``{{ 5000|number }}`` gives ``5 000``; nothing for ``None``."""
    return "" if value is None else numbers.spaced(value)


@register.filter
def browser(user_agent: str) -> str:
    """``{{ session.user_agent|browser }}`` gives ``Firefox, Windows``."""
    return browser_name(user_agent)


@register.filter
def sum_of(rows: Iterable[Mapping[str, int]], key: str) -> int:
    """``{{ budget|sum_of:"own"|amount }}`` adds up one column of rows."""
    return sum(row[key] for row in rows)


@register.filter
def percent(value: float | None) -> str:
    """``{{ 64|percent }}`` gives ``64 %`` with a space that never breaks."""
    return "" if value is None else f"{round(value)}{numbers.NBSP}%"


@register.filter
def day(value: date | datetime | None) -> str:
    """``{{ need.created_at|day }}`` gives ``22. november 2026`` in a ``<time>``, without the hour."""
    if value is None:
        return ""
    here = dates.local(value)
    return _time(here.date() if isinstance(here, datetime) else here)


@register.filter
def days(row: DatedModel) -> SafeString:
    """``{{ term|days }}`` gives ``1. mars 2024 – 1. juni 2026``, or only the first where it has no end."""
    last = format_html(" – {}", day(row.ends_on)) if row.ends_on else ""
    return format_html("{}{}", day(row.starts_on), last)


@register.filter
def moment(value: datetime | None) -> str:
    """``{{ call.closes_at|moment }}`` gives ``15. januar 2027 kl. 13.00`` in a ``<time>``."""
    return "" if value is None else _time(value)


@register.filter
def deadline(value: date | datetime | None) -> str:
    """``{{ call.closes_at|deadline }}`` gives ``15. januar 2027 kl. 13.00, om 53 dager``."""
    return "" if value is None else format_html("{}, {}", _time(value), relative(value))


@register.filter
def relative(value: date | datetime | None) -> str:
    """``{{ item.due|relative|capfirst }}`` gives ``Om 3 dager``, never broken over two lines."""
    return "" if value is None else dates.relative(value).replace(" ", numbers.NBSP)


@register.filter
def is_soon(value: date | datetime | None) -> bool:
    """Tell whether a deadline is within a week, or past."""
    return value is not None and dates.is_soon(value)


@register.simple_tag
def state_tag(obj: Model) -> SafeString:
    """Return the state's word as a tag; its colour is looked up by value in the model's ``TONES``."""
    tones: Mapping[str, str] = getattr(obj, "TONES", {})
    state: str = obj.state  # type: ignore[attr-defined]
    return format_html(
        '<span class="ds-tag" data-color="{}">{}</span>',
        tones.get(state, "neutral"),
        capfirst(str(_state_labels(type(obj)).get(state, state))),
    )


@cache
def _state_labels(model: type[Model]) -> dict[str, Promise | str]:
    """The labels of a model's states, looked up once: ``get_state_display`` translates all of them for each row."""
    column: Field = model._meta.get_field("state")  # type: ignore[assignment]  # noqa: SLF001 -- Django's documented name
    return dict(column.flatchoices)


@register.simple_tag
def size_tag(municipality: HasSize) -> SafeString:
    """Return the municipality's size as a hexagon in the size's colour and its word."""
    size = str(municipality.size)
    return format_html('<span class="size">{}{}</span>', hexagon(f"s-{size}", "by-size"), SIZES[size])


@register.inclusion_tag("components/steps.html")
def steps_of(
    line: Iterable[Choices], current: str, dates: Mapping[str, date | datetime] | None = None
) -> dict[str, Any]:
    """Show a life cycle: ``{% steps_of need.LINE need.state need.dates_by_state %}``."""
    return {"stages": stages_of(line, current, dates)}


@register.inclusion_tag("components/history.html")
def history(obj: Model) -> dict[str, Any]:
    """Show what has happened to ``obj``, newest first, as ``history.py`` of each app names it."""
    return {"entries": events(obj)}


@register.simple_tag
def earlier_versions(row: Model | None) -> SafeString | str:
    """The way to what the texts of ``row`` were, where one writes them; nothing for what is not saved yet."""
    if not isinstance(row, Model) or row.pk is None:
        return ""
    url = reverse("earlier_texts", args=[row._meta.label_lower, row.pk])  # noqa: SLF001
    return format_html('<a class="ds-link earlier" href="{}">{}</a>', url, gettext("Earlier versions"))


@register.inclusion_tag("components/unsent.html", takes_context=True)
def keep_unsent(context: Context, form: Forms | str, beside: Forms | str = "") -> dict[str, Any]:
    """Within a form: keep what is typed until it is sent, and say so where it was kept before.

    ``beside`` is another form between the same ``<form>`` tags. A page that has none gives an empty text.
    """
    request = context.get("request")
    forms_of_page = [one for one in (form, beside) if not isinstance(one, str)]
    return {"keeping": keeping(request, *forms_of_page) if request and forms_of_page else None}


@register.inclusion_tag("components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, *parts: str) -> dict[str, Any]:
    """Show the way here: label and address by turns, the present page's label last.

    ``{% breadcrumbs needs_label needs_url need.title %}``
    """
    *way, here = parts
    trail = [MenuItem(url, label) for label, url in zip(way[::2], way[1::2], strict=True)]
    return {
        "trail": trail,
        "back": trail[-1] if trail else None,
        "here": MenuItem(context["request"].path, here),
    }


@register.simple_tag(takes_context=True)
def show_panel(context: Context, panel: Panel) -> SafeString:
    """Render what another app adds to this page (``ksf.panels``)."""
    with context.push(panel=panel.context, **panel.context):
        return get_template(panel.template).template.render(context)  # type: ignore[attr-defined]


@register.filter
def total(page: Page) -> str:
    """Return how many rows the list has: ``{{ page|total }}`` gives ``512`` or ``more than 10 000``."""
    count = numbers.spaced(page.paginator.count)
    has_more = getattr(page.paginator, "has_more", False)
    return gettext("more than %(count)s") % {"count": count} if has_more else count


@register.filter
def page_numbers(page: Page) -> Iterable[int | str]:
    """Return the numbers a list's footer shows: both ends, the present page and its neighbours."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def fields_with_errors(form: forms.BaseForm) -> list[forms.BoundField]:
    """Return the bound fields an error summary must link to, in the order they stand."""
    return [form[name] for name in form.fields if name in form.errors]


@register.filter
def count_errors(form: forms.BaseForm) -> int:
    """Return how many messages an error summary will list."""
    return sum(len(errors) for errors in form.errors.values())


def _time(value: date | datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', dates.local(value).isoformat(), dates.in_words(value))
