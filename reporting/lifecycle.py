"""The lives of plans, reports, their sections and the national report (R1-R3)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class PlanState(models.TextChoices):
    DRAFT = "draft", _p("plan state", "Draft")
    SUBMITTED = "submitted", _p("plan state", "Handed in")
    RETURNED = "returned", _p("plan state", "Returned by KS")
    APPROVED = "approved", _p("plan state", "Approved")


class ReportState(models.TextChoices):
    DRAFT = "draft", _p("report state", "Draft")
    SUBMITTED = "submitted", _p("report state", "Handed in")
    RETURNED = "returned", _p("report state", "Returned by KS")
    APPROVED = "approved", _p("report state", "Approved")


class SectionState(models.TextChoices):
    DRAFT = "draft", _p("section state", "Not finished")
    DONE = "done", _p("section state", "Finished")
    RETURNED = "returned", _p("section state", "Returned")
    ACCEPTED = "accepted", _p("section state", "Accepted by KS")


class NationalState(models.TextChoices):
    BUILT = "built", _p("national report state", "Draft")
    PUBLISHED = "published", _p("national report state", "Published")


PLAN = Lifecycle(
    "regional_plan",
    Step(
        "hand_in",
        {PlanState.DRAFT, PlanState.RETURNED},
        PlanState.SUBMITTED,
        "reporting.hand_in",
        _p("plan step", "Hand in"),
    ),
    Step(
        "return", {PlanState.SUBMITTED}, PlanState.RETURNED, "reporting.review", _p("plan step", "Return for changes")
    ),
    Step("approve", {PlanState.SUBMITTED}, PlanState.APPROVED, "reporting.review", _p("plan step", "Approve")),
)

REPORT = Lifecycle(
    "regional_report",
    Step(
        "hand_in",
        {ReportState.DRAFT, ReportState.RETURNED},
        ReportState.SUBMITTED,
        "reporting.hand_in",
        _p("report step", "Hand in"),
    ),
    Step(
        "return",
        {ReportState.SUBMITTED},
        ReportState.RETURNED,
        "reporting.review",
        _p("report step", "Return for changes"),
    ),
    Step(
        "approve",
        {ReportState.SUBMITTED},
        ReportState.APPROVED,
        "reporting.review",
        _p("report step", "Approve and seal"),
    ),
)

SECTION = Lifecycle(
    "report_section",
    Step(
        "finish",
        {SectionState.DRAFT, SectionState.RETURNED},
        SectionState.DONE,
        "reporting.write",
        _p("section step", "Mark as finished"),
    ),
    Step(
        "reopen",
        {SectionState.DONE},
        SectionState.DRAFT,
        "reporting.write",
        _p("section step", "Open for writing again"),
    ),
    Step("return", {SectionState.DONE}, SectionState.RETURNED, "reporting.review", _p("section step", "Return")),
    Step("accept", {SectionState.DONE}, SectionState.ACCEPTED, "reporting.review", _p("section step", "Accept")),
)

NATIONAL = Lifecycle(
    "national_report",
    Step(
        "publish",
        {NationalState.BUILT},
        NationalState.PUBLISHED,
        "reporting.publish_national",
        _p("national report step", "Publish and seal"),
    ),
)

PLAN_WRITING = Lifecycle(
    "regional_plan",
    Step("write", {PlanState.DRAFT, PlanState.RETURNED}, "", "reporting.write", _p("plan step", "Write")),
    beside=PLAN,
)
REPORT_WRITING = Lifecycle(
    "regional_report",
    Step("write", {ReportState.DRAFT, ReportState.RETURNED}, "", "reporting.write", _p("report step", "Write")),
    beside=REPORT,
)
SECTION_WRITING = Lifecycle(
    "report_section",
    Step(
        "write",
        {SectionState.DRAFT, SectionState.RETURNED, SectionState.DONE},
        "",
        "reporting.write",
        _p("section step", "Write"),
    ),
    beside=SECTION,
)
"""When a text may be written. They move nothing: they are asked, never taken."""
