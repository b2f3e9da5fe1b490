"""What a reader may do with plans, reports and the national report: each list is in the order of its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf.actor import Actor
from ksf.web.actions import Action, Look
from reporting.lifecycle import NATIONAL, PLAN, PLAN_WRITING, REPORT, REPORT_WRITING, SECTION, SECTION_WRITING
from reporting.models import NationalReport, RegionalPlan, RegionalReport, ReportSection
from reporting.reading import plans
from reporting.reading.status import OwnRegion

CSV = Action("CSV", "?format=csv", look="link")
EXPORTS = (CSV, Action("Excel", "?format=xlsx", look="link"))


@dataclass(frozen=True)
class OwnDocument:
    """A plan or report of one's own region: ``document`` once it is begun, ``start`` for who may begin it."""

    title: str
    document: RegionalPlan | RegionalReport | None
    due_on: date | None
    start: Action | None


def own_documents(own: OwnRegion) -> list[OwnDocument]:
    """The year's report, and the plans for that year and the next."""
    title = _("Annual report %(year)s") % {"year": own.year}
    start = reverse("report_start", args=[own.year, own.region.slug])
    begin = Action(_("Start the report"), start, is_post=True) if own.may_begin and not own.report else None
    report = OwnDocument(title, own.report, own.report.due_on if own.report else None, begin)
    return [report, *(_own_plan(own, year, plan) for year, plan in own.plans)]


def _own_plan(own: OwnRegion, year: int, plan: RegionalPlan | None) -> OwnDocument:
    title = _("Annual plan %(year)s") % {"year": year}
    if plan or not own.may_begin:
        return OwnDocument(title, plan, None, None)
    label = _("Start the plan for %(year)s") % {"year": year}
    start = reverse("plan_start", args=[year, own.region.slug])
    return OwnDocument(title, None, None, Action(label, start, is_post=True, look="secondary"))


@dataclass(frozen=True)
class PlanActions:
    """``head`` is what stands beside the plan's name; ``give_back`` is done with a comment, further down.

    ``waits_for_host``: the reader writes the plan, and somebody else hands it in.
    """

    head: list[Action]
    give_back: Action | None
    may_write: bool
    waits_for_host: bool


def plan_actions(user: Actor, plan: RegionalPlan) -> PlanActions:
    """Hand in or approve, return, and begin the next year's plan."""
    steps = {step.name: step.label for step in PLAN.steps_for(user, plan)}
    place = [plan.year, plan.region.slug]
    pages = {"hand_in": "plan_hand_in", "approve": "plan_approve"}
    head = [
        Action(steps[name], reverse(page, args=place), is_post=True) for name, page in pages.items() if name in steps
    ]
    next_plan = plans.next_plan_url(plan, user)
    if next_plan:
        head.append(Action(_("Start next year's plan from this one"), next_plan, is_post=True, look="tertiary"))
    give_back = Action(steps["return"], reverse("plan_return", args=place), is_post=True) if "return" in steps else None
    may_write = PLAN_WRITING.allows("write", plan, by=user)
    return PlanActions(head, give_back, may_write, waits_for_host=may_write and not steps)


@dataclass(frozen=True)
class ReportActions:
    """``head`` is what stands beside the report's name; handing in has a panel of its own."""

    head: list[Action]
    hand_in: Action | None
    may_write: bool


def report_actions(user: Actor, report: RegionalReport, plan: RegionalPlan | None) -> ReportActions:
    """Approve, return, fetch the PDF, see the year's plan; ``plan`` is the one the reader may open."""
    steps = {step.name: step.label for step in REPORT.steps_for(user, report)}
    place = [report.year, report.region.slug]
    head = []
    if "approve" in steps:
        head.append(Action(steps["approve"], reverse("report_approve", args=place), is_post=True))
    if "return" in steps:
        head.append(Action(steps["return"], reverse("report_review", args=place), look="secondary"))
    if report.document_number:
        head.append(Action(_("Download PDF"), reverse("document", args=[report.document_number])))
    if plan:
        head.append(Action(_("The year's plan"), plan.get_absolute_url(), look="link"))
    hand_in = None
    if "hand_in" in steps:
        hand_in = Action(steps["hand_in"], reverse("report_hand_in", args=place), is_post=True)
    return ReportActions(head, hand_in, REPORT_WRITING.allows("write", report, by=user))


@dataclass(frozen=True)
class SaveButton:
    """A button at the foot of a section: it saves what is typed, and does the ``step`` after that."""

    step: str
    label: str
    look: Look


def section_buttons(user: Actor, section: ReportSection) -> list[SaveButton]:
    """Finish or open again, and last only save."""
    looks: dict[str, Look] = {"finish": "primary", "reopen": "secondary"}
    steps = {step.name: str(step.label) for step in SECTION.steps_for(user, section)}
    buttons = [SaveButton(name, steps[name], look) for name, look in looks.items() if name in steps]
    return [*buttons, SaveButton("save", _("Save"), "secondary")]


def may_write_section(user: Actor, section: ReportSection) -> bool:
    """Whether the reader may change the section's text and figures now."""
    return SECTION_WRITING.allows("write", section, by=user) and not section.report.is_closed


def national_actions(user: Actor, report: NationalReport) -> list[Action]:
    """The PDF or its draft, publish, compute again, and the figures as a spreadsheet."""
    actions = []
    if report.document_number:
        actions.append(Action(_("Download PDF"), reverse("document", args=[report.document_number])))
    elif not report.is_published:
        draft = reverse("national_draft", args=[report.year])
        actions.append(Action(_("Read the draft as PDF"), draft, look="secondary"))
    publish = reverse("national_publish", args=[report.year])
    actions += [Action(step.label, publish, is_post=True) for step in NATIONAL.steps_for(user, report)]
    if user.has_perm("reporting.build_national") and not report.is_published:
        build = reverse("national_build", args=[report.year])
        actions.append(Action(_("Compute again"), build, is_post=True, look="tertiary"))
    return [*actions, Action(_("Spreadsheet"), "?format=xlsx", look="link"), CSV]


def builds(user: Actor, years: Iterable[int]) -> list[Action]:
    """Computing the national reports on ``years``, the first of them most likely."""
    if not user.has_perm("reporting.build_national"):
        return []
    looks: tuple[Look, ...] = ("secondary", "tertiary")
    return [
        Action(
            _("Compute the report on %(year)s") % {"year": year},
            reverse("national_build", args=[year]),
            is_post=True,
            look=look,
        )
        for year, look in zip(years, looks, strict=True)
    ]
