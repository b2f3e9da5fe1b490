import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from ksf.web import tilemap

NS = "{http://www.w3.org/2000/svg}"
TILES = [
    tilemap.Tile("4601", 0, 0, "Bergen", "4601 · Vest", "Bergen, KSF Vest", "/kommuner/4601/", "r-vest s-large c-est"),
    tilemap.Tile(
        "4626", 1, 0, "Øygarden & <sjø>", "4626", "", "/kommuner/4626/", "r-vest s-medium c-none", is_marked=True
    ),
]


def web(tiles=TILES, **more):
    with translation.override("nb"):
        return tilemap.screen_map(tiles, ident="kart", title="Kart", description="To kommuner", **more)


def test_every_municipality_is_a_link_with_its_name():
    root = ET.fromstring(web())
    links = root.findall("a")
    assert [(link.get("href"), link.get("aria-label")) for link in links] == [
        ("/kommuner/4601/", "Bergen, KSF Vest"),
        ("/kommuner/4626/", "Øygarden & <sjø>"),
    ]
    assert root.get("role") == "group"
    assert [link.find("use").get("class") for link in links] == [
        "tile r-vest s-large c-est",
        "tile r-vest s-medium c-none tile--marked",
    ]


def test_tiles_without_addresses_are_a_picture():
    svg = web([tilemap.Tile("4601", 0, 0, classes="r-vest")])
    assert 'role="img"' in svg
    assert "<a " not in svg
    assert "tilemap__hint" not in svg


def test_letters_follow_the_width_and_a_region_has_a_strip_for_the_name():
    row = [tilemap.Tile(str(q), q, 0, "Bergen", url="/", classes="r-vest") for q in range(10)]

    def drawn(tiles):
        root = ET.fromstring(web(tiles, is_region=True))
        _left, top, width, _height = (float(part) for part in root.get("viewBox").split())
        name = root.find("a/text")
        return float(root.get("font-size")) / width, top < float(name.get("y")) < min(tile.y for tile in tiles) - 1

    assert drawn(row[:3]) == (pytest.approx(1 / 20, abs=0.001), True)
    assert drawn(row) == (pytest.approx(1 / 20, abs=0.001), True)


def test_neighbours_stand_one_width_apart():
    first, second = TILES
    assert second.x - first.x == pytest.approx(3**0.5)
    assert tilemap.Tile("1", 0, 1).y == 1.5


def test_the_web_map_has_no_style_of_its_own_and_names_regions():
    svg = web(labels={"vest": "Vest"})
    assert "style=" not in svg
    assert "<script" not in svg
    assert re.search(r'<text class="tilemap__label tilemap__label--end"[^>]*>Vest</text>', svg)


def test_paper_has_one_path_per_colour_and_its_words_in_a_title():
    svg = tilemap.paper_map(
        [
            tilemap.Layer(TILES[:1], "#105967"),
            tilemap.Layer(TILES[1:], "#105967", 0.36),
            tilemap.Layer([*TILES[:0]], "#fff"),
        ],
        radius=10,
        title="Kart & mer",
        labels=[tilemap.Label(0, 0, "KSF Vest", below="1 av 2")],
    )
    root = ET.fromstring(svg)
    assert [(p.get("fill"), p.get("fill-opacity")) for p in root.findall(f"{NS}path")] == [
        ("#105967", None),
        ("#105967", "0.36"),
    ]
    assert root.find(f"{NS}title").text == "Kart & mer"
    assert [t.text for t in root.iter(f"{NS}text")] == ["KSF Vest", "1 av 2"]


def test_art_without_a_title_is_decoration():
    svg = tilemap.paper_map([tilemap.Layer(TILES, "#4c7587")], radius=8)
    assert "role=" not in svg
    assert ET.fromstring(svg).find(f"{NS}title") is None
