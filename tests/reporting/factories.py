from datetime import date

from django.utils import timezone

from clusters.lifecycle import ClusterState
from ksf.accounts.roles import Role
from reporting.lifecycle import SectionState
from reporting.models import Goal, GrantUse, Indicator, ReportFigure, ReportSection, Target
from reporting.services import definitions, plan, report
from tests.clusters.factories import make_cluster_with_phase
from tests.ksf.factories import appoint
from tests.regions.factories import make_region

YEAR = 2025
_definitions = []


def load_definitions():
    """Goals, indicators and targets as the files have them, read once: that takes longer than most tests."""
    if _definitions:
        for rows in _definitions:
            type(rows[0]).objects.bulk_create(rows)
    else:
        definitions.load()
        _definitions.extend(list(model.objects.all()) for model in (Goal, Indicator, Target))


def make_team(region=None):
    """A region with its coordinator and host lead."""
    region = region or make_region()
    return region, appoint(Role.REGIONAL_COORDINATOR, region), appoint(Role.HOST_LEAD, region)


def make_network_cluster(region, state=ClusterState.ESTABLISHED, **fields):
    return make_cluster_with_phase(state, lead_region=region, **fields)


def make_report(region, by, year=YEAR):
    return report.start(region, year, by=by)


def make_plan(region, by, year=YEAR, activities=()):
    made = plan.start(region, year, by=by)
    for goal, title in activities:
        plan.add_activity(
            made,
            goal=goal,
            title=title,
            responsible="regional koordinator",
            due_on=date(year, 6, 1),
            expected_result="Avtale",
            indicator=None,
            by=by,
        )
    return made


def fill(made):
    """Everything a report needs to be handed in, without going through each page."""
    ReportSection.objects.filter(report=made).update(content="Vi samlet behov.", state=SectionState.DONE)
    ReportFigure.objects.filter(report=made, count=None).update(corrected=1)
    GrantUse.objects.filter(report=made).update(granted=450_000, spent=410_000)
    type(made).objects.filter(pk=made.pk).update(
        figures_at=timezone.make_aware(timezone.datetime(made.year + 1, 1, 5)), late_reason="Sen signering"
    )
    made.refresh_from_db()
    return made


def make_approved(region, writer, lead, staff, year=YEAR):
    """A sealed report."""
    made = fill(make_report(region, writer, year))
    return report.approve(report.hand_in(made, by=lead), by=staff)
