"""Questions, interest, searches and projects: every state and step, who may, what is told, two writers at once."""

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from ksf import audit, waiting
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from ksf.writing.services import WriteConflict, write
from needs.lifecycle import NeedState
from needs.models import ServiceArea
from needs.research.lifecycle import INTEREST, PROJECT, QUESTION, InterestState, ProjectState, QuestionState
from needs.research.models import Interest, Participation, ResearchProject, ResearchQuestion, SavedSearch
from needs.research.services import interests, projects, questions, searches
from needs.research.tasks import send_saved_searches, send_search
from needs.services import handling
from tests.clusters.factories import make_cluster
from tests.ksf.factories import appoint, make_user
from tests.needs.factories import make_coordinator, make_need
from tests.needs.research.factories import make_interest, make_project, make_question
from tests.regions.factories import make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db
Q, N, P = QuestionState, InterestState, ProjectState

QUESTION_STEPS = {
    (Q.DRAFT, "open"): Q.OPEN,
    (Q.OPEN, "take_back"): Q.DRAFT,
    (Q.OPEN, "match"): Q.MATCHED,
    (Q.MATCHED, "open_again"): Q.OPEN,
    (Q.OPEN, "become_project"): Q.IN_PROJECT,
    (Q.MATCHED, "become_project"): Q.IN_PROJECT,
}
INTEREST_STEPS = {
    (N.WAITING, "put_in_touch"): N.IN_TOUCH,
    (N.WAITING, "decline"): N.DECLINED,
    (N.WAITING, "withdraw"): N.WITHDRAWN,
}
PROJECT_STEPS = {
    (P.PLANNED, "start"): P.UNDER_WAY,
    (P.UNDER_WAY, "complete"): P.COMPLETED,
    (P.PLANNED, "stop"): P.STOPPED,
    (P.UNDER_WAY, "stop"): P.STOPPED,
}


class All:
    """Somebody who may everything, so that only the states are asked."""

    def has_perm(self, _perm, _obj):
        return True


@pytest.mark.parametrize(
    ("states", "lifecycle", "allowed"),
    [(Q, QUESTION, QUESTION_STEPS), (N, INTEREST, INTEREST_STEPS), (P, PROJECT, PROJECT_STEPS)],
)
def test_every_state_and_step(states, lifecycle, allowed):
    class Thing:
        def __init__(self, state):
            self.state = state

    found = {
        (state, name): step.target
        for state in states
        for name, step in lifecycle.steps.items()
        if lifecycle.allows(name, Thing(state), by=All())
    }
    assert found == allowed


