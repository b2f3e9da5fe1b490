"""The portal as `make demo` runs it: own services, web, worker and clock as processes, in a folder of its own."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from local.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]
SET_BY_THE_RUN = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "SECRET_KEY", "STATIC_MANIFEST")
START_SECONDS = 90.0
PREPARE = """
{python} manage.py migrate -v0 && {python} manage.py load_demo -v0 && {python} manage.py collectstatic -v0 --noinput
"""


class Portal:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self.address = f"http://localhost:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_RUN}
        self.environment = inherited | {"KSF_HOME": str(home), "KSF_DEMO": "1", "SITE_URL": self.address}
        self.processes = Supervisor(home / "logs", self.environment)

    def start(self) -> None:
        self.services = (self.home / "users.lock").open("a")
        fcntl.flock(self.services, fcntl.LOCK_SH)  # the services run while anybody uses them, until the lock is gone
        self.run(sys.executable, "-m", "local.embedded", "sh", "-c", PREPARE.format(python=sys.executable))
        self.environment |= self._addresses()
        self.environment |= {
            "SECRET_KEY_FILE": str(self.home / "secret-key"),
            "MEDIA_ROOT": str(self.home / "media"),
        }
        bind = f"127.0.0.1:{self.port}"
        self._start("web", "gunicorn", "-c", str(ROOT / "deploy" / "gunicorn.py"), "-b", bind, "ksf.wsgi")
        schedule = str(self.home / "beat-schedule")
        self._start("beat", "celery", "-A", "ksf", "beat", "-s", schedule, "--pidfile=")
        self.start_worker()
        self.await_health(200)

    def start_worker(self) -> None:
        queues = ("-Q", "default,documents,solver", "-c", "2", "--without-gossip", "--without-mingle")
        self._start("worker", "celery", "-A", "ksf", "worker", *queues)

    def kill_worker(self) -> None:
        """End the worker and its children as a lost machine does: at once, with no chance to tidy up."""
        worker = next(child for child in self.processes.children if child.name == "worker")
        self.processes.children.remove(worker)
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()

    def stop(self) -> None:
        self.processes.stop()
        self.services.close()

    def run(self, *command: str) -> str:
        """What the command prints, run beside the portal."""
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def connect(self) -> "psycopg.Connection[Any]":
        """A connection to the portal's database."""
        return psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def await_health(self, status: int) -> None:
        self.wait_until(lambda: self._health() == status, START_SECONDS)

    def wait_until(self, is_so: Any, seconds: float) -> None:
        """Ask until it is so; fails with the worker's log when it takes longer than ``seconds``."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, self.processes.log("worker").read_text(encoding="utf-8")[-3000:]
            time.sleep(0.1)

    def _addresses(self) -> dict[str, str]:
        addresses: dict[str, str] = json.loads((self.home / "services.json").read_text(encoding="utf-8"))
        return addresses

    def _health(self) -> int:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return answer.status
        except (URLError, TimeoutError) as error:
            return getattr(error, "code", 0)

    def _start(self, name: str, *command: str) -> None:
        self.processes.start(name, sys.executable, "-m", *command, orphaned=signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
