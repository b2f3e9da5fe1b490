"""Priority rounds: the life of a round, ballots, the count, the chair, publishing and what flows upward (N5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from ksf import audit, waiting
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.reading.story import story_of
from needs.rounds import services
from needs.rounds.lifecycle import ROUND, RoundState
from needs.rounds.models import Ballot, Participant, Round
from needs.rounds.reading.tables import final_places, is_up, other_method, rows
from needs.rounds.rules.candidates import eligible_municipalities, eligible_needs
from needs.rounds.rules.methods import METHODS
from needs.rounds.rules.result import Cast, Move, compute, moved, ranks_in
from needs.rounds.services.closing import close_due_rounds, close_round
from needs.rounds.tasks import close_due
from needs.services import merging
from tests.clusters.factories import add_member, make_cluster
from tests.ksf.factories import appoint
from tests.ksf.pdf_file import faults, text
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.needs.rounds.factories import do_jobs, fresh, make_round, pass_deadline, vote
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db

ALLOWED = {("open", RoundState.DRAFT), ("close", RoundState.OPEN), ("publish", RoundState.CLOSED)}


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("step", ROUND.steps)
def test_every_step_in_every_state(step, state):
    round_ = make_round()
    round_.state = state
    assert ROUND.allows(step, round_, by=round_.runner) is ((step, state) in ALLOWED)


def test_who_runs_what():
    cluster, region = make_cluster(), make_region()
    people = {
        "cluster": appoint(Role.CLUSTER_COORDINATOR, cluster, position_percentage=50),
        "region": appoint(Role.REGIONAL_COORDINATOR, region),
        "nation": appoint(Role.NATIONAL_STAFF),
    }
    places = {"cluster": {"cluster": cluster}, "region": {"region": region}, "nation": {}}
    for level, where in places.items():
        round_ = Round(level=level, **where)
        for who, person in people.items():
            assert person.has_perm("needs.run_round", round_) is (who == level)
        assert not appoint(Role.REGIONAL_COORDINATOR, make_region()).has_perm("needs.run_round", round_)


def test_the_clock_may_close_and_no_more():
    round_ = make_round()
    system = User.objects.system()
    assert system.has_perm("needs.close_round", round_)
    assert not system.has_perm("needs.run_round", round_)


class TestSettingUp:
    def test_not_for_others_places(self):
        person = appoint(Role.REGIONAL_COORDINATOR, make_region())
        values = {"title": "R", "level": "region", "scope": make_region().pk, "criteria": "x", "method": "borda"}
        with pytest.raises(PermissionDenied):
            services.create_round(**values, closes_at=timezone.now(), by=person)
        assert not Round.objects.exists()

    @pytest.mark.parametrize("fields", [{"level": "region"}, {"level": "nation", "region": True}, {"level": "cluster"}])
    def test_the_database_refuses_a_scope_that_is_not_the_levels(self, fields):
        round_ = make_round()
        if "region" in fields:
            fields = {**fields, "region": make_region()}
        with pytest.raises(IntegrityError, match="round_scope"), transaction.atomic():
            Round.objects.create(title="R", criteria="x", closes_at=timezone.now(), created_by=round_.runner, **fields)

    def test_needs_of_the_place_that_are_taken_up_can_stand(self):
        round_ = make_round(needs=1)
        place = eligible_municipalities(round_)[0]
        others = make_need(state=NeedState.IN_ASSESSMENT)
        hidden = make_need(state=NeedState.IN_ASSESSMENT, municipality=place, is_hidden=True)
        early = make_need(state=NeedState.SUBMITTED, municipality=place)
        late = make_need(state=NeedState.IN_RESEARCH, municipality=place)
        assert services.add_candidates(round_, needs=[others, hidden, early, late], by=round_.runner) == 0
        again = list(eligible_needs(round_))
        assert services.add_candidates(round_, needs=again, by=round_.runner) == 0
        assert round_.candidates.count() == 1

    def test_opening_records_who_takes_part_and_notifies_the_contacts(self):
        round_ = make_round()
        contact = make_contact(eligible_municipalities(round_)[0])
        services.open_round(round_, by=round_.runner)
        assert round_.participants.count() == 3
        assert fresh(round_).opens_at is not None
        notice = Notice.objects.get(user=contact)
        assert "Runde" in notice.subject
        assert "/stemme/" in notice.url
        make_municipality(county=round_.region.counties.get())
        assert round_.participants.count() == 3

    def test_members_of_the_cluster_and_all_municipalities_of_the_nation(self):
        cluster = make_cluster(members=2)
        elsewhere = make_municipality()
        add_member(cluster, elsewhere)
        assert eligible_municipalities(Round(level="cluster", cluster=cluster)).count() == 3
        assert eligible_municipalities(Round(level="nation")).count() == 3

    def test_one_candidate_is_too_few_and_a_past_deadline_too_late(self):
        round_ = make_round(needs=1)
        with pytest.raises(ValidationError):
            services.open_round(round_, by=round_.runner)
        late = make_round(closes_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(ValidationError):
            services.open_round(late, by=late.runner)
        assert fresh(late).state == RoundState.DRAFT

    def test_what_is_open_is_not_changed(self):
        round_ = make_round(RoundState.OPEN)
        for change in (
            lambda: services.edit_round(round_, title="Ny", by=round_.runner),
            lambda: services.add_candidates(round_, needs=[], by=round_.runner),
            lambda: services.remove_candidate(round_.candidates.first(), by=round_.runner),
        ):
            with pytest.raises(StepNotAllowed):
                change()


class TestBallots:
    def test_a_ballot_is_replaced_never_doubled(self):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        contact = make_contact(participant.municipality)
        ids = list(round_.candidates.values_list("pk", flat=True))
        vote(participant, [0, 1, 2], by=contact)
        vote(participant, [2, 0], by=contact)
        vote(participant, [2, 0], by=contact)
        assert Ballot.objects.get().order == [ids[2], ids[0]]
        with pytest.raises(IntegrityError), transaction.atomic():
            Ballot.objects.create(participant=participant, cast_by=contact, cast_at=timezone.now())

    def test_a_second_late_is_late(self):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        vote(participant, [0])
        pass_deadline(round_)
        with pytest.raises(ValidationError) as refused:
            vote(participant, [1])
        assert refused.value.code == "late"
        assert Ballot.objects.get().order == [round_.candidates.first().pk]

    @pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CLOSED, RoundState.PUBLISHED])
    def test_only_while_it_is_open(self, state):
        round_ = make_round(state)
        place = eligible_municipalities(round_)[0]
        participant, _new = Participant.objects.get_or_create(round=round_, municipality=place)
        with pytest.raises(ValidationError):
            vote(participant, [0])

    @pytest.mark.parametrize("places", [[], [0, 0]])
    def test_an_empty_or_doubled_ballot_is_refused(self, places):
        with pytest.raises(ValidationError):
            vote(make_round(RoundState.OPEN).participants.first(), places)

    def test_a_candidate_of_another_round_is_refused(self):
        participant = make_round(RoundState.OPEN).participants.first()
        stranger = make_round().candidates.first()
        with pytest.raises(ValidationError):
            services.cast_ballot(participant, order=[stranger.pk], by=make_contact(participant.municipality))

    def test_only_the_municipalitys_own_contact(self):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        for person in (round_.runner, make_contact(), appoint(Role.NATIONAL_STAFF)):
            with pytest.raises(PermissionDenied):
                vote(participant, [0], by=person)

    def test_nobody_else_reads_it_before_the_round_closes(self):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        contact = make_contact(participant.municipality)
        vote(participant, [1, 0], by=contact)
        others = [round_.runner, appoint(Role.NATIONAL_STAFF), appoint(Role.NATIONAL_LEAD), make_contact()]
        assert [Ballot.objects.visible_to(person).count() for person in [contact, *others]] == [1, 0, 0, 0, 0]
        assert "order" not in str(audit.history(round_).filter(verb="round.ballot").get().data)
        pass_deadline(round_)
        close_due_rounds()
        assert Ballot.objects.visible_to(round_.runner).count() == 1


class TestClosing:
    def test_not_while_ballots_are_missing_and_the_time_runs(self):
        round_ = make_round(RoundState.OPEN)
        with pytest.raises(ValidationError):
            close_round(round_, by=round_.runner)
        for participant in round_.participants.all():
            vote(participant, [0])
        assert close_round(round_, by=round_.runner).state == RoundState.CLOSED
        assert fresh(round_).closes_at <= timezone.now()

    def test_the_clock_closes_what_is_due_once(self):
        due, running = make_round(RoundState.OPEN), make_round(RoundState.OPEN)
        pass_deadline(due)
        close_due()
        call_command("close_rounds")
        assert fresh(due).state == RoundState.CLOSED
        assert fresh(running).state == RoundState.OPEN
        assert Job.objects.filter(kind="needs.round_result").count() == 1
        with pytest.raises(StepNotAllowed):
            close_round(due, by=due.runner)

    @pytest.mark.parametrize("method", METHODS)
    def test_the_result_is_the_methods(self, method):
        round_ = make_round(RoundState.OPEN, municipalities=4, method=method)
        ballots = [[0, 1, 2], [0, 2], [2, 1, 0], [1]]
        for participant, places in zip(round_.participants.all(), ballots, strict=True):
            vote(participant, places)
        close_round(round_, by=round_.runner)
        do_jobs()
        round_ = fresh(round_)
        ids = list(round_.candidates.values_list("pk", flat=True))
        outcome = METHODS[method](ids, [[ids[place] for place in places] for places in ballots])
        assert round_.result["orders"][method] == [list(place.candidates) for place in outcome.places]
        ranks = {pk: place.rank for place in outcome.places for pk in place.candidates}
        assert {row.candidate.pk: row.place.rank for row in rows(round_)} == ranks
        assert round_.result["cast"] == round_.result["eligible"] == 4
        assert round_.result["points"] == {str(pk): float(outcome.points[pk]) for pk in ids}

    def test_a_round_without_ballots_is_all_tied(self):
        round_ = make_round(RoundState.OPEN)
        pass_deadline(round_)
        close_due_rounds()
        do_jobs()
        assert {(row.place.rank, row.place.is_shared) for row in rows(fresh(round_))} == {(1, True)}

    def test_sizes_are_counted_apart(self):
        result = compute(
            [1, 2], [Cast("small", [1, 2]), Cast("small", [1]), Cast("large", [2])],
            eligible={"small": 2, "medium": 1, "large": 1},
        )  # fmt: skip
        assert result["sizes"]["small"]["orders"]["borda"] == [[1], [2]]
        assert result["sizes"]["large"]["orders"]["borda"] == [[2], [1]]
        assert result["sizes"]["medium"] == {"eligible": 1, "cast": 0, "orders": {}}


class TestChair:
    @pytest.mark.parametrize(
        ("places", "moves", "after"),
        [
            ([[1], [2], [3]], [Move(3, 1)], [[3], [1], [2]]),
            ([[1], [2], [3]], [Move(1, 3)], [[2], [3], [1]]),
            ([[1, 2], [3]], [Move(2, 1)], [[2], [1], [3]]),
            ([[1, 2], [3]], [Move(2, 2)], [[1], [2], [3]]),
            ([[1, 2], [3]], [Move(3, 2)], [[1, 2], [3]]),
            ([[1], [2], [3]], [Move(3, 1), Move(2, 1)], [[2], [3], [1]]),
            ([[1], [2]], [], [[1], [2]]),
        ],
    )
    def test_moves(self, places, moves, after):
        before = [list(place) for place in places]
        assert moved(places, moves) == after
        assert places == before

    def test_shared_ranks(self):
        found = ranks_in([[1], [2, 3], [4]])
        assert [(found[pk].rank, found[pk].is_shared) for pk in (1, 2, 3, 4)] == [
            (1, False), (2, True), (2, True), (4, False),
        ]  # fmt: skip

    def test_a_change_stands_beside_the_count_with_its_reason(self):
        round_ = make_round(RoundState.CLOSED)
        last = rows(round_)[-1]
        services.change_order(round_, candidate=last.candidate, to_rank=1, reason="Haster", by=round_.runner)
        first = rows(fresh(round_))[0]
        assert first.candidate == last.candidate
        assert first.counted.rank == 3
        assert round_.changes.get().reason == "Haster"
        assert round_.changes.get().from_rank == 3

    def test_a_place_within_a_shared_one_is_refused(self):
        round_ = make_round(RoundState.OPEN)
        vote(round_.participants.first(), [2])
        pass_deadline(round_)
        close_due_rounds()
        do_jobs()
        first = rows(fresh(round_))[0].candidate
        change = {"candidate": first, "reason": "x", "by": round_.runner}
        with pytest.raises(ValidationError, match="delt plass"):
            services.change_order(round_, to_rank=2, **change)
        assert services.change_order(round_, to_rank=3, **change).from_rank == 1

    def test_refused(self):
        round_ = make_round(RoundState.CLOSED)
        row = rows(round_)[0]
        for rank in (0, 4, 1):
            with pytest.raises(ValidationError):
                services.change_order(round_, candidate=row.candidate, to_rank=rank, reason="x", by=round_.runner)
        with pytest.raises(PermissionDenied):
            services.change_order(round_, candidate=row.candidate, to_rank=2, reason="x", by=make_contact())
        published = make_round(RoundState.PUBLISHED)
        with pytest.raises(StepNotAllowed):
            services.change_order(
                published, candidate=published.candidates.first(), to_rank=2, reason="x", by=published.runner
            )


class TestPublishing:
    def test_the_first_are_prioritised_and_every_submitter_is_notified(self):
        round_ = make_round(RoundState.CLOSED)
        needs = [row.candidate.need for row in rows(round_)]
        contacts = [User.objects.get(appointments__municipality=need.municipality_id) for need in needs]
        Notice.objects.all().delete()
        services.publish(round_, prioritised=2, by=round_.runner)
        found = [KnowledgeNeed.objects.get(pk=need.pk) for need in needs]
        assert [need.state for need in found] == [NeedState.PRIORITISED] * 2 + [NeedState.IN_ASSESSMENT]
        assert [need.level for need in found] == ["region", "region", ""]
        notices = [Notice.objects.get(user=contact) for contact in contacts]
        assert ["Det er prioritert" in notice.body for notice in notices] == [True, True, False]
        assert audit.history(needs[0]).filter(verb="need.ranked").get().data["rank"] == 1

    def test_a_tie_on_the_border_comes_along(self):
        round_ = make_round(RoundState.OPEN, municipalities=2)
        for participant, places in zip(round_.participants.all(), ([0, 1], [0, 2]), strict=True):
            vote(participant, places)
        close_round(round_, by=round_.runner)
        do_jobs()
        services.publish(round_, prioritised=2, by=round_.runner)
        assert KnowledgeNeed.objects.filter(state=NeedState.PRIORITISED).count() == 3

    def test_a_level_is_never_lowered_and_a_state_never_turned_back(self):
        round_ = make_round(RoundState.CLOSED)
        need = rows(round_)[0].candidate.need
        KnowledgeNeed.objects.filter(pk=need.pk).update(level="nation", state=NeedState.RESEARCHABLE)
        services.publish(round_, prioritised=1, by=round_.runner)
        need.refresh_from_db()
        assert (need.level, need.state) == ("nation", NeedState.RESEARCHABLE)

    def test_twice_is_refused(self):
        round_ = make_round(RoundState.PUBLISHED)
        with pytest.raises(StepNotAllowed):
            services.publish(round_, prioritised=1, by=round_.runner)

    def test_not_before_the_count(self):
        round_ = make_round(RoundState.OPEN)
        pass_deadline(round_)
        close_due_rounds()
        with pytest.raises(ValidationError):
            services.publish(round_, prioritised=1, by=round_.runner)

    def test_the_minutes_are_sealed(self):
        round_ = make_round(RoundState.CLOSED)
        services.change_order(
            round_, candidate=rows(round_)[2].candidate, to_rank=2, reason="Det haster i fjellet.", by=round_.runner
        )
        services.publish(round_, prioritised=1, by=round_.runner)
        do_jobs()
        document = Document.objects.get(number=fresh(round_).document_number)
        content = bytes(document.content)
        said = text(content)
        for expected in ("Protokoll", "Behov 0", "3 av 3 kommuner", "Det haster i fjellet.", "Poeng (Borda)", "Nytte"):
            assert expected in said
        assert faults(content) == []

    def test_lists_flow_upward(self):
        below = make_round(RoundState.PUBLISHED)
        staff = appoint(Role.NATIONAL_STAFF)
        nation = services.create_round(
            title="Norge", level="nation", scope=None, criteria="x", method="schulze",
            closes_at=timezone.now() + timedelta(days=3), by=staff,
        )  # fmt: skip
        assert services.lift_candidates(nation, source=below, first=2, by=staff) == 2
        with pytest.raises(ValidationError, match="Ingen av disse"):
            services.lift_candidates(nation, source=below, first=2, by=staff)
        found = list(nation.candidates.values_list("from_rank", "from_round"))
        assert found == [(1, below.pk), (2, below.pk)]
        with pytest.raises(ValidationError):
            services.lift_candidates(nation, source=make_round(RoundState.CLOSED), first=1, by=staff)

    def test_a_clusters_list_brings_the_needs_of_members_from_other_regions_along(self):
        region = make_region()
        outside = make_need("Utenfra", state=NeedState.IN_ASSESSMENT)
        inside = make_need("Herfra", municipality=make_municipality(region=region), state=NeedState.IN_ASSESSMENT)
        cluster = make_cluster(lead_region=region)
        by = appoint(Role.CLUSTER_COORDINATOR, cluster)
        for need in (outside, inside):
            add_member(cluster, need.municipality)
        values = {"criteria": "x", "method": "borda", "closes_at": timezone.now() + timedelta(days=3)}
        below = services.create_round(title="K", level="cluster", scope=cluster.pk, by=by, **values)
        services.add_candidates(below, needs=[outside, inside], by=by)
        services.open_round(below, by=by)
        vote(below.participants.first(), [0, 1])
        pass_deadline(below)
        close_due_rounds()
        do_jobs()
        services.publish(Round.objects.get(pk=below.pk), prioritised=1, by=by)
        above = services.create_round(
            title="R", level="region", scope=region.pk, by=(coordinator := make_coordinator(region)), **values
        )
        below.refresh_from_db()
        assert services.lift_candidates(above, source=below, first=2, by=coordinator) == 2
        assert [row.need for row in above.candidates.all()] == [outside, inside]

    def test_what_is_merged_while_it_stands_lifts_the_need_that_took_it_in(self):
        round_ = make_round(RoundState.CLOSED)
        first = rows(round_)[0].candidate.need
        heir = make_need("Tok det inn", municipality=first.municipality, state=NeedState.IN_ASSESSMENT)
        merging.merge(first, into=heir, by=round_.runner)
        services.publish(round_, prioritised=1, by=round_.runner)
        heir.refresh_from_db()
        assert (heir.state, heir.level) == (NeedState.PRIORITISED, "region")
        assert [rank.rank for rank in story_of(heir, round_.runner).ranks] == [1]
        nation = services.create_round(
            title="Norge", level="nation", scope=None, criteria="x", method="schulze",
            closes_at=timezone.now() + timedelta(days=3), by=(staff := appoint(Role.NATIONAL_STAFF)),
        )  # fmt: skip
        assert services.lift_candidates(nation, source=fresh(round_), first=1, by=staff) == 1
        assert nation.candidates.get().need == heir

    def test_without_ballots_none_is_prioritised(self):
        round_ = make_round(RoundState.OPEN)
        pass_deadline(round_)
        close_due_rounds()
        do_jobs()
        with pytest.raises(ValidationError, match="Ingen har stemt"):
            services.publish(round_, prioritised=1, by=round_.runner)
        services.publish(round_, prioritised=0, by=round_.runner)
        assert not KnowledgeNeed.objects.filter(state=NeedState.PRIORITISED).exists()

    def test_signs_in_titles_are_written_as_they_are_in_mails(self):
        round_ = make_round(RoundState.CLOSED)
        Round.objects.filter(pk=round_.pk).update(title="Helse & «omsorg»")
        KnowledgeNeed.objects.update(title="Barn & unge's hverdag")
        services.publish(round_, prioritised=1, by=round_.runner)
        notice = Notice.objects.filter(subject__contains="Helse").first()
        assert "Helse & «omsorg»" in notice.subject
        assert "Barn & unge's hverdag" in notice.body

    def test_what_the_other_method_would_have_prioritised(self):
        round_ = make_round(RoundState.OPEN, municipalities=5)
        for participant, places in zip(round_.participants.all(), [[0, 1, 2]] * 3 + [[1, 2, 0]] * 2, strict=True):
            vote(participant, places)
        pass_deadline(round_)
        close_due_rounds()
        do_jobs()
        services.publish(round_, prioritised=1, by=round_.runner)
        round_ = fresh(round_)
        first, second, _third = round_.candidates.all()
        found = other_method(round_, rows(round_))
        assert [row.candidate for row in rows(round_) if is_up(round_, row)] == [second]
        assert (found.instead, found.left_out) == ([first], [second])


class TestWaiting:
    def test_the_ballot_waits_until_it_is_cast(self):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        contact = make_contact(participant.municipality)
        [item] = [item for item in waiting.for_user(contact) if "/stemme/" in item.url]
        assert item.due == round_.closes_at
        vote(participant, [0], by=contact)
        assert not [item for item in waiting.for_user(contact) if "/stemme/" in item.url]

    def test_the_result_waits_for_the_one_who_runs_it(self):
        round_ = make_round(RoundState.CLOSED)
        assert round_.get_absolute_url() in [item.url for item in waiting.for_user(round_.runner)]
        assert final_places(round_)
