"""The documentation of a need for a research application, as PDF and as data (N13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext as _n

from ksf import renderings
from ksf.accounts.models import Visitor
from ksf.actor import Actor
from ksf.documents import blocks as b
from ksf.documents import pdf
from ksf.documents.services import fingerprint
from ksf.web import dates
from ksf.web.lists import ExportColumn
from needs.models import KnowledgeNeed, TextVersion
from needs.reading.story import Story, is_inner, story_of
from needs.reading.support import Support, support_for
from regions.models import Size

Row = dict[str, Any]

COLUMNS = [
    ExportColumn(gettext_lazy("Number"), lambda row: row["number"]),
    ExportColumn(gettext_lazy("Municipality"), lambda row: row["name"]),
    ExportColumn(gettext_lazy("Region"), lambda row: row["region"]),
    ExportColumn(gettext_lazy("Size"), lambda row: row["size"]),
    ExportColumn(gettext_lazy("People"), lambda row: row["population"]),
    ExportColumn(gettext_lazy("Role"), lambda row: row["role"]),
    ExportColumn(gettext_lazy("Since"), lambda row: row["since"]),
    ExportColumn(gettext_lazy("Comment"), lambda row: row["comment"]),
]


def municipality_rows(need: KnowledgeNeed, support: Support | None = None) -> Iterator[Row]:
    """The municipalities behind the need, the owner first: who, where, how large, since when, and their comment."""
    support = support or support_for(need)
    since = timezone.localdate(need.submitted_at)
    facts = [(support.owner, "owner", since, "")]
    facts += [(r.municipality, "endorses", timezone.localdate(r.created_at), r.comment) for r in support.endorsements]
    for municipality, role, day, comment in facts:
        yield {
            "number": municipality.number,
            "name": municipality.name,
            "region": str(municipality.region or ""),
            "size": str(municipality.size),
            "population": municipality.population,
            "role": role,
            "since": day.isoformat(),
            "comment": comment,
        }


@dataclass(frozen=True)
class NeedFacts:
    """What one reader is shown of a need: the same rows for the PDF and the data."""

    need: KnowledgeNeed
    support: Support
    story: Story
    versions: list[TextVersion]
    merged: list[KnowledgeNeed]

    @classmethod
    def of(cls, need: KnowledgeNeed, *, all_wordings: bool) -> "NeedFacts":
        """As everybody is shown it, since it is made to be sent on; but the network's people get all wordings."""
        everybody = Visitor()
        merged = KnowledgeNeed.objects.visible_to(everybody).filter(merged_into=need).order_by("number")
        versions = _versions(need, all_wordings=all_wordings)
        return cls(need, support_for(need), story_of(need, everybody), versions, list(merged))


def versions_for(user: Actor, need: KnowledgeNeed) -> list[TextVersion]:
    """The wordings ``user`` may read, the oldest first: others than the present for people of the network alone.

    What was asked about and rewritten before it was open to all stays between the municipality and the network.
    """
    return _versions(need, all_wordings=is_inner(user))


def _versions(need: KnowledgeNeed, *, all_wordings: bool) -> list[TextVersion]:
    versions = list(need.versions.order_by("number"))
    return versions if all_wordings else versions[-1:]


def as_data(facts: NeedFacts) -> dict[str, Any]:
    """Everything the PDF says, as data with codes instead of words."""
    need = facts.need
    return {
        "number": need.number,
        "external_id": need.external_id,
        "title": need.title,
        "description": need.description,
        "consequence": need.consequence,
        "target_group": need.target_group,
        "concerns": need.concerns,
        "language": need.language,
        "state": need.state,
        "level": need.level,
        "service_area": need.service_area.code if need.service_area else None,
        "submitted_on": timezone.localdate(need.submitted_at).isoformat(),
        "assessment": need.assessment or None,
        "known": need.known_summary,
        "method_assessment_url": need.method_assessment_url,
        "sources": [{"title": source.title, "url": source.url} for source in need.sources.all()],
        "municipalities": list(municipality_rows(need, facts.support)),
        "rounds": [
            {
                "id": row.round,
                "title": row.title,
                "rank": row.rank,
                "is_prioritised": row.is_prioritised,
                "published_on": timezone.localdate(row.at).isoformat(),
            }
            for row in facts.story.ranks
        ],
        "versions": [
            {"number": v.number, "title": v.title, "description": v.description, "at": v.created_at.isoformat()}
            for v in facts.versions
        ],
        "merged": [{"number": other.number, "title": other.title} for other in facts.merged],
    }


class Documentation:
    """The documentation of a need in a language, with all wordings or the present one (``versions_for``)."""

    KIND = "needs.documentation"

    def __init__(self, need: KnowledgeNeed, language: str, *, all_wordings: bool) -> None:
        self.need = need
        self.language = language
        self.all_wordings = all_wordings
        prefetch_related_objects([need], "sources")
        with translation.override(language):
            self._context = _context(NeedFacts.of(need, all_wordings=all_wordings))

    @property
    def version(self) -> str:
        """The same as long as the document would say the same, but for when it was made."""
        return sha256(f"{self.language}{self._context}".encode()).hexdigest()

    def wanted(self) -> renderings.Wanted:
        return renderings.Wanted(
            kind=self.KIND,
            version=self.version,
            subject=self.need,
            title=self._context["title"],
            filename=f"behov-{self.need.number}.pdf",
            params={"need": self.need.pk, "language": self.language, "all_wordings": self.all_wordings},
        )

    def pdf(self) -> bytes:
        """The documentation typeset."""
        now = timezone.now()
        with translation.override(self.language):
            footer = _("Made in KSF's portal on %(day)s") % {"day": dates.in_words(timezone.localdate(now))}
        context = {**self._context, "created_at": now, "footer": footer}
        return pdf.render("documents/need.html", context, language=self.language)


