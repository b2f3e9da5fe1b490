"""A round that was never open can be discarded by the one who runs it; its needs stay (N5)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.lifecycle import Gone, StepNotAllowed
from needs.models import KnowledgeNeed
from needs.rounds import services
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Round
from tests.ksf.factories import appoint
from tests.ksf.helpers import at_once
from tests.needs.rounds.factories import make_round
from tests.regions.factories import make_region

pytestmark = pytest.mark.django_db


def address(round_):
    return reverse("round_discard", args=[round_.pk])


def test_it_is_asked_once_and_then_gone_with_its_list_but_not_its_needs(client):
    round_ = make_round()
    client.force_login(round_.runner)
    assert address(round_) in client.get(round_.get_absolute_url()).text
    assert client.get(address(round_)).status_code == 200
    assert Round.objects.exists()
    assert client.post(address(round_)).url == reverse("round_list")
    assert not Round.objects.exists()
    assert KnowledgeNeed.objects.count() == 3
    assert AuditEntry.objects.get(verb="round.discard").data["title"] == "Runde"
    assert client.post(address(round_)).status_code == 404


def test_others_may_not():
    round_ = make_round()
    for other in (appoint(Role.REGIONAL_COORDINATOR, make_region()), appoint(Role.NATIONAL_STAFF)):
        with pytest.raises(PermissionDenied):
            services.discard_round(round_, by=other)


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED, RoundState.PUBLISHED])
def test_what_has_been_open_stays(client, state):
    round_ = make_round(state)
    client.force_login(round_.runner)
    assert address(round_) not in client.get(round_.get_absolute_url()).text
    assert client.get(address(round_)).status_code == 409
    assert client.post(address(round_)).status_code == 409
    assert Round.objects.get().state == state


def test_somebody_was_faster():
    round_ = make_round()
    seen = Round.objects.get(pk=round_.pk)
    services.open_round(round_, by=round_.runner)
    with pytest.raises(StepNotAllowed):
        services.discard_round(seen, by=round_.runner)
    gone = make_round()
    services.discard_round(gone, by=gone.runner)
    with pytest.raises(Gone):
        services.open_round(gone, by=gone.runner)


@pytest.mark.django_db(transaction=True)
def test_one_opens_while_another_discards():
    round_ = make_round()
    by = round_.runner
    outcomes = at_once(lambda: services.open_round(round_, by=by), lambda: services.discard_round(round_, by=by))
    assert outcomes in (["StepNotAllowed", "done"], ["Gone", "done"])
    assert [found.state for found in Round.objects.all()] in ([], [RoundState.OPEN])
