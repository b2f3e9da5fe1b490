"""What a document's text is made of. An app fills these with its own words; the templates give them their form.

Text is escaped unless it is marked safe (``format_html``), so bold words and line breaks are possible.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

SHORT = 8


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``style`` is empty, ``lead``, ``note`` or ``soft``."""

    template: ClassVar[str] = "documents/blocks/paragraph.html"
    text: str
    style: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list, numbered when ``ordered``."""

    template: ClassVar[str] = "documents/blocks/bullets.html"
    items: Sequence[str]
    ordered: bool = False


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers are set to the right with figures of equal width."""

    title: str
    number: bool = False
    nowrap: bool = False

    @property
    def css(self) -> str:
        return "num" if self.number else "n" if self.nowrap else ""


@dataclass(frozen=True)
class Group:
    """A row that is a heading over the rows beneath it."""

    title: str


@dataclass(frozen=True)
class Cell:
    value: object
    css: str
    is_header: bool


@dataclass(frozen=True)
class TableRow:
    """One row as the template writes it: either a group heading or cells."""

    group: str = ""
    cells: Sequence[Cell] = ()
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of values under a caption. ``header`` is the column that names the row; ``total`` is the closing row.

    Values are numbers, dates or text and are written in the document's language. ``wide`` uses the side column too,
    ``dense`` is for long registers, ``alone`` starts a page. A short one is never broken over pages.
    """

    template: ClassVar[str] = "documents/blocks/table.html"
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object] | Group]
    total: Sequence[object] | None = None
    header: int = 0
    wide: bool = False
    dense: bool = False
    alone: bool = False

    def __post_init__(self) -> None:
        widths = {len(row) for row in self.rows if not isinstance(row, Group)} | {len(self.total or self.columns)}
        if widths - {len(self.columns)}:
            raise ValueError(f"A row of {self.caption!r} has not {len(self.columns)} cells.")

    @property
    def css(self) -> str:
        is_short = len(self.rows) <= SHORT
        named = (("full", self.wide), ("dense", self.dense), ("alone", self.alone), ("short", is_short))
        return " ".join(name for name, on in named if on)

    def lines(self) -> Iterator[TableRow]:
        for row in self.rows:
            yield TableRow(group=row.title) if isinstance(row, Group) else TableRow(cells=self._cells(row))
        if self.total is not None:
            yield TableRow(cells=self._cells(self.total), is_total=True)

    def _cells(self, row: Sequence[object]) -> list[Cell]:
        return [
            Cell(value, column.css, place == self.header)
            for place, (value, column) in enumerate(zip(row, self.columns, strict=True))
        ]


@dataclass(frozen=True)
class Figure:
    """A chart or map with its caption; ``svg`` carries its own title, which is read aloud instead of the picture."""

    template: ClassVar[str] = "documents/blocks/figure.html"
    caption: str
    svg: str
    note: str = ""
    wide: bool = False


@dataclass(frozen=True)
class KeyFigure:
    value: object
    label: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Large figures: four in a row over the full width, or three in the text column when ``beside``."""

    template: ClassVar[str] = "documents/blocks/key_figures.html"
    items: Sequence[KeyFigure]
    beside: bool = False


@dataclass(frozen=True)
class Aside:
    """A small map and facts in the side column, for the page of a region."""

    template: ClassVar[str] = "documents/blocks/aside.html"
    svg: str
    facts: Sequence[tuple[str, object]]


@dataclass(frozen=True)
class Map:
    """A map over the whole page with its explanation in the empty corner."""

    template: ClassVar[str] = "documents/blocks/map.html"
    svg: str
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Names:
    """Lists of names in three columns: ``(group, names)``."""

    template: ClassVar[str] = "documents/blocks/names.html"
    heading: str
    groups: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """A heading in the side column with blocks beside it. ``long`` ones may be broken over pages."""

    template: ClassVar[str] = "documents/blocks/section.html"
    heading: str
    blocks: Sequence[object]
    long: bool = False


@dataclass(frozen=True)
class Text:
    """A heading in the text column, with its blocks beneath."""

    template: ClassVar[str] = "documents/blocks/text.html"
    heading: str
    blocks: Sequence[object]


@dataclass(frozen=True)
class Box:
    """A tinted box: what is missing, or an example."""

    template: ClassVar[str] = "documents/blocks/box.html"
    heading: str
    blocks: Sequence[object]


@dataclass(frozen=True)
class Chapter:
    """A chapter of a report. ``part`` groups chapters in the list of contents and stands small above the title.

    ``start`` is ``page``, ``left`` (a left page, for a spread) or ``follow`` (on the same page).
    """

    id: str
    title: str
    blocks: Sequence[object]
    part: str = ""
    lead: str = ""
    start: str = "page"
    in_contents: bool = True

    @property
    def css(self) -> str:
        return {"page": "", "left": "left", "follow": "follow long"}[self.start]

    @property
    def running_title(self) -> str:
        """What stands at the top of its pages."""
        return f"{self.part}: {self.title}" if self.part else self.title


@dataclass
class Entry:
    """A line of the list of contents."""

    id: str
    title: str
    children: list["Entry"] = field(default_factory=list)


def contents(chapters: Iterable[Chapter]) -> list[Entry]:
    """The list of contents. Neighbours of the same part stand under its name; a part of one is just that chapter."""
    parts: list[tuple[str, list[Entry]]] = []
    for chapter in chapters:
        if not chapter.in_contents:
            continue
        entry = Entry(chapter.id, chapter.title)
        if chapter.part and parts and parts[-1][0] == chapter.part:
            parts[-1][1].append(entry)
        else:
            parts.append((chapter.part, [entry]))
    return [
        Entry(found[0].id, part, found)
        if len(found) > 1
        else Entry(found[0].id, f"{part}: {found[0].title}" if part else found[0].title)
        for part, found in parts
    ]
