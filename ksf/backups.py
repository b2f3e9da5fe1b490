"""Backups of database and uploads, each with a list of what is in it, and proof that the newest can be restored (X11).

A backup is a folder ``ksf-<time>`` with ``database.dump``, ``media.tar`` and ``contents.json``; with a key for ``age``
the first two are encrypted and end in ``.age``. The list is made of the same snapshot as the dump.
"""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

KEPT: Final = timedelta(days=30)
TIME: Final = "ksf-%Y-%m-%dT%H%M%SZ"
DUMP, MEDIA, CONTENTS = "database.dump", "media.tar", "contents.json"

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_TRIGGERS = """
    SELECT c.relname, t.tgname, t.tgenabled::text, md5(pg_get_triggerdef(t.oid) || p.prosrc)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal ORDER BY 1, 2
"""
_DOCUMENTS = """
    SELECT count(*), coalesce(md5(string_agg(number || sha256, ',' ORDER BY number)), ''),
           count(*) FILTER (WHERE encode(sha256(content), 'hex') <> sha256)
    FROM documents_document
"""
_HEAD = "SELECT position || ':' || hash FROM audit_auditlink ORDER BY position DESC LIMIT 1"

Contents = dict[str, Any]  # as JSON keeps it


class BackupFailed(Exception):
    """A program ended with an error, or something is missing; the message says what."""


@dataclass(frozen=True)
class Server:
    """Where a database is, as libpq's own variables name it."""

    variables: dict[str, str]

    @classmethod
    def of_settings(cls) -> "Server":
        found = connection.settings_dict
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        return cls({name: str(found[key]) for name, key in names.items() if found[key]})

    def connect(self, database: str = "") -> "psycopg.Connection":
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
        given = {names[name]: value for name, value in self.variables.items()}
        if database:
            given["dbname"] = database
        return psycopg.connect(make_conninfo("", **given), autocommit=True)

    def run(self, program: str, *arguments: str, database: str = "") -> None:
        named = {"PGDATABASE": database} if database else {}
        _run(program, *arguments, environment=os.environ | self.variables | named)


def make(folder: Path, *, recipient: str = "") -> Path:
    """A new backup in ``folder``, encrypted to ``recipient`` if one is given; those older than KEPT are removed."""
    server, made = Server.of_settings(), folder / datetime.now(tz=UTC).strftime(TIME)
    partial = made.with_suffix(".partial")
    partial.mkdir(parents=True, mode=0o700)
    with server.connect() as snapshot:
        snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        exported = snapshot.execute("SELECT pg_export_snapshot()").fetchone()
        contents = contents_of(snapshot)
        server.run("pg_dump", "--format=custom", f"--snapshot={exported[0]}", f"--file={partial / DUMP}")  # type: ignore[index]
    with tarfile.open(partial / MEDIA, "w") as archive:
        if not settings.FILES_BUCKET and Path(settings.MEDIA_ROOT).exists():
            archive.add(settings.MEDIA_ROOT, arcname="media")
    (partial / CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8")
    if recipient:
        for name in (DUMP, MEDIA):
            _run("age", "--encrypt", "--recipient", recipient, "--output", f"{partial / name}.age", str(partial / name))
            (partial / name).unlink()
    partial.rename(made)
    _remove_old(folder)
    return made


def newest(folder: Path) -> Path:
    """The newest whole backup. Raises BackupFailed when there is none."""
    found = sorted(path for path in folder.glob("ksf-*Z") if path.is_dir())
    if not found:
        raise BackupFailed(f"There is no backup in {folder}.")
    return found[-1]


def taken_at(backup: Path) -> datetime:
    """When a backup was begun."""
    return datetime.strptime(backup.name, TIME).replace(tzinfo=UTC)


def differences(backup: Path, *, identity: str = "") -> list[str]:
    """Restore a backup into an empty database, compare it with its list and remove it; what is not the same.

    ``identity`` is the file with the key for ``age``. The role must be allowed to make a database.
    """
    kept: Contents = json.loads((backup / CONTENTS).read_text(encoding="utf-8"))
    server = Server.of_settings()
    with TemporaryDirectory() as folder, _empty_database(server) as database:
        dump = _decrypted(backup / DUMP, Path(folder), identity)
        server.run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", database, str(dump))
        with server.connect(database) as restored:
            found: Contents = json.loads(json.dumps(contents_of(restored)))
        with tarfile.open(_decrypted(backup / MEDIA, Path(folder), identity)) as archive:
            archive.getmembers()  # read to the end: one that was cut off fails here
    return [*_differing("rows of", kept["rows"], found["rows"]), *_differing("", kept["whole"], found["whole"])]


def contents_of(database: "psycopg.Connection") -> Contents:
    """Rows of each table, and what must be whole: triggers, sealed documents, the head of the log's chain."""
    rows = {}
    for (table,) in database.execute(_TABLES).fetchall():
        counted = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        rows[table] = counted[0] if counted else 0
    triggers = {f"trigger {table}.{name}": rest for table, name, *rest in database.execute(_TRIGGERS).fetchall()}
    documents = database.execute(_DOCUMENTS).fetchone()
    head = database.execute(_HEAD).fetchone()
    return {"rows": rows, "whole": {**triggers, "sealed documents": documents, "head of the log": head}}


def _differing(what: str, kept: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for name in sorted(kept.keys() | found.keys()):
        if kept.get(name) != found.get(name):
            yield f"{what} {name}: {kept.get(name)} in the backup's list, {found.get(name)} when restored".strip()


@contextmanager
def _empty_database(server: Server) -> Iterator[str]:
    name = f"restore_check_{os.getpid()}"
    quoted = sql.Identifier(name)
    with server.connect("postgres") as postgres:
        postgres.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
        try:
            yield name
        finally:
            postgres.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def _decrypted(file: Path, folder: Path, identity: str) -> Path:
    encrypted = Path(f"{file}.age")
    if not encrypted.exists():
        return file
    if not identity:
        raise BackupFailed("The backup is encrypted: name the file with the key, --identity.")
    _run("age", "--decrypt", "--identity", identity, "--output", str(folder / file.name), str(encrypted))
    return folder / file.name


def _remove_old(folder: Path) -> None:
    for path in folder.glob("ksf-*Z"):
        if taken_at(path) < timezone.now() - KEPT:
            shutil.rmtree(path)
    for path in folder.glob("ksf-*.partial"):  # of a run that was broken off
        shutil.rmtree(path)


def _run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    found = shutil.which(program, path=os.pathsep.join(filter(None, [settings.BACKUP_PROGRAMS, os.environ["PATH"]])))
    if found is None:
        raise BackupFailed(f"The program {program} is not installed; BACKUP_PROGRAMS names a folder that has it.")
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip()}")
