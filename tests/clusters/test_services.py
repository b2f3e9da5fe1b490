"""Clusters, members, anchoring and motors: what the services do, refuse and write down (S4-S6)."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from clusters import services
from clusters.lifecycle import ClusterState
from clusters.models import Cluster, Membership, MotorTerm
from ksf import audit
from ksf.accounts.models import Appointment, User
from ksf.accounts.permissions import Office
from ksf.accounts.roles import Role
from ksf.periods import period, today
from tests.clusters.factories import add_member, make_cluster, make_cluster_with_phase, make_coordinator
from tests.ksf.factories import LONG_AGO, appoint
from tests.ksf.helpers import at_once
from tests.regions.factories import make_county, make_municipality, make_region

YESTERDAY, TOMORROW = today() - timedelta(days=1), today() + timedelta(days=1)
pytestmark = pytest.mark.django_db


def field_of(error):
    return list(error.value.message_dict)


def neighbour(cluster, **fields):
    """A municipality in the county of the cluster's first member."""
    return make_municipality(county=cluster.memberships.first().municipality.county, **fields)


class TestCreating:
    def test_begins_as_explored_from_the_day_given(self):
        region = make_region()
        by = appoint(Role.REGIONAL_COORDINATOR, region)
        cluster = services.create_cluster(lead_region=region, name="Sør-Østerdal øvre", on=YESTERDAY, by=by)
        assert (cluster.slug, cluster.state) == ("sor-osterdal-ovre", ClusterState.EXPLORING)
        assert cluster.phases.get().starts_on == YESTERDAY
        assert audit.history(cluster).get().verb == "cluster.created"

    def test_a_name_in_use_is_explained_at_the_name(self):
        region, by = make_region(), appoint(Role.NATIONAL_STAFF)
        services.create_cluster(lead_region=region, name="Salten", on=today(), by=by)
        with pytest.raises(ValidationError) as error:
            services.create_cluster(lead_region=region, name="SALTEN", on=today(), by=by)
        assert field_of(error) == ["name"]

    @pytest.mark.parametrize("role", [Role.HOST_LEAD, Role.KS_REGIONAL_OFFICE])
    def test_others_in_the_region_may_not(self, role):
        region = make_region()
        with pytest.raises(PermissionDenied):
            services.create_cluster(lead_region=region, name="X", on=today(), by=appoint(role, region))

    def test_a_coordinator_of_another_region_may_not(self):
        by = appoint(Role.REGIONAL_COORDINATOR, make_region())
        with pytest.raises(PermissionDenied):
            services.create_cluster(lead_region=make_region(), name="X", on=today(), by=by)

    def test_editing_writes_down_what_changed_from_what(self):
        cluster = make_cluster(purpose="A")
        by = make_coordinator(cluster)
        services.edit_cluster(cluster, by=by, purpose="B", name=cluster.name)
        assert audit.history(cluster).get().data == {"changes": {"purpose": ["A", "B"]}}
        with pytest.raises(PermissionDenied):
            services.edit_cluster(cluster, by=make_coordinator(make_cluster()), purpose="C")