class TestQuestions:
    def test_one_is_made_from_several_needs_and_only_prioritised_ones_become_researchable(self):
        region = make_region()
        by = make_coordinator(region)
        own = [
            make_need(municipality=make_municipality(region=region), state=state)
            for state in (NeedState.PRIORITISED, NeedState.IN_ASSESSMENT)
        ]
        elsewhere = make_need(state=NeedState.PRIORITISED)
        made = questions.make_question(title="Hva virker?", needs=[elsewhere, *own], by=by)
        for need in (*own, elsewhere):
            need.refresh_from_db()
        assert [need.state for need in own] == [NeedState.RESEARCHABLE, NeedState.IN_ASSESSMENT]
        assert elsewhere.state == NeedState.PRIORITISED
        assert (made.region, made.state, made.texts.count(), made.needs.count()) == (region, Q.DRAFT, 5, 3)
        assert audit.history(made).first().verb == "question.created"

    def test_a_stranger_makes_none(self):
        need = make_need(state=NeedState.PRIORITISED)
        with pytest.raises(PermissionDenied):
            questions.make_question(title="Hva virker?", needs=[need], by=make_coordinator(make_region()))
        with pytest.raises(ValidationError):
            questions.make_question(title="Hva virker?", needs=[], by=appoint(Role.NATIONAL_STAFF))
        assert not ResearchQuestion.objects.exists()

    def test_it_opens_when_something_is_written_and_keeps_its_first_time(self):
        question = make_question(state=Q.DRAFT)
        by = make_coordinator(question.region)
        with pytest.raises(ValidationError):
            questions.move_question("open", question, by=by)
        write(question.texts.get(part="studied"), "Trening hjemme", version=0, by=by)
        opened = questions.move_question("open", question, by=by)
        first = opened.opened_at
        questions.move_question("take_back", opened, by=by)
        again = questions.move_question("open", question, by=by)
        assert (again.state, again.opened_at) == (Q.OPEN, first)
        with pytest.raises(StepNotAllowed):
            questions.move_question("open", question, by=by)

    def test_two_writers_lose_no_word(self):
        question = make_question()
        text = question.texts.get(part="outcome")
        write(text, "Færre fall", version=0, by=make_user())
        with pytest.raises(WriteConflict) as met:
            write(text, "Tryggere eldre", version=0, by=make_user())
        assert met.value.theirs.content == "Færre fall"

    def test_partners_in_touch_write_and_others_do_not(self):
        question = make_question()
        mine = make_interest(question=question, state=N.IN_TOUCH)
        waits = make_interest(question=question)
        by_need = make_interest(need=question.needs.get(), state=N.IN_TOUCH)
        cluster = make_cluster(lead_region=question.region)
        expected = {
            mine.created_by: True,
            waits.created_by: False,
            by_need.created_by: True,
            appoint(Role.CLUSTER_COORDINATOR, cluster): True,
            appoint(Role.CLUSTER_COORDINATOR, make_cluster()): False,
            make_coordinator(question.region): True,
            make_coordinator(make_region()): False,
            appoint(Role.NATIONAL_STAFF): True,
            appoint(Role.OBSERVER): False,
        }
        found = {user: user.has_perm("needs_research.write_question", question) for user in expected}
        assert found == expected

    def test_drafts_are_seen_by_those_who_write_them(self):
        draft = make_question(state=Q.DRAFT)
        opened = make_question()
        partner = make_interest(need=draft.needs.get(), state=N.IN_TOUCH).created_by
        for user, sees in (
            (partner, {draft, opened}),
            (make_coordinator(draft.region), {draft, opened}),
            (make_coordinator(opened.region), {opened}),
            (make_interest(need=draft.needs.get()).created_by, {opened}),
            (appoint(Role.NATIONAL_LEAD), {draft, opened}),
        ):
            assert set(ResearchQuestion.objects.visible_to(user)) == sees


