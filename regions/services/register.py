"""Bringing the register's facts into the database, and up to date there."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction

from ksf.periods import period
from ksf.sorting import sort_key
from regions.models import (
    County,
    HostTerm,
    Municipality,
    MunicipalityChange,
    MunicipalityName,
    Partner,
    Population,
    Region,
    RegionCounty,
)
from regions.services.register_files import Register, RegisterError, Row

__all__ = ["Loaded", "RegisterError", "load_register"]

M = TypeVar("M", bound=models.Model)
SAME_NAME = ("org_number", "language_form", "centrality", "latitude", "longitude", "map_q", "map_r")


@dataclass(frozen=True)
class Loaded:
    """How many of each the database holds after loading."""

    municipalities: int
    counties: int
    regions: int
    partners: int


@transaction.atomic
def load_register(register: Register) -> Loaded:
    """Write the register: new rows are made, facts of known rows brought up to date, everything or nothing.

    What has happened in the portal stands: periods of municipalities that are there already, host terms of a region
    that has one, and parallel names keep their dates. Loading twice changes nothing.
    """
    regions = {row["slug"]: _region(row) for row in register.regions}
    starts = {row["slug"]: row["starts_on"] for row in register.regions}
    counties = {row["number"]: _county(row, regions, starts) for row in register.counties}
    found = _write_municipalities(register, counties)
    _write_population(register, found)
    _write_names(register, found)
    _write_changes(register, found)
    _write_partners(register, found)
    for row in register.regions:
        _first_host(row, regions[row["slug"]], found[row["host"]])
    return Loaded(
        municipalities=Municipality.objects.in_force().count(),
        counties=County.objects.count(),
        regions=Region.objects.count(),
        partners=Partner.objects.count(),
    )


def _region(row: Row) -> Region:
    return Region.objects.update_or_create(slug=row["slug"], defaults={"name": row["name"], "order": row["order"]})[0]


def _county(row: Row, regions: dict[str, Region], starts: dict[str, Any]) -> County:
    region = regions[row["region"]] if row["region"] else None
    county, is_new = County.objects.get_or_create(
        number=row["number"], defaults={"name": row["name"], "region": region}
    )
    if region and (is_new or not county.region_terms.exists()):
        RegionCounty.objects.create(region=region, county=county, period=period(starts[row["region"]]))
    return county


def _write_municipalities(register: Register, counties: dict[str, County]) -> dict[str, Municipality]:
    """Number → municipality, for every row of the file."""
    known = {
        municipality.number: municipality
        for municipality in Municipality.objects.select_related("county").order_by("period")
    }
    people = register.latest_people
    found: dict[str, Municipality] = {}
    for row in register.municipalities:
        number = row["number"]
        facts = {
            "name": row["name"],
            "full_name": row["full_name"] or row["name"],
            "county": counties[row["county"]],
            "population": people[number],
            "is_sami_area": row["sami_area"],
            **{column: row[column] for column in SAME_NAME},
        }
        municipality = known.get(number) or Municipality(
            number=number, period=period(row["valid_from"], row["valid_to"]), sort_key=sort_key(row["name"])
        )
        found[number] = _bring(municipality, facts)
    Municipality.objects.bulk_create(municipality for number, municipality in found.items() if number not in known)
    return found


def _bring(obj: M, facts: dict[str, Any]) -> M:
    """Give ``obj`` these facts; one that is in the database already is saved there if any of them is new."""
    differs = _differs(obj, facts)
    for name, value in facts.items():
        setattr(obj, name, value)
    if obj.pk and differs:
        obj.save()
    return obj


def _differs(obj: models.Model, facts: dict[str, Any]) -> bool:
    """Whether any of ``facts`` differs from what ``obj`` holds; coordinates are compared as the numbers they are."""
    return any(
        float(held) != value if isinstance(value, float) and held is not None else held != value
        for held, value in ((getattr(obj, name, None), value) for name, value in facts.items())
    )


def _write_population(register: Register, found: dict[str, Municipality]) -> None:
    Population.objects.bulk_create(
        [
            Population(municipality=found[row["number"]], year=row["year"], people=row["people"])
            for row in register.population
        ],
        update_conflicts=True,
        unique_fields=["municipality", "year"],
        update_fields=["people"],
    )


def _write_names(register: Register, found: dict[str, Municipality]) -> None:
    held = set(MunicipalityName.objects.values_list("municipality_id", "name", "language"))
    MunicipalityName.objects.bulk_create(
        MunicipalityName(
            municipality=municipality,
            name=row["name"],
            language=row["language"],
            period=period(row["in_force_from"] or municipality.starts_on),
        )
        for row in register.parallel_names
        if ((municipality := found[row["number"]]).pk, row["name"], row["language"]) not in held
    )


def _write_changes(register: Register, found: dict[str, Municipality]) -> None:
    MunicipalityChange.objects.bulk_create(
        [
            MunicipalityChange(
                new=found[row["new_number"]],
                **{column: row[column] for column in ("old_number", "old_name", "changed_on", "kind")},
            )
            for row in register.changes
        ],
        update_conflicts=True,
        unique_fields=["old_number", "new"],
        update_fields=["old_name", "changed_on", "kind"],
    )


def _write_partners(register: Register, found: dict[str, Municipality]) -> None:
    known = {partner.slug: partner for partner in Partner.objects.select_related("seat")}
    new = []
    for row in register.partners:
        facts = {column: row[column] for column in ("name", "short_name", "kind", "ror_id", "website")}
        partner = known.get(row["slug"]) or Partner(slug=row["slug"], sort_key=sort_key(row["name"]))
        _bring(partner, {**facts, "seat": found[row["seat"]] if row["seat"] else None})
        if row["slug"] not in known:
            new.append(partner)
    Partner.objects.bulk_create(new)


def _first_host(row: Row, region: Region, municipality: Municipality) -> None:
    if region.host_terms.exists():
        return
    HostTerm.objects.create(
        region=region,
        municipality=municipality,
        period=period(row["starts_on"]),
        committed_until=row["committed_until"],
        decision_reference=row["decision_reference"],
    )
