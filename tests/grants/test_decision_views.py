"""The pages of allocation, proposal, decision, acceptance, complaint and the public list (G7-G10)."""

import re
from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from grants.lifecycle import ApplicationState, AwardState, CallState, ProposalState
from grants.models import Award, Complaint, Proposal, Rejection, Scenario
from grants.panels import SHOWN
from grants.services import allocation as services
from grants.services import decision
from ksf.accounts.roles import Role
from tests.grants.factories import (
    make_application,
    make_award,
    make_call,
    make_closed_call,
    make_member_cluster,
    make_pot,
)
from tests.grants.helpers import (
    compute_scenario,
    decide_allocation,
    grants_waiting_for,
    propose_allocation,
    write_letters,
)
from tests.ksf.factories import appoint, make_lead, make_staff, make_user
from tests.ksf.helpers import count_queries
from tests.regions.factories import make_county, make_region

pytestmark = pytest.mark.django_db


def test_staff_compare_choose_change_and_propose_and_the_lead_decides(sign_in):
    call, staff, lead = make_closed_call(), make_staff(), make_lead()
    page = sign_in(staff).get(reverse("allocation", args=[call.slug]))
    assert "Ingenting er regnet ut" in page.content.decode()
    asked = {"kind": "strict", "pot": "1 000 000", "cap": "100000"}
    started = sign_in(staff).post(reverse("allocation_new", args=[call.slug]), asked)
    assert started.status_code == 302
    assert started.url.startswith("/jobber/")
    assert sign_in(staff).get(reverse("allocation", args=[call.slug])).content.decode().count("/jobber/") == 1
    optimum = compute_scenario(call, staff)
    chosen = sign_in(staff).post(reverse("allocation_choose", args=[call.slug, optimum.pk]))
    assert chosen.status_code == 302
    line = optimum.lines.first()
    shares = {f"m{share['municipality']}": "90 000" for share in line.shares}
    address = reverse("allocation_line", args=[call.slug, line.pk])
    assert sign_in(staff).post(address, {**shares, "reason": ""}).status_code == 422
    assert sign_in(staff).post(address, {**shares, "reason": "Redusert plan"}).status_code == 302
    page = sign_in(staff).get(reverse("allocation", args=[call.slug])).content.decode()
    assert "Redusert plan" in page
    assert sign_in(staff).post(reverse("proposal_propose", args=[call.slug]), {"grounds": "Best"}).status_code == 302
    assert grants_waiting_for(lead) == [reverse("proposal", args=[call.slug])]
    assert sign_in(staff).post(reverse("proposal_decide", args=[call.slug])).status_code == 403
    assert sign_in(lead).post(reverse("proposal_decide", args=[call.slug])).status_code == 302
    assert Award.objects.get(application=line.application).amount == 450_000
    assert "Vedtatt" in sign_in(staff).get(reverse("proposal", args=[call.slug])).content.decode()


def test_wrong_shares_stand_beside_their_fields(sign_in):
    call, staff = make_closed_call(), make_staff()
    scenario = compute_scenario(call, staff)
    services.choose(scenario, by=staff)
    line = scenario.lines.first()
    shares = {f"m{share['municipality']}": "90500" for share in line.shares}
    answer = sign_in(staff).post(reverse("allocation_line", args=[call.slug, line.pk]), {**shares, "reason": "x"})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 5


def test_the_lead_sends_back_with_a_note(sign_in):
    call, lead = make_closed_call(), make_lead()
    propose_allocation(call)
    address = reverse("proposal_send_back", args=[call.slug])
    assert sign_in(lead).post(address, {"note": ""}).status_code == 422
    assert sign_in(lead).post(address, {"note": "Se på Nord"}).status_code == 302
    assert Proposal.objects.get().state == ProposalState.CHOSEN


def test_a_blocked_decision_says_why_and_decides_nothing(sign_in):
    call, lead = make_closed_call(), make_lead()
    waiting_for = propose_allocation(call)
    late = make_application(
        call, cluster=make_member_cluster(make_county(make_region())), state=ApplicationState.UNDER_REVIEW
    )
    answer = sign_in(lead).post(reverse("proposal_decide", args=[call.slug]))
    assert answer.status_code == 409
    assert late.number in answer.content.decode()
    waiting_for.refresh_from_db()
    assert waiting_for.state == ProposalState.PROPOSED


