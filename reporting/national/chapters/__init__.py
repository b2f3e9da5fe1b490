"""The national report as chapters of a PDF, from its data alone."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from reporting.national import drawings, words
from reporting.national.chapters import goals, method, missing, network, reading, regions, sizes, told, year
from reporting.national.drawings import Data


def national_context(data: Data, checksum: str, language: str) -> dict[str, Any]:
    """What ``documents/report.html`` needs for the national report."""
    with translation.override(language):
        chapters = [
            reading.how_to_read(data),
            year.on_one_page(data),
            year.compared(data),
            goals.reached(data),
            network.who_takes_part(data),
            network.clusters(data),
            *told.by_goal(data),
            sizes.small_beside_large(data),
            *(regions.one_region(row, data) for row in data["regions"]),
            missing.what_we_lack(data),
            method.definitions(data, checksum),
        ]
        title = _("KSF annual report %(year)s") % {"year": data["year"]}
        return {
            "title": title,
            "subtitle": _("What the municipalities need to know, and how they have joined forces to find out"),
            "description": _("National annual report of KSF for %(year)s") % {"year": data["year"]},
            "imprint": [_("KS, figures as of %(day)s") % {"day": words.day_in_words(data["day"])}],
            "checksum": checksum,
            "art": {"cover": art} if (art := drawings.cover(data)) else {},
            "chapters": chapters,
            "contents": b.contents(chapters),
        }
