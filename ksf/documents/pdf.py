"""Django template in, tagged PDF/UA-1 out: our typesetting, our fonts, nothing fetched from anywhere else."""

import os
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation

from ksf import palette
from ksf.documents.tagging import complete_tags
from ksf.documents.typography import typeset

PANGO = "libpango-1.0-0 libpangoft2-1.0-0"
# Without HarfBuzz' subset library WeasyPrint chooses glyphs with fontTools, which would write the time into each font.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
try:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as error:
    raise ImproperlyConfigured(
        f"PDF documents need the Pango library. On Debian and Ubuntu: apt-get install {PANGO}"
    ) from error

FONTS = ("Inter-Regular.woff2", "Inter-Italic.woff2", "Inter-SemiBold.woff2")
FOLDER = settings.BASE_DIR / "static" / "documents"
LANGUAGE_TAGS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}

_drawing = Lock()  # Pango's font map is not safe in two threads at once.


def render(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """The PDF of ``template`` in ``language``. The same input gives the same bytes.

    ``context["art"]`` may hold decorative drawings by name (SVG text); the stylesheet shows them as backgrounds, which
    a screen reader passes over. Raises ``ImproperlyConfigured`` when the fonts are not installed.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language_tag": LANGUAGE_TAGS[language]})
    return render_html(typeset(html), art=context.get("art", {}))


def render_html(html: str, *, art: Mapping[str, str] | None = None) -> bytes:
    """The PDF of finished HTML."""
    fonts, stylesheet = shared()
    page = HTML(string=html, base_url=FOLDER.as_uri() + "/", url_fetcher=OurFilesOnly(art or {}))
    with _drawing:
        return page.write_pdf(
            stylesheets=[stylesheet], font_config=fonts, pdf_variant="pdf/ua-1", finisher=complete_tags
        )


@lru_cache
def shared() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, unpacked and parsed once per process: letters are four times faster for it."""
    missing = missing_fonts()
    if missing:
        raise ImproperlyConfigured(f"Fonts for documents are missing: {', '.join(map(str, missing))}. Run: npm ci")
    fonts = FontConfiguration()
    rules = palette.paper_stylesheet() + (FOLDER / "documents.css").read_text(encoding="utf-8")
    return fonts, CSS(string=rules, font_config=fonts, url_fetcher=OurFilesOnly({}))


def missing_fonts() -> list[Path]:
    """The font files that are not where ``DOCUMENT_FONTS`` says."""
    return [path for path in (settings.DOCUMENT_FONTS / name for name in FONTS) if not path.is_file()]


class OurFilesOnly(URLFetcher):
    """Opens our own document files, ``inter:<font file>`` and ``art:<name>``. Everything else is refused."""

    def __init__(self, art: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._art = art

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "inter" and name in FONTS:
            return URLFetcherResponse(url, BytesIO((settings.DOCUMENT_FONTS / name).read_bytes()))
        if scheme == "art" and name in self._art:
            return URLFetcherResponse(url, self._art[name].encode(), {"Content-Type": "image/svg+xml"})
        if scheme == "file" and Path(url.removeprefix("file://")).resolve().is_relative_to(FOLDER):
            return super().fetch(url, headers)
        raise ValueError(f"A document may not open {url}")
