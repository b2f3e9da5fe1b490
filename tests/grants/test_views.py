"""The pages: who may open them, what they say, and that they cost the same however many rows."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from grants.lifecycle import ApplicationState, CallState, ReviewState
from grants.models import Application, Call, CallText
from grants.services import application as services
from grants.views.call import EDITOR_PARTS
from ksf.accounts.roles import Role
from tests.clusters.factories import add_member, make_cluster
from tests.grants.factories import make_application, make_call, make_review, make_reviewer
from tests.grants.helpers import make_draft, run_jobs
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import count_queries, text_of
from tests.regions.factories import make_county, make_municipality, make_region

pytestmark = pytest.mark.django_db


def test_everyone_reads_published_calls_and_nobody_else_the_drafts(client, staff):
    call, draft = make_call(), make_call(CallState.DRAFT)
    CallText.objects.create(call=call, kind="purpose", text_nb="Hjelpe kommuner i gang.")
    page = client.get(call.get_absolute_url()).content.decode()
    assert "Hjelpe kommuner i gang." in page
    assert "300 000" in page.replace("\u202f", " ").replace("\xa0", " ")
    listed = client.get(reverse("call_list")).content.decode()
    assert call.title in listed
    assert draft.title not in listed
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(staff)
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_only_staff_manage_calls(client, staff):
    call = make_call(CallState.DRAFT)
    urls = [reverse("call_new"), *(reverse("call_edit", args=[call.slug, part]) for part in EDITOR_PARTS)]
    for url in urls:
        client.logout()
        assert client.get(url).status_code == 302
        client.force_login(make_user())
        assert client.get(url).status_code in {403, 404}
        client.force_login(staff)
        assert client.get(url).status_code == 200


def test_a_published_call_s_form_is_no_longer_edited(client, staff):
    call = make_call()
    client.force_login(staff)
    assert client.get(reverse("call_edit", args=[call.slug, "questions"])).status_code == 409
    for name in ("call_correct", "call_extend", "call_answer_new"):
        assert client.get(reverse(name, args=[call.slug])).status_code == 200


def test_a_stranger_finds_no_application_and_post_only_addresses_take_no_get(client):
    application, coordinator = make_draft()
    urls = {
        "get": ["application", "application_submit", "application_eligibility"],
        "post": ["application_details", "application_members", "application_budget"],
    }
    client.force_login(make_user())
    for name in urls["get"]:
        assert client.get(reverse(name, args=[application.pk])).status_code == 404
    for name in urls["post"]:
        assert client.post(reverse(name, args=[application.pk])).status_code == 404
    client.force_login(coordinator)
    for name in urls["get"]:
        assert client.get(reverse(name, args=[application.pk])).status_code == 200
    for name in urls["post"]:
        assert client.get(reverse(name, args=[application.pk])).status_code == 405


def test_staff_read_a_draft_but_never_write_it(client, staff):
    application, _coordinator = make_draft()
    client.force_login(staff)
    assert client.get(application.get_absolute_url()).status_code == 200
    assert client.post(reverse("application_members", args=[application.pk])).status_code == 403
    assert client.post(reverse("application_submit", args=[application.pk])).status_code == 403


def test_the_whole_way_without_script(client):
    application, coordinator = make_draft()
    client.force_login(coordinator)
    start = client.post(reverse("application_start", args=[application.call.slug]), {"cluster": application.cluster_id})
    assert start.url == application.get_absolute_url()
    page = client.get(start.url)
    assert "Sammen i fjorden" in page.content.decode()
    handed_in = client.post(reverse("application_submit", args=[application.pk]))
    assert handed_in.url == reverse("application_receipt", args=[application.pk])
    submission = application.submissions.get()
    receipt = client.get(handed_in.url).content.decode()
    assert submission.checksum in receipt
    assert "PDF-en blir laget" in receipt
    run_jobs("grants.application_pdf")
    submission.refresh_from_db()
    assert submission.document.get_absolute_url() in client.get(handed_in.url).content.decode()
    document = client.get(submission.document.get_absolute_url())
    assert document["Content-Type"] == "application/pdf"
    assert (
        client.post(reverse("application_submit", args=[application.pk])).url == application.get_absolute_url()
    )  # done already
    client.post(reverse("application_withdraw", args=[application.pk]))
    client.post(reverse("application_reopen", args=[application.pk]))
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT


def test_what_is_missing_is_said_and_nothing_is_handed_in(client):
    application, coordinator = make_draft(is_complete=False)
    client.force_login(coordinator)
    response = client.post(reverse("application_submit", args=[application.pk]))
    assert response.status_code == 422
    assert f"{application.get_absolute_url()}#attachments" in response.content.decode()


def test_amounts_are_saved_as_typed_and_two_writers_see_both(client):
    application, coordinator = make_draft()
    client.force_login(coordinator)
    first = application.members.first().municipality_id
    url = reverse("application_members", args=[application.pk])
    data = {f"a-{first}": "120 000", f"was-{first}": "100000"}
    response = client.post(url, data, headers={"HX-Request": "true"})
    assert response["HX-Trigger"] == "application-saved"
    assert f'id="id_was-{first}" value="120000"' in text_of(response)
    data = {f"a-{first}": "130 000", f"was-{first}": "100000"}
    clash = client.post(url, data)
    assert clash.status_code == 422
    page_text = text_of(clash)
    assert 'value="130 000"' in page_text
    assert "120 000 kr" in page_text
    assert f'name="was-{first}" value="120000"' in page_text
    assert application.members.get(municipality=first).amount == 120_000


def test_two_writers_of_a_text_both_keep_theirs(client):
    application, coordinator = make_draft()
    answer = application.answers.get()
    url = reverse("application_answer", args=[application.pk, answer.pk])
    client.force_login(coordinator)
    client.post(url, {"content": "Min", "version": "0"})
    response = client.post(url, {"content": "Din", "version": "0"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Min" in page
    assert "Din" in page
    answer.refresh_from_db()
    assert answer.content == "Min"


def test_a_tied_reviewer_finds_nothing(client):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    member = application.members.last().municipality
    tied = make_reviewer(application.call, user=appoint(Role.RD_CONTACT, member))
    review = make_review(application, tied, state=ReviewState.WRITING)
    free = make_review(application, state=ReviewState.WRITING)
    client.force_login(tied)
    assert client.get(application.get_absolute_url()).status_code == 404
    assert client.get(review.get_absolute_url()).status_code == 404
    assert client.get(free.get_absolute_url()).status_code == 404
    client.force_login(free.reviewer)
    assert client.get(application.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["application_list", "call_list"])
def test_lists_cost_the_same_with_more_rows(client, staff, name):
    client.force_login(staff)
    counts = []
    county = make_county(make_region())
    for more in (1, 2, 57):
        call = make_call()
        for _row in range(more):
            cluster = make_cluster(lead_region=county.region)
            add_member(cluster, make_municipality(county=county))
            make_application(call, cluster=cluster)
        counts.append(count_queries(client, reverse(name)))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_the_pages_of_an_application_cost_at_most_ten_queries(client, staff):
    application, coordinator = make_draft()
    client.force_login(coordinator)
    assert count_queries(client, application.get_absolute_url()) <= 10
    services.submit(application, by=coordinator)
    client.force_login(staff)
    assert count_queries(client, application.get_absolute_url()) <= 10
    review = make_review(application, state=ReviewState.WRITING, points=[5, 5])
    for _other in range(3):
        make_review(application, state=ReviewState.HANDED_IN, points=[5, 5])
    assert count_queries(client, reverse("review_overview", args=[application.call.slug])) <= 10
    client.force_login(review.reviewer)
    assert count_queries(client, review.get_absolute_url()) <= 10


def test_the_list_is_exported_with_what_is_chosen(client, staff):
    first, second = make_application(), make_application()
    client.force_login(staff)
    response = client.get(reverse("application_list"), {"format": "csv", "call": first.call.slug})
    text = b"".join(response.streaming_content).decode()
    assert first.cluster.name in text
    assert second.cluster.name not in text


def test_an_exported_state_is_said_in_the_readers_language(client, staff):
    make_application(state=ApplicationState.UNDER_REVIEW)
    client.force_login(staff)
    for language, label in (("nb", "Til vurdering"), ("en", "Under review")):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(reverse("application_list"), {"format": "csv"})
        assert label in b"".join(response.streaming_content).decode(), language


def test_the_list_offers_the_calls_one_may_see(client, staff):
    draft, announced = make_call(CallState.DRAFT, title_nb="Utkastet"), make_call(title_nb="Den åpne")
    for reader, offered in ((staff, {draft.title, announced.title}), (make_draft()[1], {announced.title})):
        client.force_login(reader)
        page = text_of(client.get(reverse("application_list")))
        assert {title for title in (draft.title, announced.title) if title in page} == offered


def test_late_calls_wait_for_staff_and_drafts_for_their_writers(client, staff):
    application, coordinator = make_draft()
    client.force_login(coordinator)
    assert "Sammen i fjorden" in client.get(reverse("my_page")).content.decode()
    Call.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert "Sammen i fjorden" not in client.get(reverse("my_page")).content.decode()
    client.force_login(staff)
    assert application.call.title in client.get(reverse("my_page")).content.decode()
    assert Application.objects.get().state == ApplicationState.DRAFT


@pytest.mark.parametrize(("opens", "said", "unsaid"), [(2, "Åpner", "Åpnet"), (-10, "Åpnet", "Åpner")])
def test_the_first_step_of_a_call_is_shown_as_past_when_it_is(client, opens, said, unsaid):
    page = client.get(make_call(opens=opens).get_absolute_url()).content.decode()
    assert f"<b>{said}</b>" in page
    assert f"<b>{unsaid}</b>" not in page
