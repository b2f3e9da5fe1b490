"""A region's own earlier figures, and when a new one is far from them."""

from collections.abc import Sequence
from decimal import Decimal

from reporting.models.indicators import Unit
from reporting.models.report import RegionalReport

YEARS = 3
LEAST = {Unit.COUNT: Decimal(3), Unit.PERCENT: Decimal(10), Unit.DAYS: Decimal(10), Unit.KRONER: Decimal(50_000)}
FAR = Decimal("0.5")


def earlier_values(report: RegionalReport) -> dict[str, list[Decimal | None]]:
    """For each figure the values of up to three earlier approved reports of the region, newest first."""
    sealed = RegionalReport.objects.sealed().filter(region=report.region_id, year__lt=report.year).order_by("-year")
    values: dict[str, list[Decimal | None]] = {}
    for snapshot in sealed.values_list("snapshot", flat=True)[:YEARS]:
        for row in (snapshot or {})["figures"]:
            value = None if row["value"] is None else Decimal(str(row["value"]))
            values.setdefault(row["code"], []).append(value)
    return values


def is_unusual(value: Decimal | None, earlier: Sequence[Decimal | None], unit: str) -> bool:
    """Whether a figure is so far from the region's own history that a reader will ask why.

    It is when it differs from the mean of the earlier years by more than half of that mean, and by at least 3
    (10 percentage points, 10 days, 50 000 kroner). Without history nothing is unusual.
    """
    known = [number for number in earlier if number is not None]
    if value is None or not known:
        return False
    mean = sum(known, Decimal(0)) / len(known)
    distance = abs(value - mean)
    return distance > mean * FAR and distance >= LEAST[Unit(unit)]
