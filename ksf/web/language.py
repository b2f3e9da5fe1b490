"""Which language a page is in: the chosen one, the person's own, nynorsk for who reads it, else bokmål (X5)."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header


class LanguageMiddleware(LocaleMiddleware):
    """Django's, with other priorities: a browser set up in English is common here and says little about its reader."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language for this request."""
        language = _chosen(request) or _own(request) or _norwegian(request) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def _chosen(request: HttpRequest) -> str | None:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else None


def _own(request: HttpRequest) -> str | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return getattr(request.user, "language", None) or None


def _norwegian(request: HttpRequest) -> str | None:
    wanted = [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return next((code[:2] for code in wanted if code[:2] in {"nb", "nn"}), None)
