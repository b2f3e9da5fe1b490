"""Long work with visible progress that survives a killed worker and never takes effect twice (X8)."""

from ksf.jobs.registry import Effect, Progress, handler
from ksf.jobs.services import request

__all__ = ["Effect", "Progress", "handler", "request"]