def _context(facts: NeedFacts) -> dict[str, Any]:
    need, support = facts.need, facts.support
    sections = [_wording(need), _behind(support), _known(need), _rounds(facts.story), _happened(facts.story)]
    if versions := facts.versions[:-1]:
        rows = [b.Text(_("Version %(number)s") % {"number": v.number}, [b.Paragraph(v.description)]) for v in versions]
        sections.append(b.Section(_("Earlier versions of the text"), rows, long=True))
    return {
        "title": _("Documented knowledge need %(number)s") % {"number": need.number},
        "heading": need.title,
        "sender": _("For use in applications for research funding"),
        "checksum": fingerprint(as_data(facts)),
        "facts": _facts(need),
        "lead": _lead(support),
        "sections": [section for section in sections if section],
    }


def _facts(need: KnowledgeNeed) -> list[tuple[str, Any]]:
    facts = [
        (_("Need"), need.number),
        (_("Reported by"), need.municipality.full_name),
        (_("Sent"), timezone.localdate(need.submitted_at)),
        (_("State"), need.get_state_display()),
    ]
    if need.level:
        facts.append((_("Level reached"), need.get_level_display()))
    if need.service_area:
        facts.append((_("Service area"), str(need.service_area)))
    return facts


def _lead(support: Support) -> str:
    small = next(share.count for share in support.sizes if share.size == Size.SMALL)
    return _n(
        "%(count)s municipality stands behind the need, %(small)s of them with fewer than 5,000 people.",
        "%(count)s municipalities stand behind the need, %(small)s of them with fewer than 5,000 people.",
        support.count,
    ) % {"count": support.count, "small": small}


def _wording(need: KnowledgeNeed) -> b.Section:
    parts: list[Any] = [b.Paragraph(text) for text in need.description.split("\n\n")]
    asked = [
        (_("If there is no answer"), need.consequence),
        (_("Who it is about"), need.target_group),
        (_("Whom else it concerns"), need.concerns),
    ]
    for heading, text in asked:
        if text:
            parts.append(b.Text(heading, [b.Paragraph(text)]))
    return b.Section(_("The municipality's own words"), parts)


def _behind(support: Support) -> b.Section:
    columns = [b.Column(_("Region")), *(b.Column(str(size.label), number=True) for size in Size)]
    columns.append(b.Column(_("Total"), number=True))
    rows = [
        (str(region or _("No region yet")), *(counts[size] for size in Size), sum(counts.values()))
        for region, counts in support.by_region().items()
    ]
    total = (_("Total"), *(share.count for share in support.sizes), support.count)
    names = ", ".join(municipality.full_name or municipality.name for municipality in support.municipalities)
    comments = [f"{row.municipality}: {row.comment}" for row in support.comments]
    parts: list[Any] = [b.Table(_("By region and size"), columns, rows, total=total), b.Paragraph(names)]
    if comments:
        parts.append(b.Text(_("What they say"), [b.Bullets(comments)]))
    return b.Section(_("Who stands behind it"), parts, long=True)


def _known(need: KnowledgeNeed) -> b.Section | None:
    if not need.assessment:
        return b.Section(_("What is known"), [b.Paragraph(_("What is known has not been assessed yet."))])
    parts: list[Any] = [b.Paragraph(str(need.get_assessment_display()), style="lead")]
    if need.known_summary:
        parts.append(b.Paragraph(need.known_summary))
    sources = [f"{source.title} {source.url}".strip() for source in need.sources.all()]
    if need.method_assessment_url:
        sources.append(f"{_('Method assessment by FHI')} {need.method_assessment_url}")
    if sources:
        parts.append(b.Bullets(sources))
    return b.Section(_("What is known"), parts)


def _rounds(seen: Story) -> b.Section | None:
    if not seen.ranks:
        return None
    rows = [
        (timezone.localdate(row.at), row.title, row.rank, _("Yes") if row.is_prioritised else _("No"))
        for row in reversed(seen.ranks)
    ]
    columns = [b.Column(_("Date"), nowrap=True), b.Column(_("Round")), b.Column(_("Place"), number=True)]
    columns.append(b.Column(_("Prioritised")))
    return b.Section(_("Priority rounds"), [b.Table(_("The rounds it has stood in"), columns, rows)], long=True)


def _happened(seen: Story) -> b.Section:
    rows = [(timezone.localdate(event.at), event.text) for event in reversed(seen.events)]
    columns = [b.Column(_("Date"), nowrap=True), b.Column(_("What happened"))]
    return b.Section(_("What happened"), [b.Table(_("From sent in to today"), columns, rows)], long=True)
