"""Pages of questions, interest and projects: who sees what, what the forms do, in how many queries."""

import pytest
from django.urls import reverse

from ksf.accounts.roles import Role
from needs.lifecycle import NeedState
from needs.research.lifecycle import InterestState, ProjectState, QuestionState
from needs.research.models import Interest, ResearchProject, ResearchQuestion, SavedSearch
from tests.clusters.factories import make_cluster
from tests.ksf.factories import appoint
from tests.needs.factories import make_coordinator, make_need
from tests.needs.research.factories import make_project, make_question
from tests.regions.factories import make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db
LIST, PROJECTS = "/behov/problemstillinger/", "/behov/prosjekter/"


def titles(answer):
    return {row.title for row in answer.context["page"]}


class TestReading:
    def test_visitors_see_what_is_open_and_nothing_else(self, client):
        opened, draft = make_question("Åpen"), make_question("Utkast", state=QuestionState.DRAFT)
        shown, planned = make_project("I gang", state=ProjectState.UNDER_WAY), make_project("Planlagt")
        assert titles(client.get(LIST)) == {"Åpen"}
        assert titles(client.get(PROJECTS)) == {"I gang"}
        for row, status in ((opened, 200), (draft, 404), (shown, 200), (planned, 404)):
            assert client.get(row.get_absolute_url()).status_code == status
            assert client.post(row.get_absolute_url()).status_code == 405
        assert "<textarea" not in client.get(opened.get_absolute_url()).text
        for name in ("interest_list", "question_new", "project_new"):
            assert client.get(reverse(name)).status_code == 302

    def test_filters_narrow_and_nonsense_narrows_nothing(self, client):
        here = make_question("Her", kind="effect")
        make_question("Der", kind="review")
        assert titles(client.get(LIST, {"region": here.region.slug})) == {"Her"}
        assert titles(client.get(LIST, {"kind": "review"})) == {"Der"}
        assert titles(client.get(LIST, {"kind": "tull", "region": "ingen", "area": "x"})) == {"Her", "Der"}
        need = make_need("Publisert", state=NeedState.PRIORITISED)
        assert need.title in titles(client.get(LIST, {"vis": "behov"}))
        partner = make_partner()
        make_project("A", partners=[partner], state=ProjectState.UNDER_WAY)
        make_project("B", state=ProjectState.COMPLETED)
        assert titles(client.get(PROJECTS, {"partner": partner.slug})) == {"A"}
        assert titles(client.get(PROJECTS, {"state": "completed"})) == {"B"}
        assert titles(client.get(PROJECTS, {"year": "2019"})) == set()
        assert titles(client.get(PROJECTS, {"year": "2021"})) == {"A", "B"}

    def test_projects_as_files(self, client):
        make_project("Fall", state=ProjectState.UNDER_WAY, funding_amount=2_000_000)
        make_project("Hemmelig plan")
        text = b"".join(client.get(PROJECTS, {"format": "csv"}).streaming_content).decode()
        assert "Fall" in text
        assert "2000000" in text
        assert "Hemmelig" not in text
        assert b"".join(client.get(PROJECTS, {"format": "xlsx"}).streaming_content)[:2] == b"PK"

    def test_panels_on_the_pages_of_need_region_cluster_and_municipality(self, client):
        region = make_region()
        place, cluster = make_municipality(region=region), make_cluster(lead_region=region)
        need = make_need(municipality=place, state=NeedState.PRIORITISED)
        project = make_project("Panelprosjektet", region=region, state=ProjectState.UNDER_WAY)
        project.clusters.add(cluster)
        project.needs.add(need)
        project.participations.create(municipality=place)
        for page in (need, region, cluster, place):
            assert "Panelprosjektet" in client.get(page.get_absolute_url()).text
        client.force_login(appoint(Role.PARTNER, make_partner()))
        assert reverse("need_interest", args=[need.pk]) in client.get(need.get_absolute_url()).text
        client.force_login(make_coordinator(region))
        assert f"{reverse('question_new')}?behov={need.pk}" in client.get(need.get_absolute_url()).text


