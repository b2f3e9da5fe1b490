import xml.etree.ElementTree as ET

import pytest
from django.core.cache import cache
from django.utils import translation

from ksf.documents import charts

NS = "{http://www.w3.org/2000/svg}"
ROWS = [
    {"tema": "Velferdsteknologi og digitalisering", "antall": 1_204, "gruppe": "Små"},
    {"tema": "Velferdsteknologi og digitalisering", "antall": 700, "gruppe": "Store"},
    {"tema": "Barn <og> unge", "antall": 300, "gruppe": "Små"},
    {"tema": "Barn <og> unge", "antall": 100, "gruppe": "Store"},
]


def draw(name, style=charts.PAPER, language="nb"):
    with translation.override(language):
        series = {} if name == "bar" else {"series": "gruppe"}
        rows = ROWS[::2] if name == "bar" else ROWS
        return getattr(charts, name)(rows, category="tema", value="antall", title="Behov & svar", style=style, **series)


def texts_of(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{NS}text")]


@pytest.mark.parametrize("name", ["bar", "grouped_bar"])
def test_a_chart_for_paper_is_an_image_with_words_and_attributes_only(name):
    svg = draw(name)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.find(f"{NS}title").text == "Behov & svar"
    assert root.get("width") == "340pt"
    assert {element.get("font-family") for element in root.iter(f"{NS}text")} == {"KSF"}
    assert not [name for name in ("style=", "class=", "aria-", "var(") if name in svg]


@pytest.mark.parametrize("name", ["bar", "grouped_bar"])
def test_a_chart_for_the_web_takes_its_colours_from_the_page(name):
    svg = draw(name, charts.WEB)
    root = ET.fromstring(svg)
    assert root.get("width") is None
    assert "style=" not in svg
    fills = {element.get("fill") for element in root.iter()} - {None, "none", "currentColor", "transparent"}
    assert fills
    assert all(fill.startswith("var(--chart-") for fill in fills)


def test_names_are_whole_and_numbers_norwegian():
    found = texts_of(draw("grouped_bar"))
    assert "Velferdsteknologi og digitalisering" in found
    assert "Barn <og> unge" in found
    assert {"1\u202f204", "700", "300", "100"} <= set(found)


def test_numbers_follow_the_language():
    assert {"1,204", "300"} <= set(texts_of(draw("bar", language="en")))


def test_bars_of_nothing_are_still_a_chart():
    rows = [{"tema": "Barn", "antall": 0}]
    with translation.override("nb"):
        svg = charts.bar(rows, category="tema", value="antall", title="Tomt")
    assert "Barn" in texts_of(svg)


def test_a_chart_is_drawn_once_for_what_it_shows(monkeypatch):
    cache.clear()
    first, of_another = draw("bar"), draw("grouped_bar")
    monkeypatch.setattr(charts, "_measure", None)  # what is drawn is measured first
    assert draw("bar") == first
    assert draw("grouped_bar") == of_another != first
    for style, language in ((charts.WEB, "nb"), (charts.PAPER, "en")):
        with pytest.raises(TypeError):
            draw("bar", style, language)
