"""Every list page asks the database as often for one row as for sixty.

A list is a generator: it first gives the address and who reads it; each time it is asked again it makes one more row.
"""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.lifecycle import ApplicationState, CallState, ReviewState
from grants.models import Appropriation, Pot, PotKind
from ksf.accounts.roles import Role
from ksf.content import services as content
from ksf.notifications.models import Notice
from ksf.privacy import services as erasure
from needs.lifecycle import NeedState
from needs.research.lifecycle import ProjectState
from needs.research.models import Interest
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Round, RoundLevel
from needs.services.endorsing import endorse
from reporting.services import definitions
from reporting.services import report as reports
from tests.clusters.factories import add_member, make_cluster
from tests.grants.factories import make_application, make_award, make_call, make_pot, make_review, make_scheme
from tests.ksf.factories import appoint, make_user
from tests.needs.factories import make_contact, make_need
from tests.needs.research.factories import make_project, make_question
from tests.regions.factories import make_county, make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db
MOST = 20


def needs(query="?"):
    yield reverse("need_list") + query, make_contact()
    county = make_county(make_region())
    while True:
        yield make_need(state=NeedState.IN_ASSESSMENT, municipality=make_municipality(county=county))


def needs_searched():
    return needs("?q=fall")


def needs_to_take_up():
    region = make_region()
    yield reverse("need_queue"), appoint(Role.REGIONAL_COORDINATOR, region)
    county = make_county(region)
    while True:
        yield make_need(state=NeedState.SUBMITTED, municipality=make_municipality(county=county))


def endorsements_of_a_need():
    county = make_county(make_region())
    need = make_need(state=NeedState.IN_ASSESSMENT, municipality=make_municipality(county=county))
    yield need.get_absolute_url(), appoint(Role.NATIONAL_STAFF)
    while True:
        place = make_municipality(county=county)
        yield endorse(need, municipality=place, by=make_contact(place))


def questions():
    region, place = make_region(), appoint(Role.OBSERVER)
    yield reverse("question_list"), appoint(Role.REGIONAL_COORDINATOR, region)
    place = make_municipality(region=region)
    while True:
        yield make_question(region=region, needs=[make_need(municipality=place, state=NeedState.PRIORITISED)])


def needs_for_partners():
    yield reverse("question_list") + "?vis=behov", appoint(Role.PARTNER, make_partner())
    place = make_municipality()
    while True:
        yield make_need(municipality=place, state=NeedState.PRIORITISED)


def interests():
    region = make_region()
    user, question = appoint(Role.REGIONAL_COORDINATOR, region), make_question(region=region)
    yield reverse("interest_list"), user
    while True:
        yield Interest.objects.create(
            question=question, partner=make_partner(), region=region, message="x", created_by=user
        )


def projects():
    region, partner = make_region(), make_partner()
    yield reverse("project_list"), appoint(Role.OBSERVER)
    place = make_municipality(region=region)
    while True:
        project = make_project(region=region, partners=[partner], state=ProjectState.UNDER_WAY)
        yield project.participations.create(municipality=place)


def rounds():
    by = make_user()
    yield reverse("round_list"), appoint(Role.NATIONAL_STAFF)
    while True:
        yield Round.objects.create(
            title="Runde", level=RoundLevel.REGION, region=make_region(), state=RoundState.OPEN, criteria="Nytte",
            opens_at=timezone.now(), closes_at=timezone.now() + timedelta(days=1), created_by=by,
        )  # fmt: skip


def calls():
    yield reverse("call_list"), appoint(Role.NATIONAL_STAFF)
    scheme, pot = make_scheme(), make_pot()
    while True:
        yield make_call(scheme=scheme, pot=pot)


def applications():
    call = make_call(CallState.CLOSED)
    yield reverse("application_list"), appoint(Role.NATIONAL_STAFF)
    county = make_county(make_region())
    while True:
        yield make_application(call, cluster=_cluster(county), state=ApplicationState.UNDER_REVIEW)


def own_reviews():
    call = make_call(CallState.CLOSED)
    reviewer = appoint(Role.REVIEWER, call)
    yield reverse("review_list"), reviewer
    county = make_county(make_region())
    while True:
        application = make_application(call, cluster=_cluster(county), state=ApplicationState.UNDER_REVIEW)
        yield make_review(application, reviewer, state=ReviewState.WRITING)


