"""Saved as it is typed, in forms that act when they are sent (X10).

A form with a long text is kept while one writes it, for its writer alone, and comes back when the writer opens the
page again. Nothing of it is stored in its object before it is sent. ``components/form_errors.html`` stands in every
form and sees to it; forms that save into their own rows say ``is_kept_unsent = False``, and short ones that take time
to fill in say True.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BaseFormSet, FileField, HiddenInput, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ksf.web.given_back import NEVER_GIVEN_BACK
from ksf.web.pages import render_page
from ksf.web.requests import Request, SignedInRequest, is_signed_in
from ksf.web.writing import mark_saved
from ksf.writing.models import LONGEST_ADDRESS, UnsentForm
from ksf.writing.services import hold_unsent

TOKEN = "unsent"  # noqa: S105  the name of a field
HELD = "ksf.unsent.held"
"""Where a request notes, among what the server says of it, that what was posted is not acted on.

It is no string: those of ``META`` allauth carries along to when the person has confirmed who they are, and the form
is acted on then.
"""
INVALID = 422
REDIRECTS = range(300, 400)

Forms = BaseForm | BaseFormSet


@dataclass(frozen=True)
class OpenedForm:
    """Which form of which page, and what saved text it was opened on."""

    page: str
    form: str
    basis: str


@dataclass(frozen=True)
class Keeping:
    """What a form needs to be kept: its token, and what was kept of it before."""

    token: str
    kept: UnsentForm | None
    is_changed_beneath: bool


def keeping(request: Request, *forms: Forms) -> Keeping | None:
    """How the form is kept; filled in with what was, when it is opened. None for a form that is not kept.

    Several ``forms`` are one to the reader: parts between the same ``<form>`` tags.
    """
    if not is_signed_in(request) or not any(map(_is_kept, _single(*forms))):
        return None
    sent = _sent_form(request) if request.method == "POST" else None
    if sent and sent.form == _name(forms[0]):
        return Keeping(request.POST[TOKEN], None, is_changed_beneath=False)  # shown again with what is wrong in it
    opened = OpenedForm(sent.page if sent else request.get_full_path(), _name(forms[0]), _basis(*forms))
    if len(opened.page) > LONGEST_ADDRESS:
        return None
    kept = UnsentForm.objects.filter(person=request.user, page=opened.page, form=opened.form).first()
    if kept:
        _fill(kept.fields, *forms)
    token = signing.dumps([opened.page, opened.form, opened.basis], salt=_salt(request))
    return Keeping(token, kept, is_changed_beneath=kept is not None and kept.basis != opened.basis)


def hold(request: SignedInRequest) -> None:
    """Keep what was posted although the answer leads on: it has not been acted on. Raises ValidationError as saving."""
    request.META[HELD] = True
    opened = _sent_form(request)
    if opened:
        _keep(request, opened)


@require_POST
def unsent_keep(request: SignedInRequest) -> HttpResponse:
    """Keep what is typed; 422 with what is wrong."""
    errors: list[str] = []
    try:
        _keep(request, _sent_form(request))
    except ValidationError as error:
        errors = error.messages
    response = render(request, "components/unsent_outcome.html", {"errors": errors}, status=INVALID if errors else 200)
    mark_saved(response, is_saved=not errors)
    return response


@require_http_methods(["GET", "POST"])
def unsent_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was kept of a form, and throw it away when that is what its writer wants."""
    kept = get_object_or_404(UnsentForm.objects.filter(person=request.user), pk=pk)
    if request.method == "POST":
        kept.delete()
        return redirect(kept.page)
    return render_page(request, "ksf/unsent_discard.html", {"kept": kept})


class UnsentMiddleware:
    """Forgets what was kept of a form when the form has been sent: the view answers with where to go on.

    Innermost, so that it sees whether the view answered or raised: who must confirm first has not sent anything yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        response = self.get_response(request)
        is_sent = request.method == "POST" and response.status_code in REDIRECTS and HELD not in request.META
        if is_sent and is_signed_in(request) and (opened := _sent_form(request)):
            UnsentForm.objects.filter(person=request.user, page=opened.page, form=opened.form).delete()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Django gives it
        request.META[HELD] = True


def _keep(request: SignedInRequest, opened: OpenedForm | None) -> None:
    """Raises ValidationError for too much text, and for a form that another opened who was signed in here."""
    if opened is None:
        raise ValidationError(_("Somebody else opened this page. Copy your text, and load the page again."))
    hold_unsent(_typed(request.POST), page=opened.page, form=opened.form, basis=opened.basis, by=request.user)


def _sent_form(request: SignedInRequest) -> OpenedForm | None:
    """The form that was posted; None when it carries no token, or another's who was signed in at this browser."""
    try:
        return OpenedForm(*signing.loads(request.POST.get(TOKEN, ""), salt=_salt(request)))
    except signing.BadSignature:
        return None


def _salt(request: SignedInRequest) -> str:
    return f"ksf.unsent.{request.user.pk}"


def _single(*forms: Forms) -> Iterator[BaseForm]:
    for form in forms:
        yield from form.forms if isinstance(form, BaseFormSet) else [form]


def _is_kept(form: BaseForm) -> bool:
    has_text = any(isinstance(field.widget, Textarea) for field in form.fields.values())
    return bool(getattr(form, "is_kept_unsent", has_text))


def _name(form: Forms) -> str:
    return f"{type(form).__module__}.{type(form).__qualname__}.{form.prefix or ''}"


def _basis(*forms: Forms) -> str:
    """A checksum of the saved texts beneath what is typed."""
    texts = [
        (form.add_prefix(name), form.get_initial_for_field(field, name) or "")
        for form in _single(*forms)
        for name, field in form.fields.items()
        if isinstance(field.widget, Textarea)
    ]
    return sha256(repr([(name, str(text)) for name, text in texts]).encode()).hexdigest()


def _typed(sent: QueryDict) -> dict[str, list[str]]:
    """What was posted, but for what belongs to the page and what no page shows again."""
    return {
        name: [value for value in values if isinstance(value, str)]
        for name, values in sent.lists()
        if name != TOKEN and not name.startswith(NEVER_GIVEN_BACK)
    }


def _fill(fields: dict[str, list[str]], *forms: Forms) -> None:
    """Let each form begin with what was typed in it."""
    typed = QueryDict(mutable=True)
    for name, values in fields.items():
        typed.setlist(name, values)
    for form in _single(*forms):
        if form.is_bound or not _is_same_row(form, typed):
            continue
        for name, field in form.fields.items():
            sent_as = form.add_prefix(name)
            if not isinstance(field, FileField) and not field.widget.value_omitted_from_data(typed, {}, sent_as):
                form.initial[name] = field.widget.value_from_datadict(typed, {}, sent_as)


def _is_same_row(form: BaseForm, typed: QueryDict) -> bool:
    """Whether a row of a formset is still the one that was written in: others may have come or gone."""
    row = form.fields.get("id")
    if not form.prefix or row is None or not isinstance(row.widget, HiddenInput):
        return True
    return str(form.get_initial_for_field(row, "id") or "") == typed.get(form.add_prefix("id"), "")
