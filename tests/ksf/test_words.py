"""Names are in plain English: docs/style.md has the words that go out, and what to write instead."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SOURCE = ("ksf", "regions", "clusters", "needs", "grants", "reporting", "demo", "local")
FOLDERS = (*SOURCE, "tests", "tools", "benchmarks")
ROW = re.compile(r"^\| (?P<words>[A-Za-z_, ]+) \| .+ \| (?P<where>part|name|function) \|$", re.MULTILINE)
PART_OF_A_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
TAG = re.compile(r"{{(.*?)}}|{%(.*?)%}", re.DOTALL)
TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
NAMED_BY_DJANGO = {"Command", "Meta"}


def words_that_go_out(where):
    style = (ROOT / "docs" / "style.md").read_text(encoding="utf-8")
    return {word for row in ROW.finditer(style) if row["where"] == where for word in row["words"].split(", ")}


PART, NAME, FUNCTION = map(words_that_go_out, ("part", "name", "function"))


def modules(*folders):
    return [
        path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts
    ]


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path):
    return path.parent.name if path.stem == "__init__" else path.stem


def names_in(tree):
    """Every name that is given or used in the module: of variables, arguments, attributes, functions and classes."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            if isinstance(name := getattr(node, field, None), str):
                yield name


def names_in_template(text):
    for tag in TAG.finditer(text):
        yield from re.findall(r"[A-Za-z_]\w*", TEXT.sub("", tag[1] or tag[2]))


def functions_of(tree):
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def going_out(names, functions=()):
    parts = {name for name in names if PART & {part.lower() for part in PART_OF_A_NAME.findall(name)}}
    whole = {name for name in names if name.strip("_") in NAME}
    return sorted(parts | whole | {name for name in functions if name.strip("_") in FUNCTION})


def line_of(path, names):
    return f"{path.relative_to(ROOT)}: {', '.join(names)}"


def test_the_list_is_read():
    assert {"told", "hat"} <= PART
    assert {"words", "NotWelcome"} <= NAME
    assert {"written", "plain"} == FUNCTION
    assert going_out(["ToldTwice", "is_told", "told", "retold", "words", "keywords"]) == [
        "ToldTwice", "is_told", "told", "words",
    ]  # fmt: skip
    assert going_out(["plain"]) == []
    assert going_out([], ["plain", "_written"]) == ["_written", "plain"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_in_python(folder):
    found = []
    for path in modules(folder):
        tree = parsed(path)
        if names := going_out({*names_in(tree), name_of(path)}, {*functions_of(tree), name_of(path)}):
            found.append(line_of(path, names))
    assert not found, "\n".join(found)


def test_names_in_templates():
    found = []
    for path in (path for folder in ("templates", *SOURCE) for path in sorted((ROOT / folder).rglob("*.*"))):
        if path.suffix in {".html", ".txt"}:
            names = going_out({*names_in_template(path.read_text(encoding="utf-8")), path.stem})
            found += [line_of(path, names)] if names else []
    assert not found, "\n".join(found)


def test_no_two_classes_of_one_name():
    """Classes inside a class are named by it: ``Partner.Kind`` and ``Relation.Kind`` are two names."""
    places = defaultdict(list)
    for path in modules(*SOURCE):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_BY_DJANGO:
                places[node.name].append(str(path.relative_to(ROOT)))
    twice = [f"{name}: {', '.join(paths)}" for name, paths in places.items() if len(paths) > 1]
    assert not twice, "\n".join(twice)


def is_view(function):
    return [argument.arg for argument in function.args.args[:1]] == ["request"] or bool(function.decorator_list)


def test_no_module_and_function_of_one_name():
    """In one folder. A view is named by its address, and Django finds a template tag by its name."""
    found = []
    for path in modules(*SOURCE):
        beside = {name_of(other) for other in path.parent.glob("*.py")}
        functions = {node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef) and not is_view(node)}
        if same := sorted(functions & beside):
            found.append(line_of(path, same))
    assert not found, "\n".join(found)
