"""The pages of allauth that the portal offers. The others keep their names, which allauth asks for, and answer 404."""

from collections.abc import Callable
from functools import wraps

from allauth import urls
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _

from ksf.accounts.factors import is_needed
from ksf.web.confirming import confirm_first

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "usersessions_list",
}
OFFERED_WITH_PROVIDERS = {
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_connections",
}
"""Only where somebody else may vouch for who one is."""
CONFIRM_FIRST = {"account_email", "account_set_password"}


@login_not_required
def not_offered(_request: HttpRequest, **_kwargs: str) -> HttpResponse:
    raise Http404


def keep_the_last(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse to remove the passkey that somebody with a national role needs; allauth asks this for apps only."""

    @wraps(view)
    def removed(request: HttpRequest, pk: int) -> HttpResponseBase:
        found = Authenticator.objects.filter(user=request.user.pk, pk=pk).first()
        if found and is_needed(found):
            messages.error(request, _("A national role needs a second factor. Add another before you remove this one."))
            return redirect("mfa_list_webauthn")
        return view(request, pk=pk)

    return removed


def _offered(entry: URLPattern | URLResolver, names: set[str]) -> URLPattern | URLResolver:
    if isinstance(entry, URLResolver):
        inner = [_offered(one, names) for one in entry.url_patterns]
        return URLResolver(entry.pattern, inner, entry.default_kwargs, entry.app_name, entry.namespace)
    view = entry.callback if entry.name in names else not_offered
    if entry.name in CONFIRM_FIRST:
        view = confirm_first(view, always=True)
    if entry.name == "mfa_remove_webauthn":
        view = keep_the_last(view)
    return URLPattern(entry.pattern, view, entry.default_args, entry.name)


_has_providers = bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])  # type: ignore[index]
_names = OFFERED | (OFFERED_WITH_PROVIDERS if _has_providers else set())
urlpatterns = [_offered(entry, _names) for entry in urls.urlpatterns]
