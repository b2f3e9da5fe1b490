from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from ksf.documents import services
from ksf.documents.forms import ControlForm
from ksf.web import render_page
from ksf.web.limits import limited
from ksf.web.requests import Request, SignedInRequest


@login_not_required
@require_safe
def document(request: Request, number: str) -> HttpResponseBase:
    """The sealed bytes, as they are. A kind may be open to everybody, so the rule decides and not the signing in."""
    found = services.find(number, by=request.user)
    if found is None:
        return _refused(request)
    return HttpResponse(
        bytes(found.content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=False, filename=found.filename),
            "ETag": f'"{found.sha256}"',
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_http_methods(["GET", "POST"])
@limited("file")
def document_control(request: SignedInRequest, number: str) -> HttpResponse:
    """Number, time and checksum, and a place to hold a file against them. Nothing is written."""
    found = services.find(number, by=request.user)
    if found is None:
        raise Http404
    form = ControlForm(request.POST or None, request.FILES or None)
    is_checked = request.method == "POST" and form.is_valid()
    context = {"document": found, "form": form, "is_checked": is_checked}
    if is_checked:
        context["is_archived"] = form.is_archived(found)
    status = 422 if request.method == "POST" and not is_checked else 200
    return render_page(request, "documents/document_control.html", context, status=status)


def _refused(request: Request) -> HttpResponseBase:
    """Not found, whether it exists or not; a visitor is first asked to sign in."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path())
