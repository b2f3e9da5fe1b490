"""The parts that regional and national reports have in common."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

Number = int | float


@dataclass(frozen=True)
class Translated:
    """A text in each of the portal's languages. ``str()`` gives it in the active one, in bokmål where that is empty."""

    nb: str
    nn: str
    en: str

    def __str__(self) -> str:
        return getattr(self, translation.get_language() or "nb", "") or self.nb

    @classmethod
    def of(cls, text: str | Promise) -> Self:
        """A lazy translation as it is in every language."""
        texts = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                texts[language] = str(text)
        return cls(**texts)

    @classmethod
    def of_fields(cls, row: object, field: str) -> Self:
        """What ``row`` has in ``<field>_nb``, ``<field>_nn`` and ``<field>_en``."""
        return cls(nb=getattr(row, f"{field}_nb"), nn=getattr(row, f"{field}_nn"), en=getattr(row, f"{field}_en"))


class ShareOfSize(NamedTuple):
    """How many of the municipalities of one size: ``part`` of ``whole``."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        """In whole per cent; 0 when there are none of that size."""
        return round(100 * self.part / self.whole) if self.whole else 0


@dataclass(frozen=True)
class SectionText:
    """A part of a region's report in the region's own words. ``code`` is a ``SectionCode``."""

    code: str
    title: Translated
    text: str
    is_nothing: bool


@dataclass(frozen=True)
class SpentGrant:
    """The region's operating grant in kroner, and the name of the file with the accounts."""

    granted: int | None
    spent: int | None
    left: int | None
    attachment: str
