"""The pages of priority rounds: who sees what, forms without script, in how many queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ksf.accounts.roles import Role
from needs.lifecycle import NeedState
from needs.rounds import services
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Ballot, Round
from needs.rounds.reading.tables import rows
from tests.ksf.factories import appoint
from tests.needs.factories import make_contact, make_need
from tests.needs.rounds.factories import do_jobs, fresh, make_round, pass_deadline, vote
from tests.regions.factories import make_region

pytestmark = pytest.mark.django_db

RUNNERS_PAGES = {
    "round_edit": RoundState.DRAFT,
    "round_candidates": RoundState.DRAFT,
    "round_lift": RoundState.DRAFT,
    "round_change": RoundState.CLOSED,
    "round_publish": RoundState.CLOSED,
}


def ballot_url(participant):
    return reverse("round_ballot", args=[participant.round_id, participant.municipality.number])


class TestReading:
    @pytest.mark.parametrize("state", RoundState)
    def test_open_to_all_but_the_draft(self, client, state):
        round_ = make_round(state)
        expected = 404 if state == RoundState.DRAFT else 200
        assert client.get(round_.get_absolute_url()).status_code == expected
        assert (round_.title in client.get(reverse("round_list")).text) is (state != RoundState.DRAFT)
        client.force_login(round_.runner)
        assert client.get(round_.get_absolute_url()).status_code == 200
        assert client.post(round_.get_absolute_url()).status_code == 405
        assert client.post(reverse("round_list")).status_code == 405

    def test_an_empty_list_says_so(self, client):
        assert "Ingen runder ennå" in client.get(reverse("round_list")).text

    def test_the_count_is_the_runners_until_it_is_published(self, client):
        round_ = make_round(RoundState.CLOSED)
        assert "Rekkefølgen" not in client.get(round_.get_absolute_url()).text
        client.force_login(appoint(Role.NATIONAL_STAFF))
        assert "rows" not in client.get(round_.get_absolute_url()).context
        client.force_login(round_.runner)
        assert "Rekkefølgen" in client.get(round_.get_absolute_url()).text

    def test_the_result(self, client):
        round_ = make_round(RoundState.PUBLISHED)
        page = client.get(round_.get_absolute_url()).text
        for expected in ("3 av 3 stemmer", "Begge metodene gir samme", "Etter kommunens størrelse"):
            assert expected in page
        do_jobs()
        assert reverse("document", args=[fresh(round_).document_number]) in client.get(round_.get_absolute_url()).text

    def test_turnout_shows_who_and_never_what(self, client):
        round_ = make_round(RoundState.OPEN)
        vote(round_.participants.first(), [2, 0, 1])
        client.force_login(round_.runner)
        page = client.get(round_.get_absolute_url())
        assert page.context["cast"] == 1
        assert "rows" not in page.context

    def test_a_needs_page_shows_its_rounds(self, client):
        round_ = make_round(RoundState.PUBLISHED)
        need = rows(round_)[0].candidate.need
        page = client.get(need.get_absolute_url()).text
        assert round_.get_absolute_url() in page
        assert "Plass 1" in page

    def test_a_needs_page_has_the_place_the_chair_gave_it(self, client):
        round_ = make_round(RoundState.CLOSED)
        last = rows(round_)[-1].candidate
        services.change_order(round_, candidate=last, to_rank=1, reason="Haster", by=round_.runner)
        services.publish(fresh(round_, round_.runner), prioritised=1, by=round_.runner)
        assert "Plass 1" in client.get(last.need.get_absolute_url()).text
        second = rows(fresh(round_))[1].candidate
        assert "Plass 2" in client.get(second.need.get_absolute_url()).text


class TestBallot:
    def test_cast_and_replaced_without_script(self, client):
        participant = make_round(RoundState.OPEN).participants.first()
        client.force_login(make_contact(participant.municipality))
        ids = list(participant.round.candidates.values_list("pk", flat=True))
        assert client.get(ballot_url(participant)).status_code == 200
        for places in ({0: 3, 1: 1}, {2: 1, 0: 2}, {2: 1, 0: 2}):
            answer = client.post(ballot_url(participant), {f"place_{ids[i]}": n for i, n in places.items()})
            assert answer.status_code == 302
        assert Ballot.objects.get().order == [ids[2], ids[0]]
        page = client.get(ballot_url(participant))
        assert [candidate.pk for candidate, _field in page.context["form"].lines] == [ids[2], ids[0], ids[1]]

    @pytest.mark.parametrize(("places", "explanation"), [({}, "minst ett behov"), ({0: 1, 1: 1}, "gitt to ganger")])
    def test_a_ballot_that_cannot_be_counted_is_explained(self, client, places, explanation):
        participant = make_round(RoundState.OPEN).participants.first()
        client.force_login(make_contact(participant.municipality))
        ids = list(participant.round.candidates.values_list("pk", flat=True))
        answer = client.post(ballot_url(participant), {f"place_{ids[i]}": n for i, n in places.items()})
        assert answer.status_code == 422
        assert explanation in answer.text
        assert not Ballot.objects.exists()

    @pytest.mark.parametrize(
        ("move", "expected"),
        [("up-1", [1, 0]), ("down-0", [1, 0]), ("up-2", [0, 1, 2]), ("up-0", [0, 1]), ("", [0, 1])],
    )
    def test_moving_a_need_casts_nothing(self, client, move, expected):
        participant = make_round(RoundState.OPEN).participants.first()
        client.force_login(make_contact(participant.municipality))
        ids = list(participant.round.candidates.values_list("pk", flat=True))
        way, _dash, place = move.partition("-")
        named = f"{way}-{ids[int(place)]}" if move else "up-x"
        answer = client.post(ballot_url(participant), {f"place_{ids[0]}": 1, f"place_{ids[1]}": 2, "move": named})
        lines = answer.context["form"].lines
        assert [candidate.pk for candidate, field in lines if field.initial] == [ids[n] for n in expected]
        assert not Ballot.objects.exists()

    def test_after_the_deadline_it_says_so(self, client):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        client.force_login(make_contact(participant.municipality))
        pass_deadline(round_)
        answer = client.post(ballot_url(participant), {f"place_{round_.candidates.first().pk}": 1})
        assert answer.status_code == 422
        assert "kom ikke inn i tide" in answer.text
        assert "tar ikke imot" in client.get(ballot_url(participant)).text

    def test_others_find_nothing(self, client):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        for person in (round_.runner, make_contact(), appoint(Role.NATIONAL_STAFF)):
            client.force_login(person)
            assert client.get(ballot_url(participant)).status_code == 404
            assert client.post(ballot_url(participant)).status_code == 404


class TestRunning:
    @pytest.mark.parametrize(("name", "state"), RUNNERS_PAGES.items())
    def test_works_for_the_runner_and_for_nobody_else(self, client, name, state):
        round_ = make_round(state)
        url = reverse(name, args=[round_.pk])
        assert client.get(url).status_code == 302
        refused = 404 if state == RoundState.DRAFT else 403
        for person in (make_contact(), appoint(Role.REGIONAL_COORDINATOR, make_region()), appoint(Role.NATIONAL_STAFF)):
            client.force_login(person)
            assert client.get(url).status_code == refused
            assert client.post(url).status_code == refused
        client.force_login(round_.runner)
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 422

    def test_from_new_to_published(self, client):
        region = make_region()
        runner = appoint(Role.REGIONAL_COORDINATOR, region)
        client.force_login(runner)
        values = {
            "title": "Høstens runde", "scope": f"region:{region.pk}", "criteria": "Nytte", "method": "schulze",
            "closes_at": (timezone.localtime() + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M"),
        }  # fmt: skip
        assert client.post(reverse("round_new"), {**values, "scope": "nation:"}).status_code == 422
        client.post(reverse("round_new"), values)
        round_ = Round.objects.get()
        assert (round_.region, round_.method, round_.state) == (region, "schulze", RoundState.DRAFT)
        other = make_round(region=region, needs=3)
        needs = [row.need_id for row in other.candidates.all()]
        found = client.get(reverse("round_candidates", args=[round_.pk]), {"q": "behov 1"})
        assert [need.pk for need in found.context["page"]] == [needs[1]]
        client.post(reverse("round_candidates", args=[round_.pk]), {"needs": needs})
        assert round_.candidates.count() == 3
        out = round_.candidates.last()
        client.post(reverse("round_candidate_remove", args=[round_.pk, out.pk]))
        assert round_.candidates.count() == 2
        client.post(reverse("round_edit", args=[round_.pk]), {**values, "title": "Runden"})
        client.post(reverse("round_step", args=[round_.pk, "open"]))
        assert fresh(round_, runner).state == RoundState.OPEN
        assert (
            "stemmer fortsatt mangler"
            in client.post(reverse("round_step", args=[round_.pk, "close"]), follow=True).text
        )
        vote(round_.participants.first(), [0, 1])
        pass_deadline(round_)
        client.post(reverse("round_step", args=[round_.pk, "close"]))
        do_jobs()
        change = {"candidate": round_.candidates.last().pk, "to_rank": 1, "reason": "Haster"}
        client.post(reverse("round_change", args=[round_.pk]), change)
        assert client.post(reverse("round_publish", args=[round_.pk]), {"prioritised": 9}).status_code == 422
        client.post(reverse("round_publish", args=[round_.pk]), {"prioritised": 1})
        found = fresh(round_, runner)
        assert (found.state, found.title, found.prioritised) == (RoundState.PUBLISHED, "Runden", 1)
        assert "Haster" in client.get(found.get_absolute_url()).text

    def test_steps_are_posted_once_and_only_known_ones(self, client):
        round_ = make_round()
        client.force_login(round_.runner)
        url = reverse("round_step", args=[round_.pk, "open"])
        assert client.get(url).status_code == 405
        assert client.post(reverse("round_step", args=[round_.pk, "publish"])).status_code == 404
        client.post(url)
        client.post(url)
        assert round_.participants.count() == 3
        assert fresh(round_).state == RoundState.OPEN

    def test_the_list_below_is_fetched(self, client):
        below = make_round(RoundState.PUBLISHED)
        again = make_round(region=below.region, needs=0)
        client.force_login(again.runner)
        client.post(reverse("round_lift", args=[again.pk]), {"source": below.pk, "first": 2})
        assert again.candidates.count() == 2

    def test_setting_up_is_for_coordinators(self, client):
        client.force_login(make_contact())
        assert client.get(reverse("round_new")).status_code == 403


class TestQueries:
    def _count(self, client, url, django_assert_max_num_queries):
        with django_assert_max_num_queries(14) as asked:
            assert client.get(url).status_code == 200
        return len(asked.captured_queries)

    @pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.PUBLISHED])
    def test_a_rounds_page(self, client, state, django_assert_max_num_queries):
        counts = set()
        for needs, municipalities in ((3, 1), (4, 3), (20, 12)):
            round_ = make_round(state, needs=needs, municipalities=municipalities)
            client.force_login(round_.runner)
            client.get(round_.get_absolute_url())
            counts.add(self._count(client, round_.get_absolute_url(), django_assert_max_num_queries))
        assert len(counts) == 1

    def test_the_list_and_the_ballot(self, client, django_assert_max_num_queries):
        counts = {}
        for needs in (2, 30):
            participant = make_round(RoundState.OPEN, needs=needs).participants.first()
            client.force_login(make_contact(participant.municipality))
            for url in (reverse("round_list"), ballot_url(participant)):
                client.get(url)
                name = url.split("/")[-2].isdigit()
                counts.setdefault(name, set()).add(self._count(client, url, django_assert_max_num_queries))
        assert [len(found) for found in counts.values()] == [1, 1]

    def test_the_needs_to_choose_among(self, client, django_assert_max_num_queries):
        round_ = make_round(needs=1)
        client.force_login(round_.runner)
        url = reverse("round_candidates", args=[round_.pk])
        place = round_.candidates.get().need.municipality
        counts = set()
        for more in (1, 2, 57):
            for i in range(more):
                make_need(f"Mer {i}", municipality=place, state=NeedState.IN_ASSESSMENT)
            client.get(url)
            counts.add(self._count(client, url, django_assert_max_num_queries))
        assert len(counts) == 1
