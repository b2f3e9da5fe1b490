"""The tile map: one equal hexagon per municipality, drawn for the web and for paper.

A hexagon's radius is 1 in the web's units. ``q`` and ``r`` are axial coordinates of a grid with pointed tops.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ksf import palette

# Where the names of the regions stand on the map of the whole country: x, y and which end of the name is there.
COUNTRY_LABELS = {
    "nord": (36.5, 27.0, "start"),
    "midt": (9.8, 42.0, "end"),
    "vest": (3.7, 52.0, "end"),
    "innlandet": (27.6, 55.5, "start"),
    "ost": (27.4, 67.6, "start"),
    "sorost": (16.2, 74.0, "start"),
    "sor": (4.8, 75.4, "end"),
}
# The same on paper, where a figure stands beneath each name; names west of the coast need 62 points to the left.
PAPER_LABELS = {
    "nord": (29.0, 20.9, "end"),
    "midt": (14.4, 36.8, "end"),
    "vest": (-0.8, 59.4, "end"),
    "innlandet": (28.2, 51.8, "start"),
    "oslo": (29.0, 57.5, "start"),
    "ost": (28.2, 63.2, "start"),
    "sorost": (16.7, 72.0, "start"),
    "sor": (2.2, 72.6, "end"),
}
# How many times the height of its letters a map is wide: the country fills half a page, a region a side column.
COUNTRY_LETTERS = 24
REGION_LETTERS = 20

Place = Callable[[float, float], tuple[float, float]]  # from the web's units to points


@dataclass(frozen=True)
class Tile:
    """One municipality. ``classes`` colour it on the map (``r-vest s-small c-est``), ``label`` is read aloud."""

    number: str
    q: int
    r: int
    name: str = ""
    sub: str = ""
    label: str = ""
    url: str = ""
    classes: str = ""
    is_marked: bool = False

    @property
    def x(self) -> float:
        return math.sqrt(3) * (self.q + self.r / 2)

    @property
    def y(self) -> float:
        return 1.5 * self.r


@dataclass(frozen=True)
class Layer:
    """Tiles of one colour, drawn on paper as a single path."""

    tiles: Sequence[Tile]
    colour: str
    opacity: float = 1


@dataclass(frozen=True)
class Label:
    """Text on a paper map, at a place in the web's units; ``below`` is a smaller line beneath."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    below: str = ""


@dataclass(frozen=True)
class Frame:
    left: float
    top: float
    width: float
    height: float


def frame(tiles: Iterable[Tile], margin: float = 1.5) -> Frame:
    """The smallest frame around ``tiles`` with ``margin`` radii to spare."""
    places = [(tile.x, tile.y) for tile in tiles]
    left, right = min(x for x, _y in places) - margin, max(x for x, _y in places) + margin
    top, bottom = min(y for _x, y in places) - margin, max(y for _x, y in places) + margin
    return Frame(left, top, right - left, bottom - top)


def corners(radius: float = 0.95) -> list[tuple[float, float]]:
    """The six corners of a hexagon around zero; a radius under 1 leaves a gap between neighbours."""
    return [(radius * math.sin(math.pi / 3 * n), -radius * math.cos(math.pi / 3 * n)) for n in range(6)]


# --- Web ---------------------------------------------------------------------------------------------------------
def screen_map(
    tiles: Sequence[Tile],
    *,
    ident: str,
    title: str,
    description: str,
    labels: Mapping[str, str] | None = None,
    is_region: bool = False,
) -> SafeString:
    """The map as markup coloured by classes, without script or style. Tiles with a ``url`` are links.

    ``labels`` maps a key of ``COUNTRY_LABELS`` to a region's short name. The name of the tile under the pointer or
    focus appears in the empty sea, so nothing is covered. Reading order is the order of ``tiles``.
    """
    has_links = any(tile.url for tile in tiles)
    box, letters, at = _room(frame(tiles), is_region=is_region, has_names=has_links)
    return format_html(
        '<svg class="tilemap{}" viewBox="{}" font-size="{}" role="{}" aria-labelledby="{}-t {}-d" data-tilemap="">\n'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>\n'
        '<defs><polygon id="{}-h" points="{}"/></defs>\n{}{}\n{}</svg>',
        " tilemap--region" if is_region else "",
        f"{box.left:.1f} {box.top:.1f} {box.width:.1f} {box.height:.1f}",
        f"{letters:.2f}",
        "group" if has_links else "img",
        *[ident] * 3,
        title,
        ident,
        description,
        ident,
        " ".join(f"{x:.3f},{y:.3f}" for x, y in corners()),
        _hint(at) if has_links else "",
        format_html_join("\n", "{}", ((_web_tile(tile, ident, at),) for tile in tiles)),
        format_html_join("", "{}", ((_web_label(key, name),) for key, name in (labels or {}).items())),
    )


