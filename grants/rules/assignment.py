"""Spreading applications over reviewers as evenly as ties allow (G6). Pure functions."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

Plan = dict[int, set[int]]


def spread(free: Mapping[int, AbstractSet[int]], each: int, held: Mapping[int, AbstractSet[int]] | None = None) -> Plan:
    """New reviewers per application so that each has ``each``, the loads as even as possible.

    ``free`` is the reviewers without ties per application, ``held`` those assigned already, who stay. An application
    with too few free reviewers gets all of them. The same input in any order gives the same plan.
    """
    held = held or {}
    load = _loads(free, held)
    plan: Plan = {application: set() for application in sorted(free)}
    for application in sorted(free, key=lambda pk: (len(free[pk]), pk)):
        taken = held.get(application, frozenset())
        open_to = sorted(free[application] - taken, key=lambda reviewer: (load[reviewer], reviewer))
        for reviewer in open_to[: max(each - len(taken), 0)]:
            plan[application].add(reviewer)
            load[reviewer] += 1
    while _shift_one(plan, free, held, load):
        pass
    return plan


def _loads(free: Mapping[int, AbstractSet[int]], held: Mapping[int, AbstractSet[int]]) -> dict[int, int]:
    load = {reviewer: 0 for reviewers in (*free.values(), *held.values()) for reviewer in reviewers}
    for reviewers in held.values():
        for reviewer in reviewers:
            load[reviewer] += 1
    return load


def _shift_one(
    plan: Plan, free: Mapping[int, AbstractSet[int]], held: Mapping[int, AbstractSet[int]], load: dict[int, int]
) -> bool:
    """Move work along a chain of reviewers from one who has more to one who has at least two fewer, if there is one."""
    for giver in sorted(load, key=lambda reviewer: (-load[reviewer], reviewer)):
        chain = _chain(giver, plan, free, held, load)
        if chain:
            for application, here, there in chain:
                plan[application].remove(here)
                plan[application].add(there)
            load[giver] -= 1
            load[chain[-1][2]] += 1
            return True
    return False


def _chain(
    giver: int,
    plan: Plan,
    free: Mapping[int, AbstractSet[int]],
    held: Mapping[int, AbstractSet[int]],
    load: dict[int, int],
) -> list[tuple[int, int, int]]:
    """The shortest chain of (application, from, to) that ends with a reviewer two or more below ``giver``."""
    came: dict[int, tuple[int, int, int] | None] = {giver: None}
    queue = [giver]
    for here in queue:
        if load[here] <= load[giver] - 2:
            return _path(here, came)
        for application in sorted(pk for pk, reviewers in plan.items() if here in reviewers):
            taken = plan[application] | held.get(application, frozenset())
            for there in sorted(free[application] - taken - came.keys()):
                came[there] = (application, here, there)
                queue.append(there)
    return []


def _path(end: int, came: Mapping[int, tuple[int, int, int] | None]) -> list[tuple[int, int, int]]:
    path = []
    move = came[end]
    while move is not None:
        path.append(move)
        move = came[move[1]]
    return path[::-1]
