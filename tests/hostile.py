"""Text no page or document expects: long links, emoji, right to left, Sámi, 300 letters in a row, markup."""

from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from typing import Any

from django.utils.safestring import SafeString

from ksf.documents.blocks import Column

WORD = "Kommunesamarbeidsarenaforskningsutviklingsoppgåvefordelingsnemnd" * 5
TEXTS = (
    "https://kommunen.sharepoint.example/:w:/r/sites/Oppvekst/_layouts/15/Doc.aspx?sourcedoc=%7B0F8FAD5B-D9CB-469F-A165"
    "-70867728950E%7D&file=Referat_fra_m%C3%B8te_2026-11-03_endelig_versjon_2.docx&action=default&mobileredirect=true",
    WORD[:300],
    "👩🏽‍⚕️👨‍👩‍👧‍👦🏳️‍🌈" * 12,
    "مجلس_البلدية_للبحث_والتطوير_" * 6,
    "Kárášjohkaguovdageainnusuohkanovttasbargodutkansearvvi" * 3,
    "<script>alert('x')</script>\"'&amp;{{ 7*7 }}" * 2,
)
OURS = {"subtitle", "imprint", "notice"}
SHORTEST_WRITTEN = 16
"""A shorter text in a document is a word of ours, a code or a number."""


def over(context: Any) -> Any:
    """The context of a document with hostile text for what people write in it, another each time; headings stay."""
    texts = cycle(TEXTS)

    def changed(value: Any) -> Any:
        if isinstance(value, SafeString | Column) or (
            not isinstance(value, str | list | tuple | dict) and not is_dataclass(value)
        ):
            return value
        if isinstance(value, str):
            return next(texts) if len(value) > SHORTEST_WRITTEN and " " in value else value
        if isinstance(value, dict):
            return {key: one if key in OURS else changed(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(changed, value))
        return replace(value, **{field.name: changed(getattr(value, field.name)) for field in fields(value)})

    return changed(context)