class TestInterest:
    def test_reaches_the_coordinator_and_waits_for_them(self, django_capture_on_commit_callbacks):
        question = make_question()
        by, partner = make_coordinator(question.region), make_partner()
        asker = appoint(Role.PARTNER, partner)
        with django_capture_on_commit_callbacks(execute=True):
            interest = interests.show_interest(question, partner=partner, message="Vi har data.", by=asker)
        assert Notice.objects.get().user == by
        assert "Vi har data." in Notice.objects.get().body
        assert interest.get_absolute_url() in [item.url for item in waiting.for_user(by)]
        assert interest.get_absolute_url() not in [
            item.url for item in waiting.for_user(make_coordinator(make_region()))
        ]
        with pytest.raises(ValidationError):
            interests.show_interest(question, partner=partner, message="En gang til", by=asker)

    def test_without_a_coordinator_national_staff_are_notified(self):
        need, staff = make_need(state=NeedState.PRIORITISED), appoint(Role.NATIONAL_STAFF)
        partner = make_partner()
        interests.show_interest(need, partner=partner, message="Vi kan", by=appoint(Role.PARTNER, partner))
        assert Notice.objects.get().user == staff

    def test_only_for_ones_own_partner_and_what_is_published(self):
        user, partner = appoint(Role.PARTNER, make_partner()), make_partner()
        with pytest.raises(PermissionDenied):
            interests.show_interest(make_question(), partner=partner, message="x", by=user)
        own = user.appointments_in_force[0].partner
        for hidden in (make_question(state=Q.DRAFT), make_need(state=NeedState.SUBMITTED)):
            with pytest.raises(PermissionDenied):
                interests.show_interest(hidden, partner=own, message="x", by=user)

    def test_not_in_what_is_a_project_already(self):
        question, partner = make_question(state=Q.IN_PROJECT), make_partner()
        with pytest.raises(ValidationError, match="prosjekt"):
            interests.show_interest(question, partner=partner, message="x", by=appoint(Role.PARTNER, partner))
        assert not Interest.objects.exists()

    def test_put_in_touch_matches_the_question_and_notifies_all(self):
        question = make_question()
        interest = make_interest(question=question)
        contact = appoint(Role.RD_CONTACT, question.needs.get().municipality)
        by = make_coordinator(question.region)
        interests.put_in_touch(interest, answer="Ring meg", by=by)
        question.refresh_from_db()
        assert question.state == Q.MATCHED
        bodies = {notice.user: notice.body for notice in Notice.objects.all()}
        assert set(bodies) == {interest.created_by, contact}
        assert by.email in bodies[interest.created_by]
        with pytest.raises(StepNotAllowed):
            interests.decline(interest, answer="Nei", by=by)

    def test_no_thanks_needs_a_reason_and_another_may_be_shown_later(self):
        interest = make_interest(question=make_question())
        by = make_coordinator(interest.region)
        with pytest.raises(ValidationError):
            interests.decline(interest, answer="", by=by)
        interests.decline(interest, answer="Vi har valgt en annen.", by=by)
        assert "Vi har valgt en annen." in Notice.objects.get().body
        interests.show_interest(interest.question, partner=interest.partner, message="Igjen", by=interest.created_by)
        assert Interest.objects.count() == 2

    def test_strangers_answer_nothing(self):
        interest = make_interest(question=make_question())
        for user in (make_coordinator(make_region()), interest.created_by, appoint(Role.OBSERVER)):
            with pytest.raises(PermissionDenied):
                interests.put_in_touch(interest, by=user)
        with pytest.raises(PermissionDenied):
            interests.withdraw(interest, by=appoint(Role.PARTNER, make_partner()))
        assert interests.withdraw(interest, by=interest.created_by).state == N.WITHDRAWN


class TestSavedSearches:
    def test_notifies_once_of_what_is_new_and_fits(self):
        region = make_region()
        search = searches.save_search(region=region, by=appoint(Role.OBSERVER))
        searches.save_search(region=region, by=make_user())  # holds no role any more
        make_question("Annet sted")
        mine = make_question("Her hos oss", region=region)
        need = make_need("Publisert nå", municipality=make_municipality(region=region), state=NeedState.SUBMITTED)
        handling.move("take_up", need, by=make_coordinator(region))
        Notice.objects.all().delete()
        send_saved_searches()
        body = Notice.objects.get().body
        assert mine.title in body
        assert "Publisert nå" in body
        assert "Annet sted" not in body
        assert send_search(search.pk) is False
        assert Notice.objects.count() == 1

    def test_switched_off_notifies_of_nothing_not_even_afterwards(self):
        search = searches.save_search(kind="effect", by=appoint(Role.OBSERVER))
        searches.switch_search(search, is_on=False)
        make_question(kind="effect")
        send_saved_searches()
        searches.switch_search(search, is_on=True)
        send_saved_searches()
        assert not Notice.objects.exists()
        assert not mail.outbox

    def test_saved_twice_is_one_and_switched_on(self):
        user, area = make_user(), ServiceArea.objects.first()
        first = searches.save_search(area=area, by=user)
        searches.switch_search(first, is_on=False)
        searches.save_search(area=area, by=user)
        assert SavedSearch.objects.get().is_on


