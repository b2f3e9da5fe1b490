"""What WeasyPrint 70 leaves out of a tagged PDF, added before the file is written.

Headers of tables get a scope and an index, a table over several pages is one table, and running heads, page numbers
and repeated table heads are page furniture, not text.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pydyf
from weasyprint import Document


class _Tree:
    """The structure tree, element by element."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.by_ref = {o.reference: o for o in pdf.objects if isinstance(o, pydyf.Dictionary)}
        self.root = self.by_ref[pdf.catalog["StructTreeRoot"]]
        self.top = self.kids(self.root)[0]

    def kids(self, element: pydyf.Dictionary) -> list[pydyf.Dictionary]:
        found = (self.by_ref.get(k) for k in element.get("K", ()) if isinstance(k, bytes))
        return [e for e in found if e is not None and "S" in e]

    def walk(self, element: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
        yield element
        for kid in self.kids(element):
            yield from self.walk(kid)


def complete_tags(document: Document, pdf: pydyf.PDF) -> None:
    """WeasyPrint's ``finisher``: changes ``pdf`` in place. It trusts the order in which WeasyPrint tags tables."""
    tree = _Tree(pdf)
    tables = [e for e in tree.walk(tree.top) if e["S"] == "/Table"]
    sources = [e for page in document.pages for e in _table_elements(page._page_box)]  # noqa: SLF001 -- no public way
    heads = _join(tree, zip(tables, sources, strict=True))
    for table in tables:
        for part in tree.kids(table):
            for cell in (e for e in tree.walk(part) if e["S"] == "/TH"):
                cell["A"]["Scope"] = "/Column" if part["S"] == "/THead" else "/Row"
    _index(tree, pdf)
    for head in heads:
        head["S"], head["K"] = "/NonStruct", pydyf.Array()
    _artifacts(tree, pdf)


def _index(tree: _Tree, pdf: pydyf.PDF) -> None:
    """An IDTree, so that a cell's Headers lead somewhere."""
    named = sorted((e["ID"].string, e.reference) for e in tree.walk(tree.top) if "ID" in e)
    if named:
        names = pydyf.Dictionary({"Names": pydyf.Array(x for key, ref in named for x in (pydyf.String(key), ref))})
        pdf.add_object(names)
        tree.root["IDTree"] = names.reference


def _table_elements(box: Any) -> Iterator[Any]:  # Any: WeasyPrint's boxes have no public type
    """The source element of each piece of a table on a page, in the order WeasyPrint tags them."""
    box = getattr(box, "_box", box)
    if box.element_tag == "table" and getattr(box, "is_table_wrapper", False):
        yield box.element
        return
    for child in getattr(box, "children", ()):
        yield from _table_elements(child)


def _join(tree: _Tree, pieces: Iterable[tuple[pydyf.Dictionary, Any]]) -> list[pydyf.Dictionary]:
    """Move the rows of a table's later pieces into its first; return the repeated heads."""
    first_of: dict[Any, pydyf.Dictionary] = {}
    heads: list[pydyf.Dictionary] = []
    for table, source in pieces:
        first = first_of.setdefault(source, table)
        if first is table:
            continue
        column = {}  # id of the repeated header -> id of the first one, by place "-row-column"
        own = {e["ID"].string.split("-", 1)[1]: e["ID"] for e in tree.walk(first) if e["S"] == "/TH"}
        for part in tree.kids(table):
            if part["S"] == "/THead" and not any(kid["S"] == "/THead" for kid in tree.kids(first)):
                # the first piece was the caption alone: this is the head, not one repeated
                part["P"] = first.reference
                first["K"].append(part.reference)
            elif part["S"] == "/THead":
                heads.append(part)
                for cell in (e for e in tree.walk(part) if e["S"] == "/TH"):
                    column[cell["ID"].string] = own[cell["ID"].string.split("-", 1)[1]]
            elif part["S"] == "/TBody":
                for cell in (e for e in tree.walk(part) if e["S"] == "/TD"):
                    cell["A"]["Headers"] = pydyf.Array(column.get(h.string, h) for h in cell["A"].get("Headers", ()))
                part["P"] = first.reference
                first["K"].append(part.reference)
        table["S"], table["K"] = "/NonStruct", pydyf.Array(h.reference for h in heads[-1:])
    return heads


def _artifacts(tree: _Tree, pdf: pydyf.PDF) -> None:
    """Marked content that hangs on no tag (margin boxes, repeated heads) becomes an artifact."""
    live = {e.reference for e in tree.walk(tree.top)}
    nums = tree.by_ref[tree.root["ParentTree"]]["Nums"]
    pages = [o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and o.get("Type") == "/Page"]
    streams = {o.reference: o.stream for o in pdf.objects if isinstance(o, pydyf.Stream)}
    for index, page in enumerate(pages):
        owners, parts = nums[2 * index + 1], streams[page["Contents"]]
        for at, part in enumerate(parts):
            if isinstance(part, pydyf.Dictionary) and "MCID" in part and owners[part["MCID"]] not in live:
                owners[part["MCID"]] = "null"
                parts[at - 1], parts[at] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})