def test_who_may_see_and_do_what(sign_in, client):
    call, staff = make_closed_call(), make_staff()
    propose_allocation(call, staff)
    contact = appoint(Role.RD_CONTACT, call.applications.first().motor)
    pages = ["allocation", "allocation_new", "proposal"]
    for name in pages:
        assert client.get(reverse(name, args=[call.slug])).status_code == 302
        assert sign_in(contact).get(reverse(name, args=[call.slug])).status_code == 403
        assert sign_in(staff).get(reverse(name, args=[call.slug])).status_code == 200
        client.logout()
    scenario = Scenario.objects.get()
    posts = [reverse(name, args=[call.slug]) for name in ("proposal_propose", "proposal_send_back", "proposal_decide")]
    posts += [
        reverse("allocation_choose", args=[call.slug, scenario.pk]),
        reverse("allocation_restore", args=[call.slug, scenario.lines.first().pk]),
    ]
    for address in posts:
        assert sign_in(contact).post(address, {"grounds": "x", "note": "x"}).status_code == 403
        assert sign_in(staff).get(address).status_code == 405
    assert sign_in(staff).get(reverse("allocation", args=["finnes-ikke"])).status_code == 404
    assert sign_in(contact).get(reverse("application_decision", args=[call.applications.first().pk])).status_code == 404


def test_the_decision_page_shows_the_letter_to_those_it_concerns_only(sign_in, quick_pdfs):
    call = make_closed_call()
    decide_allocation(call)
    write_letters(call)
    given = Award.objects.first()
    contact = appoint(Role.RD_CONTACT, given.application.motor)
    page = sign_in(contact).get(given.get_absolute_url()).content.decode()
    assert given.letter.get_absolute_url() in page
    assert sign_in(contact).get(given.letter.get_absolute_url()).status_code == 200
    stranger = appoint(Role.RD_CONTACT, Rejection.objects.get().application.motor)
    assert sign_in(stranger).get(given.get_absolute_url()).status_code == 404
    assert sign_in(stranger).get(given.letter.get_absolute_url()).status_code == 404
    assert reverse("application_decision", args=[given.application_id]) in (
        sign_in(contact).get(given.application.get_absolute_url()).content.decode()
    )


