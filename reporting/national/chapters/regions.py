"""A chapter for each region."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from reporting.documents import paragraphs
from reporting.figures.values import format_value
from reporting.national import drawings, words
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def one_region(row: Data, data: Data) -> b.Chapter:
    """A region with its map, its figures beside the country's, and its own words."""
    facts = [
        (_("Host municipality"), row["host"] or "–"),
        (_("Municipalities"), row["municipalities"]),
        (_("Report"), words.status_word(row["report"])),
    ]
    drawn = drawings.region_map(data, row["slug"])
    content: list[object] = [b.Aside(drawn, facts)]
    content.append(_region_table(row, data))
    if row["sections"]:
        content += [
            b.Text(in_language(section["title"]), paragraphs(section))
            for section in row["sections"]
            if section["code"] in {"summary", "network", "grant_use", "next"}
        ]
    else:
        content.append(
            b.Box(
                _("The region's own words are missing"),
                [
                    b.Paragraph(
                        _(
                            "The report was expected on %(day)s and is not approved. The figures are counted"
                            " from the register."
                        )
                        % {"day": words.day_in_words(row["report"]["due_on"])}
                    )
                ],
            )
        )
    return b.Chapter(f"region-{row['slug']}", row["name"], content, part=_("Region by region"))


def _region_table(row: Data, data: Data) -> b.Table:
    columns = [b.Column(_("Figure")), b.Column(row["name"], number=True), b.Column(_("The country"), number=True)]
    lines = [
        [
            in_language(total["label"]),
            format_value(row["figures"][code]["value"], total["unit"]),
            format_value(total["value"], total["unit"]),
        ]
        for code, total in drawings.moving(data)
        if code in row["figures"] and row["figures"][code]["value"] is not None
    ]
    return b.Table(_("The region and the country"), columns, lines)