def reviews_of_a_call():
    call = make_call(CallState.CLOSED)
    reviewer = appoint(Role.REVIEWER, call)
    yield reverse("review_overview", args=[call.slug]), appoint(Role.NATIONAL_STAFF)
    county = make_county(make_region())
    while True:
        application = make_application(call, cluster=_cluster(county), state=ApplicationState.UNDER_REVIEW)
        yield make_review(application, reviewer, state=ReviewState.HANDED_IN, points=[5, 6])


def awards():
    call = make_call(CallState.DECIDED)
    yield reverse("award_list", args=[call.slug]), appoint(Role.OBSERVER)
    county = make_county(make_region())
    while True:
        yield make_award(make_application(call, cluster=_cluster(county), state=ApplicationState.AWARDED))


def years_of_money():
    yield reverse("money"), appoint(Role.NATIONAL_STAFF)
    for year in itertools.count(2101):
        grant = Appropriation.objects.create(year=year, amount=10)
        yield Pot.objects.create(appropriation=grant, kind=PotKind.SEED_GRANTS, amount=5)


def people():
    region = make_region()
    yield reverse("people"), appoint(Role.REGIONAL_COORDINATOR, region)
    county = make_county(region)
    while True:
        yield make_contact(make_municipality(county=county))


def mail():
    user = make_user()
    yield reverse("sent_mail"), user
    while True:
        yield Notice.objects.create(user=user, to=user.email, subject="Emne", body="Tekst", language="nb")


def what_waits_for_me():
    region = make_region()
    question, user = make_question(region=region), appoint(Role.REGIONAL_COORDINATOR, region)
    yield reverse("my_page"), user
    while True:
        yield Interest.objects.create(
            question=question, partner=make_partner(), region=region, message="x", created_by=user
        )


def municipalities():
    yield reverse("network"), appoint(Role.OBSERVER)
    county = make_county(make_region())
    while True:
        yield make_municipality(county=county)


def records_behind_a_figure():
    region = make_region()
    user = appoint(Role.REGIONAL_COORDINATOR, region)
    definitions.load()
    figure = reports.start(region, 2025, by=user).figures.get(code="needs_submitted")
    yield reverse("report_figure", args=[2025, region.slug, figure.code]), user
    while True:
        figure.records.append(["Et behov", "Sola", "/behov/1/", True, "large"])
        yield figure.save()


def earlier_versions():
    staff, writers = appoint(Role.NATIONAL_STAFF), [appoint(Role.NATIONAL_LEAD) for _ in range(2)]
    item = content.write_news(by=staff, title_nb="Nytt", text_nb="Slik det var")
    yield reverse("earlier_texts", args=["content.newsitem", item.pk]), staff
    for number in itertools.count():
        yield content.edit_news(item, by=writers[number % 2], text_nb=f"Slik det ble {number}")


def _cluster(county):
    cluster = make_cluster(lead_region=county.region)
    add_member(cluster, make_municipality(county=county))
    return cluster


def wishes_to_be_erased():
    lead = appoint(Role.NATIONAL_LEAD)
    yield reverse("erasure_list"), lead
    while True:
        erasure.refuse(erasure.ask_for_erasure(by=make_user()), answer="Nei", by=lead)
        yield erasure.ask_for_erasure(by=make_user())


LISTS = [
    needs, needs_searched, needs_to_take_up, endorsements_of_a_need, questions, needs_for_partners, interests, projects,
    rounds, calls, applications, own_reviews, reviews_of_a_call, awards, years_of_money, people, mail,
    what_waits_for_me, municipalities, wishes_to_be_erased, records_behind_a_figure, earlier_versions,
]  # fmt: skip


@pytest.mark.parametrize("rows", LISTS, ids=lambda rows: rows.__name__)
def test_as_many_queries_for_one_row_as_for_sixty(client, rows):
    made = rows()
    address, reader = next(made)
    client.force_login(reader)
    counts, lengths = [], []
    for more in (1, 2, 57):
        for _row in range(more):
            next(made)
        client.get(address)  # what is kept between requests is kept now
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        assert page.status_code == 200
        counts.append(len(asked))
        lengths.append(len(page.content))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= MOST
    assert lengths[0] < lengths[1] < lengths[2], "the rows are not on the page"
