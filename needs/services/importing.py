"""A file of needs: read, checked row by row, and taken in whole or not at all (N1)."""

import io
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ksf import jobs
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.audit.recording import subject_of
from ksf.text import one_line, plain_text
from ksf.web.numbers import spaced
from needs.lifecycle import NeedState
from needs.models import MOST_TEXT, KnowledgeNeed, ServiceArea, TextVersion
from needs.notifications import notify_imported
from needs.search import store
from needs.services import tables
from needs.services.drafts import next_number, numbered
from needs.services.tables import SpreadsheetTable, UnreadableFile
from regions.models import Municipality

COLUMNS = ("external_id", "municipality", "title", "description", "service_area", "status")
NEEDED = ("municipality", "title", "description")
STATUSES = {
    "": NeedState.SUBMITTED,
    **dict.fromkeys(["submitted", "sendt inn"], NeedState.SUBMITTED),
    **dict.fromkeys(["published", "publisert"], NeedState.IN_ASSESSMENT),
}
HEADINGS = {
    "id": "external_id",
    "kommune": "municipality",
    "kommunenummer": "municipality",
    "municipality_number": "municipality",
    "tittel": "title",
    "behov": "title",
    "beskrivelse": "description",
    "text": "description",
    "tekst": "description",
    "tjenesteområde": "service_area",
    "tjenesteomrade": "service_area",
    "tenesteområde": "service_area",
    "tilstand": "status",
}
"""Other words for the columns, as people write them."""

MOST_TITLE = KnowledgeNeed._meta.get_field("title").max_length or 200  # noqa: SLF001 - Django's documented name
LONGEST_ID = 60
KEYS = uuid.UUID("9d1c3f0e-51a4-5d0e-8f5c-6f3a52a1c7b4")
FORMULA_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
BATCH = 1_000


@dataclass(frozen=True)
class CellError:
    """What is wrong, and in which cell: ``C4``."""

    cell: str
    text: str


@dataclass
class ImportRow:
    """One row of the file as it will be taken in, with its row number there and what is wrong with it."""

    row: int
    values: dict[str, str]
    municipality: Municipality | None = None
    service_area: ServiceArea | None = None
    state: NeedState = NeedState.SUBMITTED
    errors: list[CellError] = field(default_factory=list)

    @property
    def key(self) -> uuid.UUID:
        """Without an id of its own a need is known by its municipality and words: twice the same is refused."""
        if self.values["external_id"]:
            return uuid.uuid4()
        return uuid.uuid5(KEYS, "\n".join(self.values[name] for name in NEEDED))

    @property
    def identity(self) -> str:
        """What notifies this need from the others, in the file and in the portal."""
        return self.values["external_id"] or str(self.key)


@dataclass
class Sheet:
    """A file that could be read: its rows, and the errors that belong to no single row."""

    lines: list[ImportRow]
    errors: list[CellError] = field(default_factory=list)

    @property
    def all_errors(self) -> list[CellError]:
        return [*self.errors, *(error for line in self.lines for error in line.errors)]

    @property
    def is_good(self) -> bool:
        """Whether the whole file can be taken in."""
        return bool(self.lines) and not self.all_errors


def read(file: BinaryIO, name: str) -> SpreadsheetTable:
    """The cells of an Excel or CSV file of needs. Raises UnreadableFile."""
    return tables.read(file, name, heading=_heading, needed=NEEDED)


def _heading(cell: str) -> str:
    name = cell.strip().lower().replace(" ", "_")
    return HEADINGS.get(name, name)


def check(table: SpreadsheetTable, *, allowed: Iterable[Municipality] | None = None) -> Sheet:
    """Every row checked against the register, the service areas and what is in the portal already.

    ``allowed`` are the municipalities the file may hold needs of; without it, all in force.
    """
    sheet = Sheet([])
    row, found = str(table.heading_row), ", ".join(name for name in table.headings if name)
    for name in NEEDED:
        if name not in table.headings:
            text = _("The column “%(name)s” is missing. The file has: %(found)s.")
            sheet.errors.append(CellError(row, text % {"name": name, "found": found[:200]}))
    for name, count in Counter(table.headings).items():
        if name in COLUMNS and count > 1:
            sheet.errors.append(CellError(row, _("The column “%(name)s” stands more than once.") % {"name": name}))
    for area in table.merged:
        sheet.errors.append(
            CellError(area, _("These cells are merged. Unmerge them, and write the text in each row it holds for."))
        )
    if not sheet.errors:
        sheet.lines = _lines(table, allowed)
    return sheet


