"""What a finished PDF says of itself, read back from its bytes."""

from io import BytesIO
from itertools import pairwise

import pikepdf
import pypdfium2 as pdfium
from pypdf import PdfReader

MARGIN = 20 / 25.4 * 72 - 4  # points; a letter may lean out a little
DRAWING_OPERATORS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh"}


def text(data):
    """The file's words, page by page in one string, with every kind of space written as a plain one."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return " ".join(" ".join(pages).split())


def outside_the_margins(data):
    """The beginning of each line of text that ends beyond where the page's text area does, with its page."""
    found = []
    with pdfium.PdfDocument(data) as file:
        for number, page in enumerate(file, 1):
            text, edge = page.get_textpage(), page.get_width() - MARGIN
            for place in map(text.get_rect, range(text.count_rects())):
                left, _bottom, right, _top = place
                if left < 0 or right > edge:
                    found.append((number, text.get_text_bounded(*place)[:60]))
            text.close()
            page.close()
    return found


def elements(element):
    """The structure tree in reading order."""
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def tags(pdf):
    return list(elements(pdf.Root.StructTreeRoot.K[0]))


def names(pdf):
    return [str(tag.S)[1:] for tag in tags(pdf)]


def faults(data):
    """Everything in which the file falls short of what we promise of a tagged PDF; empty when nothing does."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [*_of_the_file(pdf), *_of_the_tags(pdf), *_of_the_pages(pdf)]


def _of_the_file(pdf):
    with pdf.open_metadata() as meta:
        wanted = {
            "not marked": bool(pdf.Root.MarkInfo.Marked),
            "language": str(pdf.Root.Lang) in {"nb-NO", "nn-NO"},
            "title not shown": bool(pdf.Root.ViewerPreferences.DisplayDocTitle),
            "not PDF/UA-1": meta.get("pdfuaid:part") == "1",
            "no title": bool(meta.get("dc:title")),
            "no header index": "/Table" not in {str(t.S) for t in tags(pdf)} or "/IDTree" in pdf.Root.StructTreeRoot,
        }
    return [fault for fault, is_fine in wanted.items() if not is_fine]


def _of_the_tags(pdf):
    found = tags(pdf)
    levels = [int(str(tag.S)[2:]) for tag in found if str(tag.S) in {"/H1", "/H2", "/H3", "/H4"}]
    if levels[:1] != [1]:
        yield f"first heading is {levels[:1]}"
    if any(after - before > 1 for before, after in pairwise(levels)):
        yield f"heading level skipped: {levels}"
    for tag in found:
        if str(tag.S) == "/Figure" and not str(tag.get("/Alt", "")):
            yield "figure without words"
        if str(tag.S) == "/TH" and "/Scope" not in tag.A:
            yield "header cell without scope"


def _of_the_pages(pdf):
    for page in pdf.pages:
        if any("/Contents" not in note for note in page.get("/Annots", [])):
            yield "link without words"
        depth = 0
        for _operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            if name in DRAWING_OPERATORS and not depth:
                yield f"{name} outside marked content on page {page.index + 1}"
