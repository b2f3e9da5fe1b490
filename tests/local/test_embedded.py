"""The services are started for real, in folders of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import embedded
from tests.local.helpers import is_alive

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
USE = """
import os, sys, psycopg, redis
from local import embedded
embedded.ensure(durable=False)
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("select pid from pg_stat_activity where backend_type = 'checkpointer'").fetchone()[0])
print(redis.Redis.from_url(os.environ["REDIS_URL"]).info("server")["process_id"], flush=True)
sys.stdin.read()
"""


def environment(home, **extra):
    names = ("DATABASE_URL", "REDIS_URL", "KSF_DEMO", "SECRET_KEY", "KSF_HOME")
    return {key: value for key, value in os.environ.items() if key not in names} | {"KSF_HOME": str(home)} | extra


class User:
    """A process that uses the services until its input ends."""

    def __init__(self, home):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE], cwd=ROOT, env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.services = [int(self.process.stdout.readline()) for _service in range(2)]

    def leave(self):
        self.process.communicate()

    def kill(self):
        self.process.kill()
        self.process.communicate()


def wait_until_gone(pids):
    deadline = time.monotonic() + 20
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline, "the services outlived their last user"
        time.sleep(0.02)


def keeper_of(home):
    command = f"--keep\0{home}\0".encode()
    (pid,) = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if command in _read(path)]
    return pid


def _read(path):
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One folder for the module: making a database takes a second."""
    return tmp_path_factory.mktemp("embedded") / "home"


def test_services_live_as_long_as_their_last_user(home):
    first, second = User(home), User(home)
    assert first.services == second.services
    first.leave()
    assert all(map(is_alive, second.services))
    second.kill()
    wait_until_gone(second.services)


def test_next_user_starts_them_again_at_once(home):
    first = User(home)
    first.leave()
    second = User(home)
    assert second.services != first.services
    second.leave()
    wait_until_gone(second.services)


def test_services_end_with_a_killed_keeper_and_come_back(home):
    user = User(home)
    os.kill(keeper_of(home), signal.SIGKILL)
    wait_until_gone(user.services)
    user.leave()
    again = User(home)
    again.leave()
    wait_until_gone(again.services)


def test_home_with_a_path_too_long_for_a_socket(tmp_path):
    folder = tmp_path / ("long" * 25) / "home"
    place = embedded._socket_folder(folder)
    assert len(f"{place}/.s.PGSQL.5432.lock") <= embedded.SOCKET_PATH_BYTES
    assert place != embedded._socket_folder(folder.with_name("other"))
    assert embedded._socket_folder(Path("/srv/ksf/.ksf")) == Path("/srv/ksf/.ksf/run")


def run(home, code, **extra):
    return subprocess.run(
        [sys.executable, "-c", f"import os; from local import embedded; {code}"],
        cwd=ROOT,
        env=environment(home, **extra),
        capture_output=True,
        text=True,
        check=False,
    )


EXTERNAL = {"DATABASE_URL": "postgresql:///elsewhere", "REDIS_URL": "redis://elsewhere"}


class TestDemoSecret:
    show = "embedded.ensure(); print(os.environ.get('KSF_DEMO'), os.environ.get('SECRET_KEY'))"

    def test_nothing_is_assumed_in_a_place_with_its_own_services(self, tmp_path):
        (tmp_path / "secret-key").write_text("the demo's", encoding="utf-8")
        assert run(tmp_path, self.show, **EXTERNAL).stdout == "None None\n"

    def test_a_demo_gets_one_of_its_own_and_keeps_it(self, tmp_path):
        first, second = (run(tmp_path, self.show, KSF_DEMO="1", **EXTERNAL).stdout.split() for _run in range(2))
        assert first == second
        assert len(first[1]) > 50
        assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0

    def test_a_given_secret_stands(self, tmp_path):
        answer = run(tmp_path, self.show, KSF_DEMO="1", SECRET_KEY="given", **EXTERNAL).stdout
        assert answer == "1 given\n"
        assert not (tmp_path / "secret-key").exists()

    def test_commands_beside_a_demo_take_its_settings(self, home):
        run(home, self.show, KSF_DEMO="1", **EXTERNAL)
        secret = (home / "secret-key").read_text(encoding="utf-8")
        assert run(home, self.show).stdout == f"1 {secret}\n"


def test_a_lock_is_held_by_one(tmp_path):
    assert embedded.take_lock(tmp_path / "demo.lock")
    assert not embedded.take_lock(tmp_path / "demo.lock")
    assert embedded.is_locked(tmp_path / "demo.lock")


def test_a_failed_start_says_why(tmp_path):
    (tmp_path / "database").mkdir()
    (tmp_path / "database" / "PG_VERSION").write_text("9", encoding="utf-8")
    answer = run(tmp_path, "embedded.ensure()")
    assert answer.returncode == 1
    assert "PostgreSQL did not start" in answer.stderr


def test_a_folder_that_cannot_be_used_is_reported_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        answer = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=ROOT, env=environment(folder, KSF_DEMO="1"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert answer.returncode == 1
        assert answer.stderr.startswith(f"{folder} cannot be used: ")
        assert answer.stderr.endswith("Set KSF_HOME to a folder of your own.\n")
