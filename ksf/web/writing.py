"""The endpoint behind ``components/writing.html``: save one shared text, or show both when two have written."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from ksf.accounts.models import User
from ksf.limits import check_length
from ksf.web.numbers import whole
from ksf.web.requests import Request
from ksf.writing.models import VersionedText
from ksf.writing.services import WriteConflict, write

SAVED = "X-Saved"
"""The header by which the script knows that what it sent is stored; any other answer counts as not saved."""
CONFLICT = 409
INVALID = 422


def save_text(request: Request, row: VersionedText, *, by: User, back: str) -> HttpResponse:
    """Save the posted ``content`` over ``version`` and answer what the component expects.

    htmx gets the new version; a plain form is sent ``back``. When another text was saved in between, both get
    status 409 with the saved text, and the writer's own is still theirs to choose. A text longer than any field has
    room for is not saved (422); it stays where it was typed.
    """
    version = request.POST.get("version", "")
    number = whole(version)
    if number is None:
        return HttpResponse(_("The version of the text is missing."), status=400)
    mine = request.POST.get("content", "")
    try:
        check_length(mine)
    except ValidationError as error:
        return _too_long(request, row, error, mine=mine, back=back)
    try:
        saved = write(row, mine, version=number, by=by)
    except WriteConflict as conflict:
        return _both(request, conflict.theirs, mine=mine, version=version, back=back)
    if not request.htmx:
        return redirect(back)
    response = render(request, "components/writing_outcome.html", {"text": saved})
    mark_saved(response)
    return response


def mark_saved(response: HttpResponse, *, is_saved: bool = True) -> None:
    """Tell the script that what it sent is stored, or that the page says why not."""
    response[SAVED] = "yes" if is_saved else "no"


def _both(request: Request, theirs: VersionedText, *, mine: str, version: str, back: str) -> HttpResponse:
    context = {"text": theirs, "version": version, "conflict": True, "page_url": back, "mine": mine}
    is_fragment = request.htmx
    template = "components/writing_outcome.html" if is_fragment else "components/writing_conflict_page.html"
    return render(request, template, context, status=CONFLICT)


def _too_long(request: Request, row: VersionedText, error: ValidationError, *, mine: str, back: str) -> HttpResponse:
    context = {
        "text": row,
        "version": request.POST["version"],
        "errors": error.messages,
        "mine": mine,
        "page_url": back,
    }
    template = "components/writing_outcome.html" if request.htmx else "components/writing_refused_page.html"
    return render(request, template, context, status=INVALID)
