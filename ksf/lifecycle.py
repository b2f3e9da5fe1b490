"""A lifecycle is a table of steps. Guards, buttons, audit verbs, docs and tests all read it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.functional import Promise

from ksf.actor import Actor


class HasState(Protocol):
    """What a lifecycle is asked about."""

    @property
    def state(self) -> str: ...


class NotNow(Exception):
    """What is asked for cannot be done with ``obj`` now. Why, and since when, is found by ``ksf.web.refused_steps``."""

    def __init__(self, obj: HasState | Model) -> None:
        self.obj = obj
        super().__init__(f"{type(obj).__name__} {getattr(obj, 'pk', '')}")


class StepNotAllowed(NotNow):
    """The object is not in a state from which this step can be taken."""

    def __init__(self, lifecycle: "Lifecycle", step: "Step", obj: HasState) -> None:
        super().__init__(obj)
        self.lifecycle, self.step = lifecycle, step


class Gone(NotNow):
    """The object has been discarded: no step can be taken on it any more."""


class OutOfTime(NotNow):
    """It can be done from ``opens_at`` until ``closes_at`` only."""

    def __init__(self, obj: Model, opens_at: datetime, closes_at: datetime) -> None:
        super().__init__(obj)
        self.opens_at, self.closes_at = opens_at, closes_at


@dataclass(frozen=True)
class Step:
    """One allowed change of state: from any of ``sources`` to ``target``, for those with ``perm`` on the object."""

    name: str
    sources: AbstractSet[str]
    target: str
    perm: str
    label: Promise


class Lifecycle:
    """The life of one kind of object. ``name`` is the first part of its audit verbs.

    ``beside`` is the life that moves the object, for steps that are asked for and move nothing.
    """

    def __init__(self, name: str, *steps: Step, beside: "Lifecycle | None" = None) -> None:
        self.name = name
        self.steps = {step.name: step for step in steps}
        self.moves: dict[str, Step] = beside.moves if beside else self.steps

    def steps_for(self, user: Actor, obj: HasState) -> list[Step]:
        """The steps ``user`` may take on ``obj`` now, in the order of the table."""
        return [step for step in self.steps.values() if obj.state in step.sources and user.has_perm(step.perm, obj)]

    def allows(self, name: str, obj: HasState, *, by: Actor) -> bool:
        """Whether ``by`` may take the step on ``obj`` now."""
        step = self.steps[name]
        return obj.state in step.sources and by.has_perm(step.perm, obj)

    def check(self, name: str, obj: HasState, *, by: Actor) -> Step:
        """The step, if it may be taken. Raises PermissionDenied or StepNotAllowed."""
        step = self.steps[name]
        if not by.has_perm(step.perm, obj):
            raise PermissionDenied(step.perm)
        if obj.state not in step.sources:
            raise self.refusal(name, obj)
        return step

    def refusal(self, name: str, obj: HasState) -> StepNotAllowed:
        """What is raised where the step cannot be taken from the state of ``obj``."""
        return StepNotAllowed(self, self.steps[name], obj)

    def leads(self, state: str, to: AbstractSet[str]) -> bool:
        """Whether steps lead from the state to one of those."""
        seen, ahead = set(), {state}
        while ahead:
            seen |= ahead
            ahead = {step.target for step in self.moves.values() if step.sources & ahead} - seen
        return bool(seen & to)
