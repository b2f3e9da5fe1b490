"""docs/security.md says how each thing is shown: by files that exist, for every chapter of the standard."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
CHAPTERS = 17


def test_every_file_it_names_is_there():
    named = set(re.findall(r"`((?:docs|tests)/[\w/.-]+)`", PAGE))
    assert len(named) > CHAPTERS
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_chapter_is_there_and_what_is_done_is_shown():
    rows = re.findall(r"^\| V(\d+) [^|]+\|([^|]+)\|([^|]+)\|", PAGE, re.MULTILINE)
    assert [int(number) for number, _done, _shown in rows] == list(range(1, CHAPTERS + 1))
    assert [number for number, done, shown in rows if "not in use" not in done and "tests/" not in shown] == []
