"""A plan as its page shows it."""

from dataclasses import dataclass, field

from django.urls import reverse

from ksf.actor import Actor
from reporting.models import Goal, PlanActivity, PlanTarget, RegionalPlan


@dataclass
class GoalActivities:
    goal: Goal
    activities: list[PlanActivity] = field(default_factory=list)


def activities_by_goal(plan: RegionalPlan) -> list[GoalActivities]:
    """The goals of the plan's year, each with its activities and how they went, in two queries."""
    rows = plan.activities.select_related("goal", "indicator", "report")
    found = {goal.pk: GoalActivities(goal) for goal in Goal.objects.for_year(plan.year)}
    for row in rows:
        found.setdefault(row.goal_id, GoalActivities(row.goal)).activities.append(row)
    return list(found.values())


def targets(plan: RegionalPlan) -> list[PlanTarget]:
    return list(plan.targets.select_related("indicator"))


def next_plan_url(plan: RegionalPlan, user: Actor) -> str:
    """The address that begins the next year's plan from this one, for those who may and while there is none."""
    following = RegionalPlan(region=plan.region, year=plan.year + 1)
    if not user.has_perm("reporting.write", following):
        return ""
    exists = RegionalPlan.objects.filter(region=plan.region, year=following.year).exists()
    return "" if exists else reverse("plan_start", args=[following.year, plan.region.slug])
