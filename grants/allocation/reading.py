"""Reads and checks the input of an allocation; every error is named by its place."""

import json
import re
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any, TypeVar

from grants.allocation.problem import AmountAsked, ApplicationInput, MunicipalityInput, Problem, RegionInput

#: Bounds that keep every sum well inside 64 bits; far above anything a call can hold.
GREATEST_AMOUNT = 10**12
GREATEST_SCORE = 10**6
SCORE_DECIMALS = 20

ROOT = "input"
T = TypeVar("T")
_MISSING = object()


class InputError(ValueError):
    """The input cannot be allocated. ``places`` lists every error found as ``(path, message)``."""

    def __init__(self, places: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{path}: {message}" for path, message in places))
        self.places = places


def parse_text(content: bytes | str) -> Problem:
    """The problem in a JSON document. Raises :class:`InputError`."""
    return parse(_decoded(content))


def parse(data: object) -> Problem:
    """The problem in decoded JSON, lists in any order, unknown keys ignored. Raises :class:`InputError`."""
    reader = _Reader()
    problem = reader.problem(data)
    if reader.places:
        raise InputError(reader.places)
    return problem


def _decoded(content: bytes | str) -> Any:
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise InputError([(ROOT, f"is not UTF-8 text (byte {error.start + 1})")]) from error
    if not text.strip():
        raise InputError([(ROOT, "is empty")])
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_Constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        message = f"is not JSON (line {error.lineno}, column {error.colno}): {error.msg}"
        raise InputError([(ROOT, message)]) from error
    except RecursionError as error:
        raise InputError([(ROOT, "is nested too deeply")]) from error
    except InputError:
        raise
    except (ValueError, ArithmeticError) as error:  # an integer of thousands of digits, an exponent beyond Decimal
        raise InputError([(ROOT, "holds a number with too many digits")]) from error


class _Constant:
    """NaN or Infinity, which JSON does not have; refused at its place."""

    def __init__(self, name: str) -> None:
        self.name = name


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError([(ROOT, f"has an object with the key {_quoted(key)} twice")])
        found[key] = value
    return found


class _Reader:
    """Walks the data, collecting every error; a value that is wrong becomes a harmless stand-in."""

    def __init__(self) -> None:
        self.places: list[tuple[str, str]] = []

    def refuse(self, path: str, message: str) -> None:
        self.places.append((path, message))

    def problem(self, data: object) -> Problem:
        if not isinstance(data, dict):
            self.refuse(ROOT, f"must be an object, not {_kind(data)}")
            return Problem(0, 0, 1, (), (), ())
        regions, region_ids = self.identified(data, "regions", self.region)
        municipalities, municipality_ids = self.identified(data, "municipalities", self.municipality)
        return Problem(
            pot=self.amount(data, "pot", ""),
            cap_per_municipality=self.amount(data, "cap_per_municipality", ""),
            step=self.amount(data, "step", "", least=1),
            regions=regions,
            municipalities=municipalities,
            applications=self.rows(
                data,
                "applications",
                lambda row, path: self.application(row, path, region_ids, municipality_ids),
            ),
        )

    def identified(
        self, data: dict[str, Any], name: str, read: Callable[[dict[str, Any], str], T]
    ) -> tuple[tuple[T, ...], frozenset[str] | None]:
        """The rows of a list and their ids; no ids when the list has errors, so that nothing is blamed for them."""
        errors = len(self.places)
        rows = self.rows(data, name, read)
        ids = frozenset(row.id for row in rows)  # type: ignore[attr-defined]
        return rows, ids if len(self.places) == errors else None

    def region(self, row: dict[str, Any], path: str) -> RegionInput:
        established = self.value(row, "has_established_cluster", path)
        if established is not _MISSING and not isinstance(established, bool):
            self.refuse(f"{path}.has_established_cluster", f"must be true or false, not {_kind(established)}")
        return RegionInput(self.text(row, "id", path), established is True)

    def municipality(self, row: dict[str, Any], path: str) -> MunicipalityInput:
        return MunicipalityInput(self.text(row, "id", path), self.amount(row, "population", path))

    def application(
        self, row: dict[str, Any], path: str, regions: frozenset[str] | None, municipalities: frozenset[str] | None
    ) -> ApplicationInput:
        errors = len(self.places)
        application = ApplicationInput(
            id=self.text(row, "id", path),
            region=self.known(row, "region", path, regions, "regions"),
            score=self.score(row, path),
            least=self.amount(row, "least", path),
            requests=self.rows(
                row,
                "requests",
                lambda request, place: self.request(request, place, municipalities),
                path=path,
                key=lambda request: request.municipality,
                key_name="municipality",
            ),
        )
        if len(self.places) == errors and application.least > application.asked:
            self.refuse(f"{path}.least", f"{application.least} is above the sum asked, {application.asked}")
        return application

    def request(self, row: dict[str, Any], path: str, municipalities: frozenset[str] | None) -> AmountAsked:
        return AmountAsked(
            self.known(row, "municipality", path, municipalities, "municipalities"),
            self.amount(row, "asked", path),
        )

    def rows(
        self,
        data: dict[str, Any],
        name: str,
        read: Callable[[dict[str, Any], str], T],
        *,
        path: str = "",
        key: Callable[[T], Hashable] = lambda row: row.id,  # type: ignore[attr-defined]
        key_name: str = "id",
    ) -> tuple[T, ...]:
        """The rows of a list, each with its own key."""
        place = _join(path, name)
        rows = self.value(data, name, path)
        if rows is _MISSING:
            return ()
        if not isinstance(rows, list | tuple):
            self.refuse(place, f"must be a list, not {_kind(rows)}")
            return ()
        found: dict[Hashable, int] = {}
        result = []
        for number, row in enumerate(rows):
            here = f"{place}[{number}]"
            if not isinstance(row, dict):
                self.refuse(here, f"must be an object, not {_kind(row)}")
                continue
            read_row = read(row, here)
            result.append(read_row)
            row_key = key(read_row)
            if row_key and row_key in found:
                self.refuse(f"{here}.{key_name}", f"{_quoted(row_key)} already stands in {place}[{found[row_key]}]")
            found.setdefault(row_key, number)
        return tuple(result)

    def value(self, row: dict[str, Any], name: str, path: str) -> Any:
        if name not in row:
            self.refuse(_join(path, name), "is missing")
            return _MISSING
        return row[name]

    def text(self, row: dict[str, Any], name: str, path: str) -> str:
        """The text, or an empty one when it was refused."""
        value = self.value(row, name, path)
        if value is _MISSING:
            return ""
        if not isinstance(value, str):
            self.refuse(_join(path, name), f"must be a text, not {_kind(value)}")
            return ""
        if not value.strip():
            self.refuse(_join(path, name), "must not be empty")
            return ""
        if re.search("[\ud800-\udfff]", value):
            self.refuse(_join(path, name), f"{_quoted(value)} is not valid Unicode text")
            return ""
        return value

    def known(self, row: dict[str, Any], name: str, path: str, ids: frozenset[str] | None, where: str) -> str:
        value = self.text(row, name, path)
        if value and ids is not None and value not in ids:
            self.refuse(_join(path, name), f"{_quoted(value)} is not among the {where}")
        return value

    def amount(self, row: dict[str, Any], name: str, path: str, *, least: int = 0) -> int:
        """A whole number; the least allowed when it was refused."""
        value = self.value(row, name, path)
        if value is _MISSING:
            return least
        place = _join(path, name)
        if not isinstance(value, int) or isinstance(value, bool):
            shown = f" ({_shortened(value)})" if isinstance(value, Decimal | float) else ""
            self.refuse(place, f"must be a whole number, not {_kind(value)}{shown}")
        elif value < least:
            self.refuse(place, f"must be {least} or more, not {_shortened(value)}")
        elif value > GREATEST_AMOUNT:
            self.refuse(place, f"must be at most {GREATEST_AMOUNT}")
        else:
            return value
        return least

    def score(self, row: dict[str, Any], path: str) -> Decimal:
        """An exact decimal; a float is taken as it prints."""
        value = self.value(row, "score", path)
        if value is _MISSING:
            return Decimal(0)
        place = f"{path}.score"
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            self.refuse(place, f"must be a number, not {_kind(value)}")
            return Decimal(0)
        score = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not score.is_finite():
            self.refuse(place, "must be a finite number")
        elif score < 0:
            self.refuse(place, f"must be 0 or more, not {_shortened(value)}")
        elif score > GREATEST_SCORE:
            self.refuse(place, f"must be at most {GREATEST_SCORE}")
        elif score and -int(score.as_tuple().exponent) > SCORE_DECIMALS:
            self.refuse(place, f"must have at most {SCORE_DECIMALS} decimals")
        else:
            return score
        return Decimal(0)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _quoted(value: object) -> str:
    return json.dumps(_shortened(value))


def _shortened(value: object) -> str:
    try:
        text = str(value)
    except ValueError:  # an integer of more digits than Python prints
        return "a very long number"
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004


def _kind(value: object) -> str:
    """What JSON calls the value."""
    kinds: list[tuple[Any, str]] = [
        (type(None), "null"), (bool, "true or false"), (int | float | Decimal, "a number with decimals"),
        (str, "a text"), (list | tuple, "a list"), (dict, "an object"), (_Constant, "NaN or Infinity"),
    ]  # fmt: skip
    if isinstance(value, int) and not isinstance(value, bool):
        return "a number"
    return next((name for kind, name in kinds if isinstance(value, kind)), type(value).__name__)
