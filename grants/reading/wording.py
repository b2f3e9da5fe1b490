"""Reasons of an allocation as rows keep them, and their sentences in the reader's language (G7)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from grants.allocation import Reason, sentence
from ksf.web.numbers import NBSP

SCORES = frozenset({"score", "now"})
"""Parameters that are exact decimals; JSON keeps them as text."""


def stored(reason: Reason, changes: Iterable[Reason] = ()) -> dict[str, Any]:
    """The reason, and what would have changed it, as JSON."""
    return {**_as_json(reason), "changes": [_as_json(change) for change in changes]}


def _as_json(reason: Reason) -> dict[str, Any]:
    values = {
        name: format(value, "f") if isinstance(value, Decimal) else value for name, value in reason.params.items()
    }
    return {"code": reason.code, "params": values}


def why(kept: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """The sentence that says why; empty for what was never computed."""
    return _unbroken(sentence(_restored(kept), names)) if kept.get("code") else ""


def what_would_change(kept: Mapping[str, Any], names: Mapping[str, str] | None = None) -> list[str]:
    """One sentence for each thing that would have given more; none where all was given that was asked for."""
    changes = [change for change in kept.get("changes", []) if change["code"] != "nothing_more"]
    return [_unbroken(sentence(_restored(change), names)) for change in changes]


def _unbroken(text: str) -> str:
    """An amount and its unit stay on one line."""
    return text.replace(" kr", f"{NBSP}kr")


def _restored(kept: Mapping[str, Any]) -> Reason:
    return Reason(
        kept["code"],
        {name: _rounded(value) if name in SCORES else value for name, value in kept["params"].items()},
    )


def _rounded(value: str) -> Decimal:
    """A score as decisions write it, with two decimals."""
    return Decimal(value).quantize(Decimal("0.01"))
