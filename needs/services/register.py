"""The municipality that a cell means: its number, its name or both, also one it had before (N1, S11)."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regions.models import Municipality, MunicipalityChange

NUMBER_LENGTH = 4
DECIMALS = re.compile(r"(?<=\d)\.0+$")
NAME_PARTS = re.compile(r"\s+[–-]\s+")
AROUND = " \t\u00a0\u202f-–,.:;()"


@dataclass(frozen=True)
class FoundMunicipality:
    """The municipality, or None and why not. ``remark`` says what was understood when another was written."""

    municipality: Municipality | None
    error: str = ""
    remark: str = ""


class MunicipalityFinder:
    """Reads the register once, for all the rows of a file."""

    def __init__(self) -> None:
        municipalities = list(Municipality.objects.in_force().with_place())
        self.by_number = {row.number: row for row in municipalities}
        self.by_name: dict[str, list[Municipality]] = defaultdict(list)
        for row in municipalities:
            for name in {row.name, *NAME_PARTS.split(row.full_name)} - {""}:
                self.by_name[_folded(name)].append(row)
        self.changes: dict[str, list[MunicipalityChange]] = defaultdict(list)
        for change in MunicipalityChange.objects.select_related("new"):
            self.changes[change.old_number].append(change)
        self.answers: dict[str, FoundMunicipality] = {}

    def find(self, typed: str) -> FoundMunicipality:
        """The municipality that is meant by ``1106``, ``1 106``, ``Haugesund``, ``1106 Haugesund`` or an old number."""
        if typed not in self.answers:
            self.answers[typed] = self._found(typed)
        return self.answers[typed]

    def _found(self, typed: str) -> FoundMunicipality:
        tidy = DECIMALS.sub("", typed.strip())
        number = "".join(filter(str.isdigit, tidy)).zfill(NUMBER_LENGTH)
        name = re.sub(r"\d", "", tidy).strip(AROUND)
        if not tidy:
            return FoundMunicipality(None, _("The municipality number is missing."))
        if not any(map(str.isdigit, tidy)):
            return self._named(name)
        if number in self.by_number:
            found = FoundMunicipality(self.by_number[number])
        else:
            found = self._successor(number, typed)
        if found.municipality and name and not self._agrees(found.municipality, number, name):
            shown = {"number": number, "is": found.municipality.name, "typed": name[:60]}
            text = _("%(number)s is %(is)s, and not %(typed)s. Write the one that is right.") % shown
            return FoundMunicipality(None, text)
        return found

    def _agrees(self, municipality: Municipality, number: str, name: str) -> bool:
        old = {_folded(change.old_name) for change in self.changes[number]}
        return municipality in self.by_name.get(_folded(name), []) or _folded(name) in old

    def _named(self, name: str) -> FoundMunicipality:
        found = self.by_name.get(_folded(name), [])
        if len(found) == 1:
            return FoundMunicipality(found[0])
        if found:
            numbers = ", ".join(sorted(row.number for row in found))
            text = _("More than one municipality is called %(name)s. Write the number: %(numbers)s.")
            return FoundMunicipality(None, text % {"name": name[:60], "numbers": numbers})
        old = {number for number, rows in self.changes.items() if _folded(name) in {_folded(r.old_name) for r in rows}}
        if len(old) == 1:
            return self._successor(old.pop(), name)
        return FoundMunicipality(None, _("No municipality is called “%(typed)s” today.") % {"typed": name[:60]})

    def _successor(self, number: str, typed: str) -> FoundMunicipality:
        heirs = sorted(self._heirs(number), key=lambda row: row.number)
        names = ", ".join(f"{row.number} {row.name}" for row in heirs)
        if len(heirs) == 1:
            remark = _("“%(typed)s” is now %(names)s.") % {"typed": typed[:60], "names": names}
            return FoundMunicipality(heirs[0], remark=remark)
        if heirs:
            text = _("“%(typed)s” has been divided. Write which it is now: %(names)s.")
            return FoundMunicipality(None, text % {"typed": typed[:60], "names": names})
        text = _("No municipality has the number “%(typed)s” today.")
        return FoundMunicipality(None, text % {"typed": typed[:20]})

    def _heirs(self, number: str) -> set[Municipality]:
        """Those in force today that came after a number, through as many changes as there were."""
        heirs: set[Municipality] = set()
        for change in self.changes.get(number, []):
            new = change.new.number
            heirs |= {self.by_number[new]} if new in self.by_number else self._heirs(new) if new != number else set()
        return heirs


def _folded(name: str) -> str:
    return name.casefold().removesuffix(" kommune").removesuffix(" kommuna").strip(AROUND)