def _lines(table: SpreadsheetTable, allowed: Iterable[Municipality] | None) -> list[ImportRow]:
    register = {m.number: m for m in Municipality.objects.in_force().with_place()}
    permitted = None if allowed is None else {m.pk for m in allowed}
    areas = _area_names()
    lines = [_line(number, cells, table.headings) for number, cells in table.rows]
    letters = {name: get_column_letter(at + 1) for at, name in enumerate(table.headings)}
    taken = _taken(lines)
    for line in lines:
        checker = _Checker(line, letters)
        checker.municipality(register, permitted)
        checker.texts()
        checker.area(areas)
        checker.status()
        checker.taken(taken)
    return lines


def _line(number: int, cells: Sequence[str], headings: Sequence[str]) -> ImportRow:
    values = {name: (cells[at] if at < len(cells) else "") for at, name in enumerate(headings)}
    cleaned = {name: one_line(values.get(name, "")) for name in COLUMNS}
    return ImportRow(number, {**cleaned, "description": plain_text(values.get("description", ""))})


class _Checker:
    """Checks one row and writes down what is wrong with which cell."""

    def __init__(self, line: ImportRow, letters: dict[str, str]) -> None:
        self.line, self.letters = line, letters

    def wrong(self, column: str, text: str) -> None:
        self.line.errors.append(CellError(f"{self.letters.get(column, column)}{self.line.row}", text))

    def municipality(self, register: dict[str, Municipality], permitted: set[int] | None) -> None:
        typed = self.line.values["municipality"]
        found = register.get(typed.zfill(4))
        if not typed:
            self.wrong("municipality", _("The municipality number is missing."))
        elif found is None:
            self.wrong("municipality", _("No municipality has the number “%(typed)s” today.") % {"typed": typed[:20]})
        elif permitted is not None and found.pk not in permitted:
            self.wrong("municipality", _("You cannot submit needs for %(name)s.") % {"name": found})
        self.line.municipality = found

    def texts(self) -> None:
        values = self.line.values
        for name, most in (("title", MOST_TITLE), ("description", MOST_TEXT)):
            if not values[name]:
                self.wrong(name, _("The cell is empty, and must be filled in."))
            elif FORMULA_ERROR.fullmatch(values[name]):
                self.wrong(name, _("The cell holds an error from a formula. Write the text itself."))
            elif len(values[name]) > most:
                self.wrong(
                    name,
                    _("The text has %(long)s characters, and there is room for %(room)s.")
                    % {"long": spaced(len(values[name])), "room": spaced(most)},
                )

    def area(self, areas: dict[str, ServiceArea]) -> None:
        typed = self.line.values["service_area"]
        self.line.service_area = areas.get(typed.lower())
        if typed and self.line.service_area is None:
            self.wrong("service_area", _("There is no service area “%(typed)s”.") % {"typed": typed[:60]})

    def status(self) -> None:
        typed = self.line.values["status"].lower()
        if typed not in STATUSES:
            self.wrong(
                "status",
                _("The status is “%(typed)s”. It must be submitted or published.") % {"typed": typed[:40]},
            )
        self.line.state = STATUSES.get(typed, NeedState.SUBMITTED)

    def taken(self, taken: Counter[str]) -> None:
        typed = self.line.values["external_id"]
        if len(typed) > LONGEST_ID:
            self.wrong("external_id", _("The id has more than 60 characters."))
        elif taken[self.line.identity] > 1:
            text = _("The id “%(typed)s” stands in another row or has been imported.") % {"typed": typed}
            if not typed:
                text = _("The same need stands in another row or has been imported.")
            self.wrong("external_id" if typed else "title", text)


