"""Every class that pages or documents have a rule for is given to something: a rule without a user is deleted."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ksf", "regions", "clusters", "needs", "grants", "reporting")
NAME = re.compile(r"[a-z][\w-]*")
NAMES = re.compile(r"\s*[a-z][\w-]*(\s+[a-z][\w-]*)*\s*")
QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
TAG = r"\{[{%].*?[%}]\}"
CLASS_ATTRIBUTE = re.compile(rf'\bclass=(?:"((?:[^"{{]|{TAG}|\{{)*)"|(\w+))')

MADE_FROM_DATA = {
    r"r-[a-z]+": "the region of a tile, by its slug",
    r"tilemap__label--(start|end)": "the side of a place that its name stands on",
    r"b[12]": "the awards in a bar, every other one darker",
    r"z[123]": "the sizes of municipality in a bar, by their place",
}


def classes_with_a_rule() -> dict[str, str]:
    """Every class that a rule selects, with its file; those of the design system are its own."""
    found = {}
    for path in (*sorted((ROOT / "css").glob("*.css")), ROOT / "static" / "documents" / "documents.css"):
        selectors = re.sub(r'/\*.*?\*/|"[^"]*"|\{[^{}]*\}|@[^;{]*;', "{}", path.read_text(), flags=re.DOTALL)
        found |= {name: path.name for name in re.findall(r"\.([a-z][\w-]*)", selectors) if not name.startswith("ds-")}
    return found


def in_templates() -> Iterator[str]:
    """What stands in class attributes, and in quotes in tags that show no text."""
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        yield from (first or second for first, second in CLASS_ATTRIBUTE.findall(text))
        for tag in re.findall(r"\{%.*?%\}", text, flags=re.DOTALL):
            if not re.match(r"\{%-? *(block)?translate", tag):
                yield from (first or second for first, second in QUOTED.findall(tag))


def in_python() -> Iterator[str]:
    """Strings that are nothing but names, and class attributes in strings of markup."""
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if NAMES.fullmatch(node.value):
                    yield node.value
                yield from (first or second for first, second in CLASS_ATTRIBUTE.findall(node.value))


def in_scripts() -> Iterator[str]:
    for path in (ROOT / "static" / "js").glob("*.js"):
        yield from (first or second for first, second in QUOTED.findall(path.read_text()))


@cache
def given_classes() -> set[str]:
    texts = chain(in_templates(), in_python(), in_scripts())
    return {name for text in texts for name in NAME.findall(text)}


@pytest.mark.parametrize(("name", "file"), classes_with_a_rule().items())
def test_a_class_with_a_rule_is_given_to_something(name, file):
    is_from_data = any(re.fullmatch(pattern, name) for pattern in MADE_FROM_DATA)
    assert name in given_classes() or is_from_data, f"nothing has the class {name} of {file}"
