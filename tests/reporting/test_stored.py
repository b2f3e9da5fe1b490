"""What reports have stored as JSON is read as it was written: sealed ones are never rewritten.

The two files beside this one were written before these types were: a year with an approved region and one that was not
approved yet, and the approved region's own report.
"""

import json
from pathlib import Path

import pytest
from django.utils import translation
from pydantic import ValidationError

from ksf.documents.services import fingerprint
from reporting.stored.national import NationalData
from reporting.stored.regional import SealedReport
from reporting.stored.values import ShareOfSize, Translated

FOLDER = Path(__file__).parent
NATIONAL = "national_report_2025.json"
REGIONAL = "regional_report_2025.json"


def stored(name):
    return json.loads((FOLDER / name).read_text())


@pytest.mark.parametrize(("kind", "name"), [(NationalData, NATIONAL), (SealedReport, REGIONAL)])
def test_read_and_written_again_it_is_the_same(kind, name):
    before = stored(name)
    after = kind.read(before).as_json()
    assert after == before
    assert fingerprint(after) == fingerprint(before)


def places_of_keys(value, path=()):
    """The path of each key of an object; in a list the first object stands for the others."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*path, key)
            yield from places_of_keys(below, (*path, key))
    elif isinstance(value, list) and value:
        yield from places_of_keys(value[0], (*path, 0))


def without(value, path):
    *above, last = path
    for key in above:
        value = value[key]
    del value[last]


# What is stored by code, size or outcome is as long as it is, and only figures that regions share have "once".
BY_CODE = {"totals", "figures", "sizes", "outcomes", "once"}


@pytest.mark.parametrize(("kind", "name"), [(NationalData, NATIONAL), (SealedReport, REGIONAL)])
def test_a_missing_key_is_an_error(kind, name):
    required = [
        path
        for path in places_of_keys(stored(name))
        if path[-1] != "once" and not (len(path) > 1 and path[-2] in BY_CODE)
    ]
    assert len(required) > 60
    for path in required:
        content = stored(name)
        without(content, path)
        with pytest.raises(ValidationError):
            kind.read(content)


def test_keys_have_their_types():
    data = NationalData.read(stored(NATIONAL))
    sealed, waiting = data.regions
    assert (sealed.report.is_sealed, waiting.report.is_sealed) == (True, False)
    assert sealed.report.received_on < waiting.report.received_on
    assert sealed.figures["research_projects"].shared_records
    assert not waiting.figures["contacts"].shared_records
    assert all(isinstance(share, ShareOfSize) for share in data.totals["in_cluster"].sizes.values())
    assert data.tiles[0].state in {"", "exploring", "being_established", "established"}


def test_a_text_is_in_the_active_language_and_in_bokmal_where_that_is_empty():
    text = Translated(nb="klynge", nn="klyngje", en="")
    with translation.override("nn"):
        assert str(text) == "klyngje"
    with translation.override("en"):
        assert str(text) == "klynge"


def test_a_share_of_nobody_is_nothing():
    assert (ShareOfSize(1, 3).percent, ShareOfSize(0, 0).percent) == (33, 0)
