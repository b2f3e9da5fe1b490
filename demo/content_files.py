"""The demo's content, read once."""

import csv
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from ksf.periods import today

FOLDER = Path(__file__).parent / "content"
CONTENT_TODAY = date(2026, 11, 22)
OSLO = ZoneInfo("Europe/Oslo")


@cache
def read(name: str) -> Any:
    """The parsed content of ``name.yaml``."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def needs() -> list[dict[str, str]]:
    """The rows of the demo's knowledge needs."""
    with (FOLDER / "needs.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def moved(day: date) -> date:
    """``day`` as far from today as it is from the content's own today, never earlier than written."""
    return day + max(today() - CONTENT_TODAY, timedelta())


def moment(value: datetime | date | str) -> datetime:
    """A time in Norway, as the content writes it."""
    parsed = datetime.fromisoformat(str(value))
    return parsed.replace(tzinfo=OSLO)
