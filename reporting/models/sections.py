"""The parts of a regional report, in their order. A part may report on one of the five goals."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p


class SectionCode(models.TextChoices):
    SUMMARY = "summary", _p("report section", "The year in brief")
    NETWORK = "network", _p("report section", "Clusters and municipalities")
    NEEDS = "needs", _p("report section", "Knowledge needs")
    RESEARCH = "research", _p("report section", "Research")
    UPTAKE = "uptake", _p("report section", "Knowledge in use")
    FRAMEWORK = "framework", _p("report section", "Framework and cooperation")
    EDUCATION = "education", _p("report section", "Education")
    GRANT_USE = "grant_use", _p("report section", "Use of the operating grant")
    NEXT = "next", _p("report section", "What matters most next year")


@dataclass(frozen=True)
class SectionDefinition:
    """What the writer is asked, and which goal's activities belong here."""

    question: str | Promise
    goal: str = ""


SECTION_DEFINITIONS: dict[SectionCode, SectionDefinition] = {
    SectionCode.SUMMARY: SectionDefinition(_("What should somebody who reads only this know?")),
    SectionCode.NETWORK: SectionDefinition(_("What happened in the clusters, and who came or left?")),
    SectionCode.NEEDS: SectionDefinition(_("Which needs came up, and how were they ranked?"), "goal_1"),
    SectionCode.RESEARCH: SectionDefinition(
        _("Which research is under way, and what did you learn from it?"), "goal_2"
    ),
    SectionCode.UPTAKE: SectionDefinition(_("What was put to use, and what did it change?"), "goal_3"),
    SectionCode.FRAMEWORK: SectionDefinition(_("What helps and what hinders the work?"), "goal_4"),
    SectionCode.EDUCATION: SectionDefinition(_("What was done together with students and places of study?"), "goal_5"),
    SectionCode.GRANT_USE: SectionDefinition(_("What was the operating grant spent on?")),
    SectionCode.NEXT: SectionDefinition(_("What is most important in the coming year?")),
}
