"""Parameters say what they are: few are typed plain ``Any``, and each of those has its reason beside it."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ksf", "regions", "clusters", "needs", "grants", "reporting", "demo", "local")
MOST = 40
REASON = "# Any: "


def typed_any(source):
    """The names and lines of the parameters whose whole type is ``Any``; not of ``*args`` and ``**kwargs``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for parameter in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                if isinstance(parameter.annotation, ast.Name) and parameter.annotation.id == "Any":
                    yield parameter.arg, parameter.lineno


def has_reason(source, line):
    """On the parameter's line, or in a comment on the line above."""
    above, own = ["", *source.splitlines()][line - 1 : line + 1]
    return REASON in own or above.lstrip().startswith(REASON)


def found():
    for path in sorted(path for app in APPS for path in (ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            source = path.read_text(encoding="utf-8")
            yield from ((path.relative_to(ROOT), source, name, line) for name, line in typed_any(source))


def test_few_parameters_are_typed_any():
    assert len(list(found())) <= MOST


def test_each_says_why_beside_it():
    assert [f"{path}:{line} {name}" for path, source, name, line in found() if not has_reason(source, line)] == []


SOURCE = """\
def one(a: Any, b: int, *args: Any, c: Any = None, **kwargs: Any): ...  # Any: of the library
def two(a: Any): ...  # anything

# Any: of the library
def three(a: Any | None, b: dict[str, Any], c: Any): ...
"""


def test_what_counts_as_a_parameter_typed_any_and_as_a_reason():
    parameters = list(typed_any(SOURCE))
    assert parameters == [("a", 1), ("c", 1), ("a", 2), ("c", 5)]
    assert [has_reason(SOURCE, line) for _name, line in parameters] == [True, True, False, True]
