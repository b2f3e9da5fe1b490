"""Calls to allocate, and the allocation by trying everything."""

import itertools
import random
from fractions import Fraction

from grants.allocation.problem import Problem


def call(applications, *, pot=10, cap=10, step=1, established=(), populations=None):
    """A call from rows ``(id, region, score, least, {municipality: asked})``; regions and municipalities follow."""
    populations = populations or {}
    regions = sorted({row[1] for row in applications})
    municipalities = sorted({name for row in applications for name in row[4]} | set(populations))
    return {
        "pot": pot,
        "cap_per_municipality": cap,
        "step": step,
        "regions": [{"id": name, "has_established_cluster": name in established} for name in regions],
        "municipalities": [{"id": name, "population": populations.get(name, 10_000)} for name in municipalities],
        "applications": [
            {
                "id": name, "region": region, "score": score, "least": least,
                "requests": [{"municipality": one, "asked": asked} for one, asked in requests.items()],
            }
            for name, region, score, least, requests in applications
        ],
    }  # fmt: skip


def one_decimal(dice):
    return round(dice.uniform(1, 7), 1)


def random_call(
    count, *, seed, places=3, municipalities=None, regions=7, scores=one_decimal, least=(0.5, 0.7), step=1000,
    cap=500_000, pot=None,
):  # fmt: skip
    """A call of the size of a real one.

    There are `places` municipalities per application, so fewer means more of them shared, unless their number is
    given. The least is a part of what is asked, drawn between the two of `least`.
    """
    dice = random.Random(seed)  # noqa: S311
    names = [str(1000 + number) for number in range(municipalities or max(5, int(count * places)))]
    populations = {name: int(10 ** dice.uniform(2.5, 5)) for name in names}
    rows = []
    for number in range(count):
        chosen = dice.sample(names, dice.randint(2, 5))
        requests = {name: dice.randrange(50, 500) * 1000 + dice.choice([0, 0, 500]) for name in chosen}
        lowest = int(sum(requests.values()) * dice.uniform(*least))
        rows.append((f"A{number:03}", f"r{dice.randrange(regions)}", scores(dice), lowest, requests))
    pot = pot or 7_000_000 * count // 60
    return call(rows, pot=pot, cap=cap, step=step, established=("r0", "r3"), populations=populations)


def shuffled(data, dice):
    """The same call with every list in another order."""
    copy = {**data, "applications": [{**row, "requests": dice.sample(row["requests"], len(row["requests"]))}
                                     for row in data["applications"]]}  # fmt: skip
    for name in ("regions", "municipalities", "applications"):
        copy[name] = dice.sample(copy[name], len(copy[name]))
    return copy


def every_allocation(problem: Problem):
    """Every allocation the rules allow, as a tuple of share tuples in the order of the problem's lists."""
    options = []
    for application in problem.applications:
        grids = [range(0, request.asked + 1, problem.step) for request in application.requests]
        options.append([
            shares for shares in itertools.product(*grids)
            if sum(shares) == 0 or sum(shares) >= application.least
        ])  # fmt: skip
    for shares in itertools.product(*options):
        received = {}
        for application, mine in zip(problem.applications, shares, strict=True):
            for request, amount in zip(application.requests, mine, strict=True):
                received[request.municipality] = received.get(request.municipality, 0) + amount
        within = max(received.values(), default=0) <= problem.cap_per_municipality
        if within and sum(received.values()) <= problem.pot:
            yield shares, received


def best_by_trying(problem: Problem):
    """The greatest objective, and the shares the documented tie-break picks, by trying every allocation."""
    return max(rank(problem, shares, received) for shares, received in every_allocation(problem))


def rank(problem, shares, received):
    established = {region.id for region in problem.regions if region.has_established_cluster}
    small = {one.id for one in problem.municipalities if one.population < 5000}
    population = {one.id: one.population for one in problem.municipalities}
    regions = {one.region for one, mine in zip(problem.applications, shares, strict=True) if sum(mine)}
    reached = {name for name, amount in received.items() if amount}
    value = sum(Fraction(one.score) * sum(mine) for one, mine in zip(problem.applications, shares, strict=True))
    in_order = sorted(zip(problem.applications, shares, strict=True), key=lambda pair: (-pair[0].score, pair[0].id))
    places = sorted(population, key=lambda name: (name not in small, population[name], name))
    by_place = [
        {request.municipality: amount for request, amount in zip(one.requests, mine, strict=True)}
        for one, mine in in_order
    ]
    return (
        (len(regions - established), len(regions), value, len(small & reached), len(reached)),
        [sum(mine) > 0 for _, mine in in_order],
        [name in reached for name in places],
        [sum(mine) for _, mine in in_order],
        [amounts[name] for amounts in by_place for name in places if name in amounts],
    )
