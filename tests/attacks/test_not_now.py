"""What cannot be done now says why: too early, too late, done by you, done by another (X10)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from clusters.models import Cluster
from grants import models as grants
from ksf import audit
from ksf.accounts.models import User
from ksf.content.models import NewsItem
from ksf.lifecycle import Gone, Lifecycle
from ksf.privacy.models import ErasureRequest
from ksf.steps import take
from ksf.web.refused_steps import EXPLANATIONS, HEADINGS, WhyNot, why
from needs.lifecycle import NEED, NeedState
from needs.models import KnowledgeNeed
from needs.research import models as research
from needs.rounds.models import Round
from needs.services.drafts import submit
from regions.models import HandoverProposal
from reporting import models as reporting
from tests.grants.factories import make_call
from tests.grants.helpers import make_draft
from tests.ksf.factories import make_user
from tests.ksf.helpers import text_of
from tests.needs.factories import make_contact, make_coordinator, make_need

pytestmark = pytest.mark.django_db

EVERY_STEP = "every step"
MODELS = {
    "news": NewsItem, "handover": HandoverProposal, "cluster": Cluster, "need": KnowledgeNeed,
    "question": research.ResearchQuestion, "interest": research.Interest, "project": research.ResearchProject,
    "round": Round, "call": grants.Call, "application": grants.Application, "review": grants.Review,
    "proposal": grants.Proposal, "award": grants.Award, "complaint": grants.Complaint,
    "redecision": grants.Redecision, "regional_plan": reporting.RegionalPlan,
    "regional_report": reporting.RegionalReport, "report_section": reporting.ReportSection,
    "national_report": reporting.NationalReport, "erasure": ErasureRequest,
}  # fmt: skip
NEVER_AGAIN = {
    "NEWS": {},
    "ERASURE": dict.fromkeys(["done", "refused", "withdrawn"], EVERY_STEP),
    "HANDOVER": dict.fromkeys(["carried_out", "refused", "withdrawn"], EVERY_STEP),
    "CLUSTER": {"being_established": {"begin"}, "established": {"begin", "establish"}, "dissolved": EVERY_STEP},
    "NEED": {"in_use": EVERY_STEP},
    "ACTIONS need": {"in_use": {"write", "discard", "assess"}},
    "QUESTION": {"in_project": EVERY_STEP},
    "QUESTION_ACTIONS": {"in_project": EVERY_STEP},
    "INTEREST": dict.fromkeys(["in_touch", "declined", "withdrawn"], EVERY_STEP),
    "PROJECT": {"under_way": {"start"}, "completed": EVERY_STEP, "stopped": EVERY_STEP},
    "ROUND": {"open": {"open"}, "closed": {"open", "close"}, "published": EVERY_STEP},
    "ACTIONS round": dict.fromkeys(["open", "closed", "published"], EVERY_STEP),
    "CALL": {
        "published": {"publish"}, "closed": {"publish", "correct", "extend", "close"}, "decided": EVERY_STEP
    },
    "CALL_ACTIONS": dict.fromkeys(["published", "closed", "decided"], EVERY_STEP),
    "APPLICATION": {
        "awarded": {"submit", "withdraw", "reopen", "begin_review", "dismiss", "award", "reject", "readmit"},
        "rejected": {"submit", "withdraw", "reopen", "begin_review", "dismiss", "award", "reject", "readmit"},
    },
    "APPLICATION_ACTIONS": dict.fromkeys(["awarded", "rejected"], EVERY_STEP),
    "REVIEW": {
        "writing": {"declare_impartial"}, "handed_in": {"declare_impartial"},
        "conflicted": EVERY_STEP, "released": EVERY_STEP,
    },
    "REVIEW_ACTIONS": dict.fromkeys(["conflicted", "released"], EVERY_STEP),
    "PROPOSAL": dict.fromkeys(["decided", "dropped"], EVERY_STEP),
    "PROPOSAL_ACTIONS": dict.fromkeys(["decided", "dropped"], EVERY_STEP),
    "AWARD": {},
    "COMPLAINT": dict.fromkeys(["upheld", "readmitted", "dismissed"], EVERY_STEP),
    "COMPLAINT_ACTIONS": dict.fromkeys(["readmitted", "dismissed"], EVERY_STEP),
    "REDECISION": {"decided": EVERY_STEP},
    "PLAN": {"approved": EVERY_STEP},
    "PLAN_WRITING": {"approved": EVERY_STEP},
    "REPORT": {"approved": EVERY_STEP},
    "REPORT_WRITING": {"approved": EVERY_STEP},
    "SECTION": {"accepted": EVERY_STEP},
    "SECTION_WRITING": {"accepted": EVERY_STEP},
    "NATIONAL": {"published": EVERY_STEP},
}  # fmt: skip
"""From which states which steps can never be taken any more. From all others a step not open now is yet to come."""


def _lifecycles():
    """Every lifecycle of every app, by its name in the code; ``ACTIONS`` of two apps with the name of its objects."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "lifecycle") and app.name != "ksf":
            for name, value in vars(import_module(f"{app.name}.lifecycle")).items():
                if isinstance(value, Lifecycle):
                    yield (f"{name} {value.name}" if name == "ACTIONS" else name), value