class TestQuestionPages:
    def test_who_may_come_to_which_page(self, client):
        question = make_question()
        names = {"question_edit": [question.pk], "question_new": [], "question_interest": [question.pk]}
        expected = {
            make_coordinator(question.region): [200, 200, 403],
            make_coordinator(make_region()): [403, 200, 403],
            appoint(Role.PARTNER, make_partner()): [403, 403, 200],
            appoint(Role.NATIONAL_STAFF): [200, 200, 403],
            appoint(Role.OBSERVER): [403, 403, 403],
        }
        for user, statuses in expected.items():
            client.force_login(user)
            urls = [reverse(name, args=args) for name, args in names.items()]
            assert [client.get(url).status_code for url in urls] == statuses
            assert client.put(urls[0]).status_code == 405

    def test_a_question_is_made_written_and_opened(self, client):
        need = make_need(state=NeedState.PRIORITISED)
        client.force_login(make_coordinator(need.municipality.region))
        url = reverse("question_new")
        assert client.get(url, {"behov": need.pk}).text.count(" checked") == 1
        assert client.post(url, {"title": "", "language": "nb"}).status_code == 422
        values = {"title": "Hva virker?", "needs": [need.pk], "kind": "effect", "language": "nb"}
        question_url = client.post(url, values).url
        question = ResearchQuestion.objects.get()
        step = reverse("question_step", args=[question.pk, "open"])
        client.post(step)
        question.refresh_from_db()
        assert question.state == QuestionState.DRAFT
        text = reverse("question_text", args=[question.pk, "outcome"])
        assert client.post(text, {"content": "Færre fall", "version": "0"}).status_code == 302
        assert client.post(text, {"content": "Andre ord", "version": "0"}).status_code == 409
        assert client.post(reverse("question_text", args=[question.pk, "tull"])).status_code == 404
        client.post(step)
        assert client.post(step).url == question.get_absolute_url()  # done already
        client.post(reverse("question_edit", args=[question.pk]), {**values, "title": "Hva virker best?"})
        client.logout()
        page = client.get(question_url).text
        assert "Færre fall" in page
        assert "Hva virker best?" in page

    def test_strangers_write_nothing(self, client):
        question = make_question()
        client.force_login(appoint(Role.PARTNER, make_partner()))
        url = reverse("question_text", args=[question.pk, "outcome"])
        assert client.post(url, {"content": "x", "version": "0"}).status_code == 403
        assert client.get(url).status_code == 405
        assert client.post(reverse("question_step", args=[question.pk, "match"])).status_code == 403
        assert client.post(reverse("question_step", args=[question.pk, "become_project"])).status_code == 404


class TestInterestPages:
    def test_is_shown_answered_and_becomes_a_project(self, client):
        question, partner = make_question(), make_partner()
        client.force_login(appoint(Role.PARTNER, partner))
        url = reverse("question_interest", args=[question.pk])
        assert client.post(url, {"partner": partner.pk, "message": ""}).status_code == 422
        assert client.post(url, {"partner": partner.pk, "message": "Vi kan"}).status_code == 302
        assert client.post(url, {"partner": partner.pk, "message": "Igjen"}).status_code == 422
        page = Interest.objects.get().get_absolute_url()
        assert client.post(page, {"do": "put_in_touch"}).status_code == 403
        client.force_login(make_coordinator(make_region()))
        assert client.get(page).status_code == 404
        client.force_login(make_coordinator(question.region))
        assert page in client.get(reverse("my_page")).text
        assert client.post(page, {"do": "decline", "answer": ""}).status_code == 422
        assert client.post(page, {"do": "tull"}).status_code == 403
        assert client.post(page, {"do": "put_in_touch", "answer": "Ring"}).status_code == 302
        assert client.post(page, {"do": "decline", "answer": "Nei"}).status_code == 409
        new = reverse("project_new") + f"?interesse={Interest.objects.get().pk}"
        assert question.title in client.get(new).text

    def test_what_has_become_a_project_takes_none_and_the_words_stay(self, client):
        question, partner = make_question(state="in_project"), make_partner()
        client.force_login(appoint(Role.PARTNER, partner))
        url = reverse("question_interest", args=[question.pk])
        assert client.get(url).status_code == 409
        answer = client.post(url, {"partner": partner.pk, "message": "Vi har data fra 40 kommuner"})
        assert answer.status_code == 422
        assert "Problemstillingen er blitt et prosjekt" in answer.text
        assert "Vi har data fra 40 kommuner" in answer.text
        assert not Interest.objects.exists()

    def test_a_need_takes_interest_too_and_it_can_be_withdrawn(self, client):
        need, partner = make_need(state=NeedState.PRIORITISED), make_partner()
        client.force_login(appoint(Role.PARTNER, partner))
        client.post(reverse("need_interest", args=[need.pk]), {"partner": partner.pk, "message": "Vi kan"})
        row = Interest.objects.get()
        assert (row.need, row.region) == (need, need.municipality.region)
        assert client.post(row.get_absolute_url(), {"do": "withdraw"}).status_code == 302
        row.refresh_from_db()
        assert row.state == InterestState.WITHDRAWN
        hidden = make_need(state=NeedState.SUBMITTED)
        assert client.get(reverse("need_interest", args=[hidden.pk])).status_code == 404