class TestEstablishing:
    def test_five_members_and_a_motor(self):
        cluster = make_cluster_with_phase(members=5)
        by = appoint(Role.NATIONAL_STAFF)
        assert services.establish(cluster, on=YESTERDAY, by=by).established_on == YESTERDAY

    def test_four_members_ask_for_a_stated_exception(self):
        cluster = make_cluster_with_phase(members=4)
        by = appoint(Role.NATIONAL_STAFF)
        with pytest.raises(ValidationError) as error:
            services.establish(cluster, on=today(), by=by)
        assert field_of(error) == ["few_members_reason"]
        services.establish(cluster, on=today(), by=by, few_members_reason="Store avstander")
        assert Cluster.objects.get().few_members_reason == "Store avstander"

    def test_without_a_motor_it_is_refused(self):
        cluster = make_cluster_with_phase(members=5, motor=False)
        with pytest.raises(ValidationError, match="ingen motorkommune"):
            services.establish(cluster, on=today(), by=appoint(Role.NATIONAL_STAFF))

    @pytest.mark.parametrize("on", [TOMORROW, LONG_AGO - timedelta(days=1)])
    def test_a_day_to_come_or_before_the_last_phase_is_refused_whole(self, on):
        cluster = make_cluster_with_phase(ClusterState.EXPLORING)
        with pytest.raises(ValidationError) as error:
            services.begin(cluster, on=on, by=appoint(Role.NATIONAL_STAFF))
        assert field_of(error) == ["on"]
        assert Cluster.objects.get().state == ClusterState.EXPLORING

    def test_a_phase_that_began_the_same_day_held_no_day(self):
        region, by = make_region(), appoint(Role.NATIONAL_STAFF)
        cluster = services.create_cluster(lead_region=region, name="Ny", on=today(), by=by)
        services.begin(cluster, on=today(), by=by)
        assert [phase.state for phase in cluster.phases.all()] == [ClusterState.BEING_ESTABLISHED]

    def test_dissolving_ends_members_motor_and_coordinator(self):
        cluster = make_cluster_with_phase(members=2)
        coordinator = make_coordinator(cluster)
        add_member(cluster, neighbour(cluster), start=TOMORROW)
        services.dissolve(cluster, on=today(), reason="Slås sammen", by=appoint(Role.NATIONAL_STAFF))
        assert {m.ends_on for m in cluster.memberships.all()} == {today()}
        assert cluster.memberships.count() == 2
        assert cluster.motor_terms.get().ends_on == today()
        assert Appointment.objects.get(user=coordinator).ends_on == today()
        assert Cluster.objects.get().dissolved_reason == "Slås sammen"
        with pytest.raises(ValidationError):
            services.add_member(cluster, neighbour(cluster), on=today(), by=appoint(Role.NATIONAL_STAFF))


class TestMembers:
    def test_joining(self):
        cluster = make_cluster_with_phase(members=1)
        by = make_coordinator(cluster)
        membership = services.add_member(cluster, neighbour(cluster), on=today(), by=by)
        assert (membership.starts_on, membership.ends_on) == (today(), None)
        assert audit.history(cluster).get().verb == "cluster.member_joined"

    def test_never_twice_at_once(self):
        cluster = make_cluster_with_phase(members=1)
        member = cluster.memberships.get().municipality
        with pytest.raises(ValidationError, match=f"{member} har vært medlem siden") as error:
            services.add_member(cluster, member, on=today(), by=appoint(Role.NATIONAL_STAFF))
        assert field_of(error) == ["municipality"]

    def test_may_come_back_later(self):
        cluster = make_cluster_with_phase()
        municipality = make_municipality(region=cluster.lead_region)
        add_member(cluster, municipality, end=YESTERDAY)
        services.add_member(cluster, municipality, on=today(), by=appoint(Role.NATIONAL_STAFF))
        assert cluster.memberships.count() == 2

    def test_a_period_in_the_middle_is_named_with_its_days(self):
        cluster = make_cluster_with_phase()
        municipality = make_municipality(region=cluster.lead_region)
        add_member(cluster, municipality, start=YESTERDAY, end=TOMORROW)
        with pytest.raises(ValidationError, match=f"{municipality} er allerede medlem fra .* til "):
            services.add_member(cluster, municipality, on=LONG_AGO, by=appoint(Role.NATIONAL_STAFF))

    @pytest.mark.parametrize("where", ["another region", "another county"])
    def test_outside_asks_for_a_reason(self, where):
        cluster = make_cluster_with_phase(members=1)
        county = make_county(cluster.lead_region if where == "another county" else make_region())
        outsider, by = make_municipality(county=county), make_coordinator(cluster)
        with pytest.raises(ValidationError) as error:
            services.add_member(cluster, outsider, on=today(), by=by)
        assert field_of(error) == ["outside_reason"]
        services.add_member(cluster, outsider, on=today(), by=by, outside_reason="Samme sykehus")
        assert cluster.memberships.filter(outside_reason="Samme sykehus").exists()

    def test_only_a_municipality_of_that_day(self):
        cluster = make_cluster_with_phase(members=1)
        with pytest.raises(ValidationError) as error:
            services.add_member(
                cluster,
                neighbour(cluster, period=period(LONG_AGO, YESTERDAY)),
                on=today(),
                by=make_coordinator(cluster),
            )
        assert field_of(error) == ["on"]

    def test_leaving_ends_on_the_day(self):
        cluster = make_cluster_with_phase(members=7)
        leaver = cluster.memberships.filter(motor_terms=None).first()
        services.end_membership(leaver, on=TOMORROW, by=make_coordinator(cluster))
        leaver.refresh_from_db()
        assert leaver.ends_on == TOMORROW

    def test_an_end_that_runs_into_the_next_membership_is_an_error_at_the_day(self):
        cluster, by = make_cluster_with_phase(members=6), appoint(Role.NATIONAL_STAFF)
        leaver = cluster.memberships.filter(motor_terms=None).first()
        services.end_membership(leaver, on=TOMORROW, by=by)
        services.add_member(cluster, leaver.municipality, on=TOMORROW, outside_reason="Felles fjord", by=by)
        with pytest.raises(ValidationError, match=str(leaver.municipality)) as error:
            services.end_membership(leaver, on=TOMORROW + timedelta(days=9), by=by)
        assert field_of(error) == ["on"]

    def test_the_motor_cannot_leave(self):
        cluster = make_cluster_with_phase(members=7)
        motor = cluster.motor_terms.get().membership
        with pytest.raises(ValidationError, match="Overfør den rollen først"):
            services.end_membership(motor, on=today(), by=make_coordinator(cluster))
        motor.refresh_from_db()
        assert motor.ends_on is None

    def test_fewer_than_five_in_an_established_cluster_asks_for_an_exception(self):
        cluster = make_cluster_with_phase(ClusterState.ESTABLISHED, members=5)
        leaver = cluster.memberships.filter(motor_terms=None).first()
        with pytest.raises(ValidationError) as error:
            services.end_membership(leaver, on=today(), by=make_coordinator(cluster))
        assert field_of(error) == ["few_members_reason"]
        services.end_membership(leaver, on=today(), by=make_coordinator(cluster), few_members_reason="Midlertidig")
        assert Cluster.objects.get().few_members_reason == "Midlertidig"

    @pytest.mark.parametrize("role", [Role.RD_CONTACT, Role.OBSERVER])
    def test_others_may_not(self, role):
        cluster = make_cluster_with_phase(members=6)
        member = cluster.memberships.last()
        by = appoint(role, member.municipality if role == Role.RD_CONTACT else None)
        with pytest.raises(PermissionDenied):
            services.end_membership(member, on=today(), by=by)
        with pytest.raises(PermissionDenied):
            services.add_member(cluster, neighbour(cluster), on=today(), by=by)


