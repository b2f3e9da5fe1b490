"""The allocation of a seed-grant call (G7): pure functions, no database. See ``docs/allocation.md``."""

from grants.allocation.counterfactual import Changes, what_would_change
from grants.allocation.optimum import solve
from grants.allocation.problem import (
    Application,
    Award,
    Municipality,
    Objective,
    Problem,
    Region,
    Request,
    Result,
    Share,
)
from grants.allocation.ranking import strict_ranking
from grants.allocation.reading import InputError, parse, parse_text
from grants.allocation.reasons import Reason, english, sentence
from grants.allocation.search import STAGES, Progress

__all__ = [
    "STAGES",
    "Application",
    "Award",
    "Changes",
    "InputError",
    "Municipality",
    "Objective",
    "Problem",
    "Progress",
    "Reason",
    "Region",
    "Request",
    "Result",
    "Share",
    "english",
    "parse",
    "parse_text",
    "sentence",
    "solve",
    "strict_ranking",
    "what_would_change",
]
