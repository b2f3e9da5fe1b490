"""What long texts were: who wrote it, what is different now, and bringing it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ksf.accounts.models import User
from ksf.web.lists import paged
from ksf.web.pages import render_page
from ksf.web.requests import SignedInRequest
from ksf.writing.differences import compared
from ksf.writing.models import EarlierText
from ksf.writing.registry import LongTexts, kinds
from ksf.writing.services import earlier_of, keep_earlier


@require_safe
def earlier_texts(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The earlier versions of an object's texts, the last first."""
    texts, row = _found(kind, pk)
    labels = texts.labels(request.user, row)
    if not labels:
        raise Http404
    page = paged(request, earlier_of(row).filter(field__in=labels), per_page=20)
    context = {
        "subject": row,
        "back_url": texts.url(row, next(iter(labels))),
        "versions": [(version, labels[version.field]) for version in page],
        "page": page,
    }
    return render_page(request, "ksf/earlier_texts.html", context)


@require_http_methods(["GET", "POST"])
def earlier_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """One earlier version beside what stands now; those who may write bring it back from here."""
    version = get_object_or_404(EarlierText.objects.select_related("written_by", "replaced_by"), pk=pk)
    texts, row = _found(version.subject_type, version.subject_id)
    labels = texts.labels(request.user, row)
    if version.field not in labels:
        raise Http404
    if request.method == "POST":
        _bring_back(texts, row, version, by=request.user)
        messages.success(request, _("The earlier text is brought back. What stood there is kept as a version."))
        return redirect(texts.url(row, version.field))
    now = texts.text(row, version.field)
    context: dict[str, Any] = {
        "version": version,
        "subject": row,
        "label": labels[version.field],
        "lines": compared(version.text, now),
        "is_same": now == version.text,
        "may_change": texts.may_change(request.user, row, version.field),
        "url": texts.url(row, version.field),
    }
    return render_page(request, "ksf/earlier_text.html", context)


@transaction.atomic
def _bring_back(texts: LongTexts[Any], row: Model, version: EarlierText, *, by: User) -> None:
    if not texts.may_change(by, row, version.field):
        raise PermissionDenied
    now = texts.text(row, version.field)
    keep_earlier(row, {version.field: (now, version.text)}, by=by, always=True)
    texts.change(row, version.field, version.text, by=by)


def _found(kind: str, pk: int) -> tuple[LongTexts[Any], Model]:
    texts = kinds().get(kind)
    row = texts.find(pk) if texts else None
    if texts is None or row is None:
        raise Http404
    return texts, row
