"""What several tests use lies in factories.py, helpers.py or conftest.py, once."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
MODULES = sorted(TESTS.rglob("*.py"))


def imported(module):
    """The full names of the modules and names it imports; the project has no relative imports."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_module_is_imported(module):
    found = [name for name in imported(module) if any(part.startswith("test_") for part in name.split(".")[:-1])]
    assert found == []


def test_no_helper_is_written_twice():
    """No two functions of the tests do the same, whatever they are called; a fixture is shared in conftest.py."""
    places_of = defaultdict(list)
    for module in MODULES:
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
                places_of[ast.dump(node.args), *map(ast.dump, node.body)].append(f"{module.name}:{node.lineno}")
    assert [places for places in places_of.values() if len(places) > 1] == []
