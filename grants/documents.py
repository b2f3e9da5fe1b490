"""The kinds of documents, and the sealed application as PDF (G4).

It reads the snapshot alone: what is sealed is what was handed in.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.models import Application
from ksf.accounts.models import User
from ksf.actor import Actor
from ksf.documents import blocks, registry, services
from ksf.documents.models import Document
from ksf.web.dates import in_words
from ksf.web.numbers import kroner, spaced

APPLICATION = "grants.application"
LETTER = "grants.letter"


def _may_open(user: Actor, pk: int) -> bool:
    return Application.objects.visible_to(user).filter(pk=pk).exists()


registry.register(APPLICATION, _may_open, prefix="S")
registry.register(LETTER, _may_open, prefix="B")


def seal_application(application: Application, snapshot: dict[str, Any], checksum: str, *, by: User) -> Document:
    """The application's PDF, sealed, in the language it is written in."""
    with override(application.language):
        return services.seal(
            kind=APPLICATION,
            subject=application,
            title=f"{application.number} {application.title}"[:250],
            template="documents/application.html",
            context=application_context(snapshot, checksum),
            language=application.language,
            by=by,
        )


def application_context(snapshot: dict[str, Any], checksum: str) -> dict[str, Any]:
    """What the template needs, in the active language."""
    submitted_at = datetime.fromisoformat(snapshot["submitted_at"])
    return {
        "heading": snapshot["cluster"]["name"],
        "author": snapshot["motor"]["name"],
        "sender": snapshot["call"]["title"],
        "facts": [(_("Application"), snapshot["number"]), (_("Version"), snapshot["version"])],
        "lead": _("%(title)s. Asks for %(asked)s.") % {"title": snapshot["title"], "asked": kroner(snapshot["asked"])},
        "received": [
            (_("Received"), f"{in_words(submitted_at)}.{submitted_at:%S}"),
            (_("Deadline"), in_words(datetime.fromisoformat(snapshot["call"]["deadline_at"]))),
        ],
        "checksum": checksum,
        "receipt": [_summary(snapshot), _rules(snapshot)],
        "chapters": [
            blocks.Chapter("members", _("Members and amounts"), [_members(snapshot)], start="follow"),
            blocks.Chapter("budget", _("Budget"), [_budget(snapshot)], start="follow"),
            blocks.Chapter("attachments", _("Attachments"), [_attachments(snapshot)], start="follow"),
            blocks.Chapter("answers", _("Answers"), _answers(snapshot), start="follow"),
        ],
    }


def _summary(snapshot: dict[str, Any]) -> blocks.Table:
    rows = [
        (_("Motor municipality"), snapshot["motor"]["name"]),
        (_("Municipalities that take part"), len(snapshot["members"])),
        (_("Asked for"), kroner(snapshot["asked"])),
        (_("Least amount that makes sense"), kroner(snapshot["least_amount"])),
        (_("Own contribution"), kroner(sum(line["own"] for line in snapshot["budget"]))),
    ]
    return blocks.Table(_("In short"), [blocks.Column(_("What")), blocks.Column(_("Answer"))], rows)


def _rules(snapshot: dict[str, Any]) -> blocks.Table:
    results = {"ok": _("Met"), "waived": _("Exception made"), "missing": _("Not met"), "warning": _("To be noticed")}
    rows = [(found["title"], results[found["outcome"]], found["detail"]) for found in snapshot["eligibility"]]
    columns = [blocks.Column(_("Rule")), blocks.Column(_("Result"), nowrap=True), blocks.Column(_("Ground"))]
    return blocks.Table(_("The call's rules, checked when the application was sent"), columns, rows)


def _members(snapshot: dict[str, Any]) -> blocks.Table:
    columns = [
        blocks.Column(_("No."), nowrap=True),
        blocks.Column(_("Municipality")),
        blocks.Column(_("Inhabitants"), number=True),
        blocks.Column(_("Asked for, kr"), number=True),
    ]
    rows = [(row["number"], row["name"], row["population"], row["amount"]) for row in snapshot["members"]]
    total = ("", _("Sum"), sum(row["population"] for row in snapshot["members"]), snapshot["asked"])
    return blocks.Table(_("The municipalities of the application"), columns, rows, total=total, header=1, wide=True)


def _budget(snapshot: dict[str, Any]) -> blocks.Table:
    columns = [
        blocks.Column(_("Cost")),
        blocks.Column(_("Asked for, kr"), number=True),
        blocks.Column(_("Own contribution, kr"), number=True),
        blocks.Column(_("Sum, kr"), number=True),
    ]
    rows = [(row["label"], row["grant"], row["own"], row["grant"] + row["own"]) for row in snapshot["budget"]]
    sums = [sum(row[place] for row in rows) for place in (1, 2, 3)]
    return blocks.Table(_("Costs and who pays them"), columns, rows, total=(_("Sum"), *sums), wide=True)


def _attachments(snapshot: dict[str, Any]) -> object:
    if not snapshot["attachments"]:
        return blocks.Paragraph(_("No attachments."))
    columns = [
        blocks.Column(_("Attachment")),
        blocks.Column(_("File")),
        blocks.Column(_("Size"), number=True),
        blocks.Column(_("Checksum (SHA-256, the first 16 characters)"), nowrap=True),
    ]
    rows = [
        (row["label"], row["name"], f"{spaced(-(-row['size'] // 1024))} kB", row["sha256"][:16])
        for row in snapshot["attachments"]
    ]
    return blocks.Table(_("Attachments of the sealed application"), columns, rows, wide=True)


def _answers(snapshot: dict[str, Any]) -> list[object]:
    return [
        blocks.Section(f"{place} {row['label']}", _paragraphs(row["content"]), long=True)
        for place, row in enumerate(snapshot["answers"], 1)
    ]


def _paragraphs(content: str) -> list[blocks.Paragraph]:
    parts = [part.strip() for part in content.split("\n\n") if part.strip()]
    return [blocks.Paragraph(part) for part in parts or [_("Not answered.")]]