def test_a_partial_award_shows_what_each_municipality_asked_for_and_got(sign_in):
    application = make_application(state=ApplicationState.AWARDED, amount=100_000)
    make_award(application, 250_000)
    client, address = sign_in(make_staff()), reverse("application_decision", args=[application.pk])
    page = client.get(address).content.decode()
    table = page[page.index("<table") : page.index("</table>")]
    amounts = [int(re.sub(r"\D", "", text)) // 1000 for text in re.findall(r'class="amount">([^<]+)<', table)]
    assert amounts == [100, 100, 100, 100, 100, 50, 100, 100, 500, 250]  # asked and got by each, then the sums
    assert table.count("ingen del") == 2
    assert "de minste kommunene får dekket sitt først" in page
    Award.objects.update(reason={"override": "Redusert plan"})
    assert "de minste kommunene" not in client.get(address).content.decode()


def test_the_municipality_accepts_or_declines(sign_in):
    call = make_closed_call()
    decide_allocation(call)
    first, second = Award.objects.all()
    contacts = [appoint(Role.RD_CONTACT, one.application.motor) for one in (first, second)]
    assert grants_waiting_for(contacts[0]) == [first.get_absolute_url()]
    accept = reverse("award_accept", args=[first.application_id])
    assert sign_in(make_staff()).post(accept).status_code == 403
    assert sign_in(contacts[0]).post(accept).status_code == 302
    decline = reverse("award_decline", args=[second.application_id])
    assert sign_in(contacts[1]).get(decline).status_code == 200
    assert sign_in(contacts[1]).post(decline, {"reason": "For lite"}).status_code == 302
    assert [one.state for one in Award.objects.order_by("pk")] == [AwardState.ACCEPTED, AwardState.DECLINED]
    assert sign_in(contacts[0]).post(accept).url == Award.objects.first().get_absolute_url()  # done already


def test_a_complaint_from_page_to_answer(sign_in):
    call = make_closed_call()
    decide_allocation(call)
    application = Rejection.objects.get().application
    writer, handler = appoint(Role.RD_CONTACT, application.motor), make_staff()
    address = reverse("complaint_new", args=[application.pk])
    assert address in sign_in(writer).get(reverse("application_decision", args=[application.pk])).content.decode()
    assert sign_in(handler).get(address).status_code == 403
    assert sign_in(writer).post(address, {"text": ""}).status_code == 422
    assert sign_in(writer).post(address, {"text": "Urett"}).status_code == 302
    assert sign_in(writer).post(address, {"text": "Igjen"}).status_code == 422
    sent = Complaint.objects.get()
    assert grants_waiting_for(handler) == [sent.get_absolute_url()]
    involved = Proposal.objects.get().proposed_by
    assert grants_waiting_for(involved) == []
    answer = {"outcome": "dismiss", "answer": "Vedtaket står"}
    assert "Du var med på vedtaket" in sign_in(involved).get(sent.get_absolute_url()).content.decode()
    assert sign_in(involved).post(sent.get_absolute_url(), answer).status_code == 403
    assert sign_in(writer).post(sent.get_absolute_url(), answer).status_code == 403
    assert sign_in(handler).post(sent.get_absolute_url(), {"outcome": "dismiss"}).status_code == 422
    assert sign_in(handler).post(sent.get_absolute_url(), answer).status_code == 302
    assert "Vedtaket står" in sign_in(writer).get(sent.get_absolute_url()).content.decode()
    stranger = appoint(Role.RD_CONTACT, Award.objects.first().application.motor)
    assert sign_in(stranger).get(sent.get_absolute_url()).status_code == 404


def test_the_list_of_awards_is_open_to_all_and_a_file(client):
    call = make_closed_call()
    decide_allocation(call)
    address = reverse("award_list", args=[call.slug])
    page = client.get(address).content.decode()
    first = Award.objects.first().application.cluster.name
    assert first in page
    assert Rejection.objects.get().application.cluster.name not in page
    assert first in client.get(call.get_absolute_url()).content.decode()
    text = b"".join(client.get(f"{address}?format=csv").streaming_content).decode()
    assert len(text.splitlines()) == 3
    assert f"{first};" in text
    book = load_workbook(BytesIO(b"".join(client.get(f"{address}?format=xlsx").streaming_content)))
    assert [row[5].value for row in book.active.iter_rows(min_row=2)] == [500_000, 500_000]
    assert client.get(reverse("award_list", args=[make_call(CallState.DRAFT).slug])).status_code == 404


def test_the_list_of_awards_costs_the_same_for_any_number(client):
    call, county = make_call(CallState.CLOSED), make_county(make_region())
    counts = []
    for more in (1, 2, 17):
        for _number in range(more):
            cluster = make_member_cluster(county)
            make_award(make_application(call, cluster=cluster, state=ApplicationState.UNDER_REVIEW, amount=10_000))
        counts.append(count_queries(client, reverse("award_list", args=[call.slug])))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_a_region_shows_the_newest_awards_and_the_way_to_the_rest(client):
    county, call = make_county(make_region()), make_call(CallState.DECIDED, pot=make_pot(9_000_000))
    for _each in range(SHOWN + 1):
        application = make_application(call, cluster=make_member_cluster(county), state=ApplicationState.AWARDED)
        with transaction.atomic():
            make_award(application)
    page = client.get(county.region.get_absolute_url()).content.decode()
    assert page.count(reverse("award_list", args=[call.slug])) == SHOWN
    assert "Alle utlysninger og tildelinger" in page


def test_allocation_and_proposal_cost_the_same_for_any_number(sign_in):
    staff, counts = make_staff(), []
    for number in (1, 3, 12):
        call = make_closed_call(applications=((5, 5),) * number, cap=50_000)
        call.applications.update(least_amount=10_000)
        for kind in ("optimum", "strict"):
            scenario = compute_scenario(call, staff, kind=kind)
        services.choose(scenario, by=staff)
        client = sign_in(staff)
        counts.append(
            (
                count_queries(client, reverse("allocation", args=[call.slug])),
                count_queries(client, reverse("proposal", args=[call.slug])),
            )
        )
    assert len(set(counts)) == 1, counts
    allocation, proposal = counts[0]
    assert (allocation <= 20, proposal <= 24) == (True, True)


def test_pages_are_in_nynorsk_too(sign_in):
    call, staff = make_closed_call(), make_staff(user=make_user(language="nn"))
    waiting_for = propose_allocation(call, staff)
    decision.decide(waiting_for, by=make_lead())
    client = sign_in(staff)
    client.cookies["django_language"] = "nn"
    page = client.get(reverse("allocation", args=[call.slug])).content.decode()
    assert "Søknad for søknad" in page
    assert "kommunar" in page
