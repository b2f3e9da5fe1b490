"""A file of needs: read, checked row by row, and taken in whole or not at all (N1)."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zipfile import ZipFile

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ksf import jobs
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.audit.recording import subject_of
from ksf.web.numbers import spaced
from needs.lifecycle import State
from needs.models import MOST_TEXT, KnowledgeNeed, ServiceArea, TextVersion
from needs.notifications import tell_imported
from needs.search import store
from needs.services.drafts import next_number, numbered
from needs.wording import one_line, plain_text
from regions.models import Municipality

COLUMNS = ("external_id", "municipality", "title", "description", "service_area", "status")
NEEDED = ("municipality", "title", "description")
STATUSES = {
    "": State.SUBMITTED,
    **dict.fromkeys(["submitted", "sendt inn"], State.SUBMITTED),
    **dict.fromkeys(["published", "publisert"], State.IN_ASSESSMENT),
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
BATCH = 1_000
MOST_UNPACKED = 50 * 1024 * 1024


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why, for the one who chose it."""


@dataclass(frozen=True)
class CellError:
    """What is wrong, and in which cell: ``C4``."""

    cell: str
    text: str


@dataclass
class Line:
    """One row of the file as it will be taken in, with its row number there and what is wrong with it."""

    row: int
    values: dict[str, str]
    municipality: Municipality | None = None
    service_area: ServiceArea | None = None
    state: State = State.SUBMITTED
    errors: list[CellError] = field(default_factory=list)


@dataclass
class Sheet:
    """A file that could be read: its rows, and the errors that belong to no single row."""

    lines: list[Line]
    errors: list[CellError] = field(default_factory=list)

    @property
    def all_errors(self) -> list[CellError]:
        return [*self.errors, *(error for line in self.lines for error in line.errors)]

    @property
    def is_good(self) -> bool:
        """Whether the whole file can be taken in."""
        return bool(self.lines) and not self.all_errors


