"""How a long form is laid out: fields that belong together beside each other, under headings."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, ClassVar

from django import forms

BESIDE = {
    ("amount", "cap_per_municipality"),
    ("least_members", "own_share"),
    ("opens_at", "deadline_at"),
    ("review_due_on", "decision_on"),
    ("period_from", "period_to"),
    ("due_months", "due_on"),
    ("number", "share"),
}
"""Pairs that read as one thing; a text in bokmål and the same in nynorsk always do."""


class LaidOut(forms.BaseForm):
    """A form whose template says ``form.parts``: headings, and under each its rows of one or two fields."""

    headings: ClassVar[Mapping[str, Any]] = {}
    """The heading that begins at a field, by the field's name."""

    def parts(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        found: list[tuple[Any, list[list[forms.BoundField]]]] = []
        for row in self._rows():
            heading = self.headings.get(row[0].name)
            if heading or not found:
                found.append((heading or "", []))
            found[-1][1].append(row)
        return found

    def _rows(self) -> Iterator[list[forms.BoundField]]:
        fields = self.visible_fields()
        second = False
        for field, after in pairwise([*fields, None]):
            if second:
                second = False
                continue
            second = after is not None and _belong(field.name, after.name)  # type: ignore[union-attr]
            yield [field, after] if second else [field]  # type: ignore[list-item]


def _belong(first: str, then: str) -> bool:
    same_text = first.endswith("_nb") and then == f"{first.removesuffix('_nb')}_nn"
    return same_text or (first, then) in BESIDE
