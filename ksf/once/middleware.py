import hashlib
from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from ksf.accounts.middleware import SIGNING_IN
from ksf.once.models import SentForm
from ksf.web import form_keys
from ksf.web.given_back import given_back
from ksf.web.requests import Request
from ksf.web.unsent import HELD

NOT_COUNTED = (*SIGNING_IN, "usersessions_", "sign_in_again")
"""How the names begin of addresses that make nothing, and where a second press must let one in like the first."""
_TOKENS = {"csrfmiddlewaretoken", form_keys.FIELD}


class OnceMiddleware:
    """A form that is sent twice counts once (X10). Stands next to the view, outside of what forgets unsent text.

    What the form makes and the note that it was sent are one transaction, and of two who come at once the database lets
    the second wait for the first. A form counts as sent when the view sends the browser on; a page with what is wrong,
    a refusal or a question who one is leaves it to be sent again.

    What htmx sends is not counted: it saves a form again and again while one types, by the version of the text, and
    makes nothing twice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not _is_counted(request):
            return self.get_response(request)
        form, content = _checksum(_form(request)), _checksum(_content(request))
        with transaction.atomic():
            sent, is_first = SentForm.objects.get_or_create(form=form, defaults={"content": content})
            if not is_first:
                return _sent_before(request, sent, content)
            response = self.get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
            elif response.has_header("Location") and HELD not in request.META:
                sent.led_to = response["Location"]
                sent.save(update_fields=["led_to"])
            else:
                sent.delete()
        return response


def _is_counted(request: Request) -> bool:
    if request.htmx or not form_keys.posted_key(request):
        return False
    try:
        name = resolve(request.path_info).url_name or ""
    except Resolver404:
        return False
    return not name.startswith(NOT_COUNTED)


def _sent_before(request: Request, sent: SentForm, content: str) -> HttpResponse:
    """The second time: on to what the first made, or with other content a page that has the text, to be sent as new."""
    if sent.content == content:
        messages.info(request, _("You have sent this form already. This is what came of it."))
        return redirect(sent.led_to)
    form_keys.open_again(request)
    context = {**given_back(request), "led_to": sent.led_to, "label": _("Send as new")}
    return render(request, "ksf/sent_before.html", context, status=HTTPStatus.CONFLICT)


def _form(request: Request) -> Iterator[bytes]:
    """Who opened the form, which it is, and where it is sent."""
    for part in (str(request.user.pk), form_keys.posted_key(request), request.path):
        yield part.encode()


def _content(request: Request) -> Iterator[bytes]:
    """What was sent, files with it."""
    for name, values in sorted(request.POST.lists()):
        if name not in _TOKENS:
            for value in (name, *values):
                yield value.encode()
    for name, files in sorted(request.FILES.lists()):
        yield name.encode()
        for file in files:
            yield from file.chunks()
            file.seek(0)


def _checksum(parts: Iterator[bytes]) -> str:
    """The checksum of the parts, each apart from the next."""
    sums = hashlib.sha256()
    for part in parts:
        sums.update(hashlib.sha256(part).digest())
    return sums.hexdigest()
