"""Every long text keeps what it was (X10): two at once, bringing back, who may not."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from grants.models import Answer
from ksf.accounts.roles import Role
from ksf.content.services import edit_news, write_news
from ksf.writing.differences import MOST_LINES, ComparedLine, compared
from ksf.writing.models import EarlierText
from ksf.writing.registry import kinds
from ksf.writing.services import SESSION, earlier_of, earlier_of_nothing, keep_earlier, write
from needs.models import KnowledgeNeed
from needs.services import drafts
from reporting.models import ActivityReport, Goal
from tests.clusters.factories import make_cluster
from tests.clusters.factories import make_coordinator as make_cluster_coordinator
from tests.grants.factories import make_application, make_call, make_review
from tests.grants.helpers import make_draft
from tests.ksf.factories import appoint, make_lead, make_staff, make_user
from tests.ksf.helpers import text_of
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.needs.research.factories import make_project, make_question
from tests.needs.rounds.factories import make_round
from tests.regions.factories import make_partner, make_region
from tests.reporting.factories import load_definitions, make_plan, make_report, make_team

pytestmark = pytest.mark.django_db

KEPT = {
    "clusters.cluster.purpose", "content.newsitem.text_nb", "content.newsitem.text_nn", "grants.answer.content",
    "grants.answeredquestion.answer_nb", "grants.answeredquestion.answer_nn", "grants.answeredquestion.question_nb",
    "grants.answeredquestion.question_nn", "grants.review.content", "grants.score.content",
    "needs.knowledgeneed.description", "needs.knowledgeneed.consequence", "needs.knowledgeneed.known_summary",
    "needs_research.questiontext.content", "needs_research.researchproject.summary", "needs_rounds.round.criteria",
    "reporting.activityreport.content", "reporting.reportfigure.explanation", "reporting.reportfigure.remark",
    "reporting.reportsection.content",
}  # fmt: skip
KEPT_OF_THE_CALL = {"grants.calltext.text_nb", "grants.calltext.text_nn"}
NOT_KEPT = {
    "grounds, reasons and answers, written when a step is taken; the log and the sealed papers have them": {
        "clusters.cluster.dissolved_reason", "clusters.cluster.few_members_reason",
        "clusters.membership.outside_reason", "grants.application.dismissal_grounds", "grants.award.decline_reason",
        "grants.callnotice.text_nb", "grants.callnotice.text_nn", "grants.complaint.answer", "grants.complaint.text",
        "grants.jointscore.grounds", "grants.line.override_reason", "grants.proposal.grounds",
        "grants.redecision.grounds", "grants.rejection.grounds", "grants.review.declaration", "grants.waiver.reason",
        "needs.clarification.answer", "needs.clarification.question", "needs.endorsement.comment",
        "needs.knowledgeneed.close_reason", "needs.knowledgeneed.outcome_note", "needs_research.interest.answer",
        "needs_research.interest.message", "needs_research.researchproject.stop_reason",
        "needs_rounds.chairchange.reason", "privacy.erasurerequest.answer", "privacy.erasurerequest.reason",
        "regions.handoverproposal.reason", "regions.hostterm.end_reason",
        "reporting.regionalplan.comment", "reporting.regionalreport.late_reason", "reporting.sectioncomment.text",
    },
    "a sentence of help in a row of a call's form, settled before the call is published": {
        "grants.question.help_nb", "grants.question.help_nn",
    },
    "definitions, loaded and written on no page": {
        "grants.scheme.evaluation_nb", "grants.scheme.evaluation_nn", "grants.scheme.follow_up_nb",
        "grants.scheme.follow_up_nn", "grants.scheme.goal_nb", "grants.scheme.goal_nn",
        "grants.scheme.legal_basis_nb", "grants.scheme.legal_basis_nn", "grants.scheme.target_group_nb",
        "grants.scheme.target_group_nn", "reporting.goal.note", "reporting.goal.text_en", "reporting.goal.text_nb",
        "reporting.goal.text_nn", "reporting.indicator.counted", "reporting.indicator.how",
        "reporting.indicator.note", "reporting.indicator.pitfalls", "reporting.indicator.why",
    },
    "a version itself, a message that is sent, an address": {
        "needs.textversion.description", "notifications.notice.body", "once.sentform.led_to",
        "writing.earliertext.text",
    },
}  # fmt: skip


@pytest.fixture
def two():
    return make_user(name="Saltenklyngen"), make_user(name="Bodø")


@pytest.fixture
def answer():
    application, _coordinator = make_draft(is_complete=False)
    return application.answers.get()


def texts(row):
    return [version.text for version in earlier_of(row)]


def later(minutes):
    """As if all that is written had been written so long ago."""
    long_ago = timezone.now() - timedelta(minutes=minutes)
    Answer.objects.update(updated_at=long_ago)


class TestWhatIsKept:
    def test_one_sitting_is_one_version(self, answer, two):
        first, second = two
        for text in ("Seks", "Seks kommuner", "Seks kommuner er med"):
            answer = write(answer, text, version=answer.version, by=first)
        assert texts(answer) == []
        answer = write(answer, "Åtte kommuner", version=answer.version, by=second)
        version = earlier_of(answer).get()
        assert (version.text, version.written_by, version.replaced_by) == ("Seks kommuner er med", first, second)

    def test_after_a_rest_it_is_another(self, answer, two):
        answer = write(answer, "Seks kommuner", version=0, by=two[0])
        later(SESSION.total_seconds() / 60 + 1)
        answer.refresh_from_db()
        write(answer, "Seks kommuner er med", version=answer.version, by=two[0])
        assert texts(answer) == ["Seks kommuner"]

    def test_what_is_wiped_out_is_kept_within_the_sitting(self, answer, two):
        answer = write(answer, "En lang tekst om seks kommuner", version=0, by=two[0])
        write(answer, "", version=answer.version, by=two[0])
        assert texts(answer) == ["En lang tekst om seks kommuner"]

    def test_two_in_turn(self, answer, two):
        for number, text in enumerate(["Seks", "Åtte", "Ti", "Tolv"]):
            answer = write(answer, text, version=answer.version, by=two[number % 2])
        assert texts(answer) == ["Ti", "Åtte", "Seks"]

    def test_of_news_of_two(self):
        staff, lead = make_staff(), make_lead()
        item = write_news(by=staff, title_nb="Nytt", text_nb="Slik det var")
        edit_news(item, by=lead, title_nn="Nytt", text_nb="Slik det ble", text_nn="Slik det vart")
        assert [(one.field, one.text, one.written_by) for one in earlier_of(item)] == [
            ("text_nb", "Slik det var", staff)
        ]

    def test_a_form_does_not_hide_what_the_row_was(self, client):
        client.force_login(make_staff())
        call = make_call()
        url = reverse("call_answer_new", args=[call.slug])
        written = {"asked_on": "1.2.2027", "question_nb": "Kan vi?", "answer_nb": "Ja."}
        client.post(url, written)
        row = call.answered_questions.get()
        client.post(reverse("call_answer", args=[call.slug, row.pk]), {**written, "answer_nb": "Nei, likevel ikke."})
        assert texts(row) == ["Ja."]


class TestTheDatabase:
    def test_refuses_to_change_or_lose_one(self, answer, two):
        answer = write(answer, "Seks", version=0, by=two[0])
        write(answer, "Åtte", version=1, by=two[1])
        table = EarlierText._meta.db_table
        for sql in (f"UPDATE {table} SET text = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):  # noqa: S608  our own name
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        assert not earlier_of_nothing(timezone.now()).exists()
        assert texts(answer) == ["Seks"]

    def test_what_is_discarded_before_anybody_got_it_leaves_nothing(self):
        contact = make_contact()
        need = make_need(municipality=contact.appointments_in_force[0].municipality, state="draft", by=make_user())
        drafts.save_draft({"description": "Noe annet"}, by=contact, key=need.draft_key, version=0)
        assert EarlierText.objects.count() == 1
        drafts.discard(need, by=contact)
        assert EarlierText.objects.count() == 0


class TestBringingBack:
    @pytest.fixture
    def clash(self, client):
        """Two wrote in one answer, and the second chose the own text; the address of what the first wrote."""
        application, coordinator = make_draft(is_complete=False)
        answer, other = application.answers.get(), make_cluster_coordinator(application.cluster)
        write(answer, "Seks kommuner er med.\nDe har ventet lenge.", version=0, by=other)
        client.force_login(coordinator)
        url = reverse("application_answer", args=[application.pk, answer.pk])
        assert client.post(url, {"content": "Åtte er med.\nDe har ventet lenge.", "version": "0"}).status_code == 409
        assert client.post(url, {"content": "Åtte er med.\nDe har ventet lenge.", "version": "1"}).status_code == 302
        return answer, reverse("earlier_text", args=[earlier_of(answer).get().pk])

    def test_the_others_text_is_fetched_back(self, client, clash):
        answer, url = clash
        page = text_of(client.get(url))
        assert "<del>Seks kommuner er med.</del>" in page and "<ins>Åtte er med.</ins>" in page
        assert "<p>De har ventet lenge.</p>" in page
        assert client.post(url).status_code == 302
        answer.refresh_from_db()
        assert answer.content.startswith("Seks kommuner")
        assert [text.split()[0] for text in texts(answer)] == ["Åtte", "Seks"]
        assert "Vil du hente" not in text_of(client.get(url)), "it stands there now"

    def test_the_list_leads_to_it(self, client, clash):
        answer, url = clash
        page = text_of(client.get(reverse("earlier_texts", args=["grants.answer", answer.pk])))
        assert url in page and "Seks kommuner" in page
        assert reverse("earlier_texts", args=["grants.answer", answer.pk]) in text_of(
            client.get(answer.application.get_absolute_url())
        )

    def test_others_do_not_see_it(self, client, clash):
        answer, url = clash
        for stranger in (make_staff(), make_contact(), make_cluster_coordinator(make_cluster())):
            client.force_login(stranger)
            for address in (url, reverse("earlier_texts", args=["grants.answer", answer.pk])):
                assert client.get(address).status_code == 404
            assert client.post(url).status_code == 404
        client.logout()
        assert client.post(url).status_code == 401

    def test_handed_in_it_is_read_and_not_brought_back(self, client, clash):
        answer, url = clash
        type(answer.application).objects.update(state="submitted", number="1", submitted_at=timezone.now())
        page = text_of(client.get(url))
        assert "Seks kommuner er med." in page and "Vil du hente" not in page
        assert client.post(url).status_code == 403
        answer.refresh_from_db()
        assert answer.content.startswith("Åtte")

    def test_drafts_of_a_need_are_not_for_those_who_read_it(self, client):
        contact = make_contact()
        need = make_need(municipality=contact.appointments_in_force[0].municipality, state="draft", by=make_user())
        drafts.save_draft({"description": "Noe annet"}, by=contact, key=need.draft_key, version=0)
        KnowledgeNeed.objects.update(state="in_assessment", number="2026-0001", submitted_at=timezone.now())
        address = reverse("earlier_texts", args=["needs.knowledgeneed", need.pk])
        client.force_login(contact)
        assert "Vi har mange fall" in text_of(client.get(address))
        client.force_login(make_contact())
        assert client.get(need.get_absolute_url()).status_code == 200
        assert client.get(address).status_code == 404

    def test_nothing_yet_and_nothing_at_all(self, client):
        staff = make_staff()
        client.force_login(staff)
        item = write_news(by=staff, title_nb="Nytt", text_nb="Kort")
        assert "Ingenting er erstattet" in text_of(
            client.get(reverse("earlier_texts", args=["content.newsitem", item.pk]))
        )
        for kind, pk in (("content.newsitem", 0), ("accounts.user", staff.pk), ("x", 1)):
            assert client.get(reverse("earlier_texts", args=[kind, pk])).status_code == 404

    def test_hostile_text_is_shown_as_text(self, client):
        staff = make_staff()
        client.force_login(staff)
        item = write_news(by=make_lead(), title_nb="Nytt", text_nb="<script>alert(1)</script>\n<b>fet</b>")
        edit_news(item, by=staff, text_nb="Kort\n<i>skrå</i>")
        for url in (
            reverse("earlier_texts", args=["content.newsitem", item.pk]),
            reverse("earlier_text", args=[earlier_of(item).get().pk]),
        ):
            page = text_of(client.get(url))
            assert "<script>alert" not in page and "<i>skrå" not in page and "&lt;script&gt;" in page


def news():
    return write_news(by=make_staff(), title_nb="Nytt", text_nb="Nå"), "text_nb", make_lead()


def cluster():
    made = make_cluster()
    return made, "purpose", make_cluster_coordinator(made)


def draft_need():
    contact = make_contact()
    place = contact.appointments_in_force[0].municipality
    return make_need(municipality=place, state="draft", by=contact), "consequence", contact


def assessed_need():
    need = make_need(state="in_assessment", known_summary="Nå", assessment="research_gap")
    return need, "known_summary", make_coordinator(need)


def criteria():
    made = make_round()
    return made, "criteria", made.runner


def question():
    region = make_region()
    row = make_question(region=region).texts.first()
    return row, "content", appoint(Role.REGIONAL_COORDINATOR, region)


def project():
    region = make_region()
    made = make_project(region=region, summary="Nå", partners=[make_partner()])
    return made, "summary", appoint(Role.REGIONAL_COORDINATOR, region)


def application():
    made, coordinator = make_draft()
    return made.answers.get(), "content", coordinator


def review():
    made = make_review(make_application(state="under_review"), state="writing", points=(5, 5))
    return made, "content", made.reviewer


def score():
    made, _field, reviewer = review()
    return made.scores.first(), "content", reviewer


def call():
    made = make_call("draft")
    made.texts.create(kind="use", text_nb="Nå", text_nn="No")
    made.texts.create(kind="control", text_nb="Kontroll")
    return made, "use_nn", make_staff()


def public_answer():
    row = make_call().answered_questions.create(asked_on="2027-01-01", question_nb="Kan vi?", answer_nb="Nå")
    return row, "answer_nb", make_staff()


def section():
    load_definitions()
    region, coordinator, _host = make_team()
    return make_report(region, coordinator).sections.first(), "content", coordinator


def figure():
    made, _field, coordinator = section()
    row = made.report.figures.exclude(count=None).first()
    type(row).objects.filter(pk=row.pk).update(corrected=4, explanation="Nå")
    row.refresh_from_db()
    return row, "explanation", coordinator


def remark():
    made, _field, coordinator = section()
    return made.report.figures.first(), "remark", coordinator


def activity():
    load_definitions()
    region, coordinator, _host = make_team()
    make_plan(region, coordinator, activities=[(Goal.objects.get(code="goal_1"), "Avtale")])
    make_report(region, coordinator)
    return ActivityReport.objects.get(), "content", coordinator


EVERY_KIND = [
    news, cluster, draft_need, assessed_need, criteria, question, project, application, review, score, call,
    public_answer, section, figure, remark, activity,
]  # fmt: skip


class TestEveryText:
    @pytest.mark.parametrize("make", EVERY_KIND, ids=lambda make: make.__name__)
    def test_comes_back_through_its_own_service(self, client, make):
        row, field, writer = make()
        now = kinds()[row._meta.label_lower].text(row, field)
        keep_earlier(row, {field: ("Slik det var", now)}, by=make_user())
        version = earlier_of(row).get()
        client.force_login(writer)
        address = reverse("earlier_texts", args=[row._meta.label_lower, row.pk])
        assert "Slik det var" in text_of(client.get(address))
        url = reverse("earlier_text", args=[version.pk])
        assert "Vil du hente teksten tilbake?" in text_of(client.get(url))
        answer = client.post(url)
        assert client.get(answer.url).status_code == 200
        fresh = kinds()[row._meta.label_lower].find(row.pk)
        assert kinds()[row._meta.label_lower].text(fresh, field) == "Slik det var"
        assert [one.text for one in earlier_of(row)] == [*([now] if now else []), "Slik det var"]

    def test_is_kept_or_somebody_has_said_why_not(self):
        """A new long text fails until somebody has decided."""
        ours = [model for model in apps.get_models() if not model.__module__.startswith(("django.", "allauth."))]
        texts = {
            f"{model._meta.label_lower}.{column.name}"
            for model in ours
            for column in model._meta.concrete_fields
            if type(column) is models.TextField
        }
        assert texts == KEPT | KEPT_OF_THE_CALL | set().union(*NOT_KEPT.values())
        assert set(kinds()) == {name.rpartition(".")[0] for name in KEPT} | {"grants.call"}


class TestDifferences:
    def test_line_by_line(self):
        found = compared("a\n\nb\nc", "a\nd\nc")
        assert found == [
            ComparedLine("a"),
            ComparedLine("b", is_gone=True),
            ComparedLine("d", is_new=True),
            ComparedLine("c"),
        ]

    def test_too_long_is_not_compared(self):
        assert compared("a\n" * (MOST_LINES + 1), "b") is None
