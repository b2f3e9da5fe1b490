"""Handing over the role as host: one step, one winner, and consent while the host is committed (S2)."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from ksf import audit, waiting
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.periods import period, today
from regions import services
from regions.lifecycle import HANDOVER, HandoverState
from regions.models import HandoverProposal, HostTerm
from tests.ksf.factories import LONG_AGO, appoint
from tests.ksf.helpers import at_once
from tests.regions.factories import make_municipality, make_region

YESTERDAY, TOMORROW = today() - timedelta(days=1), today() + timedelta(days=1)


@pytest.fixture
def lead(db):
    return appoint(Role.NATIONAL_LEAD)


def host(region, *, committed_until=None, start=LONG_AGO):
    return HostTerm.objects.create(
        region=region,
        municipality=make_municipality(region=region),
        period=period(start),
        committed_until=committed_until,
    )


class TestHandingOver:
    def test_ends_one_term_and_starts_the_next_the_same_day(self, region, staff):
        old, new = host(region), make_municipality(region=region)
        handover = services.hand_over_host(region, new, on=today(), after=old, by=staff, decision_reference="26/1")
        old.refresh_from_db()
        term = services.last_term(region)
        assert (old.ends_on, term.starts_on, term.ends_on) == (today(), today(), None)
        assert (term.municipality, term.decision_reference, handover.state) == (new, "26/1", HandoverState.CARRIED_OUT)
        entry = audit.history(region).get()
        assert (entry.verb, entry.actor) == ("region.host_changed", staff)

    def test_a_region_without_host_gets_its_first(self, region, staff):
        new = make_municipality(region=region)
        services.hand_over_host(region, new, on=YESTERDAY, after=None, by=staff)
        assert services.last_term(region).municipality == new

    def test_the_host_must_lie_in_the_region(self, region, staff):
        with pytest.raises(ValidationError) as error:
            services.hand_over_host(region, make_municipality(), on=today(), after=None, by=staff)
        assert "municipality" in error.value.message_dict
        assert not HandoverProposal.objects.exists()

    @pytest.mark.parametrize("field", ["on", "municipality"])
    def test_a_day_or_host_that_does_not_fit_is_explained(self, region, staff, field):
        old = host(region, start=today())
        new = make_municipality(region=region) if field == "on" else old.municipality
        on = today() if field == "on" else TOMORROW
        with pytest.raises(ValidationError) as error:
            services.hand_over_host(region, new, on=on, after=old, by=staff)
        assert old.municipality.name in error.value.message_dict[field][0]

    def test_only_national_staff_may(self, region):
        for user in (
            appoint(Role.REGIONAL_COORDINATOR, region),
            appoint(Role.HOST_LEAD, region),
            appoint(Role.OBSERVER),
        ):
            with pytest.raises(PermissionDenied):
                services.hand_over_host(region, make_municipality(region=region), on=today(), after=None, by=user)

    def test_the_database_refuses_two_hosts_at_once(self, region):
        host(region)
        with pytest.raises(IntegrityError):
            host(region, start=TOMORROW)


class TestConsent:
    @pytest.fixture
    def waits(self, region, staff):
        old = host(region, committed_until=TOMORROW)
        return services.hand_over_host(
            region, make_municipality(region=region), on=today(), after=old, by=staff, reason="Ønsker å rullere"
        )

    def test_a_reason_is_asked_for_while_the_host_is_committed(self, region, staff):
        old = host(region, committed_until=today())
        with pytest.raises(ValidationError) as error:
            services.hand_over_host(region, make_municipality(region=region), on=today(), after=old, by=staff)
        assert "reason" in error.value.message_dict

    def test_the_day_after_the_commitment_needs_no_consent(self, region, staff):
        old = host(region, committed_until=YESTERDAY)
        handover = services.hand_over_host(region, make_municipality(region=region), on=today(), after=old, by=staff)
        assert handover.state == HandoverState.CARRIED_OUT

    def test_nothing_changes_before_the_lead_consents(self, waits, lead):
        assert (waits.state, services.last_term(waits.region).ends_on) == (HandoverState.PROPOSED, None)
        assert services.last_term(waits.region).municipality != waits.municipality
        assert [item.url for item in waiting.for_user(lead)][:1] == [waits.get_absolute_url()]
        services.consent(waits, by=lead)
        term = services.last_term(waits.region)
        assert (term.municipality, term.starts_on) == (waits.municipality, today())
        assert waits.region.host_terms.first().end_reason == "Ønsker å rullere"
        assert waits.get_absolute_url() not in [item.url for item in waiting.for_user(lead)]

    def test_one_waits_at_a_time(self, waits, staff):
        with pytest.raises(ValidationError, match="venter allerede på samtykke"):
            services.hand_over_host(
                waits.region,
                make_municipality(region=waits.region),
                on=today(),
                by=staff,
                reason="Igjen",
                after=services.last_term(waits.region),
            )

    def test_a_lead_does_not_consent_to_an_own_proposal(self, region, lead):
        old = host(region, committed_until=TOMORROW)
        own = services.hand_over_host(
            region, make_municipality(region=region), on=today(), after=old, by=lead, reason="Rullering"
        )
        with pytest.raises(PermissionDenied):
            services.consent(own, by=lead)
        services.withdraw(own, by=lead)

    ALLOWED = {
        (HandoverState.PROPOSED, "consent"): HandoverState.CARRIED_OUT,
        (HandoverState.PROPOSED, "refuse"): HandoverState.REFUSED,
        (HandoverState.PROPOSED, "withdraw"): HandoverState.WITHDRAWN,
    }

    @pytest.mark.parametrize("state", HandoverState)
    @pytest.mark.parametrize("step", HANDOVER.steps)
    def test_every_state_and_step(self, waits, lead, staff, state, step):
        HandoverProposal.objects.update(state=state)
        by = staff if step == "withdraw" else lead
        take = {
            "consent": lambda: services.consent(waits, by=by),
            "refuse": lambda: services.refuse(waits, note="Nei", by=by),
            "withdraw": lambda: services.withdraw(waits, by=by),
        }[step]
        if (state, step) in self.ALLOWED:
            assert take().state == self.ALLOWED[state, step]
        else:
            with pytest.raises(StepNotAllowed):
                take()
        stranger = appoint(Role.REGIONAL_COORDINATOR, waits.region)
        assert not any(stranger.has_perm(row.perm, waits) for row in HANDOVER.steps.values())


@pytest.mark.django_db(transaction=True)
def test_of_two_handovers_at_once_one_wins():
    region = make_region()
    old, staff = host(region), appoint(Role.NATIONAL_STAFF)
    candidates = [make_municipality(region=region) for _ in range(2)]

    def hand_over(new):
        services.hand_over_host(region, new, on=date(2026, 1, 1), after=old, by=User.objects.get(pk=staff.pk))

    assert at_once(*[partial(hand_over, new) for new in candidates]) == ["ValidationError", "done"]
    first, second = region.host_terms.all()
    assert first.municipality == old.municipality
    assert second.municipality in candidates
