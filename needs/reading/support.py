"""Who stands behind a need: its owner and those who endorse it, by size and region (N3, N13, S12)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from needs.models import Endorsement, KnowledgeNeed
from regions.models import Municipality, Size


@dataclass(frozen=True)
class SizeShare:
    """How many of the municipalities behind a need are of one size; ``start`` and ``width`` in per cent of a bar."""

    size: Size
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Support:
    """The municipalities behind a need, the owner first."""

    owner: Municipality
    endorsements: list[Endorsement]
    sizes: list[SizeShare] = field(default_factory=list)

    @property
    def municipalities(self) -> list[Municipality]:
        return [self.owner, *(row.municipality for row in self.endorsements)]

    @property
    def count(self) -> int:
        return 1 + len(self.endorsements)

    @property
    def comments(self) -> list[Endorsement]:
        return [row for row in self.endorsements if row.comment]

    def by_region(self) -> dict[Any, Counter[Size]]:
        """Per region, and None for municipalities that belong to none, how many of each size."""
        table: dict[Any, Counter[Size]] = {}
        for municipality in self.municipalities:
            table.setdefault(municipality.region, Counter())[municipality.size] += 1
        return dict(sorted(table.items(), key=lambda row: row[0].order if row[0] else 999))


def support_for(need: KnowledgeNeed) -> Support:
    """The owner and the endorsing municipalities with their sizes. One query."""
    rows = list(need.endorsements.select_related("municipality__county__region"))
    support = Support(need.municipality, rows)
    counts = Counter(municipality.size for municipality in support.municipalities)
    start = 0.0
    for size in Size:
        width = round(100 * counts[size] / support.count, 2)
        support.sizes.append(SizeShare(size, counts[size], round(start, 2), width))
        start += width
    return support
