"""Runs the portal's processes beside each other, and ends them together."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from local.embedded import dies_with_parent

GRACE_SECONDS = 8.0


class Child(NamedTuple):
    name: str
    process: subprocess.Popen[bytes]


class Supervisor:
    """Children in process groups of their own, so that a Ctrl-C reaches only us and we end them in order."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs = logs
        self.environment = environment
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):  # an impatient second Ctrl-C leaves nothing behind
            signal.signal(number, signal.SIG_IGN)
        self.stop()

    def start(self, name: str, *command: str, orphaned: signal.Signals = signal.SIGTERM) -> None:
        """Start a child that logs to ``<logs>/<name>.log`` and gets ``orphaned`` should we be killed."""
        with self.log(name).open("wb") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                process_group=0,
                preexec_fn=dies_with_parent(orphaned),  # noqa: PLW1509  called before any thread is started
            )
        self.children.append(Child(name, process))

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def ended(self) -> str | None:
        """The name of a child that is no longer running."""
        return next((child.name for child in self.children if child.process.poll() is not None), None)

    def bytes_logged(self) -> int:
        """How long the children's logs are together, in bytes."""
        return sum(self.log(child.name).stat().st_size for child in self.children)

    def computed(self, *names: str) -> float:
        """Seconds of a processor that these children, and what they started, have used; 0 where that is not known."""
        groups = {child.process.pid for child in self.children if child.name in names}
        return sum(map(_ticks, groups)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """Ask every child to end, wait a little, then end what is left with all that it started."""
        for _name, process in self.children:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for _name, process in self.children:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.children.clear()


def _ticks(group: int) -> int:
    """The processor time that a process group has used, in the kernel's ticks; 0 where there is no ``/proc``."""
    used = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # ended meanwhile
            after_name = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(after_name[2]) == group:
                used += int(after_name[11]) + int(after_name[12])
    return used