def _room(box: Frame, *, is_region: bool, has_names: bool) -> tuple[Frame, float, tuple[str, str]]:
    """The frame with room for words, how large they are, and where the name of a tile stands.

    Letters follow the width of the map, so that they are as large on the page whether it shows 25 tiles or 357. The
    country has open sea in the north-west; a region gets a strip above its tiles.
    """
    if not is_region:  # and room for the regions' names west of the coast
        box = Frame(box.left - 3.9, box.top, box.width + 3.9, box.height + 1.5)
        return box, box.width / COUNTRY_LETTERS, (f"{box.left + 0.6:.1f}", f"{box.top + 5:.1f}")
    letters = box.width / REGION_LETTERS
    strip = 2.2 * letters if has_names else 0
    return (
        Frame(box.left, box.top - strip, box.width, box.height + strip),
        letters,
        (f"{box.left + 0.6:.1f}", f"{box.top - strip + letters:.1f}"),
    )


def _hint(at: tuple[str, str]) -> SafeString:
    return format_html(
        '<text class="tilemap__hint" x="{}" y="{}" aria-hidden="true">{}</text>\n', *at, _("Point at a municipality")
    )


def _web_tile(tile: Tile, ident: str, at: tuple[str, str]) -> SafeString:
    use = format_html(
        '<use href="#{}-h" x="{}" y="{}" class="tile {}{}"/>',
        ident,
        f"{tile.x:.2f}",
        f"{tile.y:.2f}",
        tile.classes,
        " tile--marked" if tile.is_marked else "",
    )
    if not tile.url:
        return use
    return format_html(
        '<a href="{}" aria-label="{}" data-number="{}">{}'
        '<text class="tilemap__name" x="{}" y="{}" aria-hidden="true">{}'
        '<tspan class="tilemap__sub" x="{}" dy="1.5em">{}</tspan></text></a>',
        tile.url,
        tile.label or tile.name,
        tile.number,
        use,
        *at,
        tile.name,
        at[0],
        tile.sub,
    )


def _web_label(key: str, name: str) -> SafeString:
    x, y, anchor = COUNTRY_LABELS[key]
    return format_html(
        '<text class="tilemap__label tilemap__label--{}" x="{}" y="{}" aria-hidden="true">{}</text>', anchor, x, y, name
    )


# --- Paper -------------------------------------------------------------------------------------------------------
def paper_map(
    layers: Sequence[Layer],
    *,
    radius: float,
    title: str = "",
    labels: Sequence[Label] = (),
    left: float = 0,
) -> SafeString:
    """The map as SVG for a document: one path per layer, colours as attributes. ``radius`` is a tile's in points.

    ``left`` is room in points for labels west of the tiles. Without a ``title`` it is decoration, to be used as
    background art.
    """
    box = frame((tile for layer in layers for tile in layer.tiles), margin=1)
    width, height = box.width * radius + left, box.height * radius + (6 if labels else 0)

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - box.left) * radius + left, (y - box.top) * radius

    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}pt" height="{}pt" viewBox="0 0 {} {}"{}>{}{}{}</svg>',
        *(f"{width:.0f}", f"{height:.0f}", f"{width:.0f}", f"{height:.0f}"),
        format_html(' role="img" font-family="KSF" font-size="8" fill="{}"', palette.INK) if title else "",
        format_html("<title>{}</title>", title) if title else "",
        format_html_join(
            "", '<path d="{}" fill="{}"{}/>', (_layer(layer, place, radius) for layer in layers if layer.tiles)
        ),
        format_html_join("", "{}", ((_paper_label(label, place),) for label in labels)),
    )


def _layer(layer: Layer, place: Place, radius: float) -> tuple[str, str, SafeString]:
    hexagon = corners(radius * 0.93)
    paths = []
    for tile in layer.tiles:
        x, y = place(tile.x, tile.y)
        paths.append("M" + "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in hexagon) + "Z")
    opacity = format_html(' fill-opacity="{}"', f"{layer.opacity:.2f}") if layer.opacity < 1 else mark_safe("")
    return "".join(paths), layer.colour, opacity


def _paper_label(label: Label, place: Place) -> SafeString:
    x, y = place(label.x, label.y)
    below = format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="9" fill="{}">{}</text>',
        *(f"{x:.1f}", f"{y + 11.5:.1f}", label.anchor, palette.SOFT, label.below),
    )
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="10" font-weight="600">{}</text>{}',
        *(f"{x:.1f}", f"{y:.1f}", label.anchor, label.text),
        below if label.below else "",
    )
