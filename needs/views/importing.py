"""Importing a file of needs on the page: upload, look, take in (N1)."""

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ksf.spreadsheets import UnreadableFile
from ksf.web import render_page
from ksf.web.actions import Action
from ksf.web.limits import limited
from ksf.web.lists import XLSX
from ksf.web.requests import Request, SignedInRequest
from needs.forms import ImportForm
from needs.lifecycle import NeedState
from needs.services import drafts, importing
from needs.services.tables import SheetColumn, SpreadsheetTable

SHOWN = 50
MOST_ROWS = 500
"""More needs than one reads through on a page before sending them."""


@require_http_methods(["GET", "POST"])
@limited("file")
def need_import(request: SignedInRequest) -> HttpResponse:
    """Look at a file before it is taken in: nothing is saved until "take in" is pressed under a file without errors."""
    allowed = drafts.municipalities_for(request.user)
    if not allowed.exists():
        raise PermissionDenied("needs.write_need")
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, {"form": form}, status=422 if form.is_bound else 200)
    file = form.cleaned_data["file"]
    try:
        chosen = {} if request.FILES else form.chosen  # another file has other columns
        table = importing.read(io.BytesIO(file["content"]), chosen=chosen)
        sheet = importing.check(table, allowed=allowed, source=importing.source_of(file["name"]))
        if len(table.rows) > MOST_ROWS:
            text = _("The file has more than %(most)s rows. Divide it.") % {"most": MOST_ROWS}
            sheet.errors.insert(0, importing.CellError(str(table.rows[MOST_ROWS][0]), text))
        is_seen = request.POST.get("seen", table.read_as) == table.read_as  # else a column was changed since one looked
        if sheet.is_good and is_seen and "take_in" in request.POST:
            return _taken_in(request, sheet)
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, {"form": form}, status=422)
    context = {
        "form": ImportForm(),
        "table": table,
        "kind": _kind(table),
        "limitation": _limitation(table),
        "columns": _columns(table),
        "outside": table.passed_over.outside[:SHOWN],
        "sheet": sheet,
        "errors": sheet.all_errors[:SHOWN],
        "lines": sheet.lines if sheet.is_good else sheet.lines[:SHOWN],
        "held": form.held,
        "name": file["name"],
    }
    return _page(request, context, status=200 if sheet.is_good else 422)


def _page(request: Request, shown: dict[str, Any], *, status: int) -> HttpResponse:
    template = Action(_("Download the template (Excel)"), reverse("need_import_template"), look="link")
    return render_page(request, "needs/need_import.html", {"template": template, **shown}, status=status)


def _kind(table: SpreadsheetTable) -> str:
    """What the file is, as it was read."""
    if table.kind == "csv":
        text = _("CSV with letters in %(encoding)s, columns divided by %(delimiter)s")
        delimiter = {";": _("semicolon"), ",": _("comma")}.get(table.delimiter, _("tab"))
        return text % {"encoding": table.encoding, "delimiter": delimiter}
    return "LibreOffice (.ods)" if table.kind == "ods" else f"Excel (.{table.kind})"


def _limitation(table: SpreadsheetTable) -> str:
    """What a file of this kind does not say."""
    if table.kind != "xls":
        return ""
    return _(
        "In the old Excel format one cannot tell which rows are hidden, nor which formulas have an error: all rows are "
        "read. Save the file as .xlsx if there are such."
    )


def _columns(table: SpreadsheetTable) -> list[tuple[SheetColumn, list[tuple[str, str, bool]]]]:
    """Each column that has a heading, and what it may be read as: value, label, whether it is."""
    names = {
        "": _("Is not read"),
        "municipality": _("Municipality"),
        "title": _("Title"),
        "description": _("Description"),
        "service_area": _("Service area"),
        "external_id": _("Own number"),
        "status": _("Status"),
    }
    return [
        (
            column,
            [(value, label, value == (column.name if column.name in names else "")) for value, label in names.items()],
        )
        for column in table.columns
        if column.title
    ]


def _taken_in(request: Request, sheet: importing.NeedSheet) -> HttpResponse:
    """Send all. A need is published by the coordinator who takes it up, never by a file on the page."""
    for line in sheet.lines:
        line.state = NeedState.SUBMITTED
    count = importing.take_in(sheet.lines, by=request.user, notifies=True)  # type: ignore[arg-type]
    text = ngettext("%(count)s need is sent.", "%(count)s needs are sent.", count)
    messages.success(request, text % {"count": count})
    return redirect("need_list")


@require_safe
def need_import_template(request: SignedInRequest) -> HttpResponse:  # noqa: ARG001
    response = HttpResponse(importing.template(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_("needs")}.xlsx"'
    return response
