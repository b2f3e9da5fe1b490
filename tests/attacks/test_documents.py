"""Documents are the same bytes on every machine, whichever library chooses their glyphs."""

import time

import weasyprint.pdf.fonts

from ksf.documents import pdf


def test_without_the_subset_library_the_bytes_are_stable(monkeypatch):
    monkeypatch.setattr(weasyprint.pdf.fonts, "harfbuzz_subset", None)
    html = "<html lang='nb'><title>Prøve</title><p>Blåbærsyltetøy, sitert «her».</p></html>"
    first = pdf.render_html(html)
    time.sleep(1.1)  # a time in the font would differ by a second
    assert pdf.render_html(html) == first