@dataclass(frozen=True)
class Table:
    """The cells of a file: heading row, the rows beneath with their numbers, and the merged ranges."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    merged: list[str] = field(default_factory=list)


def read(file: BinaryIO, name: str) -> Table:
    """The cells of an Excel or CSV file. Raises UnreadableFile."""
    content = file.read()
    if name.lower().endswith((".xlsx", ".xlsm")) or content[:2] == b"PK":
        return _read_xlsx(content)
    return _read_csv(content)


def _read_xlsx(content: bytes) -> Table:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        book = load_workbook(io.BytesIO(content), data_only=True) if unpacked <= MOST_UNPACKED else None
    except Exception as error:  # whatever zip, XML or the reader of cells stumbles on in a damaged file
        raise UnreadableFile(_("The file is not a readable Excel file. Save it as .xlsx or .csv.")) from error
    if book is None:
        raise UnreadableFile(_("The file is too large when it is unpacked. Save it as .csv, or divide it."))
    sheet = book.active
    if sheet is None or not hasattr(sheet, "merged_cells"):
        raise UnreadableFile(_("The first sheet of the file has no cells."))
    merged = [str(area) for area in sheet.merged_cells.ranges]
    rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    return _table(rows, merged)


def _read_csv(content: bytes) -> Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(_("The file is not readable as CSV: %(why)s") % {"why": error}) from error
    return _table(rows, [])


def _table(rows: list[list[str]], merged: list[str]) -> Table:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        raise UnreadableFile(_("The file is empty."))
    (_number, headings), *body = filled
    return Table([_heading(cell) for cell in headings], body, merged)


def _heading(cell: str) -> str:
    name = cell.strip().lower().replace(" ", "_")
    return HEADINGS.get(name, name)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def check(table: Table, *, allowed: Iterable[Municipality] | None = None) -> Sheet:
    """Every row checked against the register, the service areas and what is in the portal already.

    ``allowed`` are the municipalities the file may hold needs of; without it, all in force.
    """
    sheet = Sheet([])
    for name in NEEDED:
        if name not in table.headings:
            sheet.errors.append(CellError("1", _("The column “%(name)s” is missing.") % {"name": name}))
    for name, count in Counter(table.headings).items():
        if name in COLUMNS and count > 1:
            sheet.errors.append(CellError("1", _("The column “%(name)s” stands more than once.") % {"name": name}))
    for area in table.merged:
        sheet.errors.append(
            CellError(area, _("These cells are merged. Unmerge them, and write the text in each row it holds for."))
        )
    if not sheet.errors:
        sheet.lines = _lines(table, allowed)
    return sheet


def _lines(table: Table, allowed: Iterable[Municipality] | None) -> list[Line]:
    register = {m.number: m for m in Municipality.objects.in_force().with_place()}
    permitted = None if allowed is None else {m.pk for m in allowed}
    areas = _area_names()
    taken = _taken([row[1] for row in table.rows], table.headings)
    lines = []
    for number, cells in table.rows:
        values = {name: (cells[at] if at < len(cells) else "") for at, name in enumerate(table.headings)}
        line = Line(number, {name: values.get(name, "").strip() for name in COLUMNS})
        checker = _Checker(line, {name: get_column_letter(at + 1) for at, name in enumerate(table.headings)})
        checker.municipality(register, permitted)
        checker.texts()
        checker.area(areas)
        checker.status()
        checker.external_id(taken)
        lines.append(line)
    return lines


class _Checker:
    """Checks one row and writes down what is wrong with which cell."""

    def __init__(self, line: Line, letters: dict[str, str]) -> None:
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
        values["title"], values["description"] = one_line(values["title"]), plain_text(values["description"])
        for name, most in (("title", MOST_TITLE), ("description", MOST_TEXT)):
            if not values[name]:
                self.wrong(name, _("The cell is empty, and must be filled in."))
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
        self.line.state = STATUSES.get(typed, State.SUBMITTED)

    def external_id(self, taken: Counter[str]) -> None:
        typed = self.line.values["external_id"]
        if len(typed) > LONGEST_ID:
            self.wrong("external_id", _("The id has more than 60 characters."))
        elif typed and taken[typed] > 1:
            self.wrong(
                "external_id", _("The id “%(typed)s” stands in another row or has been imported.") % {"typed": typed}
            )


def _area_names() -> dict[str, ServiceArea]:
    names = {}
    for area in ServiceArea.objects.all():
        for name in (area.code, area.name_nb, area.name_nn, area.name_en):
            names[name.lower()] = area
    return names


def _taken(rows: Sequence[Sequence[str]], headings: list[str]) -> Counter[str]:
    """How often each id of the file stands in it, and once more for those in the portal already."""
    if "external_id" not in headings:
        return Counter()
    at = headings.index("external_id")
    ids = Counter(row[at].strip() for row in rows if at < len(row))
    known = KnowledgeNeed.objects.filter(external_id__in=list(ids)).values_list("external_id", flat=True)
    ids.update(name for name in known if name)
    return ids


@transaction.atomic
def take_in(lines: Sequence[Line], *, by: User, tells: bool = False) -> int:
    """Make a need of every line, all or none, findable at once. Returns how many.

    With ``tells`` the coordinators are told once how many came, and contacts which needs await their confirmation.
    What is sent is looked through for duplicates by a job; what is published has been handled already.

    A line that is published is taken into assessment, and so open to all. Needs of municipalities ``by`` is not the
    R&D contact of await their confirmation, unless they are published. Lines with errors raise ValueError.
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
            line.state == State.SUBMITTED and need.municipality_id not in own and bool(by.appointments_in_force)
        )
        made.append(need)
    KnowledgeNeed.objects.bulk_create(made, batch_size=BATCH)
    words = [
        TextVersion(need=need, number=1, title=need.title, description=need.description, created_by=by) for need in made
    ]
    TextVersion.objects.bulk_create(words, batch_size=BATCH)
    AuditEntry.objects.bulk_create([_entry(need, by) for need in made], batch_size=BATCH)
    store.index_many((need.pk, need.title, need.description) for need in made)
    if sent := [need for need in made if need.state == State.SUBMITTED]:
        jobs.request("needs.likenesses", by=by, title=_("Possible duplicates"), needs=[need.pk for need in sent])
        if tells:
            tell_imported(sent, but=by)
    return len(made)


def _made(line: Line, by: User) -> KnowledgeNeed:
    municipality = line.municipality
    return KnowledgeNeed(
        external_id=line.values["external_id"] or None,
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
        acting_as=str(by.hat) if by.hat else "",
        data={"before": State.DRAFT, "after": need.state},
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
