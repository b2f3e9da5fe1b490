"""The allocation of a seed-grant call (G7): pure functions, no database. See ``docs/allocation.md``."""

from grants.allocation.counterfactual import Changes, what_would_change
from grants.allocation.optimum import solve
from grants.allocation.problem import AllocationResult, Problem
from grants.allocation.ranking import strict_ranking
from grants.allocation.reading import InputError, parse, parse_text
from grants.allocation.reasons import Reason, sentence
from grants.allocation.search import STAGES

__all__ = [
    "STAGES",
    "AllocationResult",
    "Changes",
    "InputError",
    "Problem",
    "Reason",
    "parse",
    "parse_text",
    "sentence",
    "solve",
    "strict_ranking",
    "what_would_change",
]
