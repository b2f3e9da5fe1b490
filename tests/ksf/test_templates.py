"""How templates are laid out, where the formatter does not see to it."""

import re
import tomllib
from pathlib import Path

import pytest

from ksf.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
WIDEST = 120
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
UNTRIMMED = re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)")
HEXAGON = 'points="0,-.95 '


def lines_with(wrong):
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if wrong(line)
    ]


def test_there_are_templates():
    assert len(TEMPLATES) > 200


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda line: len(line) > WIDEST, id="too long"),
        pytest.param(UNTRIMMED.search, id="blocktranslate without trimmed"),
        pytest.param(lambda line: HEXAGON in line, id="a shape written out"),
    ],
)
def test_no_line_is(wrong):
    assert lines_with(wrong) == []


def test_the_formatter_knows_every_shape_with_an_end():
    """Without it, what is inside a shape would not be indented."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["djangofmt"]
    shapes = re.findall(r"@register\.simple_block_tag.*\ndef (\w+)", Path(ui.__file__).read_text(encoding="utf-8"))
    assert {"page_head", "row"} <= set(shapes) <= set(configured["custom-blocks"])
