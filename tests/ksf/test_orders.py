"""Rows that are alike in what a list is sorted by stand in the same order each time, on each page of it."""

import pytest
from django.apps import apps
from django.db.models import F
from django.db.models.expressions import OrderBy

from grants.models import Call

OTHERS = ("django", "allauth")
SORTED = [m for m in apps.get_models() if m._meta.ordering and m.__module__.split(".")[0] not in OTHERS]


def ends_unique(model, ordering):
    """Whether no two rows of the model share the last of what they are sorted by."""
    last = ordering[-1]
    last = last.expression if isinstance(last, OrderBy) else last
    key = last.name if isinstance(last, F) else last.removeprefix("-")
    return key == "pk" or ("__" not in key and model._meta.get_field(key).unique)


@pytest.mark.parametrize("model", SORTED, ids=lambda model: model._meta.label)
def test_the_order_ends_with_what_no_two_rows_share(model):
    assert ends_unique(model, model._meta.ordering)


def test_a_key_that_two_rows_may_share_is_seen():
    assert ends_unique(Call, ["-deadline_at", "slug"])
    assert not ends_unique(Call, ["pk", "-deadline_at"])
    assert not ends_unique(Call, ["scheme__code"])
