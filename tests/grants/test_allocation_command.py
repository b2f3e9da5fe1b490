import ctypes
import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import ManagementUtility, call_command

from grants.management.commands.allocate import _nothing_else_printed
from local.embedded import BASE_DIR
from tests.grants.allocation_cases import call

FIXED = call(
    [
        ("A2", "nord", 6.1, 300_000, {"5501": 400_000, "5612": 150_500}),
        ("A1", "vest", 5.4, 300_000, {"4601": 400_000}),
        ("A3", "vest", 5.3333, 200_000, {"4601": 300_000, "4612": 100_000}),
    ],
    pot=1_000_000,
    cap=350_000,
    step=1000,
    established=["vest"],
    populations={"4601": 291_940, "4612": 4_300, "5501": 78_000, "5612": 2_900},
)

EXPECTED = {
    "awards": [
        {
            "application": "A1",
            "amount": 0,
            "shares": [],
            "reason": "Not funded: its municipalities get so much from other applications that at most 50000 kr is "
            "left for it under the cap of 350000 kr, and it needs at least 300000 kr: 4601.",
        },
        {
            "application": "A2",
            "amount": 500_000,
            "shares": [{"municipality": "5501", "amount": 350_000}, {"municipality": "5612", "amount": 150_000}],
            "reason": "Gets 500000 kr of the 550500 kr asked because no municipality gets more than 350000 kr in all. "
            "A higher cap would have given more: 5501.",
        },
        {
            "application": "A3",
            "amount": 400_000,
            "shares": [{"municipality": "4601", "amount": 300_000}, {"municipality": "4612", "amount": 100_000}],
            "reason": "Gets all it asked for.",
        },
    ],
    "objective": {
        "regions_without_cluster": 1,
        "regions": 2,
        "score_amount": 5_183_320,
        "small_municipalities": 2,
        "municipalities": 4,
    },
    "optimal": True,
    "left": 100_000,
}


def run(monkeypatch, capsys, argument, content=b""):
    """What `manage.py allocate` prints, says and exits with."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    status = 0
    try:
        ManagementUtility(["manage.py", "allocate", str(argument)]).execute()
    except SystemExit as ended:
        status = ended.code
    printed = capsys.readouterr()
    return printed.out, printed.err, status


def test_prints_the_allocation_of_a_file(tmp_path, capsys):
    path = tmp_path / "call.json"
    path.write_text(json.dumps(FIXED))
    call_command("allocate", str(path))
    assert json.loads(capsys.readouterr().out) == EXPECTED


def test_the_keys_stand_as_in_the_contract(monkeypatch, capsys):
    out, _, status = run(monkeypatch, capsys, "-", json.dumps(FIXED).encode())
    assert status == 0
    assert out == json.dumps(EXPECTED, indent=2) + "\n"


def test_needs_no_services_settings_or_data_folder(tmp_path):
    """On a bare checkout: nothing set, nothing started, nothing left behind."""
    ended = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), "allocate", "-"],
        input=json.dumps(FIXED).encode(), capture_output=True, check=False, cwd=tmp_path,
        env={"PATH": os.defpath, "KSF_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout) == EXPECTED
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "input: is empty"),
        (b"no", "input: is not JSON (line 1, column 1)"),
        (b"\xff", "input: is not UTF-8 text (byte 1)"),
        (b"[" * 100_000, "input: is nested too deeply"),
        (json.dumps({**FIXED, "pot": -1, "step": 0}).encode(), "pot: must be 0 or more, not -1\nstep: must be 1"),
    ],
)
def test_wrong_input_exits_2_and_names_the_place(monkeypatch, capsys, content, message):
    out, err, status = run(monkeypatch, capsys, "-", content)
    assert (out, status) == ("", 2)
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["missing.json", ".", "a\0b"])
def test_a_file_that_cannot_be_read_exits_2(monkeypatch, capsys, tmp_path, name):
    _, err, status = run(monkeypatch, capsys, tmp_path / name)
    assert status == 2
    assert "input: " in err


def test_what_is_printed_from_c_does_not_mix_with_the_json(capfd):
    """HiGHS now and then reports on standard output."""
    with _nothing_else_printed():
        ctypes.CDLL(None).puts(b"from C")
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "from C\n")