def _area_names() -> dict[str, ServiceArea]:
    names = {}
    for area in ServiceArea.objects.all():
        for name in (area.code, area.name_nb, area.name_nn, area.name_en):
            names[name.lower()] = area
    return names


def _taken(lines: Sequence[ImportRow]) -> Counter[str]:
    """How often each need of the file stands in it, and once more for those in the portal already."""
    taken = Counter(line.identity for line in lines)
    ids = [line.values["external_id"] for line in lines if line.values["external_id"]]
    keys = [line.key for line in lines if not line.values["external_id"]]
    for column, known in (("external_id", ids), ("draft_key", keys)):
        rows = KnowledgeNeed.objects.filter(**{f"{column}__in": known})
        taken.update(map(str, rows.values_list(column, flat=True)))
    return taken


@transaction.atomic
def take_in(lines: Sequence[ImportRow], *, by: User, notifies: bool = False) -> int:
    """Make a need of every line, all or none, findable at once. Returns how many.

    With ``notifies`` coordinators get one notice of how many came, and contacts one of the needs to confirm.
    What is sent is looked through for duplicates by a job; what is published has been handled already.

    A line that is published is taken into assessment, and so open to all. Needs of municipalities ``by`` is not the
    R&D contact of await their confirmation, unless they are published. Lines with errors raise ValueError, those that
    somebody imported meanwhile UnreadableFile: a file sent twice is taken in once.
    """
    if any(line.errors or line.municipality is None for line in lines):
        raise ValueError("Lines with errors are never taken in.")
    if not lines:
        return 0
    now, year = timezone.now(), timezone.localdate().year
    first = int(next_number(year, len(lines)).split("-")[1])
    own = by.municipality_ids(Role.RD_CONTACT)
    made = []
    for place, line in enumerate(lines):
        need = _made(line, by)
        need.number, need.submitted_at, need.created_at = numbered(year, first + place), now, now
        need.awaits_confirmation = (
            line.state == NeedState.SUBMITTED and need.municipality_id not in own and bool(by.appointments_in_force)
        )
        made.append(need)
    try:
        with transaction.atomic():
            KnowledgeNeed.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError as error:
        raise UnreadableFile(_("Needs of this file have just been imported. Look at the file again.")) from error
    versions = [
        TextVersion(need=need, number=1, title=need.title, description=need.description, created_by=by) for need in made
    ]
    TextVersion.objects.bulk_create(versions, batch_size=BATCH)
    AuditEntry.objects.bulk_create([_entry(need, by) for need in made], batch_size=BATCH)
    store.index_many((need.pk, need.title, need.description) for need in made)
    if sent := [need for need in made if need.state == NeedState.SUBMITTED]:
        jobs.request("needs.likenesses", by=by, title=_("Possible duplicates"), needs=[need.pk for need in sent])
        if notifies:
            notify_imported(sent, but=by)
    return len(made)


def _made(line: ImportRow, by: User) -> KnowledgeNeed:
    municipality = line.municipality
    return KnowledgeNeed(
        external_id=line.values["external_id"] or None,
        draft_key=line.key,
        title=line.values["title"],
        description=line.values["description"],
        municipality=municipality,
        language=municipality.letter_language if municipality else "nb",
        service_area=line.service_area,
        state=line.state,
        text_version=1,
        created_by=by,
    )


def _entry(need: KnowledgeNeed, by: User) -> AuditEntry:
    subject_type, subject_id = subject_of(need)
    return AuditEntry(
        verb="need.import",
        subject_type=subject_type,
        subject_id=subject_id,
        actor=by,
        acting_as=str(by.active_role) if by.active_role else "",
        data={"before": NeedState.DRAFT, "after": need.state},
    )


def template() -> bytes:
    """The empty Excel file to fill in, with a second sheet that lists the service areas."""
    book = Workbook()
    sheet = book["Sheet"]
    sheet.title = "needs"
    sheet.append(list(COLUMNS))
    for at, width in enumerate((14, 14, 50, 80, 26, 12), start=1):
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    areas = book.create_sheet("service_area")
    for area in ServiceArea.objects.all():
        areas.append([area.code, str(area)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
