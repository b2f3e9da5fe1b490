"""Charts as SVG, drawn by Vega without any network: for paper in fixed colours, for the web in the page's own.

Rows are dictionaries. Categories keep the order they come in. Every chart has a title, which is read aloud instead of
the picture; the figures themselves belong in a table beneath it. Set the language before calling.
"""

import atexit
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import vl_convert
from django.conf import settings
from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from fontTools.ttLib import TTFont

from ksf import palette
from ksf.palette import INK, RULE, SOFT

TONES = tuple(colour.light for colour in palette.CHARTS)
FAMILY = "Inter"
VEGA = version("vl-convert-python")
KEPT_SECONDS = 30 * 24 * 3600

# On the web a colour is a custom property of the page, so that it follows the dark scheme; paper's is the fallback.
WEB_COLOURS = {
    **{tone: f"var(--chart-{place}, {tone})" for place, tone in enumerate(TONES, start=1)},
    INK: "currentColor",
    SOFT: f"var(--chart-soft, {SOFT})",
    RULE: f"var(--chart-rule, {RULE})",
}

Rows = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]
"""A part of a chart as Vega-Lite has it: JSON, so what a name holds is any of its kinds."""

END: Spec = {"type": "text", "align": "left", "dx": 4, "color": INK}
LEGEND: Spec = {
    "orient": "top",
    "title": None,
    "symbolType": "square",
    "labelColor": INK,
    "offset": 6,
    "symbolStrokeWidth": 0,
}


@dataclass(frozen=True)
class Room:
    """What stands around the plot: names, end labels, legend, axis."""

    left: float
    right: float
    top: float = 0
    bottom: float = 0


@dataclass(frozen=True)
class Style:
    """Where the chart is read: width and row height in its own units, size of the text."""

    width: int
    text: float
    row: int
    css: str = ""  # the web's classes; without them the chart is for paper

    @property
    def is_web(self) -> bool:
        return bool(self.css)


PAPER = Style(width=340, text=8, row=19)
WEB = Style(width=640, text=14, row=34, css="vega vega--wide")
NARROW_WEB = Style(width=340, text=12, row=30, css="vega vega--narrow")


def bar(
    rows: Rows, *, category: str, value: str, title: str, description: str = "", style: Style = PAPER, label: float = 0
) -> SafeString:
    """Horizontal bars, the value at the end of each. ``label`` is room for category names, or else a good third."""
    places = {"x": _values(value), "y": _categories(category, style, label)}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": TONES[0], "height": {"band": 0.72}}, "encoding": places},
        {"mark": END | {"fontWeight": 600}, "encoding": places | {"text": _label(value)}},
    ]
    room = Room(_names(style, label), 5 * style.text)
    return _draw(rows, layers, _height(rows, category, style), title, description, style, room)


def grouped_bar(
    rows: Rows,
    *,
    category: str,
    value: str,
    series: str,
    title: str,
    description: str = "",
    style: Style = PAPER,
    label: float = 0,
) -> SafeString:
    """Horizontal bars side by side: one tone per value of ``series``, the value at the end of each."""
    names = list(dict.fromkeys(str(row[series]) for row in rows))
    group: Spec = {"field": series, "type": "nominal", "sort": names}
    places = {"x": _values(value), "y": _categories(category, style, label), "yOffset": group}
    tones = group | {"scale": {"domain": names, "range": TONES[: len(names)]}, "legend": LEGEND}
    layers: list[Spec] = [
        {"mark": {"type": "bar"}, "encoding": places | {"color": tones}},
        {"mark": END, "encoding": places | {"text": _label(value)}},
    ]
    height = round(_height(rows, category, style) * len(names) * 0.8)
    room = Room(_names(style, label), 5 * style.text, top=2.2 * style.text)
    return _draw(rows, layers, height, title, description, style, room)


# --- How they are drawn ------------------------------------------------------------------------------------------
def _names(style: Style, label: float) -> float:
    """Room for the names of categories: as asked, or a good third of the width."""
    return label or round(style.width * 0.43)


def _values(name: str) -> Spec:
    return {"field": name, "type": "quantitative", "axis": None, "scale": {"zero": True}}


