"""This checkout beside another revision, page by page in the same minutes, on copies of one database.

Run: .venv/bin/python benchmarks/compare.py REV [--only TEXT] [--rounds 5] [--crowd]

The revision is checked out in ``build/compare``. Its own commands make the database of ``growth.py``'s size; ours is a
copy of it, migrated. Both web servers run with two workers and are asked in turn. Printed are, of the older and this
one, CPU (milliseconds of the web server's processes for an answer, the least of the rounds), its share, the median by
the clock, queries and the database's time; with ``--crowd`` the 99th percentile by the clock of 32 who ask at once.
A visitor asks for another address each time, so that the page is made.
"""

import argparse
import http.client
import itertools
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg

from local import embedded

A_ROUND, AT_ONCE, BY_A_CROWD = 10, 32, 320
LIMITS = [f"LIMIT_{kind}" for kind in ("SEARCH", "PDF", "EXPORT", "FILE", "MAIL", "COMPUTE")]
SHARED = (".venv", "node_modules")
GROW = "import django; django.setup(); from benchmarks.growth import grow; grow()"
LIST = "import json; from benchmarks import pages; pages.django.setup(); print(json.dumps(pages.asked_for()))"
different = itertools.count()


class Checkout:
    """A revision with its database and its web server."""

    def __init__(self, folder, name, redis_number):
        self.folder = folder
        self.database = f"ksf_compare_{name}"
        address = urlsplit(os.environ["DATABASE_URL"])
        redis = os.environ["REDIS_URL"]
        self.environment = os.environ | {
            "KSF_DEMO": "1",
            "STATIC_MANIFEST": "0",
            "SECRET_KEY": "for-benchmarks-only",
            "DJANGO_SETTINGS_MODULE": "ksf.settings",
            "DATABASE_URL": urlunsplit(address._replace(path=f"/{self.database}")),
            "REDIS_URL": f"{redis}{'&' if '?' in redis else '?'}db={redis_number}",
            "PYTHONPATH": str(folder),
            **dict.fromkeys(LIMITS, "off"),
        }

    def run(self, *command):
        subprocess.run([sys.executable, *command], cwd=self.folder, env=self.environment, check=True)

    def start(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        serve = ["-m", "gunicorn", "-c", "deploy/gunicorn.py", "-b", f"127.0.0.1:{self.port}", "ksf.wsgi"]
        answer = [str(ROOT / "benchmarks" / "answering.py")]
        self.server = self._beside(*serve, stderr=subprocess.DEVNULL)
        self.inside = self._beside(*answer, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _try in range(200):
            try:
                self.ask("/healthz", "")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("The web server did not start.")

    def _beside(self, *command, **streams):
        return subprocess.Popen([sys.executable, *command], cwd=self.folder, env=self.environment, **streams)

    def stop(self):
        self.inside.stdin.close()
        self.server.terminate()
        self.inside.wait()
        self.server.wait()

    def look_inside(self, account, path):
        """Cookies of the account, queries of an answer, and milliseconds the database took."""
        path = path if account else f"{path}{'&' if '?' in path else '?'}n={next(different)}"
        self.inside.stdin.write(json.dumps([account, path]) + "\n")
        self.inside.stdin.flush()
        return json.loads(self.inside.stdout.readline())

    def ask(self, path, cookies):
        """Milliseconds by the clock until the answer is read."""
        path = path if cookies else f"{path}{'&' if '?' in path else '?'}n={next(different)}"
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": cookies, "Host": "localhost"})
        response = connection.getresponse()
        response.read()
        connection.close()
        if response.status != http.HTTPStatus.OK and not path.startswith("/healthz"):
            raise SystemExit(f"{path}: {response.status}")
        return 1000 * (time.perf_counter() - start)

    def cpu(self):
        """Milliseconds the web server's processes have run, with all their threads."""
        workers = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        tasks = itertools.chain.from_iterable(Path(f"/proc/{worker}/task").iterdir() for worker in workers)
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6

    def crowd(self, path, cookies):
        """The 99th percentile in ms when 32 ask at once."""
        with ThreadPoolExecutor(AT_ONCE) as people:
            waited = list(people.map(lambda _one: self.ask(path, cookies), range(BY_A_CROWD)))
        return statistics.quantiles(waited, n=100)[98]


def checked_out(revision):
    """A folder with the revision, what is installed and what is built."""
    folder = ROOT / "build" / "compare" / revision
    if not folder.exists():
        subprocess.run(["git", "worktree", "add", "--detach", str(folder), revision], cwd=ROOT, check=True)
        for name in SHARED:
            (folder / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "build", folder / "build", ignore=shutil.ignore_patterns("compare"))
    return folder


def prepare(before, after):
    """Make the databases: the older one by its own commands unless it is there, ours as a copy that is migrated."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        there = {name for (name,) in server.execute("SELECT datname FROM pg_database").fetchall()}
        if before.database not in there:
            server.execute(f"CREATE DATABASE {before.database}")
            before.run("manage.py", "migrate", "-v0")
            before.run("manage.py", "load_demo", "-v0")
            before.run("-c", GROW)
        server.execute(f"DROP DATABASE IF EXISTS {after.database}")
        server.execute(f"CREATE DATABASE {after.database} TEMPLATE {before.database}")
        after.run("manage.py", "migrate", "-v0")
        with psycopg.connect(after.environment["DATABASE_URL"], autocommit=True) as copy:
            copy.execute("VACUUM ANALYZE")


def pages(after):
    """Name, reader, account and address of what is compared, as ``pages.py`` lists them."""
    listed = subprocess.run(
        [sys.executable, "-c", LIST], cwd=ROOT, env=after.environment, check=True, capture_output=True, text=True
    )
    return json.loads(listed.stdout.splitlines()[-1])


def measured(checkouts, account, path, rounds):
    """For each checkout: cookies, CPU, the median by the clock, queries, the database's time."""
    inside = [min((checkout.look_inside(account, path) for _time in range(3)), key=lambda seen: seen[2])
              for checkout in checkouts]  # fmt: skip
    spent, waited = [[] for _one in checkouts], [[] for _one in checkouts]
    for round_number in range(rounds + 1):
        for number, checkout in enumerate(checkouts):
            before = checkout.cpu()
            clock = [checkout.ask(path, inside[number][0]) for _time in range(A_ROUND)]
            if round_number:  # the first is to get warm
                spent[number].append((checkout.cpu() - before) / A_ROUND)
                waited[number] += clock
    for number, (cookies, queries, database) in enumerate(inside):
        yield cookies, min(spent[number]), statistics.median(waited[number]), queries, database


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("revision")
    reader.add_argument("--only", default="", help="pages whose name contains this; several with | between")
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--crowd", action="store_true", help="32 at once too")
    chosen = reader.parse_args()
    embedded.ensure(durable=False)
    before = Checkout(checked_out(chosen.revision), chosen.revision, 7)
    after = Checkout(ROOT, f"{chosen.revision}_now", 8)
    prepare(before, after)
    checkouts = (before, after)
    columns = ["page", "reader", "CPU, ms", "share", "clock, ms", "queries", "database, ms"]
    columns += ["32 at once, p99 ms"] * chosen.crowd
    for checkout in checkouts:
        checkout.start()
    try:
        print("|", " | ".join(columns), "|")
        print("|", " | ".join(["---", "---", *["---:"] * (len(columns) - 2)]), "|")
        for page in pages(after):
            if any(part in page[0] for part in chosen.only.split("|")):
                print("|", " | ".join(row(checkouts, page, chosen)), "|", flush=True)
    finally:
        for checkout in checkouts:
            checkout.stop()


def row(checkouts, page, chosen):
    name, who, account, path = page
    cookies, *figures = zip(*measured(checkouts, account, path, chosen.rounds), strict=True)
    cpu, *others = [f"{older:.0f} → {newer:.0f}" for older, newer in figures]
    cells = [name, who, cpu, f"**{figures[0][1] / figures[0][0]:.2f}**", *others]
    if chosen.crowd:
        waited = [f"{checkout.crowd(path, own):.0f}" for checkout, own in zip(checkouts, cookies, strict=True)]
        cells.append(" → ".join(waited))
    return cells


if __name__ == "__main__":
    main()
