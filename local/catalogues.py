"""Translation catalogues, kept without system gettext.

English is the source. Each app owns ``locale/<app>/<language>/LC_MESSAGES/django.po``; words that several apps
share live in ``ksf``. Entries are sorted and carry no references, so that two branches seldom touch the same lines.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from copy import copy
from pathlib import Path

import polib
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

LANGUAGES = ("nb", "nn")
SHARED = "ksf"
APPS = (SHARED, "regions", "clusters", "needs", "grants", "reporting", "demo")
THIRD_PARTY = "allauth"  # a packaged application that lacks our languages: its entries are ours to keep by hand
SUFFIXES = {".py", ".html", ".txt", ".xml"}
METADATA = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%|%[a-z]|\{(\w*)\}")
#: The beginning of a call as Django writes it for a tag of a template: its texts come first.
TEMPLATE_CALL = re.compile(r"""(?:n?p?gettext|_)\(\s*(?:u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?\s*)+""")
#: What each function is given first.
ARGUMENTS = {
    "gettext": ["msgid"],
    "ngettext": ["msgid", "msgid_plural"],
    "pgettext": ["msgctxt", "msgid"],
    "npgettext": ["msgctxt", "msgid", "msgid_plural"],
}


class SourceError(ValueError):
    """A message that cannot be extracted, with the file and line."""


def python_messages(source: str, origin: str = "<source>") -> Iterator[polib.POEntry]:
    """Messages of a Python module. ``# Translators:`` on the line above becomes the comment."""
    nodes, lines = list(ast.walk(ast.parse(source))), ["", *source.splitlines()]
    names = {f"{name}{ending}": name for name in ARGUMENTS for ending in ("", "_lazy", "_noop")}
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"]
    aliases = {one.asname or one.name: names[one.name] for node in imports for one in node.names if one.name in names}
    names |= aliases | {"_": "gettext"}
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(name) | ast.Attribute(ast.Name("translation"), name)) if name in names:
                texts = dict(zip(ARGUMENTS[names[name]], _texts(node, origin), strict=False))
                _before, _tag, comment = lines[node.lineno - 1].partition("# Translators:")
                if "msgid" in texts:
                    yield polib.POEntry(**texts, comment=comment.strip())


def _texts(call: ast.Call, origin: str) -> Iterator[str]:
    for value in call.args:
        if isinstance(value, ast.JoinedStr | ast.BinOp):
            raise SourceError(f"{origin}:{call.lineno}: a message must be one literal with named placeholders.")
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            return
        yield value.value


def template_messages(source: str, origin: str = "<template>") -> Iterator[polib.POEntry]:
    """Messages of a Django template."""
    for call in TEMPLATE_CALL.findall(templatize(source, origin)):
        yield from python_messages(f"{call})", origin)


def extract(root: Path) -> dict[str, dict[str, polib.POEntry]]:
    """By app and key, sorted, the messages its catalogue must hold: what ``ksf`` has is not repeated above it."""
    found: dict[str, dict[str, polib.POEntry]] = {app: {} for app in APPS}
    for app, path in _sources(root):
        read_messages = python_messages if path.suffix == ".py" else template_messages
        for message in read_messages(path.read_text(encoding="utf-8"), str(path.relative_to(root))):
            known = found[app].setdefault(message.msgid_with_context, message)
            known.msgid_plural = message.msgid_plural or known.msgid_plural
            known.comment = message.comment or known.comment
    for app in APPS[1:]:
        found[app] = {key: message for key, message in found[app].items() if key not in found[SHARED]}
    return {app: _by_key(sorted(found[app].values(), key=lambda one: (one.msgid, one.msgctxt or ""))) for app in APPS}


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    """(app, file) for every file that may hold messages."""
    for path in sorted(path for folder in (*APPS, "templates") for path in (root / folder).rglob("*")):
        if path.suffix in SUFFIXES and "migrations" not in path.parts:
            yield next((part for part in path.relative_to(root).parts[:3] if part in APPS), SHARED), path


def _by_key(entries: Iterable[polib.POEntry]) -> dict[str, polib.POEntry]:
    return {entry.msgid_with_context: entry for entry in entries}


def path_of(root: Path, app: str, language: str) -> Path:
    return root / "locale" / app / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()


def update(root: Path) -> list[Path]:
    """Write every catalogue again from the sources, with its own translations before those of others.

    Returns the files that changed.
    """
    messages, changed = extract(root), []
    for language in LANGUAGES:
        own = {app: _by_key(read(path_of(root, app, language)).translated_entries()) for app in APPS}
        anywhere = {key: entry for entries in own.values() for key, entry in entries.items()}
        for app in APPS:
            path, known = path_of(root, app, language), anywhere | own[app]
            catalogue = polib.POFile(wrapwidth=120)
            catalogue.metadata = {"Language": language, **METADATA}
            catalogue.extend(_translated(message, known.get(key)) for key, message in messages[app].items())
            text = f"{catalogue}\n"
            if (path.read_text(encoding="utf-8") if path.exists() else "") != text and (catalogue or path.exists()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                changed.append(path)
    return changed


def _translated(message: polib.POEntry, known: polib.POEntry | None) -> polib.POEntry:
    entry = copy(message)
    if entry.msgid_plural:
        entry.msgstr_plural = (known and known.msgstr_plural) or {0: "", 1: ""}
    elif known:
        entry.msgstr = known.msgstr
    return entry


def compile_all(root: Path) -> list[Path]:
    """Write the ``.mo`` beside every ``.po`` that is newer. Returns the files compiled."""
    compiled = []
    for path in sorted((root / "locale").glob("*/*/LC_MESSAGES/django.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        partial.write_bytes(read(path).to_binary())
        partial.replace(target)
        translation_file_changed(None, target)  # what this process has read already is read again
        compiled.append(target)
    return compiled


def faults(root: Path) -> Iterator[str]:
    """Every reason why the catalogues are not complete and right, one line each."""
    messages = extract(root)
    for language in LANGUAGES:
        first: dict[str, tuple[str, str]] = {}
        for app in (*APPS, THIRD_PARTY):
            name, held = f"locale/{app}/{language}", _by_key(read(path_of(root, app, language)))
            for key, message in messages.get(app, {}).items():
                if key not in held or held[key].msgid_plural != message.msgid_plural:
                    yield f"{name}: missing: {message.msgid!r}"
            for key, entry in held.items():
                if app in messages and key not in messages[app]:
                    yield f"{name}: stale: {entry.msgid!r}"
                yield from (f"{name}: {fault}: {entry.msgid!r}" for fault in _entry_faults(entry))
                text = str(entry.msgstr or sorted(entry.msgstr_plural.items()))
                other, elsewhere = first.setdefault(key, (text, app))
                if text != other:
                    yield f"{name}: translated differently than in {elsewhere}: {entry.msgid!r}"


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if not entry.translated():
        yield "fuzzy" if entry.fuzzy else "not translated"
        return
    allowed = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
    for form, text in (entry.msgstr_plural or {1: entry.msgstr}).items():
        if _placeholders(text) - allowed or (form == 1 and allowed - _placeholders(text)):
            yield f"placeholders differ in {text!r}"
        if text.startswith("\n") != entry.msgid.startswith("\n") or text.endswith("\n") != entry.msgid.endswith("\n"):
            yield "line breaks at the ends differ"


def _placeholders(text: str) -> set[str]:
    """Names of the placeholders in a message; positional ones as compiled."""
    return {match[1] or match[2] or match[0] for match in PLACEHOLDER.finditer(text) if match[0] != "%%"}
