"""Charts as SVG, drawn by Vega without any network: for paper in fixed colours, for the web in the page's own.

Rows are dictionaries. Categories keep the order they come in. Every chart has a title, which is read aloud instead of
the picture; the figures themselves belong in a table beneath it. Set the language before calling.
"""

import atexit
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import altair as alt
import vl_convert
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from fontTools.ttLib import TTFont

from ksf import palette
from ksf.palette import INK, RULE, SOFT

TONES = tuple(colour.light for colour in palette.CHARTS)
FAMILY = "Inter"

# On the web a colour is a custom property of the page, so that it follows the dark scheme; paper's is the fallback.
WEB_COLOURS = {
    **{tone: f"var(--chart-{place}, {tone})" for place, tone in enumerate(TONES, start=1)},
    INK: "currentColor",
    SOFT: f"var(--chart-soft, {SOFT})",
    RULE: f"var(--chart-rule, {RULE})",
}

Rows = Sequence[Mapping[str, Any]]


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
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        y=_categories(category, style, label), x=alt.X(f"{value}:Q", axis=None, scale=alt.Scale(zero=True))
    )
    bars = base.mark_bar(color=TONES[0], height=alt.RelativeBandSize(0.72))
    ends = base.mark_text(align="left", dx=4, color=INK, fontWeight=600).encode(text=alt.Text(f"{value}:Q", format=","))
    return _draw(
        bars + ends,
        _height(rows, category, style),
        title,
        description,
        style,
        Room(_names(style, label), 5 * style.text),
    )


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
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        y=_categories(category, style, label),
        yOffset=alt.YOffset(f"{series}:N", sort=names),
        x=alt.X(f"{value}:Q", axis=None, scale=alt.Scale(zero=True)),
    )
    tones = alt.Color(
        f"{series}:N", sort=names, scale=alt.Scale(domain=names, range=list(TONES[: len(names)])), legend=_legend()
    )
    bars = base.mark_bar().encode(color=tones)
    ends = base.mark_text(align="left", dx=4, color=INK).encode(text=alt.Text(f"{value}:Q", format=","))
    height = round(_height(rows, category, style) * len(names) * 0.8)
    return _draw(
        bars + ends, height, title, description, style, Room(_names(style, label), 5 * style.text, top=2.2 * style.text)
    )


# --- How they are drawn ------------------------------------------------------------------------------------------
def _names(style: Style, label: float) -> float:
    """Room for the names of categories: as asked, or a good third of the width."""
    return label or round(style.width * 0.43)


def _categories(name: str, style: Style, label: float) -> alt.Y:
    axis = alt.Axis(
        labelLimit=_names(style, label) - 6, labelColor=INK, domain=False, ticks=False, title=None, labelPadding=6
    )
    return alt.Y(f"{name}:N", sort=None, axis=axis)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", title=None, symbolType="square", labelColor=INK, offset=6, symbolStrokeWidth=0)


def _height(rows: Rows, category: str, style: Style) -> int:
    return style.row * len({row[category] for row in rows})


def _draw(  # noqa: PLR0917 -- one caller per kind of chart
    chart: alt.Chart | alt.LayerChart | alt.FacetChart,
    height: int,
    title: str,
    description: str,
    style: Style,
    room: Room,
) -> SafeString:
    _measure()
    padding = {"left": room.left, "right": room.right, "top": room.top, "bottom": room.bottom}
    spec = (
        chart.properties(width=style.width - room.left - room.right, height=height, padding=padding)
        .configure(**_config(style))
        .to_dict()
    )
    english = get_language() == "en"
    svg = vl_convert.vegalite_to_svg(
        {**spec, "autosize": "none"},
        format_locale={
            "decimal": "." if english else ",",
            "thousands": "," if english else "\u202f",
            "grouping": [3],
            "currency": ["", "\u00a0kr"],
        },
        allowed_base_urls=[],
    )
    return _ours(svg, title, description, style)


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


def _config(style: Style) -> dict:
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