class TestProjects:
    def values(self, region, **more):
        return {
            "title": "Fall i distriktet", "region": region, "partners": [make_partner()],
            "starts_on": date(2026, 1, 1), "last_day": date(2027, 12, 31), **more,
        }  # fmt: skip

    def test_grows_from_a_question_and_takes_its_needs_into_research(self):
        question = make_question(state=Q.MATCHED)
        by, need = make_coordinator(question.region), question.needs.get()
        made = projects.register_project(
            **self.values(question.region, questions=[question], needs=[need]), is_under_way=True, by=by
        )
        question.refresh_from_db()
        need.refresh_from_db()
        assert (made.state, question.state, need.state) == (P.UNDER_WAY, Q.IN_PROJECT, NeedState.IN_RESEARCH)
        assert [row.municipality for row in made.participations.all()] == [need.municipality]

    def test_planned_ones_wait_with_the_needs_until_the_start(self):
        need = make_need(state=NeedState.RESEARCHABLE)
        region = need.municipality.region
        by = make_coordinator(region)
        made = projects.register_project(**self.values(region, needs=[need]), by=by)
        need.refresh_from_db()
        assert need.state == NeedState.RESEARCHABLE
        projects.move_project("start", made, by=by)
        need.refresh_from_db()
        assert need.state == NeedState.IN_RESEARCH
        with pytest.raises(ValidationError):
            projects.move_project("stop", made, by=by)
        assert projects.move_project("stop", made, reason="Ingen penger", by=by).stop_reason == "Ingen penger"

    def test_who_registers_and_edits(self):
        region = make_region()
        cluster = make_cluster(lead_region=region)
        for user, may in (
            (make_coordinator(region), True),
            (appoint(Role.CLUSTER_COORDINATOR, cluster), True),
            (appoint(Role.NATIONAL_STAFF), True),
            (make_coordinator(make_region()), False),
            (appoint(Role.CLUSTER_COORDINATOR, make_cluster()), False),
            (appoint(Role.PARTNER, make_partner()), False),
        ):
            before = ResearchProject.objects.count()
            if may:
                projects.register_project(**self.values(region, clusters=[cluster]), by=user)
            else:
                with pytest.raises(PermissionDenied):
                    projects.register_project(**self.values(region, clusters=[cluster]), by=user)
            assert ResearchProject.objects.count() == before + may
        row = make_project(region=region)
        with pytest.raises(PermissionDenied):
            projects.edit_project(row, version=0, **self.values(region), by=make_coordinator(make_region()))
        with pytest.raises(PermissionDenied):
            projects.join(row, municipality=make_municipality(), part="data", by=make_coordinator(make_region()))

    def test_two_who_edit_at_once_meet(self):
        row = make_project(region=make_region())
        by = make_coordinator(row.region)
        projects.edit_project(row, version=0, **self.values(row.region), by=by)
        with pytest.raises(ValidationError):
            projects.edit_project(row, version=0, **self.values(row.region, title="Annet"), by=by)
        row.refresh_from_db()
        assert (row.title, row.version) == ("Fall i distriktet", 1)

    def test_must_end_after_it_starts(self):
        region = make_region()
        with pytest.raises(ValidationError):
            projects.register_project(
                **self.values(region) | {"last_day": date(2025, 12, 31)}, by=make_coordinator(region)
            )

    def test_municipalities_join_change_role_and_leave(self):
        row = make_project(region=make_region())
        by, place = make_coordinator(row.region), make_municipality()
        projects.join(row, municipality=place, part="data", by=by)
        part = projects.join(row, municipality=place, part="leads", by=by)
        assert Participation.objects.get().part == "leads"
        projects.leave(part, by=by)
        assert not Participation.objects.exists()
        assert [entry.verb for entry in audit.history(row)] == ["project.left", "project.joined", "project.joined"]

    def test_planned_ones_are_for_those_who_take_part(self):
        partner = make_partner()
        planned = make_project(region=make_region(), partners=[partner])
        shown = make_project(state=P.UNDER_WAY)
        place = make_municipality()
        planned.participations.create(municipality=place)
        for user, sees in (
            (appoint(Role.PARTNER, partner), {planned, shown}),
            (appoint(Role.RD_CONTACT, place), {planned, shown}),
            (make_coordinator(planned.region), {planned, shown}),
            (appoint(Role.OBSERVER), {shown}),
            (appoint(Role.PARTNER, make_partner()), {shown}),
        ):
            assert set(ResearchProject.objects.visible_to(user)) == sees
