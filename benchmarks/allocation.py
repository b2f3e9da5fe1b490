"""Time of the allocation to its proven optimum. Budgets: 60 applications in 0.5 s, 500 in 5 s.

Run: .venv/bin/python benchmarks/allocation.py [60|500]
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grants.allocation import parse, solve
from tests.grants.allocation_cases import random_call, shuffled

BUDGETS = {60: 0.5, 500: 5.0}
CALLS = {
    "as expected, scores with one decimal": {},
    "weighted scores with four decimals": {"scores": lambda dice: round(dice.uniform(1, 7), 4)},
    "scores with all the digits of a double": {"scores": lambda dice: dice.uniform(1, 7)},
    "three scores only, so many ties": {"scores": lambda dice: dice.choice([4, 5, 6])},
    "each municipality in seven applications": {"places": 0.5},
    "money for one in four of the usual": {"pot": 1_750_000},
    "all scores equal": {"scores": lambda _dice: 5},
    "all scores equal, municipalities shared": {"scores": lambda _dice: 5, "places": 0.5},
}
#: Outside the budgets: what all seven ask for is three to seven times the cap, so caps and not money decide.
CROWDED = {"each municipality in seven applications, half the cap": {"places": 0.5, "cap": 250_000}}


def main():
    counts = [int(word) for word in sys.argv[1:]] or list(BUDGETS)
    solve(parse(random_call(5, seed=0)))
    for count in counts:
        print(f"{count} applications, budget {BUDGETS[count]} s")
        calls = CALLS | CROWDED if count == 60 else CALLS
        for name, options in calls.items():
            spent, proven = [], True
            for seed in range(3 if count == 60 else 1):
                data = random_call(count, seed=seed, **options)
                problem = parse(shuffled(data, random.Random(seed)))
                start = time.perf_counter()
                proven &= solve(problem).optimal
                spent.append(time.perf_counter() - start)
            verdict = "within" if max(spent) <= BUDGETS[count] else "OVER"
            print(f"  {name:54} {max(spent):6.2f} s  {verdict}{'' if proven else ', NOT PROVEN'}", flush=True)


if __name__ == "__main__":
    main()
