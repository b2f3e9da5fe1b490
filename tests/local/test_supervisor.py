"""Children are ended with their supervisor, however that one ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from local.supervisor import Supervisor
from tests.local.helpers import is_alive

ROOT = Path(__file__).resolve().parents[2]
SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
SUPERVISE = """
import os, sys, time
from pathlib import Path
from local.supervisor import Supervisor
with Supervisor(Path(sys.argv[1]), os.environ) as supervisor:
    supervisor.start("sleeper", *sys.argv[2:])
    print(supervisor.children[0].process.pid, flush=True)
    time.sleep(60)
"""


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_children_end_when_the_block_is_left(tmp_path):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    try:
        with Supervisor(tmp_path, os.environ) as supervisor:
            supervisor.start("sleeper", *SLEEP)
            (child,) = supervisor.children
            assert supervisor.ended() is None
        assert not is_alive(child.process.pid)
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])


def test_a_stubborn_child_is_killed_with_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr("local.supervisor.GRACE_SECONDS", 0.1)
    shell = 'trap "" TERM; sleep 60 & echo $!; wait; wait'
    supervisor = Supervisor(tmp_path, os.environ)
    supervisor.start("stubborn", "/bin/sh", "-c", shell)
    wait_for(lambda: supervisor.log("stubborn").read_text(encoding="utf-8").endswith("\n"))
    grandchild = int(supervisor.log("stubborn").read_text(encoding="utf-8"))
    supervisor.stop()
    wait_for(lambda: not is_alive(grandchild))


def test_the_name_of_the_child_that_ended(tmp_path):
    supervisor = Supervisor(tmp_path, os.environ)
    supervisor.start("steady", *SLEEP)
    supervisor.start("brief", sys.executable, "-c", "print('gone')")
    wait_for(lambda: supervisor.ended() == "brief")
    assert supervisor.log("brief").read_text(encoding="utf-8") == "gone\n"
    supervisor.stop()


def test_children_of_a_killed_supervisor_end_too(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(tmp_path), *SLEEP], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.communicate()
    wait_for(lambda: not is_alive(child))


def test_what_a_child_computes_is_seen_and_what_sleeps_computes_nothing(tmp_path):
    supervisor = Supervisor(tmp_path, os.environ)
    supervisor.start("busy", sys.executable, "-c", "while True: pass")
    supervisor.start("sleeper", "/bin/sleep", "60")
    try:
        wait_for(lambda: supervisor.computed("busy") > 0.2)
        assert supervisor.computed("sleeper") < 0.2
        assert supervisor.bytes_logged() == 0
    finally:
        supervisor.stop()
