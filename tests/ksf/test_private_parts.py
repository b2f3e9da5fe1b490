"""Parts of other packages that are not promised to stay are listed with what to do without them, and still there."""

import ast
import re
from pathlib import Path
from pkgutil import resolve_name

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("ksf", "local", "regions", "clusters", "needs", "grants", "reporting", "demo", "tests", "benchmarks")
#: Private by their looks, but documented.
DOCUMENTED = {"_meta", "_default_manager", "_replace", "_asdict", "_exit"}
ROW = re.compile(r"^\| (.*`.*) \| `(\S+\.py)` \| (.+) \|$", re.MULTILINE)


def listed():
    """Each listed part as written, the file that uses it, and what to do without it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.partition("## What leans on private parts\n")[2].partition("\n## ")[0]
    return ROW.findall(section)


def trees():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def own_names():
    """Every name that our own code defines."""
    for _path, tree in trees():
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    yield name
                case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                    yield name


def private_names(node):
    """Private names this node takes from something else than the object itself."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return
        case ast.Attribute(attr=name) | ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(name), *_]):
            yield name
        case ast.Call(func=ast.Attribute(attr="setattr"), args=[_, ast.Constant(str(name)), *_]):
            yield name
        case ast.ImportFrom(names=names):
            yield from (one.name for one in names)


def test_every_private_part_is_listed():
    known, rows = {*own_names(), *DOCUMENTED}, listed()
    for path, tree in trees():
        for name in (name for node in ast.walk(tree) for name in private_names(node)):
            if name.startswith("_") and not name.startswith("__") and name not in known:
                assert any(name in part and file == str(path) for part, file, _without in rows), (
                    f"{path} uses {name}: find a public way, or list it in docs/architecture.md"
                )


@pytest.mark.parametrize(("part", "file", "without"), listed())
def test_every_listed_part_is_there_and_used(part, file, without):
    source = (ROOT / file).read_text(encoding="utf-8")
    for name in re.findall(r"`([\w.]+)`", part):
        assert name.rpartition(".")[2] in source, f"{file} no longer uses {name}: take it out of docs/architecture.md"
        if "." in name:
            try:
                resolve_name(name)
            except (ImportError, AttributeError):
                pytest.fail(f"{name} is gone. {file} can do without: {without}")
