import signal
import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from demo.management.commands import serve_demo
from demo.management.commands.serve_demo import _static_state
from local import embedded


def test_refused_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="KSF_DEMO=1 only"):
        call_command("serve_demo")


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("KSF_HOME", str(tmp_path))
    return tmp_path


def test_one_demo_in_a_folder(home):
    assert embedded.take_lock(home / "demo.lock")
    with pytest.raises(CommandError, match=f"A demo already runs on {home}"):
        call_command("serve_demo")


def test_a_taken_port_is_named_with_another(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be used: .* make demo PORT={port + 1}"):
            call_command("serve_demo", port=port)


@pytest.mark.parametrize("port", ["", "0", "65536", "åtte", "-1", "80.5"])
def test_what_is_no_port_is_named(home, port):
    with pytest.raises(CommandError, match="a port is a whole number from 1 to 65535"):
        call_command("serve_demo", f"--port={port}")


def test_static_files_are_collected_again_when_one_changed(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    file = Path(tmp_path, "a.css")
    file.write_text("a {}", encoding="utf-8")
    first = _static_state()
    assert _static_state() == first
    file.write_text("a { color: red }", encoding="utf-8")
    assert _static_state() != first


def test_a_silent_database_is_reported_in_one_line(home, monkeypatch):
    def refuse(*_args, **_options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(serve_demo, "call_command", refuse)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        call_command("serve_demo", "--port=8099")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_by_a_signal_though_it_was_started_deaf_to_it(home, monkeypatch, number):
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(serve_demo.Command, "_prepare", lambda _command: signal.raise_signal(number))
    monkeypatch.setattr(serve_demo.Command, "_serve", lambda _command: pytest.fail("it went on"))
    out = StringIO()
    try:
        call_command("serve_demo", port=0, stdout=out)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert "Stopped." in out.getvalue()


class SlowStart:
    """A supervisor whose parts compute for a while and then do nothing."""

    logs = "logs"

    def __init__(self, moves):
        self.moves = moves

    def ended(self):
        return None

    def bytes_logged(self):
        return 0

    def computed(self, *_names):
        self.moves -= 1
        return 1000.0 - 2 * max(self.moves, 0)


def test_it_waits_as_long_as_parts_move_and_gives_up_when_none_does(monkeypatch):
    clock = iter(range(0, 10_000, 60))
    monkeypatch.setattr(serve_demo.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(serve_demo.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(serve_demo, "_health", lambda _url: set())
    command = serve_demo.Command()
    command.port = 1
    slow = SlowStart(moves=20)
    with pytest.raises(CommandError, match="Nothing has moved for 90 s"):
        command._await_health(slow)
    assert slow.moves < 0, "it waited for all twenty, though they took far more than 90 s"