LIFECYCLES = dict(_lifecycles())


def _closed(lifecycle):
    """Every state with every step that cannot be taken from it."""
    for state, _label in MODELS[lifecycle.name]._meta.get_field("state").flatchoices:
        for step in lifecycle.steps.values():
            if state not in step.sources:
                yield state, step


def _thing(lifecycle, state):
    return MODELS[lifecycle.name](pk=1, state=state)


def test_every_lifecycle_is_decided():
    assert LIFECYCLES.keys() == NEVER_AGAIN.keys()
    assert {lifecycle.name for lifecycle in LIFECYCLES.values()} == MODELS.keys()


@pytest.mark.parametrize("name", LIFECYCLES)
def test_what_nobody_has_moved_is_too_early_or_too_late(name):
    lifecycle, reader = LIFECYCLES[name], make_user()
    late = {}
    for state, step in _closed(lifecycle):
        reason = why(lifecycle.refusal(step.name, _thing(lifecycle, state)), reader).reason
        assert reason in {WhyNot.TOO_EARLY, WhyNot.TOO_LATE}
        if reason is WhyNot.TOO_LATE:
            late.setdefault(state, set()).add(step.name)
    expected = {
        state: set(lifecycle.steps) if steps == EVERY_STEP else steps for state, steps in NEVER_AGAIN[name].items()
    }
    assert late == expected


@pytest.mark.parametrize("name", LIFECYCLES)
def test_what_somebody_has_moved_on_says_who_and_whether_it_is_done(name):
    """Each step that led to the state is taken once by the reader and once by another; then the closed steps are."""
    lifecycle, reader, another = LIFECYCLES[name], make_user(), make_user()
    for state, step in _closed(lifecycle):
        thing = _thing(lifecycle, state)
        for move in lifecycle.moves.values():
            before = sorted(set(move.sources) & set(step.sources))
            if move.target != state or not before:
                continue
            for by, done in ((reader, WhyNot.DONE_BY_YOU), (another, WhyNot.DONE_BY_ANOTHER)):
                audit.record(f"{lifecycle.name}.{move.name}", thing, by=by, before=before[0], after=state)
                found = why(lifecycle.refusal(step.name, thing), reader)
                assert found.reason is (done if move is step else WhyNot.TOO_LATE), (state, step.name, move.name)
                assert ("Gjort av", "Du" if by is reader else "En annen person") in found.facts


def _take_up(client, need):
    return client.post(reverse("need_step", args=[need.pk, "take_up"]))


