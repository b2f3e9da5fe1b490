"""Norwegian alphabetical order, kept in a column because the database may lack ICU (X5)."""

import unicodedata

from django.db import models

_LAST = {"æ": "{0", "ä": "{0", "ø": "{1", "ö": "{1", "å": "{2"}
_BASE = {"đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "þ": "th"}


def sort_key(name: str) -> str:
    """A key that sorts by plain bytes as Norwegian does: a-z, then æ, ø, å; accents are no letters of their own."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", name.casefold()):
        if letter in _LAST:
            letters.append(_LAST[letter])
        elif letter in _BASE:
            letters.append(_BASE[letter])
        else:
            base = unicodedata.normalize("NFD", letter)[0]
            letters.append(base if base.isalnum() else " ")
    return " ".join("".join(letters).split())


class SortedByName(models.Model):
    """A model with a ``name`` and a ``sort_key`` made from it at each saving."""

    name: "models.CharField[str, str]"
    sort_key: "models.CharField[str, str]"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
