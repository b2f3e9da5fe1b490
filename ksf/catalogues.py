"""Translation catalogues, kept without system gettext.

English is the source. Each app owns ``locale/<app>/<language>/LC_MESSAGES/django.po``; words that several apps
share live in ``ksf``. Entries are sorted and carry no references, so that two branches seldom touch the same lines.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

LANGUAGES = ("nb", "nn")
SHARED = "ksf"
APPS = (SHARED, "regions", "clusters", "needs", "grants", "reporting", "demo")
THIRD_PARTY = "allauth"  # a packaged application that lacks our languages: its entries are ours to keep by hand
SUFFIXES = {".html", ".txt", ".xml"}

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%|%[a-z]|\{(\w*)\}")
TEMPLATE_CALL = re.compile(r"""(?:n?p?gettext|_)\(\s*(?:u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?\s*)+""")


class Message(NamedTuple):
    """What a source asks to have translated."""

    msgid: str
    context: str | None = None
    plural: str | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str | None]:
        return self.msgid, self.context


class Shape(NamedTuple):
    """Which arguments of a gettext function hold what."""

    msgid: int
    plural: int | None = None
    context: int | None = None


_PLAIN, _PLURAL, _CONTEXT, _BOTH = Shape(0), Shape(0, 1), Shape(1, None, 0), Shape(1, 2, 0)
FUNCTIONS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "_n"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "_p"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy", "_np"), _BOTH),
}


class SourceError(ValueError):
    """A message that cannot be extracted, with the file and line."""


# --- Reading the sources -----------------------------------------------------------------------------
def python_messages(source: str, origin: str = "<source>") -> Iterator[Message]:
    """Messages of a Python module. ``# Translators:`` on the line above becomes the note."""
    tree = ast.parse(source)
    lines = source.splitlines()
    functions = dict(FUNCTIONS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            functions |= {
                name.asname: FUNCTIONS[name.name] for name in node.names if name.asname and name.name in FUNCTIONS
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (shape := functions.get(_called(node))):
            message = _message(node, shape, origin)
            if message:
                yield message._replace(note=_note(lines, node.lineno))


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    if (
        isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "translation"
    ):
        return node.func.attr
    return ""


def _message(node: ast.Call, shape: Shape, origin: str) -> Message | None:
    def argument(position: int | None) -> str | None:
        if position is None or position >= len(node.args):
            return None
        value = node.args[position]
        if isinstance(value, ast.JoinedStr | ast.BinOp):
            raise SourceError(f"{origin}:{node.lineno}: a message must be one literal with named placeholders.")
        return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None

    msgid = argument(shape.msgid)
    return Message(msgid, argument(shape.context), argument(shape.plural)) if msgid else None


def _note(lines: list[str], lineno: int) -> str:
    above = lines[lineno - 2].strip() if lineno > 1 else ""
    return above.removeprefix("# Translators:").strip() if above.startswith("# Translators:") else ""


def template_messages(source: str, origin: str = "<template>") -> Iterator[Message]:
    """Messages of a Django template."""
    for call in TEMPLATE_CALL.findall(templatize(source, origin)):
        name, _paren, arguments = call.partition("(")
        strings = ast.literal_eval(f"({arguments.rstrip().rstrip(',')},)")
        shape = FUNCTIONS[name]
        yield Message(
            strings[shape.msgid],
            None if shape.context is None else strings[shape.context],
            None if shape.plural is None else strings[shape.plural],
        )


def sources(root: Path) -> Iterator[tuple[str, Path]]:
    """(app, file) for every file that may hold messages."""
    for app in APPS:
        for folder, _folders, names in os.walk(root / app):
            if "migrations" not in Path(folder).parts:
                yield from ((app, Path(folder, name)) for name in sorted(names) if name.endswith(".py"))
    for folder, _folders, names in os.walk(root / "templates"):
        owner = next((part for part in Path(folder).relative_to(root).parts[1:3] if part in APPS), SHARED)
        yield from ((owner, Path(folder, name)) for name in sorted(names) if Path(name).suffix in SUFFIXES)


def extract(root: Path) -> dict[str, list[Message]]:
    """The messages each app's catalogue must hold: what ``ksf`` has is not repeated above it."""
    found: dict[str, dict[tuple[str, str | None], Message]] = {app: {} for app in APPS}
    for app, path in sources(root):
        read = python_messages if path.suffix == ".py" else template_messages
        for message in read(path.read_text(encoding="utf-8"), str(path.relative_to(root))):
            known = found[app].get(message.key, message)
            found[app][message.key] = message._replace(
                plural=message.plural or known.plural, note=message.note or known.note
            )
    shared = found[SHARED]
    return {
        app: sorted(
            (message for key, message in messages.items() if app == SHARED or key not in shared),
            key=lambda message: (message.msgid, message.context or ""),
        )
        for app, messages in found.items()
    }


# --- The catalogues -----------------------------------------------------------------------------------
def path_of(root: Path, app: str, language: str) -> Path:
    return root / "locale" / app / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()


def merged(
    messages: Iterable[Message], memory: dict[tuple[str, str | None], polib.POEntry], language: str
) -> polib.POFile:
    """A catalogue of exactly these messages, with the translations that ``memory`` holds."""
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in messages:
        known = memory.get(message.key)
        entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context, comment=message.note)
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = dict(known.msgstr_plural) if known and known.msgstr_plural else {0: "", 1: ""}
        elif known:
            entry.msgstr = known.msgstr or known.msgstr_plural.get(1, "")
        catalogue.append(entry)
    return catalogue


def memory(root: Path, language: str) -> dict[str, dict[tuple[str, str | None], polib.POEntry]]:
    """Every app's translations by message, its own before those of others."""
    own = {
        app: {(entry.msgid, entry.msgctxt): entry for entry in read(path_of(root, app, language)) if not entry.obsolete}
        for app in APPS
    }
    everywhere: dict[tuple[str, str | None], polib.POEntry] = {}
    for entries in own.values():
        everywhere |= {key: entry for key, entry in entries.items() if is_translated(entry)}
    return {
        app: everywhere | {key: entry for key, entry in entries.items() if is_translated(entry)}
        for app, entries in own.items()
    }


def update(root: Path) -> list[Path]:
    """Write every catalogue anew from the sources. Returns the files that changed."""
    messages = extract(root)
    changed = []
    for language in LANGUAGES:
        known = memory(root, language)
        for app in APPS:
            path, text = path_of(root, app, language), str(merged(messages[app], known[app], language)) + "\n"
            if (path.read_text(encoding="utf-8") if path.exists() else "") != text and (messages[app] or path.exists()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                changed.append(path)
    return changed


def compile_all(root: Path) -> list[Path]:
    """Write the ``.mo`` beside every ``.po`` that is newer. Returns the files written."""
    written = []
    for path in sorted((root / "locale").glob("*/*/LC_MESSAGES/django.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        partial.write_bytes(read(path).to_binary())
        partial.replace(target)
        translation_file_changed(None, target)  # what this process has read already is read anew
        written.append(target)
    return written


# --- Checking ------------------------------------------------------------------------------------------
def is_translated(entry: polib.POEntry) -> bool:
    return all(entry.msgstr_plural.values()) if entry.msgstr_plural else bool(entry.msgstr)


def placeholders(text: str) -> set[str]:
    """Names of the placeholders in a message; positional ones as written."""
    return {match[1] or match[2] or match[0] for match in PLACEHOLDER.finditer(text) if match[0] != "%%"}


def faults(root: Path) -> Iterator[str]:
    """Every reason why the catalogues are not complete and right, one line each."""
    messages = extract(root)
    for language in LANGUAGES:
        seen: dict[tuple[str, str | None], tuple[str, str]] = {}
        for app in (*APPS, THIRD_PARTY):
            path = path_of(root, app, language)
            name = f"locale/{app}/{language}"
            entries = [entry for entry in read(path) if not entry.obsolete]
            if app != THIRD_PARTY:
                yield from (f"{name}: {fault}" for fault in _differences(messages[app], entries))
            for entry in entries:
                yield from (f"{name}: {fault}" for fault in _entry_faults(entry))
                text = str(entry.msgstr or sorted(entry.msgstr_plural.items()))
                other, elsewhere = seen.setdefault((entry.msgid, entry.msgctxt), (text, app))
                if text != other:
                    yield f"{name}: translated differently than in {elsewhere}: {entry.msgid!r}"


def _differences(messages: list[Message], entries: list[polib.POEntry]) -> Iterator[str]:
    wanted = {message.key: message.plural or "" for message in messages}
    held = {(entry.msgid, entry.msgctxt): entry.msgid_plural for entry in entries}
    yield from (f"missing: {key[0]!r}" for key in wanted if wanted[key] != held.get(key))
    yield from (f"stale: {key[0]!r}" for key in held if key not in wanted)


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield f"fuzzy: {entry.msgid!r}"
    if not is_translated(entry):
        yield f"not translated: {entry.msgid!r}"
        return
    allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
    texts = entry.msgstr_plural or {1: entry.msgstr}
    for form, text in texts.items():
        if placeholders(text) - allowed or (form == 1 and allowed - placeholders(text)):
            yield f"placeholders differ: {entry.msgid!r} → {text!r}"
        if text.startswith("\n") != entry.msgid.startswith("\n") or text.endswith("\n") != entry.msgid.endswith("\n"):
            yield f"line breaks at the ends differ: {entry.msgid!r}"
