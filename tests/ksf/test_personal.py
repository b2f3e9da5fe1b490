"""Everything that names a person is in the person's own file, or named here with its reason (X7)."""

import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from ksf import personal

ABOUT_PEOPLE = re.compile(r"(^|_)(name|email|mail|phone|ip|user_agent|responsible|contact|address)(_|$)|^to$")
OF_OTHER_THINGS = {
    "accounts.User.shows_contact": "a switch, in the file of the account",
    "auth.Group.name": "no groups are used",
    "auth.Permission.name": "a permission",
    "clusters.Cluster.name": "a cluster",
    "grants.AwardCriterion.name_nb": "a criterion",
    "grants.AwardCriterion.name_nn": "a criterion",
    "grants.Scheme.name_nb": "a scheme",
    "grants.Scheme.name_nn": "a scheme",
    "needs.ServiceArea.name_nb": "an area",
    "needs.ServiceArea.name_nn": "an area",
    "needs.ServiceArea.name_en": "an area",
    "regions.County.name": "a county",
    "regions.Municipality.name": "a municipality",
    "regions.Municipality.full_name": "a municipality",
    "regions.MunicipalityChange.old_name": "a municipality",
    "regions.MunicipalityName.name": "a municipality",
    "regions.Partner.name": "an organisation",
    "regions.Partner.short_name": "an organisation",
    "regions.Region.name": "a region",
    "reporting.Goal.name_nb": "a goal",
    "reporting.Goal.name_nn": "a goal",
    "reporting.Goal.name_en": "a goal",
    "reporting.GrantUse.attachment_name": "the name of a file",
    "reporting.Indicator.name_nb": "an indicator",
    "reporting.Indicator.name_nn": "an indicator",
    "reporting.Indicator.name_en": "an indicator",
    "reporting.PlanActivity.responsible": "free text, as a rule a unit; bound to no account, so told of on the page",
    "sites.Site.name": "the portal",
    "socialaccount.SocialApp.name": "a service that signs people in",
    "accounts.User.wants_urgent_mail": "a switch, in the file of the account",
    "account.EmailConfirmation.email_address": "no such rows: addresses are proven by code",
}


def columns():
    """Every column of every table that points at a person, or by its name may say who somebody is."""
    user = get_user_model()
    for model in apps.get_models(include_auto_created=True):
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            name = f"{model._meta.label}.{field.name}"
            if field.is_relation and field.related_model is user:
                yield name, True
            elif ABOUT_PEOPLE.search(field.name):
                yield name, False


def registered():
    """The columns by which a row is found, and those whose content is handed out."""
    keys, contents = set(), set()
    for kind in personal.kinds():
        for table in kind.tables:
            label = table.model._meta.label
            for column, fields in table.columns.items():
                keys.add(f"{label}.{column}")
                contents |= {f"{label}.{field}" for field in fields}
    return keys, contents


def test_every_column_that_points_at_a_person_is_in_the_file():
    keys, _contents = registered()
    assert {name for name, is_relation in columns() if is_relation} - keys == set()


def test_every_column_that_may_name_a_person_is_in_the_file_or_has_its_reason():
    keys, contents = registered()
    named = {name for name, is_relation in columns() if not is_relation}
    assert named - keys - contents - set(OF_OTHER_THINGS) == set()


def test_no_reason_is_given_for_what_is_not_there():
    assert set(OF_OTHER_THINGS) <= {name for name, _is_relation in columns()}


def test_what_is_handed_out_is_there_and_is_no_secret():
    for kind in personal.kinds():
        for table in kind.tables:
            for fields in table.columns.values():
                for field in fields:
                    assert hasattr(table.model, field) or field in {one.name for one in table.model._meta.get_fields()}
                    assert not re.search("password|token|hash|secret|session_key", field)
                    assert field != "data"


@pytest.mark.parametrize("kind", personal.kinds(), ids=lambda kind: kind.code)
def test_what_is_deleted_with_a_person_is_pointed_at_by_nothing_that_stays(kind):
    if kind.fate is personal.Fate.DELETED:
        for table in kind.tables:
            for relation in table.model._meta.related_objects:
                assert relation.on_delete in {models.CASCADE, models.SET_NULL}