class TestAnchoring:
    def test_the_members_own_contact_may(self):
        membership = make_cluster_with_phase(members=1).memberships.get()
        by = appoint(Role.RD_CONTACT, membership.municipality)
        services.anchor(membership, by=by, anchored_politically_on=YESTERDAY, is_in_plans=True)
        membership.refresh_from_db()
        assert (membership.anchored_politically_on, membership.is_in_plans) == (YESTERDAY, True)
        assert audit.history(membership).get().data["changes"]["is_in_plans"] == [False, True]

    def test_another_members_contact_may_not(self):
        cluster = make_cluster_with_phase(members=2)
        first, second = cluster.memberships.all()
        with pytest.raises(PermissionDenied):
            services.anchor(first, by=appoint(Role.RD_CONTACT, second.municipality), is_in_plans=True)

    def test_no_day_to_come(self):
        membership = make_cluster_with_phase(members=1).memberships.get()
        with pytest.raises(ValidationError) as error:
            services.anchor(membership, by=appoint(Role.NATIONAL_STAFF), anchored_administratively_on=TOMORROW)
        assert field_of(error) == ["anchored_administratively_on"]


class TestMotors:
    def test_the_role_is_handed_over_in_one_step(self):
        cluster = make_cluster_with_phase(members=3)
        present = cluster.motor_terms.get()
        new = cluster.memberships.filter(motor_terms=None).first()
        term = services.hand_over_motor(
            cluster, new, on=today(), after=present, by=make_coordinator(cluster), proposed_by="Klyngen"
        )
        present.refresh_from_db()
        assert (present.ends_on, term.starts_on, term.ends_on, term.proposed_by) == (today(), today(), None, "Klyngen")
        assert audit.history(cluster).get().data["before"] == present.membership.municipality.name

    def test_a_member_for_some_time_is_motor_for_that_time(self):
        cluster = make_cluster_with_phase(members=1, motor=False)
        new = add_member(cluster, neighbour(cluster), end=TOMORROW)
        term = services.hand_over_motor(cluster, new, on=today(), after=None, by=make_coordinator(cluster))
        assert term.ends_on == TOMORROW

    def test_one_who_joins_later_cannot_be_motor_before(self):
        cluster = make_cluster_with_phase(members=1)
        new = add_member(cluster, neighbour(cluster), start=TOMORROW)
        with pytest.raises(ValidationError, match="må være medlem hele tiden") as error:
            services.hand_over_motor(
                cluster, new, on=today(), after=cluster.motor_terms.get(), by=make_coordinator(cluster)
            )
        assert field_of(error) == ["membership"]
        assert cluster.motor_terms.get().ends_on is None

    def test_a_day_before_the_present_term_is_refused(self):
        cluster = make_cluster_with_phase(members=2)
        new = cluster.memberships.filter(motor_terms=None).get()
        with pytest.raises(ValidationError) as error:
            services.hand_over_motor(
                cluster, new, on=LONG_AGO, after=cluster.motor_terms.get(), by=make_coordinator(cluster)
            )
        assert field_of(error) == ["on"]

    def test_somebody_was_faster(self):
        cluster = make_cluster_with_phase(members=2)
        with pytest.raises(ValidationError, match="Noen andre endret"):
            services.hand_over_motor(
                cluster, cluster.memberships.last(), on=today(), after=None, by=make_coordinator(cluster)
            )


