"""Processor time of the allocation to its proven optimum, on calls made to be hard.

Budgets: 60 applications in 0.5 s and 500 in 5 s; 2 s and two minutes where a cap that binds makes it a packing problem.
Run: .venv/bin/python benchmarks/allocation.py [60|500] [words of a name]
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grants.allocation import parse, solve
from tests.grants.allocation_cases import one_decimal, random_call, shuffled

BUDGETS = {60: 0.5, 500: 5.0}
#: Of calls in which the caps decide, which no call is expected to do: the job runs in the background, with progress.
CONTRIVED_BUDGETS = {60: 2.0, 500: 120.0}
CONTRIVED = (
    "each municipality in seven, a cap that binds",
    "each municipality in seven, a low cap, scores equal",
)


def same(_dice):
    return 5


def two_reviewers(dice):
    """The mean of two reviewers' whole scores on three criteria, with weights."""
    return round(sum(weight * dice.randint(3, 7) / 2 for weight in (0.5, 0.3, 0.2) for _ in range(2)), 2)


def mostly_zero(dice):
    return dice.choice([0, 0, one_decimal(dice)])


#: What sets a call apart, for a number of applications.
CALLS = {
    "as expected, scores with one decimal": lambda _: {},
    "means of two reviewers": lambda _: {"scores": two_reviewers},
    "weighted scores with four decimals": lambda _: {"scores": lambda dice: round(dice.uniform(1, 7), 4)},
    "scores with all the digits of a double": lambda _: {"scores": lambda dice: dice.uniform(1, 7)},
    "three scores only": lambda _: {"scores": lambda dice: dice.choice([4, 5, 6])},
    "all scores equal": lambda _: {"scores": same},
    "all scores zero": lambda _: {"scores": lambda _dice: 0},
    "two in three scores zero": lambda _: {"scores": mostly_zero},
    "a quarter of the money": lambda count: {"pot": 1_750_000 * count // 60},
    "a quarter of the money, scores equal": lambda count: {"pot": 1_750_000 * count // 60, "scores": same},
    "four times the money": lambda count: {"pot": 28_000_000 * count // 60},
    "four times the money, scores equal": lambda count: {"pot": 28_000_000 * count // 60, "scores": same},
    "the least is what is asked": lambda _: {"least": (1, 1)},
    "the least is what is asked, scores equal": lambda _: {"least": (1, 1), "scores": same},
    "no least": lambda _: {"least": (0, 0)},
    "no least, scores equal": lambda _: {"least": (0, 0), "scores": same},
    "steps of 1 kr": lambda _: {"step": 1},
    "steps of 7 919 kr": lambda _: {"step": 7_919},
    "one region": lambda _: {"regions": 1},
    "forty regions": lambda _: {"regions": 40},
    "the country's 356 municipalities": lambda _: {"municipalities": 356},
    "each municipality in two to five": lambda _: {"places": 1},
    "each municipality in two to five, scores equal": lambda _: {"places": 1, "scores": same},
    "each municipality in two to five, a cap that binds": lambda _: {"places": 1, "cap": 250_000},
    "each municipality in seven": lambda _: {"places": 0.5},
    "each municipality in seven, scores equal": lambda _: {"places": 0.5, "scores": same},
    "each municipality in seven, two reviewers": lambda _: {"places": 0.5, "scores": two_reviewers},
    "each municipality in seven, a cap that binds": lambda _: {"places": 0.5, "cap": 250_000},
    "each municipality in seven, a low cap, scores equal": lambda _: {"places": 0.5, "cap": 250_000, "scores": same},
}


def main():
    asked = sys.argv[1:]
    counts = [int(asked.pop(0))] if asked and asked[0].isdigit() else list(BUDGETS)
    solve(parse(random_call(1, seed=0)))
    for count in counts:
        print(
            f"{count} applications, budget {BUDGETS[count]} s of processor time, {CONTRIVED_BUDGETS[count]} s contrived"
        )
        for name, options in CALLS.items():
            if " ".join(asked) in name:
                measure(count, name, options(count))


def measure(count, name, options):
    """Print the worst time of three calls, each with its lists in another order."""
    spent, proven = [], True
    for seed in range(3):
        problem = parse(shuffled(random_call(count, seed=seed, **options), random.Random(seed)))
        start = time.process_time()
        proven &= solve(problem).optimal
        spent.append(time.process_time() - start)
    budget = (CONTRIVED_BUDGETS if name in CONTRIVED else BUDGETS)[count]
    verdict = "within" if max(spent) <= budget else "OVER"
    print(f"  {name:54} {max(spent):6.2f} s  {verdict}{'' if proven else ', NOT PROVEN'}", flush=True)


if __name__ == "__main__":
    main()
