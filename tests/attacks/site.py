"""The portal as it is served, with a database and a broker that a test may kill, and a browser without scripts."""

import http.cookiejar
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.embedded import BROKER, DATABASE, Keeper

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    seconds: float


class Browser:
    """Follows redirects, keeps cookies and sends the token of forms."""

    def __init__(self, address):
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path):
        return self._ask(urllib.request.Request(self.address + path))

    def post(self, path, **fields):
        hidden = (tag for tag in re.findall(r"<input\s[^>]*>", self.get(path).text) if 'type="hidden"' in tag)
        given = {name: value for tag in hidden for name, value in re.findall(r'name="(\w+)"\s+value="([^"]*)"', tag)}
        body = urllib.parse.urlencode(given | fields).encode()
        return self._ask(urllib.request.Request(self.address + path, body, {"Referer": self.address + path}))

    def _ask(self, request):
        begun = time.monotonic()
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.read().decode(), time.monotonic() - begun)


@contextmanager
def service(folder, name):
    """A service of its own: its address and its process. ``name`` is DATABASE or BROKER."""
    folder.mkdir()
    keeper = Keeper(folder, durable=False)
    try:
        yield keeper.start([name])[name], keeper.running[0][0]
    finally:
        for process, _signal in keeper.running:
            process.kill()
            process.wait()


@contextmanager
def served(environment, log):
    """gunicorn with the portal's own configuration; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "-b", f"127.0.0.1:{port}", "ksf.wsgi"]
    given = environment | {
        "WEB_CONCURRENCY": "1",
        "VISITORS_PAGE_SECONDS": "15",
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    with log.open("wb") as file:
        web = subprocess.Popen(command, cwd=ROOT, env=given, stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(port):
            assert web.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


__all__ = ["BROKER", "DATABASE", "Browser", "served", "service"]
