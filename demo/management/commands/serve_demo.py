import hashlib
import json
import os
import signal
import socket
import sys
import time
from argparse import ArgumentTypeError
from http.client import HTTPException
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import HTTPError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections, transaction

from demo.accounts import PASSWORD, demo_accounts
from local import catalogues, embedded
from local.supervisor import Supervisor

IDLE_SECONDS = 90.0  # a part that works may take as long as it needs; one that does nothing may not
MOVES_SECONDS = 1.0  # of a processor: one that only waits uses less meanwhile
LAST_PORT = 65535
CELERY = ("-m", "celery", "-A", "ksf")


class Command(BaseCommand):
    help = "Prepares the demo and runs web, worker and beat until Ctrl-C. Called by `make demo`."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=_port, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--with-parent", action="store_true", help="end when the calling process does")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("serve_demo has accounts with a known password: it runs with KSF_DEMO=1 only.")
        if options["with_parent"]:
            embedded.dies_with_parent(signal.SIGTERM)()
        self.host, self.port = options["host"], options["port"]
        self.home = embedded.home()
        if not embedded.take_lock(self.home / "demo.lock"):
            raise CommandError(f"A demo already runs on {self.home}. Stop it, or set KSF_HOME to another folder.")
        self._check_port()
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts what runs in its background deaf to SIGINT
            signal.signal(number, _interrupt)
        try:
            self._prepare()
            self._serve()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise CommandError(
                    f"Port {self.port} cannot be used: {error.strerror}. Choose another: make demo PORT={self.port + 1}"
                ) from error

    def _prepare(self) -> None:
        """Bring database, content and static files to what this version of the portal needs."""
        catalogues.compile_all(settings.BASE_DIR)
        self._say("Database")
        call_command("migrate", verbosity=0, interactive=False)
        self._say("Register and demo content")
        with transaction.atomic():  # an interrupted load leaves nothing half done
            call_command("load_demo", verbosity=0)
        self._collect_static()
        connections.close_all()

    def _collect_static(self) -> None:
        """Collect and compress, unless every file is as it was the last time."""
        state, record = _static_state(), Path(settings.STATIC_ROOT, "state.txt")
        if not record.exists() or record.read_text(encoding="utf-8") != state:
            self._say("Styles and scripts")
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            record.write_text(state, encoding="utf-8")

    def _serve(self) -> None:
        environment = os.environ | {"SITE_URL": self.address, "KSF_DEMO": "1", "PYTHONUNBUFFERED": "1"}
        with Supervisor(self.home / "logs", environment) as supervisor:
            self._say("Web, worker and clock")
            bind = f"{self.host}:{self.port}"
            config = str(Path(settings.BASE_DIR, "deploy", "gunicorn.py"))
            supervisor.start("web", sys.executable, "-m", "gunicorn", "-c", config, "-b", bind, "ksf.wsgi")
            queues = ("-Q", "default,documents,solver", "-c", "2", "--without-gossip", "--without-mingle")
            supervisor.start("worker", sys.executable, *CELERY, "worker", *queues, orphaned=signal.SIGKILL)
            schedule = str(self.home / "beat-schedule")
            supervisor.start("beat", sys.executable, *CELERY, "beat", "-s", schedule, "--pidfile=")
            self._await_health(supervisor)
            self._show_accounts()
            self.stdout.write(f"\nThe portal runs at {self.address}  (Ctrl-C stops it; logs in {supervisor.logs})")
            self.stdout.flush()
            while not (name := supervisor.ended()):
                time.sleep(0.5)
            raise CommandError(f"The process {name} ended. See {supervisor.log(name)}.")

    def _show_accounts(self) -> None:
        accounts = [(account.email, account.role) for account in demo_accounts()]
        connections.close_all()
        width = max((len(email) for email, _role in accounts), default=0)
        self.stdout.write(
            f"\nSign in with the password {PASSWORD}, as one of these or any other account of the demo:\n\n"
        )
        for email, role in accounts:
            self.stdout.write(f"  {email:<{width}}  {role}")

    def _await_health(self, supervisor: Supervisor) -> None:
        """Wait while anything moves: an answer changes, a log grows, or a part that is waited for computes."""
        seen, computed, deadline = None, 0.0, 0.0
        while (health := _health(f"{self.address}/healthz")) != {"ok"}:
            now = supervisor.computed("worker") if health else supervisor.computed("web", "worker")
            if (health, supervisor.bytes_logged()) != seen or now > computed + MOVES_SECONDS:
                seen, computed = (health, supervisor.bytes_logged()), now
                deadline = time.monotonic() + IDLE_SECONDS
            if name := supervisor.ended():
                raise CommandError(f"The process {name} ended at start. See {supervisor.log(name)}.")
            if time.monotonic() > deadline:
                raise CommandError(f"Nothing has moved for {IDLE_SECONDS:.0f} s: {health}. See {supervisor.logs}.")
            time.sleep(0.1)

    def _say(self, what: str) -> None:
        self.stdout.write(f"  {what} …")
        self.stdout.flush()


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise ArgumentTypeError(
            f"a port is a whole number from 1 to {LAST_PORT}, not {text!r}. PORT=8000, for example."
        )
    return int(text)


def _static_state() -> str:
    """A checksum of the name, size and time of every static file."""
    files = [
        (name, Path(storage.path(name)).stat())
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    ]
    lines = sorted(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _health(url: str) -> set[str]:
    """The states that the portal's parts report; empty while it does not answer."""
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310  our own address
            return set(json.load(answer).values())
    except HTTPError as error:
        return {f"HTTP {error.code}"}
    except (OSError, HTTPException, ValueError):
        return set()


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
