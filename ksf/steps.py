"""Taking a step of a lifecycle: the only code that writes ``state``."""

from typing import Any, TypeVar

from django.db import models, transaction

from ksf import audit
from ksf.accounts.models import User
from ksf.lifecycle import Gone, Lifecycle

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def take(
    lifecycle: Lifecycle, name: str, obj: M, *, by: User, note: str = "", other: M | None = None, **changes: Any
) -> M:
    """Lock ``obj``, check the step, change state and fields, record it, and return the fresh object.

    ``other`` is the object of the same kind that the step is about too; the log keeps its id.

    Raises PermissionDenied for those who may not, StepNotAllowed when the state has moved on.
    """
    locked: Any = lock(obj)
    step = lifecycle.check(name, locked, by=by)
    before, locked.state = locked.state, step.target
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=["state", *changes])
    kept = {"note": note, "other": other.pk if other else None, **changes}
    audit.record(f"{lifecycle.name}.{name}", locked, by=by, before=before, after=step.target, **kept)
    return locked


def lock(obj: M) -> M:
    """The object as the database has it now, locked until the transaction ends. Raises Gone when it is discarded."""
    found = type(obj)._default_manager.select_for_update(of=("self",)).filter(pk=obj.pk).first()  # noqa: SLF001
    if found is None:
        raise Gone(obj)
    return found
