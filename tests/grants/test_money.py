"""G1: what is decided never exceeds a pot, nor the pots the appropriation, also when decided at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from grants.lifecycle import ApplicationState, AwardState
from grants.models import Appropriation, Award, AwardShare, Pot, PotKind
from tests.clusters.factories import add_member, make_cluster
from tests.grants.factories import make_application, make_award, make_call, make_pot

UNDER_REVIEW = ApplicationState.UNDER_REVIEW


def in_threads(work, arguments):
    """Run ``work`` for all arguments at once; True where it committed, False where the database refused."""
    barrier = Barrier(len(arguments))

    def attempt(argument):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            with transaction.atomic():
                work(argument)
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(attempt, arguments))


@pytest.mark.django_db
def test_pots_never_exceed_the_appropriation():
    pot = make_pot(7_000_000)
    with pytest.raises(IntegrityError, match="exceed the appropriation"), transaction.atomic():
        Pot.objects.create(appropriation=pot.appropriation, kind=PotKind.REGIONS, amount=3_000_001)
    Pot.objects.create(appropriation=pot.appropriation, kind=PotKind.REGIONS, amount=3_000_000)
    with pytest.raises(IntegrityError, match="exceed the appropriation"), transaction.atomic():
        Appropriation.objects.update(amount=9_999_999)


@pytest.mark.django_db
def test_a_pot_never_shrinks_below_what_is_decided():
    award = make_award(make_application(state=UNDER_REVIEW), 500_000)
    Pot.objects.update(amount=500_000)
    with pytest.raises(IntegrityError, match="exceed the pot"), transaction.atomic():
        Pot.objects.update(amount=499_999)
    Award.objects.filter(pk=award.pk).update(state=AwardState.LAPSED)
    assert Pot.objects.update(amount=1) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_decisions_at_once_never_exceed_the_pot():
    call = make_call(pot=make_pot(1_700_000))
    applications = [make_application(call, state=UNDER_REVIEW, members=1, amount=250_000) for _ in range(20)]
    done = in_threads(make_award, applications)
    assert done.count(True) == 6
    assert sum(award.amount for award in Award.objects.all()) == 1_500_000


@pytest.mark.django_db(transaction=True)
def test_twenty_decisions_at_once_never_exceed_a_municipality_s_cap():
    call = make_call(pot=make_pot(7_000_000), cap_per_municipality=300_000)
    first = make_cluster(members=1)
    shared = first.memberships.get().municipality
    clusters = [make_cluster() for _ in range(20)]
    for cluster in clusters:
        add_member(cluster, shared)
    applications = [make_application(call, cluster=c, state=UNDER_REVIEW, amount=100_000) for c in clusters]
    done = in_threads(make_award, applications)
    assert done.count(True) == 3
    assert sum(AwardShare.objects.filter(municipality=shared).values_list("amount", flat=True)) == 300_000


@pytest.mark.django_db(transaction=True)
def test_shares_are_the_whole_award():
    application = make_application(state=UNDER_REVIEW)
    with pytest.raises(IntegrityError, match="are not the award"), transaction.atomic():
        make_award(application, 500_001)
    with transaction.atomic():
        make_award(application, 500_000)
    with pytest.raises(IntegrityError, match="are not the award"), transaction.atomic():
        AwardShare.objects.first().delete()
    assert AwardShare.objects.count() == 5
