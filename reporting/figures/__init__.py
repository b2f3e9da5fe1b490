"""The figures of a regional report. Each is one named computation that also names the records it counted (R2).

``figure_of(code).work(Facts(year), region)`` gives one; facts shared over many spare the queries. All figures but those
with ``is_summed=False`` may be added over regions: what they count belongs to exactly one region.
"""

from reporting.figures import funding, knowledge, network, reported, research, rounds
from reporting.figures.earlier import earlier_values, is_unusual
from reporting.figures.facts import Facts
from reporting.figures.registry import (
    FigureDefinition,
    Record,
    all_figures,
    figure_of,
)

__all__ = [
    "Facts",
    "FigureDefinition",
    "Record",
    "all_figures",
    "earlier_values",
    "figure_of",
    "funding",
    "is_unusual",
    "knowledge",
    "network",
    "reported",
    "research",
    "rounds",
]
