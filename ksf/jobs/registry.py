from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from ksf.actor import Actor

if TYPE_CHECKING:  # apps read this before the registry of models is ready
    from ksf.jobs.models import Job

Effect = Callable[[], dict[str, Any] | None]
"""What a handler returns: writes the outcome, runs once, in the transaction that marks the job done."""

Progress = Callable[[int, str | Promise], None]
"""``progress(40, _("Drawing charts"))``: how many per cent are done and what is being done now."""

Work = Callable[["Job", Progress], Effect]


MaySee = Callable[[Actor, "Job"], bool]


@dataclass(frozen=True)
class Handler:
    work: Work
    queue: str
    may_see: MaySee | None


_handlers: dict[str, Handler] = {}


def handler(kind: str, *, queue: str = "default", may_see: MaySee | None = None) -> Callable[[Work], Work]:
    """Register the decorated ``work(job, progress) -> effect`` for jobs of ``kind``.

    ``may_see(user, job)`` says who besides the one who asked may follow it.
    """

    def register(work: Work) -> Work:
        _handlers[kind] = Handler(work, queue, may_see)
        return work

    return register


def handler_of(kind: str) -> Handler:
    """The handler of ``kind``. Raises KeyError for a kind nobody registered."""
    return _handlers[kind]
