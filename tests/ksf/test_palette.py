"""One palette: the web, paper, the mark and the design system's configuration have their colours from it."""

import json
import re
from pathlib import Path

import pytest

from ksf import palette
from ksf.documents import charts
from reporting.national.drawings import REGION_COLOURS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ksf", "regions", "clusters", "needs", "grants", "reporting", "demo")
HEX = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
PAGE = {"light": "#ffffff", "dark": "#14181c"}
"""What Designsystemet makes the ground of the page, from our neutral colour."""


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_styles_of_the_web_are_made_from_it():
    assert (ROOT / "css" / "colours.css").read_text() == palette.web_stylesheet(), "make format"


def test_no_colour_stands_anywhere_else():
    code = [path for app in APPS for path in (ROOT / app).rglob("*.py") if path.name != "palette.py"]
    styles = [path for path in (ROOT / "css").glob("*.css") if path.name not in {"colours.css", "tokens.css"}]
    pages = [*(ROOT / "static" / "js").glob("*.js"), ROOT / "static" / "documents" / "documents.css"]
    drawn = (ROOT / "templates").rglob("*.html")
    found = {
        str(path.relative_to(ROOT)): colours
        for path in (*code, *styles, *pages, *drawn)
        if (colours := re.findall(r"[\"': ,(](#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})[\"'; ,)]", path.read_text()))
    }
    assert found == {}


def test_the_mark_and_the_design_system_have_the_same_colours():
    theme = json.loads((ROOT / "designsystemet.config.json").read_text())["themes"]["ksf"]["colors"]
    assert theme["main"]["accent"].lower() == palette.ACCENT.light
    assert theme["support"]["support1"].lower() == palette.SIZES["small"].light
    in_mark = [palette.ACCENT, palette.SIZES["medium"], palette.SIZES["small"]]
    mark = HEX.findall((ROOT / "static" / "img" / "mark.svg").read_text())
    assert mark == [colour.light for colour in in_mark] + [colour.dark for colour in in_mark]


def test_a_region_is_the_same_on_the_screen_and_on_paper():
    on_screen = palette.web_stylesheet()
    for slug in palette.REGIONS:
        assert f"--r-{slug}: light-dark({REGION_COLOURS[slug]}, " in on_screen
    assert f"--r-oslo: light-dark({REGION_COLOURS['']}, " in on_screen
    assert [tone in on_screen for tone in charts.TONES] == [True] * 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_regions_and_sizes_are_seen_against_the_page(scheme):
    for colour in (*palette.REGIONS.values(), palette.OSLO, *palette.SIZES.values()):
        assert contrast(getattr(colour, scheme), PAGE[scheme]) >= 3, colour


def test_text_on_colour_is_read():
    for colour in palette.CHARTS[1:3]:
        assert contrast(palette.INK, colour.light) >= 4.5
    for ground in ("#ffffff", palette.TINT):
        for text in (palette.ACCENT.light, palette.INK, palette.SOFT, palette.WARNING):
            assert contrast(text, ground) >= 4.5
    assert contrast("#ffffff", palette.ACCENT.light) >= 4.5  # the cover
