"""A file of needs: read, checked row by row, and taken in whole or not at all (N1)."""

import io
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from ksf.spreadsheets import SPOILED, UnreadableFile
from ksf.text import one_line, plain_text
from ksf.web.numbers import spaced
from needs.lifecycle import NeedState
from needs.models import MOST_TEXT, KnowledgeNeed, ServiceArea, TextVersion
from needs.notifications import notify_imported
from needs.search import store
from needs.services import tables
from needs.services.drafts import next_number, numbered
from needs.services.register import MunicipalityFinder
from needs.services.tables import SpreadsheetTable
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
    "kommunenr": "municipality",
    "kommunenavn": "municipality",
    "kommunenamn": "municipality",
    "knr": "municipality",
    "municipality_number": "municipality",
    "tittel": "title",
    "behov": "title",
    "beskrivelse": "description",
    "skildring": "description",
    "text": "description",
    "tekst": "description",
    "tjenesteområde": "service_area",
    "tjenesteomrade": "service_area",
    "tenesteområde": "service_area",
    "tilstand": "status",
}
"""Other words for the columns, as people write them."""

HEADING_SIGNS = re.compile(r"[\s\u00a0_*:.?!()]+")
BROWSER_COPY = re.compile(r"\s*\([0-9\s–-]+\)$")
"""What browsers and Microsoft Forms set behind a file's name: ``Behov(1-12).xlsx``, ``Behov (2).xlsx``."""

MOST_TITLE = KnowledgeNeed._meta.get_field("title").max_length or 200  # noqa: SLF001 - Django's documented name
LONGEST_ID = 60
LONGEST_SOURCE = 100
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
    remarks: list[str] = field(default_factory=list)
    source: str = ""

    @property
    def key(self) -> uuid.UUID:
        """Without an id of its own a need is known by its municipality and words: twice the same is refused."""
        if self.values["external_id"]:
            return uuid.uuid4()
        return uuid.uuid5(KEYS, "\n".join(self.values[name] for name in NEEDED))

    @property
    def identity(self) -> str:
        """What tells this need from the others, in the file and in the portal: its id there, or its own words."""
        return f"{self.source}\n{self.values['external_id']}" if self.values["external_id"] else str(self.key)


@dataclass
class NeedSheet:
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


def read(file: BinaryIO, *, chosen: Mapping[int, str] | None = None) -> SpreadsheetTable:
    """The cells of a spreadsheet of needs, of any kind. Raises UnreadableFile.

    ``chosen`` are the columns that somebody has matched by hand: a name of ``COLUMNS``, or nothing, by its index.
    """
    return tables.read(file.read(), heading=_heading, known=COLUMNS, needed=NEEDED, chosen=chosen)


def _heading(cell: str) -> str:
    name = HEADING_SIGNS.sub("_", cell.strip().lower()).strip("_")
    return HEADINGS.get(name, name)


def source_of(name: str) -> str:
    """What a file is called, for ids to be known by: without its ending and what a browser sets behind the name."""
    stem, dot, _ending = name.rpartition(".")
    return BROWSER_COPY.sub("", one_line(stem if dot else name)).casefold()[:LONGEST_SOURCE]


def check(table: SpreadsheetTable, *, allowed: Iterable[Municipality] | None = None, source: str = "") -> NeedSheet:
    """Every row checked against the register, the service areas and what is in the portal already.

    ``allowed`` are the municipalities the file may hold needs of; without it, all in force. With a ``source`` the ids
    of the file are its own for each municipality: many lists begin with 1. Without one they are the network's.
    """
    sheet = NeedSheet([])
    row, found = str(table.heading_row), ", ".join(column.title for column in table.columns if column.title)
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
    if table.kind == "csv":  # a sign that divides the columns stands in a text without quotes: the text is cut there
        text = _("There is no heading above this text. Does a text hold the sign that divides the columns?")
        sheet.errors += [CellError(cell, text) for cell, _typed in table.passed_over.outside]
    if not sheet.errors:
        sheet.lines = _lines(table, allowed, source)
    return sheet


def _lines(table: SpreadsheetTable, allowed: Iterable[Municipality] | None, source: str) -> list[ImportRow]:
    register = MunicipalityFinder()
    permitted = None if allowed is None else {m.pk for m in allowed}
    areas = _area_names()
    lines = [_line(number, cells, table.headings) for number, cells in table.rows]
    letters = {column.name: column.letter for column in table.columns}
    checkers = [_Checker(line, letters) for line in lines]
    without_value = set(table.without_value)
    for checker in checkers:
        checker.values(without_value)
        checker.municipality(register, permitted)
        if source and checker.line.municipality:
            checker.line.source = f"{checker.line.municipality.number} {source}"
    taken = _taken(lines)
    for checker in checkers:
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

    def values(self, without_value: set[str]) -> None:
        """A formula whose value was not saved reads as empty; letters spoiled before read as something else."""
        for name, typed in self.line.values.items():
            if name in self.letters and f"{self.letters[name]}{self.line.row}" in without_value:
                self.wrong(name, _("The cell holds a formula without a value. Write the text itself."))
            elif SPOILED.search(typed):
                self.wrong(name, _("Letters of this text are spoiled. Write it again as it should be."))

    def municipality(self, register: MunicipalityFinder, permitted: set[int] | None) -> None:
        found = register.find(self.line.values["municipality"])
        if found.municipality is None:
            self.wrong("municipality", found.error)
        elif permitted is not None and found.municipality.pk not in permitted:
            self.wrong("municipality", _("You cannot submit needs for %(name)s.") % {"name": found.municipality})
        if found.remark:
            self.line.remarks.append(found.remark)
        self.line.municipality = found.municipality

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
    keys = [line.key for line in lines if not line.values["external_id"]]
    taken.update(map(str, KnowledgeNeed.objects.filter(draft_key__in=keys).values_list("draft_key", flat=True)))
    ids = {line.values["external_id"] for line in lines} - {""}
    known = KnowledgeNeed.objects.filter(external_id__in=ids)
    there = set(known.values_list("external_source", "external_id", "municipality__number", "title"))
    sources = {(source, id_) for source, id_, _number, _title in there}
    titles = {(id_, number, title) for _source, id_, number, title in there}  # the same file by another name
    for line in lines:
        id_, place = line.values["external_id"], line.municipality.number if line.municipality else ""
        if id_ and ((line.source, id_) in sources or (id_, place, line.values["title"]) in titles):
            taken[line.identity] += 1
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
        external_source=line.source,
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
