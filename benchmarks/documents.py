"""Time of a document against WeasyPrint's own for the same HTML. Budget: a report takes at most 1.3 times.

Run: .venv/bin/python benchmarks/documents.py
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")
os.environ.setdefault("SECRET_KEY", "for-benchmarks-only")
os.environ.setdefault("KSF_DEMO", "1")
os.environ.setdefault("DATABASE_URL", "postgresql:///unused")
os.environ.setdefault("REDIS_URL", "redis://unused")

import django

django.setup()

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML

from ksf.documents import pdf
from ksf.documents.typography import typeset
from tests.ksf.document_samples import SAMPLES

BUDGET = 1.3


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def best(ours, theirs, runs=5):
    """The shortest time of each, taken in turns so that a busy moment hits both."""
    pairs = [(seconds(ours), seconds(theirs)) for _run in range(runs)]
    return min(a for a, _b in pairs), min(b for _a, b in pairs)


def bare(html, art):
    fonts, stylesheet = pdf.shared()
    page = HTML(string=html, base_url=pdf.FOLDER.as_uri() + "/", url_fetcher=pdf.OurFilesOnly(art))
    page.write_pdf(stylesheets=[stylesheet], font_config=fonts, pdf_variant="pdf/ua-1")


def main():
    pdf.shared()
    is_within = True
    print(f"{'document':14} {'ours':>8} {'bare':>8} {'ratio':>6}")
    for name, (template, context) in SAMPLES.items():
        values = context("nb")
        with translation.override("nb"):
            html = typeset(render_to_string(template, {**values, "language_tag": "nb-NO"}))
        ours, theirs = best(
            lambda values=values, template=template: pdf.render(template, values, language="nb"),
            lambda html=html, values=values: bare(html, values.get("art", {})),
        )
        is_within &= name != "report" or ours <= BUDGET * theirs
        print(f"{name:14} {ours:7.3f}s {theirs:7.3f}s {ours / theirs:6.2f}")
    print(f"report {'within' if is_within else 'over'} {BUDGET} times WeasyPrint's own")
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
