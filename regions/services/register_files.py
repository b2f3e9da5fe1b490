"""The files of the register, read and checked before anything is written (see ``regions/data/README.md``)."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from regions.models import LanguageForm, MunicipalityChange, NameLanguage, Partner

FOLDER = Path(__file__).resolve().parent.parent / "data"
ORG_NUMBER_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)

Row = dict[str, Any]


class RegisterError(Exception):
    """The files do not fit together. ``faults`` are lines such as ``municipalities.csv, line 4: ...``."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass
class Register:
    """The rows of every file, with typed values."""

    regions: list[Row] = field(default_factory=list)
    counties: list[Row] = field(default_factory=list)
    municipalities: list[Row] = field(default_factory=list)
    population: list[Row] = field(default_factory=list)
    parallel_names: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    partners: list[Row] = field(default_factory=list)

    @property
    def latest_people(self) -> dict[str, int]:
        """Number → people in the latest year known for it."""
        return {row["number"]: row["people"] for row in sorted(self.population, key=lambda row: row["year"])}


def text(value: str) -> str:
    if not value:
        raise ValueError("is empty")
    return value


def optional(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    """``kind``, or None for an empty cell."""
    return lambda value: kind(value) if value else None


def one_of(values: list[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(f"{value!r} is not one of {', '.join(values)}")
        return value

    return check


def number(value: str) -> str:
    if not (len(value) == 4 and value.isascii() and value.isdigit()):  # noqa: PLR2004
        raise ValueError(f"{value!r} is not a municipality number of four digits")
    return value


def org_number(value: str) -> str:
    """An organisation number whose last digit is right, or nothing."""
    if value and not is_org_number(value):
        raise ValueError(f"{value!r} is not a valid organisation number")
    return value


def is_org_number(value: str) -> bool:
    """Whether nine digits with the right check digit (modulus 11)."""
    if not (len(value) == 9 and value.isascii() and value.isdigit()):  # noqa: PLR2004
        return False
    total = sum(weight * int(digit) for weight, digit in zip(ORG_NUMBER_WEIGHTS, value, strict=False))
    return (11 - total % 11) % 11 == int(value[8])


day = date.fromisoformat
COLUMNS: dict[str, dict[str, Callable[[str], Any]]] = {
    "regions": {
        "slug": text, "name": text, "order": int, "starts_on": day, "host": number,
        "committed_until": optional(day), "decision_reference": str,
    },
    "counties": {"number": text, "name": text, "region": str},
    "municipalities": {
        "number": number, "name": text, "full_name": str, "county": text, "valid_from": day,
        "valid_to": optional(day), "org_number": org_number, "language_form": one_of(LanguageForm.values),
        "centrality": optional(int), "latitude": optional(float), "longitude": optional(float),
        "map_q": int, "map_r": int, "sami_area": lambda value: one_of(["0", "1"])(value) == "1",
    },
    "population": {"number": number, "year": int, "people": int},
    "parallel_names": {
        "number": number, "name": text, "language": one_of(NameLanguage.values), "in_force_from": optional(day),
    },
    "changes": {
        "old_number": number, "old_name": text, "new_number": number, "changed_on": day,
        "kind": one_of(MunicipalityChange.Kind.values),
    },
    "partners": {
        "slug": text, "name": text, "short_name": str, "kind": one_of(Partner.Kind.values),
        "seat": optional(number), "ror_id": str, "website": str,
    },
}  # fmt: skip


def read(folder: Path = FOLDER) -> Register:
    """The register in ``folder``. Raises RegisterError with every fault in it, not just the first."""
    faults: list[str] = []
    register = Register(**{name: list(_rows(folder, name, faults)) for name in COLUMNS})
    faults = faults or list(_faults(register))
    if faults:
        raise RegisterError(faults)
    return register


def _rows(folder: Path, name: str, faults: list[str]) -> Iterator[Row]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        faults.append(f"{path.name}: the file is missing in {folder}")
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != list(COLUMNS[name]):
            faults.append(f"{path.name}: the columns must be {', '.join(COLUMNS[name])}")
            return
        for cells in reader:
            where = f"{path.name}, line {reader.line_num}"
            row: Row = {"where": where}
            for column, convert in COLUMNS[name].items():
                try:
                    row[column] = convert((cells[column] or "").strip())
                except ValueError as error:
                    faults.append(f"{where}: {column}: {error}")
            yield row


def _faults(register: Register) -> Iterator[str]:
    """What is wrong between rows and files that are each well formed."""
    for rows, columns in (
        (register.regions, ["slug"]),
        (register.counties, ["number"]),
        (register.municipalities, ["number"]),
        (register.partners, ["slug"]),
        ([row for row in register.municipalities if row["org_number"]], ["org_number"]),
        ([row for row in register.municipalities if not row["valid_to"]], ["map_q", "map_r"]),
        (register.population, ["number", "year"]),
        (register.changes, ["old_number", "new_number"]),
    ):
        yield from _twice(rows, *columns)
    yield from _place_faults(register)
    numbers = {row["number"] for row in register.municipalities}
    for rows, column in (
        (register.population, "number"),
        (register.parallel_names, "number"),
        (register.changes, "new_number"),
        (register.partners, "seat"),
    ):
        for row in rows:
            if row[column] and row[column] not in numbers:
                yield f"{row['where']}: {column}: there is no municipality {row[column]}"


def _place_faults(register: Register) -> Iterator[str]:
    """Municipalities outside their county, counties and hosts outside their region, and who lacks people."""
    regions = {row["slug"] for row in register.regions}
    counties = {row["number"]: row["region"] for row in register.counties}
    county_of = {row["number"]: row["county"] for row in register.municipalities}
    for row in register.counties:
        if row["region"] and row["region"] not in regions:
            yield f"{row['where']}: there is no region {row['region']!r}"
    for row in register.regions:
        if counties.get(county_of.get(row["host"], "")) != row["slug"]:
            yield f"{row['where']}: the host {row['host']} does not lie in the region"
    people = register.latest_people
    for row in register.municipalities:
        if row["county"] not in counties:
            yield f"{row['where']}: there is no county {row['county']!r}"
        elif not row["number"].startswith(row["county"]):
            yield f"{row['where']}: {row['number']} does not begin with its county's number {row['county']}"
        if row["number"] not in people:
            yield f"{row['where']}: {row['number']} has no row in population.csv"


def _twice(rows: list[Row], *columns: str) -> Iterator[str]:
    seen: dict[tuple[Any, ...], str] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        first = seen.setdefault(key, row["where"])
        if first != row["where"]:
            yield f"{row['where']}: {', '.join(columns)} {', '.join(map(str, key))} stands in {first} too"
