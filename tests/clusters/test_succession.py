"""Mergers and splits: what is open moves, what has been stays (S11)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from clusters.models import Membership
from ksf import audit
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.periods import period, today
from regions.models import HostTerm, MunicipalityChange
from regions.services import succeed
from tests.clusters.factories import add_member, make_cluster
from tests.ksf.factories import LONG_AGO, appoint
from tests.regions.factories import make_county, make_municipality, make_region

ON = today() - timedelta(days=30)
MERGED, SPLIT = MunicipalityChange.Kind.MERGED, MunicipalityChange.Kind.SPLIT
pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county(make_region())


def test_a_merger_moves_what_is_open_and_keeps_what_was(county, staff):
    old, new = make_municipality(county=county), make_municipality(county=county, period=period(ON))
    cluster = make_cluster(lead_region=county.region)
    membership = add_member(cluster, old, is_in_plans=True)
    cluster.motor_terms.create(membership=membership, period=period(LONG_AGO))
    over = add_member(make_cluster(), old, end=ON)
    HostTerm.objects.create(region=county.region, municipality=old, period=period(LONG_AGO))
    contact = appoint(Role.RD_CONTACT, old)

    succeed(old, [new], on=ON, kind=MERGED, by=staff)

    old.refresh_from_db()
    assert (old.ends_on, MunicipalityChange.objects.get().new) == (ON, new)
    rows = cluster.memberships.order_by("period")
    assert [(m.municipality, m.starts_on, m.ends_on, m.is_in_plans) for m in rows] == [
        (old, LONG_AGO, ON, True), (new, ON, None, True),
    ]  # fmt: skip
    assert [(t.membership.municipality, t.starts_on, t.ends_on) for t in cluster.motor_terms.all()] == [
        (old, LONG_AGO, ON), (new, ON, None),
    ]  # fmt: skip
    assert [(t.municipality, t.starts_on) for t in county.region.host_terms.all()] == [(old, LONG_AGO), (new, ON)]
    assert [(a.municipality, a.ends_on) for a in Appointment.objects.filter(user=contact).order_by("period")] == [
        (old, ON), (new, None),
    ]  # fmt: skip
    assert over.cluster.memberships.get() == over
    assert audit.history(old).first().verb == "municipality.succeeded"


def test_two_members_of_one_cluster_merge_into_one_membership(county, staff):
    first, second = make_municipality(county=county), make_municipality(county=county)
    new = make_municipality(county=county, period=period(ON))
    cluster = make_cluster()
    for old in (first, second):
        add_member(cluster, old)
        succeed(old, [new], on=ON, kind=MERGED, by=staff)
    assert Membership.objects.on(today()).get().municipality == new


def test_a_split_gives_each_part_the_membership_and_the_first_the_roles(county, staff):
    old = make_municipality(county=county)
    parts = [make_municipality(county=county, period=period(ON)) for _ in range(2)]
    cluster = make_cluster()
    membership = add_member(cluster, old)
    cluster.motor_terms.create(membership=membership, period=period(LONG_AGO))
    contact = appoint(Role.RD_CONTACT, old)
    succeed(old, parts, on=ON, kind=SPLIT, by=staff)
    assert {m.municipality for m in cluster.memberships.on(today())} == set(parts)
    assert cluster.motor_terms.on(today()).get().membership.municipality == parts[0]
    assert contact.appointments.in_force().get().municipality == parts[0]


def test_what_has_not_begun_moves_whole(county, staff):
    old, new = make_municipality(county=county), make_municipality(county=county, period=period(ON))
    later = today() + timedelta(days=9)
    membership = add_member(make_cluster(), old, start=later)
    contact = appoint(Role.RD_CONTACT, old, start=later)
    succeed(old, [new], on=ON, kind=MERGED, by=staff)
    moved = membership.cluster.memberships.get()
    assert (moved.municipality, moved.starts_on) == (new, later)
    assert contact.appointments.get().municipality == new


def test_the_days_must_fit(county, staff):
    old, early = make_municipality(county=county), make_municipality(county=county, period=period(LONG_AGO, ON))
    for successors in ([], [old], [early]):
        with pytest.raises(ValidationError):
            succeed(old, successors, on=ON, kind=MERGED, by=staff)
    with pytest.raises(ValidationError):
        succeed(early, [old], on=today(), kind=MERGED, by=staff)
    with pytest.raises(PermissionDenied):
        succeed(old, [make_municipality()], on=ON, kind=MERGED, by=appoint(Role.REGIONAL_COORDINATOR, county.region))


def test_the_command(county, staff, capsys):
    old, new = make_municipality(county=county), make_municipality(county=county)
    arguments = ["succeed_municipality", old.number, "--to", new.number, "--on", str(ON), "--kind", "merged", "--by"]
    for faulty in ([*arguments, "nobody@ksf.example"], [*arguments, appoint(Role.OBSERVER).email]):
        with pytest.raises(CommandError):
            call_command(*faulty)
    call_command(*arguments, staff.email)
    assert f"{old.number} {old.name} ended on {ON}" in capsys.readouterr().out
    with pytest.raises(CommandError, match="kan ikke avsluttes den dagen"):
        call_command(*arguments, staff.email)
