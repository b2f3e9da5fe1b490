"""Norwegian typesetting: the spaces that hold numbers together, and how values are written in a table."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone

THIN = "\u202f"
HARD = "\u00a0"

_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3}(?:[ \u00a0]\d{3})+)(?!\d)")
_UNIT = re.compile(r"(?<=\d) (?=[a-zæøå%])")
_BEFORE_NUMBER = re.compile(r"\b(§§?|kl\.|nr\.|jf\.|nummer|mål|tabell|Postboks|KSF|Klynge) (?=[\d§A-ZÆØÅ])")
_SECTION = re.compile(r"(§) (?=\d)")
_MONTH = re.compile(r"(?<=\d\.) (?=(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des))")
_TEXT = re.compile(r"(?<!<title>)(?<=>)[^<>]+")
_DRAWING_OR_TEXT = re.compile(rf"<svg\b.*?</svg>|{_TEXT.pattern}", re.DOTALL)  # a drawing's text cannot break
_ENDLESS = re.compile(r"(?:[^\s<>&]|&#?\w+;){31,}")
"""No word of ours is as long: a link, or something pasted."""


def typeset(html: str) -> str:
    """``html`` with narrow thousands, numbers kept with their unit and words without end that break where they must.

    Only in text, never in attributes or titles.

    Spaces inside a tag must stay: the path data of a drawing is separated by them. A title is read by machines.
    """
    html = _TEXT.sub(lambda found: _spaces(found[0]), html)
    return _DRAWING_OR_TEXT.sub(lambda found: found[0] if found[0].startswith("<svg") else _broken(found[0]), html)


def _spaces(text: str) -> str:
    text = _THOUSANDS.sub(lambda found: re.sub("[ \u00a0]", THIN, found[0]), text)
    text = _UNIT.sub(HARD, text)
    text = _BEFORE_NUMBER.sub(rf"\1{HARD}", text)
    text = _SECTION.sub(rf"\1{HARD}", text)
    return _MONTH.sub(HARD, text)


def _broken(text: str) -> str:
    return _ENDLESS.sub(r'<span class="endless">\g<0></span>', text)


def as_typeset(value: object) -> object:
    """A table cell's value as read in the active language; text is returned as it is, nothing as a dash.

    Numbers get grouped thousands and a true minus; dates are written out; times are Norwegian time.
    """
    if value is None:
        return "–"
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        return formats.number_format(value, use_l10n=True, force_grouping=True).replace("-", "−").replace(HARD, THIN)
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return value


def grouped(checksum: str, groups: int = 8) -> str:
    """The first ``groups`` groups of eight characters of a checksum, with spaces, so that it can be read aloud."""
    return " ".join(checksum[at : at + 8] for at in range(0, min(len(checksum), 8 * groups), 8))
