"""What the walks of docs/architecture.md name is there: files, and what to look for in them."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
WALKS = TEXT[TEXT.index("## Three walks") : TEXT.index("## People and access")]
QUOTED = re.findall(r"`([^`]+)`", WALKS)
FILES = sorted({name for name in QUOTED if "/" in name and not name.startswith("/")})
NAMES = sorted({name for name in QUOTED if re.fullmatch(r"\w+", name)})


def defined():
    """Names that the modules of the walks define: functions, classes, methods and constants."""
    found = set()
    for path in (ROOT / name for name in FILES if name.endswith(".py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_walk_exists(name):
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", NAMES)
def test_what_to_look_for_is_in_one_of_the_files(name):
    assert name in defined()


def test_there_are_three_walks():
    assert len(re.findall(r"^### ", WALKS, re.MULTILINE)) == 3
    assert len(FILES) > 30
