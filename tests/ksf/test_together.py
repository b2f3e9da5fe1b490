"""The rows of several querysets or relations in one query are what a query for each gives."""

import pytest
from django.db.models import Count, Prefetch
from django.forms.models import model_to_dict

from clusters.models import MotorTerm
from grants.models import Call
from ksf.together import fetch, prefetch, rows
from regions.models import Municipality
from tests.clusters.factories import make_cluster
from tests.grants.factories import make_call

pytestmark = pytest.mark.django_db
NAMES = ("texts", "questions", "cost_categories", "required_attachments", "required_deliverables",
         "planned_instalments", "answered_questions", "notices")  # fmt: skip


def test_are_the_same_rows_in_the_same_order(django_assert_num_queries):
    call = make_call()
    call.answered_questions.create(asked_on="2026-03-02", question_nb="To?", answer_nb="Ja.")
    call.answered_questions.create(asked_on="2026-03-01", question_nb="En?", answer_nb="Nei.")
    wanted = {name: [model_to_dict(row) for row in getattr(call, name).all()] for name in NAMES}
    fresh = Call.objects.get(pk=call.pk)
    with django_assert_num_queries(1):
        fetch(fresh, *NAMES)
        got = {name: [model_to_dict(row) for row in getattr(fresh, name).all()] for name in NAMES}
    assert got == wanted
    assert [row["question_nb"] for row in got["answered_questions"]] == ["En?", "To?"]
    assert any(wanted[name] for name in NAMES if name != "answered_questions")


def test_are_the_objects_own_only():
    call, other = make_call(), make_call()
    other.answered_questions.create(asked_on="2026-03-02", question_nb="To?", answer_nb="Ja.")
    fetch(call, "answered_questions")
    assert list(call.answered_questions.all()) == []


def test_querysets_give_what_each_gives_alone(django_assert_num_queries):
    make_cluster(members=3)
    terms = MotorTerm.objects.select_related("membership__municipality__county__region").order_by("-pk")
    places = Municipality.objects.annotate(n=Count("memberships")).order_by("number")
    nobody = Municipality.objects.filter(pk__in=[])
    with django_assert_num_queries(1):
        motors, found, none = rows(terms, places[:2], nobody)
        named = [term.membership.municipality.county.region for term in motors]
    assert named == [term.membership.municipality.county.region for term in terms] != []
    assert [motor.period for motor in motors] == [motor.period for motor in terms]
    assert [(place, place.n, place.latitude, place.period) for place in found] == [
        (place, place.n, place.latitude, place.period) for place in places[:2]
    ]
    assert [model_to_dict(motor) for motor in motors] == [model_to_dict(motor) for motor in terms]
    assert none == []


def test_of_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert rows() == []


def test_lookups_bring_along_what_django_would(django_assert_num_queries):
    cluster = make_cluster(members=2)
    members = cluster.memberships.select_related("municipality").order_by("-pk")
    region = cluster.lead_region
    with django_assert_num_queries(1):
        prefetch(cluster, Prefetch("memberships", members, to_attr="newest"), "motor_terms", "lead_region__clusters")
        names = [row.municipality.name for row in cluster.newest]
        terms, of_region = list(cluster.motor_terms.all()), list(region.clusters.all())
        assert {row.cluster for row in (*cluster.newest, *terms)} == {cluster}
    assert names == [row.municipality.name for row in members] != []
    assert terms == list(MotorTerm.objects.filter(cluster=cluster)) != []
    assert of_region == [cluster]
