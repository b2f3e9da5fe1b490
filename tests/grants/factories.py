"""Calls, applications and reviews as small as they can be, with no surprises."""

import itertools
from datetime import date, timedelta

from django.utils import timezone

from clusters.lifecycle import ClusterState
from clusters.models import MotorTerm
from grants.lifecycle import ApplicationState, CallState, ReviewState
from grants.models import (
    Application,
    ApplicationMember,
    Appropriation,
    Award,
    AwardCriterion,
    AwardShare,
    Call,
    CostCategory,
    Criterion,
    PlannedInstalment,
    Pot,
    PotKind,
    Question,
    RequiredAttachment,
    RequiredDeliverable,
    Review,
    Scheme,
    Score,
)
from ksf.accounts.roles import Role
from tests.clusters.factories import add_member, make_cluster
from tests.ksf.factories import appoint, make_user
from tests.regions.factories import make_county, make_municipality, make_region

_numbers = itertools.count(1)
POT = 1_000_000
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def make_pot(amount=7_000_000, *, year=None, appropriation=10_000_000):
    year = year or 2100 + next(_numbers)
    grant = Appropriation.objects.create(year=year, amount=appropriation)
    return Pot.objects.create(appropriation=grant, kind=PotKind.SEED_GRANTS, amount=amount)


def make_scheme():
    number = next(_numbers)
    scheme = Scheme.objects.create(
        code=f"ordning{number}",
        version=1,
        name_nb="Såkornmidler",
        legal_basis_nb="Bevilgning",
        goal_nb="Mål",
        target_group_nb="Klynger",
        follow_up_nb="Oppfølging",
    )
    for order, code in enumerate(["need", "plan"]):
        AwardCriterion.objects.create(
            scheme=scheme,
            order=order,
            code=code,
            name_nb=f"Kriterium {code}",
            guidance_nb={str(points): f"Betyr {points}" for points in range(1, 8)},
        )
    return scheme


def make_call(state=CallState.PUBLISHED, *, weights=(60, 40), opens=-10, deadline=10, **fields):
    """A call with two criteria, one question, two cost categories and a required agreement; days from now."""
    number = next(_numbers)
    now = timezone.now().replace(microsecond=0)
    fields = {
        "slug": f"utlysning{number}",
        "title_nb": f"Såkornmidler {number}",
        "amount": 7_000_000,
        "cap_per_municipality": 300_000,
        "opens_at": now + timedelta(days=opens),
        "deadline_at": now + timedelta(days=deadline),
        "period_from": date(2027, 6, 15),
        "period_to": date(2028, 6, 30),
        **fields,
    }
    fields.setdefault("pot", None)
    fields["pot"] = fields["pot"] or make_pot()
    scheme = fields.pop("scheme", None) or make_scheme()
    call = Call.objects.create(scheme=scheme, state=state, **fields)
    for criterion, weight in zip(scheme.award_criteria.all(), weights, strict=True):
        Criterion.objects.create(call=call, award_criterion=criterion, weight=weight)
    Question.objects.create(call=call, code="why", label_nb="Hvorfor?", max_characters=100)
    CostCategory.objects.create(call=call, code="pay", label_nb="Lønn")
    CostCategory.objects.create(call=call, code="partner", label_nb="Innleid bistand", max_share=30, order=1)
    RequiredAttachment.objects.create(call=call, code="agreement", label_nb="Samarbeidsavtale", is_agreement=True)
    return call


def make_application(call=None, *, cluster=None, state=ApplicationState.DRAFT, members=5, amount=100_000, **fields):
    """An application of a cluster with so many members, each asking for ``amount``. No answers, budget or files."""
    call = call or make_call()
    cluster = cluster or make_cluster(members=members, state=ClusterState.BEING_ESTABLISHED)
    joined = list(cluster.memberships.order_by("pk"))
    if state not in {ApplicationState.DRAFT, ApplicationState.WITHDRAWN}:
        fields = {"number": f"{call.slug}-{next(_numbers)}", "submitted_at": timezone.now(), **fields}
    application = Application.objects.create(
        call=call,
        cluster=cluster,
        motor=joined[0].municipality,
        title=f"Søknad {cluster}",
        state=state,
        created_by=fields.pop("created_by", None) or make_user(),
        **{"least_amount": amount, **fields},
    )
    for membership in joined:
        ApplicationMember.objects.create(application=application, municipality=membership.municipality, amount=amount)
    return application


def make_reviewer(call, **fields):
    return appoint(Role.REVIEWER, call, **fields)


def make_review(application, reviewer=None, *, state=ReviewState.ASSIGNED, points=None, **fields):
    """A review; with ``points`` every criterion gets a score, one each in the criteria's order."""
    reviewer = reviewer or make_reviewer(application.call)
    if state not in {ReviewState.ASSIGNED, ReviewState.RELEASED}:
        fields = {"declared_at": timezone.now(), **fields}
    review = Review.objects.create(
        application=application, reviewer=reviewer, state=state, assigned_by=make_user(), **fields
    )
    for index, criterion in enumerate(application.call.criteria.all()):
        Score.objects.create(
            review=review,
            criterion=criterion,
            points=points[index] if points else None,
            content="Begrunnelse" if points else "",
        )
    return review


def make_award(application, amount=None, **fields):
    """An award shared among the members in the order they stand, in one transaction of the caller's."""
    amount = application.asked if amount is None else amount
    fields = {
        "pot": application.call.pot,
        "decided_at": timezone.now(),
        "decided_by": make_user(),
        "acceptance_due_on": timezone.localdate() + timedelta(days=21),
        **fields,
    }
    award = Award.objects.create(application=application, amount=amount, **fields)
    left = amount
    for member in application.members.all():
        share = min(left, member.amount)
        left -= share
        if share:
            AwardShare.objects.create(award=award, municipality=member.municipality, amount=share)
    return award


def make_member_cluster(county):
    """A cluster of five municipalities in the county; the first is its motor."""
    cluster = make_cluster(lead_region=county.region)
    joined = [add_member(cluster, make_municipality(county=county)) for _number in range(5)]
    MotorTerm.objects.create(cluster=cluster, membership=joined[0], period=joined[0].period)
    return cluster


def make_closed_call(*, pot=POT, applications=((6, 6), (5, 5), (3, 3)), cap=100_000, county=None, **fields):
    """A closed call whose applications, all of one region, have these points from one reviewer."""
    fields = {"pot": fields.pop("of", None) or make_pot(pot), "amount": pot, "cap_per_municipality": cap, **fields}
    call = make_call(CallState.CLOSED, **fields)
    county = county or make_county(make_region())
    for points in applications:
        cluster = make_member_cluster(county)
        application = make_application(
            call, cluster=cluster, state=ApplicationState.UNDER_REVIEW, amount=100_000, least_amount=300_000
        )
        make_review(application, state=ReviewState.HANDED_IN, points=points, handed_in_at=timezone.now())
    PlannedInstalment.objects.create(call=call, number=1, share=75, when_nb="Ved aksept")
    PlannedInstalment.objects.create(call=call, number=2, share=25, when_nb="Til slutt", is_held_back=True)
    point = RequiredDeliverable.Point
    for code, due in (("plan", point.ACCEPTED), ("report", point.PERIOD_END)):
        label = f"Leveranse {code}"
        RequiredDeliverable.objects.create(call=call, code=code, label_nb=label, due_from=due, due_months=2)
    return call
