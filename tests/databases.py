"""The databases of the test run: each kind is made once, kept while the code it is made from is the same, and cloned.

``migrated`` is what the migrations make, ``demo`` has the demo's content besides, ``crawl`` also the objects the
permission crawl walks to. By hand: ``python -m tests.databases crawl`` makes a kind and what it is made from.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from ksf.documents import pdf

ROOT = Path(__file__).resolve().parent.parent
APPS = ("ksf", "regions", "clusters", "needs", "grants", "reporting", "demo")
TABLES = ["requirements/base.txt", "ksf/immutable.py"]
TABLES += [f"{app}/**/{part}" for app in APPS for part in ("migrations/*", "models.py", "models/*", "data/*")]
CODE = [f"{app}/**/*" for app in APPS]
LOOKS = ["templates/**/*.html", "templates/**/*.txt", "locale/**/*.po", "static/documents/*"]
OBJECTS = ["tests/crawl/objects*.py", "tests/crawl/people.py", "tests/**/*factories.py", "tests/*/helpers.py"]
LOCK = 7_101_950
KEPT = 2  # of a kind beside the new one: a run that began before the code changed may still use them
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def clone(kind: str) -> str:
    """A new database like the template of that kind, for this process alone; returns its name."""
    template, name = ensure(kind), f"test_own_{kind}_{os.getpid()}"
    with _administrator() as postgres:
        for left in _named(postgres, "test_own_"):
            if not Path(f"/proc/{left.rpartition('_')[2]}").exists():  # its process was killed
                drop(left)
        _copy(postgres, template, name)
    return name


def drop(name: str) -> None:
    with _administrator() as postgres:
        postgres.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django use another database for a while."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def ensure(kind: str) -> str:
    """The name of the template of that kind, made when there is none of today's code, by one process at a time."""
    source, _patterns, fill = KINDS[kind]
    name = f"test_kept_{kind}_{_fingerprints()[kind]}"
    below = ensure(source) if source else "template0"
    with _administrator() as postgres:
        postgres.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _make(postgres, below, name, kind, fill)
    return name


def make_beside(kind: str) -> "subprocess.Popen[bytes]":
    """Start making the template of that kind in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "tests.databases", kind], cwd=ROOT)


def _make(postgres: "psycopg.Connection", below: str, name: str, kind: str, fill: Callable[[], None]) -> None:
    for old in _named(postgres, f"test_kept_{kind}_")[KEPT:]:
        drop(old)
    partial = f"test_partial_{kind}"
    _copy(postgres, below, partial)
    with connected_to(partial):
        fill()
    postgres.execute(f'ALTER DATABASE "{partial}" RENAME TO "{name}"')


def _copy(postgres: "psycopg.Connection", source: str, name: str) -> None:
    postgres.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    postgres.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def _named(postgres: "psycopg.Connection", beginning: str) -> list[str]:
    """The databases whose names begin so, the newest first."""
    asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC"
    found = postgres.execute(asked, [beginning])
    return [name for (name,) in found.fetchall()]


def _administrator() -> "psycopg.Connection":
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


@cache
def _fingerprints() -> dict[str, str]:
    """What the files of each kind, and of those it is made from, come to today: the demo counts from the day.

    All are read at once, when the code has just been loaded: what is edited during a run is of the next.
    """
    found = hashlib.sha256(f"{timezone.localdate()} {settings.INSTALLED_APPS}".encode())
    named = {}
    for kind, (_source, patterns, _fill) in KINDS.items():
        for path in _files(patterns):
            found.update(str(path).encode() + path.read_bytes())
        named[kind] = found.hexdigest()[:16]
    return named


def _files(patterns: Iterable[str]) -> list[Path]:
    paths = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts)


# --- Emptying ----------------------------------------------------------------------------------------------
def filled_tables() -> list[str]:
    """The tables that have rows."""
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in _tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def empty(*, spare: AbstractSet[str]) -> None:
    """Empty all tables but those to spare, write-once ones too: faster than TRUNCATE, which makes every file anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
        for table in filled_tables():
            if table not in spare:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
        cursor.execute("RESET session_replication_role")


@cache
def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


# --- What is in them -------------------------------------------------------------------------------------
def _migrate() -> None:
    call_command("migrate", verbosity=0)


def _load_demo() -> None:
    with _without_notices(), _drawn_once():
        call_command("load_demo", verbosity=0)


def _make_objects() -> None:
    from tests.crawl import objects, people

    with _without_notices(), _drawn_once():
        people.appoint_office()
        objects.keep(objects.find())


@contextmanager
def _without_notices() -> Iterator[None]:
    """One transaction, without what is to happen after it: mail and jobs have nobody to go to."""
    with transaction.atomic():
        yield
        connection.run_on_commit.clear()


@contextmanager
def _drawn_once() -> Iterator[None]:
    """Each kind of document is drawn for the first that is sealed, and the others get a copy of that PDF.

    Drawing takes three quarters of the time, and nobody here reads the forty letters.
    """
    drawn: dict[tuple[str, str], bytes] = {}
    draw = pdf.render

    def render(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
        if (template, language) not in drawn:
            drawn[template, language] = draw(template, context, language=language)
        return drawn[template, language]

    pdf.render = render
    try:
        yield
    finally:
        pdf.render = draw


KINDS: dict[str, tuple[str, list[str], Callable[[], None]]] = {
    "migrated": ("", TABLES, _migrate),
    "demo": ("migrated", [*CODE, *LOOKS], _load_demo),
    "crawl": ("demo", [*CODE, *LOOKS, *OBJECTS], _make_objects),
}

if __name__ == "__main__":
    if "DATABASE_URL" not in os.environ:
        import tests.services  # noqa: F401  starts them, or joins those of a run
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")
    django.setup()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ensure(sys.argv[1])