class TestSavedSearchPages:
    def test_saved_switched_and_removed_by_the_owner_alone(self, client):
        region = make_region()
        client.force_login(appoint(Role.PARTNER, make_partner()))
        client.post(reverse("search_save"), {"region": region.slug, "kind": "effect"})
        search = SavedSearch.objects.get()
        assert client.get(search.get_absolute_url()).context["form"].chosen == {"region": region, "kind": "effect"}
        url = reverse("search_change", args=[search.pk])
        client.post(url, {"do": "off"})
        search.refresh_from_db()
        assert not search.is_on
        assert client.post(url, {"do": "tull"}).status_code == 404
        assert client.get(url).status_code == 405
        client.force_login(appoint(Role.OBSERVER))
        assert client.post(url, {"do": "remove"}).status_code == 404
        client.force_login(search.user)
        client.post(url, {"do": "remove"})
        assert not SavedSearch.objects.exists()


class TestProjectPages:
    def values(self, **more):
        return {
            "title": "Fall", "partners": [make_partner().pk], "starts_on": "2026-01-01", "last_day": "2026-12-31",
            "combined_positions": 1, "public_sector_phds": 0, "master_theses": 2, "funding_amount": "2 500 000", **more,
        }  # fmt: skip

    def test_is_registered_changed_filled_and_stopped(self, client):
        region, place = make_region(), make_municipality()
        client.force_login(make_coordinator(region))
        url = reverse("project_new")
        assert client.post(url, self.values(region=region.pk, last_day="2025-01-01")).status_code == 422
        assert client.post(url, self.values(region=region.pk)).status_code == 302
        project = ResearchProject.objects.get()
        assert (project.funding_amount, project.state) == (2_500_000, ProjectState.PLANNED)
        edit = reverse("project_edit", args=[project.pk])
        assert client.get(edit).status_code == 200
        assert client.post(edit, self.values(region=region.pk, version=0, title="Nytt")).status_code == 302
        assert client.post(edit, self.values(region=region.pk, version=0, title="Sent")).status_code == 422
        join = reverse("project_join", args=[project.pk])
        assert client.post(join, {"municipality": "", "part": "data"}).status_code == 422
        assert client.post(join, {"municipality": place.pk, "part": "data"}).status_code == 302
        part = project.participations.get()
        assert place.name in client.get(project.get_absolute_url()).text
        client.post(reverse("project_leave", args=[project.pk, part.pk]))
        assert not project.participations.exists()
        step = {name: reverse("project_step", args=[project.pk, name]) for name in ("start", "stop", "complete")}
        assert client.post(step["start"]).status_code == 302
        assert client.post(step["start"]).url == project.get_absolute_url()  # done already
        assert client.post(step["stop"], {"reason": ""}).status_code == 422
        assert client.post(step["stop"], {"reason": "Ingen penger"}).status_code == 302
        assert client.get(reverse("project_step", args=[project.pk, "tull"])).status_code == 404
        client.logout()
        assert "Ingen penger" in client.get(project.get_absolute_url()).text

    def test_strangers_and_readers(self, client):
        project = make_project(region=make_region(), state=ProjectState.UNDER_WAY)
        client.force_login(make_coordinator(make_region()))
        assert client.get(reverse("project_edit", args=[project.pk])).status_code == 403
        assert client.post(reverse("project_step", args=[project.pk, "complete"])).status_code == 403
        assert client.post(reverse("project_join", args=[project.pk])).status_code == 403
        assert client.get(reverse("project_join", args=[project.pk])).status_code == 405
        client.force_login(appoint(Role.PARTNER, make_partner()))
        assert client.get(reverse("project_new")).status_code == 403


def test_partners_find_the_way_from_their_own_page(client):
    client.force_login(appoint(Role.PARTNER, make_partner()))
    assert LIST in client.get(reverse("my_page")).text
    client.force_login(appoint(Role.OBSERVER))
    assert LIST not in client.get(reverse("my_page")).text
