import pytest
from django.core.exceptions import ImproperlyConfigured

from ksf import env


@pytest.mark.parametrize(
    ("value", "answer"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("no", False), ("", False)]
)
def test_flag(monkeypatch, value, answer):
    monkeypatch.setenv("SWITCH", value)
    assert env.flag("SWITCH", default=not answer) is answer


def test_wrong_values_stop_by_name(monkeypatch):
    monkeypatch.setenv("SWITCH", "ja")
    monkeypatch.setenv("COUNT", "many")
    with pytest.raises(ImproperlyConfigured, match="SWITCH must be 1 or 0"):
        env.flag("SWITCH")
    with pytest.raises(ImproperlyConfigured, match="COUNT must be a whole number"):
        env.number("COUNT", 1)


def test_missing_text_stops_by_name(monkeypatch):
    monkeypatch.delenv("SECRET", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET must be set"):
        env.string("SECRET")
    assert env.string("SECRET", "else") == "else"


def test_secret_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("SECRET", "from the environment")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))
    assert env.string("SECRET") == "from the file"
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_FILE cannot be read"):
        env.string("SECRET")


def test_words(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, ,b.example")
    assert env.comma_separated("HOSTS") == ["a.example", "b.example"]
    assert env.comma_separated("NO_HOSTS") == []


@pytest.mark.parametrize(("value", "expected"), [("20/60", (20, 60)), ("off", None)])
def test_times_in_seconds(monkeypatch, value, expected):
    monkeypatch.setenv("LIMIT", value)
    assert env.times("LIMIT", "1/1") == expected


@pytest.mark.parametrize("value", ["20", "20/", "0/60", "20/0", "-1/60", "many/60", ""])
def test_times_that_say_nothing_stop_the_process(monkeypatch, value):
    monkeypatch.setenv("LIMIT", value)
    with pytest.raises(ImproperlyConfigured, match="LIMIT"):
        env.times("LIMIT", "1/1")