def _label(name: str) -> Spec:
    return {"field": name, "type": "quantitative", "format": ","}


def _categories(name: str, style: Style, label: float) -> Spec:
    axis = {
        "labelLimit": _names(style, label) - 6,
        "labelColor": INK,
        "domain": False,
        "ticks": False,
        "title": None,
        "labelPadding": 6,
    }
    return {"field": name, "type": "nominal", "sort": None, "axis": axis}


def _height(rows: Rows, category: str, style: Style) -> int:
    return style.row * len({row[category] for row in rows})


def _draw(  # noqa: PLR0917 -- one caller per kind of chart
    rows: Rows, layers: list[Spec], height: int, title: str, description: str, style: Style, room: Room
) -> SafeString:
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _config(style),
        "data": {"values": list(rows)},
        "layer": layers,
        "width": style.width - room.left - room.right,
        "height": height,
        "padding": {"left": room.left, "right": room.right, "top": room.top, "bottom": room.bottom},
        "autosize": "none",
    }
    english = get_language() == "en"
    numbers: Spec = {
        "decimal": "." if english else ",",
        "thousands": "," if english else "\u202f",
        "grouping": [3],
        "currency": ["", "\u00a0kr"],
    }
    return _ours(_drawn(spec, numbers), title, description, style)


def _drawn(spec: Spec, numbers: Spec) -> str:
    """Vega's SVG. Kept by what it shows: to draw it again takes a twentieth of a second, and gives the same."""
    shown = json.dumps([VEGA, spec, numbers], default=str)
    key = f"chart-{sha256(shown.encode()).hexdigest()}"
    kept: str | None = cache.get(key)
    if kept is not None:
        return kept
    _measure()
    svg: str = vl_convert.vegalite_to_svg(spec, format_locale=numbers, allowed_base_urls=[])
    cache.set(key, svg, KEPT_SECONDS)
    return svg


@lru_cache
def _measure() -> None:
    """Teach Vega our font once per process, or it measures words in another and cuts them."""
    folder = Path(mkdtemp(prefix="ksf-fonts-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    for name in ("Inter-Regular.woff2", "Inter-SemiBold.woff2"):
        font = TTFont(settings.DOCUMENT_FONTS / name)
        font.flavor = None
        font.save(folder / f"{name}.ttf")
    vl_convert.register_font_directory(str(folder))


def _config(style: Style) -> Spec:
    text = {"font": FAMILY, "fontSize": style.text}
    return {
        "background": "transparent",
        "view": {"stroke": None},
        "font": FAMILY,
        "text": text,
        "axis": {
            "labelFont": FAMILY,
            "labelFontSize": style.text,
            "labelColor": SOFT,
            "gridColor": RULE,
            "tickColor": RULE,
            "domainColor": RULE,
            "gridWidth": 0.5,
        },
        "legend": {"labelFont": FAMILY, "labelFontSize": style.text, "symbolSize": style.text**2 * 0.8},
    }


def _ours(svg: str, title: str, description: str, style: Style) -> SafeString:
    """Vega's SVG with our title, without its own roles, classes and empty paths."""
    root, body = svg.removeprefix("<svg").split(">", 1)
    size = dict(re.findall(r'(width|height|viewBox)="([^"]*)"', root))
    body = re.sub(r' (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"', "", body)
    body = re.sub(r"<path[^>]*display=\"none\"[^>]*/>|<path[^>]*d=\"M0,0h0v0h0Z\"[^>]*/>", "", body)
    body = re.sub(r' font-size="([\d.]+)px"', r' font-size="\1"', body)
    texts = f"<title>{escape(title)}</title>" + (f"<desc>{escape(description)}</desc>" if description else "")
    body = re.sub(r' font-family="[^"]*"', "" if style.is_web else ' font-family="KSF"', body)
    if style.is_web:
        body = re.sub(r'(fill|stroke)="(#[0-9a-f]{6})"', lambda m: f'{m[1]}="{WEB_COLOURS.get(m[2], m[2])}"', body)
        attributes = f'class="{style.css}"'
    else:
        attributes = f'width="{size["width"]}pt" height="{size["height"]}pt"'
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" {attributes} viewBox="{size["viewBox"]}" role="img">{texts}{body}'
    )
