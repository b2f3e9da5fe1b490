"""Typed reading of the process environment. A wrong value stops the process by name."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def string(name: str, default: str | None = None) -> str:
    """The value of ``name``, or of the file named by ``name_FILE``; without either, ``default``."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A yes-or-no setting."""
    value = string(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = string(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def times(name: str, default: str) -> tuple[int, int] | None:
    """How many times in how many seconds, written ``20/60``; nothing for ``off``."""
    value = string(name, default)
    if value == "off":
        return None
    many, _slash, seconds = value.partition("/")
    if many.isdecimal() and seconds.isdecimal() and int(many) and int(seconds):
        return int(many), int(seconds)
    raise ImproperlyConfigured(f"{name} must be like 20/60 (times/seconds) or off, not {value!r}.")


def comma_separated(name: str, default: str | None = "") -> list[str]:
    """A comma-separated list; without a ``default`` it must hold something."""
    values = [word.strip() for word in string(name, default).split(",") if word.strip()]
    if default is None and not values:
        raise ImproperlyConfigured(f"{name} must be set.")
    return values
