"""What one may do with an application that one reads, and about the rules it must meet (G4, G5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.lifecycle import APPLICATION, ApplicationState
from grants.models import Application, Criterion, Submission
from grants.rules.eligibility import Finding, RuleOutcome
from ksf.actor import Actor
from ksf.jobs.models import Job
from ksf.web.actions import Action, Look


@dataclass(frozen=True)
class ApplicationActions:
    """What one may do with an application that one reads, by where it stands on its page.

    ``head`` is what was handed in; ``decision`` leads to what was decided, once it is; ``pages`` are steps that are
    asked about first.
    """

    head: Sequence[Action]
    decision: Action | None
    pages: Sequence[Action]
    reopen: Action | None


def actions_on_application(user: Actor, application: Application, submission: Submission | None) -> ApplicationActions:
    labels = {step.name: step.label for step in APPLICATION.steps_for(user, application)}
    may_reopen = "reopen" in labels and application.call.is_open
    reopen = reverse("application_reopen", args=[application.pk])
    return ApplicationActions(
        head=_handed_in(user, application, submission) if submission else [],
        decision=_decision(application),
        pages=[
            Action(label, reverse(f"application_{step}", args=[application.pk]), look=look)
            for step, label, look in _ASKED_FIRST
            if step in labels
        ],
        reopen=Action(labels["reopen"], reopen, is_post=True) if may_reopen else None,
    )


_ASKED_FIRST: Sequence[tuple[str, str | Promise, Look]] = (
    ("withdraw", gettext_lazy("Withdraw the application"), "secondary"),
    ("dismiss", gettext_lazy("Dismiss the application as ineligible"), "link"),
)


def _handed_in(user: Actor, application: Application, submission: Submission) -> list[Action]:
    shown = []
    if submission.document:
        shown.append(Action(_("The sealed application (PDF)"), submission.document.get_absolute_url(), look="link"))
    if user.has_perm("grants.write_application", application):
        shown.append(Action(_("Receipt"), reverse("application_receipt", args=[application.pk]), look="link"))
    return shown


def actions_on_receipt(application: Application, submission: Submission, job: Job | None) -> list[Action]:
    """The sealed PDF, or how far ``job`` has come with it; and the application itself (G4)."""
    shown = []
    if submission.document:
        shown.append(Action(_("Open the sealed application (PDF)"), submission.document.get_absolute_url()))
    elif job:
        label = _("The PDF is being made: see how far it has come")
        shown.append(Action(label, job.get_absolute_url(), look="link"))
    return [*shown, Action(_("To the application"), application.get_absolute_url(), look="link")]


def _decision(application: Application) -> Action | None:
    """What has been dismissed has a decision once its letter is asked for; earlier ones have none."""
    url = reverse("application_decision", args=[application.pk])
    if application.state == ApplicationState.AWARDED:
        return Action(_("Shares, dates and letter"), url, look="link")
    is_dismissed = application.state == ApplicationState.INELIGIBLE and hasattr(application, "rejection")
    if application.state == ApplicationState.REJECTED or is_dismissed:
        return Action(_("The letter, and how to complain"), url, look="link")
    return None


def action_to_settle(application: Application, criterion: Criterion, *, is_joint: bool) -> Action | None:
    """The panel settles a joint score on a criterion, or changes it, while the application is assessed (G6)."""
    if not application.is_under_review:
        return None
    label = _("Change the joint score") if is_joint else _("Settle a joint score")
    return Action(label, reverse("application_settle", args=[application.pk, criterion.pk]), look="link")


@dataclass(frozen=True)
class ShownRule:
    """How one of the call's rules stands for an application, and what the reader may do about it (G5)."""

    title: str
    detail: str
    is_missing: bool
    fix: Action | None


def rules_to_fix(findings: Iterable[Finding]) -> list[ShownRule]:
    """For the writer: the way to the place on the page where a rule that stands in the way is met."""
    go = _("Go there")
    places = ((one, one.anchor if one.blocks else "") for one in findings)
    return [_rule(one, Action(go, f"#{place}", look="link") if place else None) for one, place in places]


def rules_to_judge(user: Actor, application: Application, findings: Iterable[Finding]) -> list[ShownRule]:
    """For other readers: KSF may make an exception from a rule that stands in the way, and take one back."""
    may_waive = user.has_perm("grants.waive_rule", application)
    return [_rule(one, _waive(application, one) if may_waive else None) for one in findings]


def _waive(application: Application, finding: Finding) -> Action | None:
    args = [application.pk, finding.code]
    if finding.outcome is RuleOutcome.WAIVED:
        back = reverse("application_take_back_waiver", args=args)
        return Action(_("Take the exception back"), back, is_post=True, look="link", about=finding.title)
    if finding.blocks and finding.can_be_waived:
        return Action(_("Make an exception"), reverse("application_waive", args=args), look="link", about=finding.title)
    return None


def _rule(finding: Finding, fix: Action | None) -> ShownRule:
    return ShownRule(finding.title, finding.detail, finding.blocks, fix)
