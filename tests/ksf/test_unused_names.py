"""Every function, class and constant of a module is used by the portal itself; a use in the tests alone is none."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("ksf", "local", "regions", "clusters", "needs", "grants", "reporting", "demo")
#: What Django, Celery and the web server look for by name. Settings are read by many.
FOUND_BY_NAME = re.compile(r"urlpatterns|handler\d+|app_name|application|Command|\w+Config|__\w+__|_")
NOT_YET_USED = {"one_line", "use_slot"}  # the latter by deploy/gunicorn.py


def modules():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def defined(source):
    """The names a module defines; what a decorator registers is used."""
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(decorator_list=[ast.Name("keeps_versions")]):
                continue
            case ast.FunctionDef(name=name, decorator_list=[]) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield name


def test_every_name_is_used():
    used = Counter(word for _path, source in modules() for word in re.findall(r"\w+", source))
    places = [
        (str(path.relative_to(ROOT)), name)
        for path, source in modules()
        if "migrations" not in path.parts and path != ROOT / "ksf" / "settings.py"
        for name in defined(source)
        if not FOUND_BY_NAME.fullmatch(name) and name not in NOT_YET_USED
    ]
    definitions = Counter(name for _place, name in places)
    assert [(place, name) for place, name in places if used[name] <= definitions[name]] == []
