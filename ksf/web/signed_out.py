"""Signed out while writing: nothing typed is lost (X10)."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from ksf.accounts.middleware import SIGNING_IN
from ksf.web.given_back import given_back

View = Callable[..., HttpResponseBase]


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, but who writes is not sent to a sign-in page, which would take the place of the text.

    htmx gets 401: its page stays as it is, says that one is signed out, and saves again when one is back. A plain form
    gets a page (401) that holds all that was sent, and sends it again once one is signed in.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[object, ...], view_kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        sign_in = super().process_view(request, view_func, view_args, view_kwargs)
        if sign_in is None:
            return None
        if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
            return HttpResponse(status=401)
        name = getattr(request.resolver_match, "url_name", None) or ""
        if request.method != "POST" or name.startswith(SIGNING_IN):
            return sign_in
        return render(request, "ksf/signed_out.html", given_back(request), status=401)