def test_ones_own_second_press_leads_on(client):
    need = make_need(state=NeedState.SUBMITTED)
    client.force_login(make_coordinator(need))
    assert _take_up(client, need).url == need.get_absolute_url()
    assert _take_up(client, need).url == need.get_absolute_url()
    assert "Du har allerede gjort dette, " in text_of(client.get(need.get_absolute_url()))


@pytest.mark.parametrize(
    ("language", "heading", "by"),
    [
        ("nb", "En annen har allerede gjort dette", "Gjort av"),
        ("nn", "Ein annan har alt gjort dette", "Gjort av"),
        ("en", "Somebody else has done this already", "Done by"),
    ],
)
def test_what_another_has_done_says_in_which_role_and_never_who(client, settings, language, heading, by):
    need = make_need(state=NeedState.SUBMITTED)
    first = make_coordinator(need)
    User.objects.filter(pk=first.pk).update(name="Et Navn")
    first = User.objects.get(pk=first.pk)
    take(NEED, "take_up", need, by=first)
    client.force_login(make_coordinator(need))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = _take_up(client, need)
    page = text_of(response)
    assert response.status_code == 409
    assert heading in page
    assert f"<dt>{by}</dt>" in page
    assert str(first.active_role) in page
    assert "Et Navn" not in page


def test_too_early_says_when(client):
    need = make_need(state=NeedState.SUBMITTED)
    client.force_login(make_coordinator(need))
    response = client.post(reverse("need_step", args=[need.pk, "prioritise"]))
    page = text_of(response)
    assert response.status_code == 409
    assert "Det er for tidlig å gjøre dette" in page
    assert "<dt>Kan gjøres når status er</dt><dd>I vurdering</dd>" in page


def test_too_late_gives_what_was_written_back(client):
    need = make_need(state=NeedState.DRAFT)
    contact = make_contact(need.municipality)
    submit(need, by=make_contact(need.municipality))
    client.force_login(contact)
    response = client.post(reverse("need_write", args=[need.pk]), {"title": "Det jeg skrev i mellomtiden"})
    page = text_of(response)
    assert response.status_code == 409
    assert "Det er for sent å gjøre dette" in page
    assert "Det jeg skrev i mellomtiden" in page


def test_for_htmx_it_is_a_notice_on_the_page_that_stays(client):
    need = make_need(state=NeedState.SUBMITTED)
    coordinator = make_coordinator(need)
    take(NEED, "take_up", need, by=coordinator)
    client.force_login(coordinator)
    response = client.post(reverse("need_step", args=[need.pk, "take_up"]), headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (409, "#main")
    assert "<html" not in text_of(response)
    assert "<h2" in text_of(response)


@pytest.mark.parametrize(
    ("opens", "deadline", "said"),
    [(2, 10, "<dt>Kan gjøres fra</dt>"), (-10, -1, "<dt>Kunne gjøres til</dt>")],
)
def test_a_call_says_from_when_and_until_when(client, opens, deadline, said):
    application, coordinator = make_draft()
    grants.Call.objects.filter(pk=application.call_id).update(
        opens_at=make_call(opens=opens, deadline=deadline).opens_at,
        deadline_at=grants.Call.objects.latest("pk").deadline_at,
    )
    client.force_login(coordinator)
    response = client.post(reverse("application_submit", args=[application.pk]))
    assert response.status_code == 409
    assert said in text_of(response)


def test_what_is_discarded_says_so():
    need = make_need(state=NeedState.DRAFT)
    by = make_contact(need.municipality)
    audit.record("need.discard", need, by=by)
    found = why(Gone(need), make_user())
    assert found.reason is WhyNot.GONE
    assert ("Gjort av", str(by.active_role)) in found.facts


def test_every_reason_has_its_words():
    assert HEADINGS.keys() == EXPLANATIONS.keys() == set(WhyNot)
    assert len({str(text) for text in HEADINGS.values()}) == len(WhyNot)