class TestTheDatabase:
    """What no code can get around."""

    def test_refuses_two_motors_at_once(self):
        cluster = make_cluster_with_phase(members=2)
        with pytest.raises(IntegrityError, match="motor_term_one_at_a_time"):
            MotorTerm.objects.create(cluster=cluster, membership=cluster.memberships.last(), period=period(TOMORROW))

    def test_refuses_a_motor_of_another_cluster(self):
        with pytest.raises(IntegrityError, match="not within a membership"):
            MotorTerm.objects.create(
                cluster=make_cluster(),
                membership=make_cluster(members=1, motor=False).memberships.get(),
                period=period(LONG_AGO),
            )

    def test_refuses_a_motor_beyond_its_membership(self):
        cluster = make_cluster()
        member = add_member(cluster, make_municipality(), end=TOMORROW)
        with pytest.raises(IntegrityError, match="not within a membership"):
            MotorTerm.objects.create(cluster=cluster, membership=member, period=period(LONG_AGO))

    def test_refuses_to_shorten_a_membership_under_its_motor(self):
        membership = make_cluster(members=1).memberships.get()
        with pytest.raises(IntegrityError, match="whole of its motor term"), transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(period=period(LONG_AGO, TOMORROW))

    def test_refuses_an_established_cluster_without_a_day(self):
        with pytest.raises(IntegrityError, match="cluster_established_on"):
            make_cluster(state=ClusterState.ESTABLISHED)


def test_the_cluster_coordinator_names_contacts_of_own_members_only():
    cluster = make_cluster(members=1)
    by, member = make_coordinator(cluster), cluster.memberships.get().municipality
    assert by.has_perm("accounts.appoint", Office(Role.RD_CONTACT, member))
    assert not by.has_perm("accounts.appoint", Office(Role.RD_CONTACT, make_municipality()))
    assert not by.has_perm("accounts.appoint", Office(Role.CLUSTER_COORDINATOR, cluster))


@pytest.mark.django_db(transaction=True)
def test_of_two_motor_handovers_at_once_one_wins():
    cluster = make_cluster_with_phase(members=3)
    present, by = cluster.motor_terms.get(), make_coordinator(cluster)
    candidates = list(cluster.memberships.filter(motor_terms=None))

    def hand_over(new):
        services.hand_over_motor(cluster, new, on=today(), after=present, by=User.objects.get(pk=by.pk))

    assert at_once(*[partial(hand_over, new) for new in candidates]) == ["ValidationError", "done"]
    first, second = cluster.motor_terms.order_by("period")
    assert first == present
    assert second.membership in candidates
