"""The only writer of regional plans (R1)."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.steps import lock, take
from regions.models import Region
from reporting.lifecycle import PLAN, PLAN_WRITING
from reporting.models import ActivityReport, PlanActivity, PlanTarget, RegionalPlan
from reporting.notifications import notify_region


@transaction.atomic
def start(region: Region, year: int, *, by: User) -> RegionalPlan:
    """The region's plan for ``year``: begun from the year before's activities and targets if there is one (R1).

    Starting twice gives the same plan.
    """
    if not by.has_perm("reporting.write", RegionalPlan(region=region, year=year)):
        raise PermissionDenied("reporting.write")
    plan, is_new = RegionalPlan.objects.get_or_create(region=region, year=year)
    if not is_new:
        return plan
    before = RegionalPlan.objects.filter(region=region, year=year - 1).first()
    if before is not None:
        plan.started_from = before
        plan.save(update_fields=["started_from"])
        _copy(before, plan)
    audit.record("regional_plan.start", plan, by=by, started_from=before)
    return plan


def _copy(before: RegionalPlan, plan: RegionalPlan) -> None:
    """Activities moved a year ahead, without those that are reported done or dropped."""
    finished = ActivityReport.objects.filter(
        activity__plan=before, outcome__in=[ActivityReport.Outcome.DONE, ActivityReport.Outcome.DROPPED]
    )
    for activity in before.activities.exclude(pk__in=finished.values("activity")):
        PlanActivity.objects.create(
            plan=plan,
            goal_id=activity.goal_id,
            title=activity.title,
            responsible=activity.responsible,
            due_on=_year_later(activity.due_on),
            expected_result=activity.expected_result,
            indicator_id=activity.indicator_id,
            order=activity.order,
        )
    PlanTarget.objects.bulk_create(
        PlanTarget(plan=plan, indicator=row.indicator, value=row.value)
        for row in before.targets.select_related("indicator")
    )


def _year_later(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


@transaction.atomic
def add_activity(plan: RegionalPlan, *, by: User, **values: Any) -> PlanActivity:
    """A new activity, last under its goal."""
    plan = _open(plan, by)
    last = plan.activities.filter(goal=values["goal"]).aggregate(last=Max("order"))["last"] or 0
    activity = PlanActivity.objects.create(plan=plan, order=last + 1, **values)
    audit.record("regional_plan.add_activity", plan, by=by, activity=activity.title)
    return activity


@transaction.atomic
def change_activity(activity: PlanActivity, *, by: User, **values: Any) -> PlanActivity:
    plan = _open(activity.plan, by)
    locked = lock(activity)
    changes = audit.changes_of(locked, values)
    for field, value in values.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(values))
    if changes:
        audit.record("regional_plan.change_activity", plan, by=by, activity=locked.title, changes=changes)
    return locked


@transaction.atomic
def remove_activity(activity: PlanActivity, *, by: User) -> None:
    """Take an activity out of a plan that is not approved yet; the log keeps what it said."""
    plan = _open(activity.plan, by)
    audit.record(
        "regional_plan.remove_activity",
        plan,
        by=by,
        activity=activity.title,
        responsible=activity.responsible,
        due_on=activity.due_on,
        expected_result=activity.expected_result,
    )
    activity.delete()


@transaction.atomic
def move_activity(activity: PlanActivity, *, up: bool, by: User) -> None:
    """Swap an activity with its neighbour under the same goal; the first and last stay where they are."""
    plan = _open(activity.plan, by)
    rows = list(plan.activities.filter(goal=activity.goal_id))
    place = next(index for index, row in enumerate(rows) if row.pk == activity.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for order, row in enumerate(rows, start=1):
        row.order = order
    PlanActivity.objects.bulk_update(rows, ["order"])


@transaction.atomic
def set_targets(plan: RegionalPlan, *, targets: dict[int, int | None], by: User) -> None:
    """The region's own targets by indicator id; None takes one away."""
    plan = _open(plan, by)
    for indicator_id, value in targets.items():
        if value is None:
            plan.targets.filter(indicator=indicator_id).delete()
        else:
            PlanTarget.objects.update_or_create(plan=plan, indicator_id=indicator_id, defaults={"value": value})
    chosen = {str(indicator_id): value for indicator_id, value in targets.items() if value is not None}
    audit.record("regional_plan.set_targets", plan, by=by, targets=chosen)


@transaction.atomic
def hand_in(plan: RegionalPlan, *, by: User) -> RegionalPlan:
    """The host's lead hands the plan in to KS; it must hold an activity."""
    plan = take(PLAN, "hand_in", plan, by=by, submitted_at=timezone.now(), submitted_by=by)
    if not plan.activities.exists():
        raise ValidationError(_("The plan has no activities yet."))
    return plan


@transaction.atomic
def give_back(plan: RegionalPlan, *, comment: str, by: User) -> RegionalPlan:
    """KS asks for changes."""
    plan = take(PLAN, "return", plan, by=by, comment=comment)
    notify_region(
        plan.region_id, (Role.REGIONAL_COORDINATOR,), "plan_returned", {"plan": plan}, plan.get_absolute_url()
    )
    return plan


@transaction.atomic
def approve(plan: RegionalPlan, *, by: User) -> RegionalPlan:
    """KS approves the plan; from now on its activities are waiting to be reported on."""
    plan = take(PLAN, "approve", plan, by=by, approved_at=timezone.now(), comment="")
    ActivityReport.objects.bulk_create(
        [ActivityReport(activity=activity) for activity in plan.activities.all()], ignore_conflicts=True
    )
    notify_region(
        plan.region_id,
        (Role.REGIONAL_COORDINATOR, Role.HOST_LEAD),
        "plan_approved",
        {"plan": plan},
        plan.get_absolute_url(),
    )
    return plan


def _open(plan: RegionalPlan, by: User) -> RegionalPlan:
    """The plan locked for writing. Raises PermissionDenied or StepNotAllowed."""
    locked = lock(plan)
    PLAN_WRITING.check("write", locked, by=by)
    return locked
