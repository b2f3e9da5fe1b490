"""A lifecycle is a table of steps. Guards, buttons, audit verbs, docs and tests all read it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise

from ksf.actor import Actor


class HasState(Protocol):
    """What a lifecycle is asked about."""

    @property
    def state(self) -> str: ...


class StepNotAllowed(Exception):
    """The object is not in a state from which this step can be taken: somebody was faster."""

    def __init__(self, step: "Step | None", obj: HasState | None) -> None:
        self.step = step
        self.obj = obj
        super().__init__(f"{step.name}: {obj.state}" if step and obj else "gone")


class Gone(StepNotAllowed):
    """The object has been discarded: no step can be taken on it any more."""

    def __init__(self) -> None:
        super().__init__(None, None)


@dataclass(frozen=True)
class Step:
    """One allowed change of state: from any of ``sources`` to ``target``, for those with ``perm`` on the object."""

    name: str
    sources: AbstractSet[str]
    target: str
    perm: str
    label: Promise


class Lifecycle:
    """The life of one kind of object. ``name`` is the first part of its audit verbs."""

    def __init__(self, name: str, *steps: Step) -> None:
        self.name = name
        self.steps = {step.name: step for step in steps}

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
            raise StepNotAllowed(step, obj)
        return step
