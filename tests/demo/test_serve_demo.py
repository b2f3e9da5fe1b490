import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demo.management.commands.serve_demo import _static_state
from ksf import embedded


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


def test_static_files_are_collected_again_when_one_changed(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    file = Path(tmp_path, "a.css")
    file.write_text("a {}", encoding="utf-8")
    first = _static_state()
    assert _static_state() == first
    file.write_text("a { color: red }", encoding="utf-8")
    assert _static_state() != first
