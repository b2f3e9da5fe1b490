import copy
import json
from decimal import Decimal

import pytest

from grants.allocation import InputError, parse, parse_text
from tests.grants.allocation_cases import call

ROWS = [("A1", "x", 5, 2, {"m": 4, "n": 3}), ("A2", "y", 4, 1, {"n": 2})]
GOOD = call(ROWS)
MISSING = object()


def changed(path, value):
    data = copy.deepcopy(GOOD)
    *way, last = path
    place = data
    for step in way:
        place = place[step]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "place", "message"),
    [
        (("pot",), MISSING, "pot", "is missing"),
        (("pot",), -1, "pot", "must be 0 or more"),
        (("pot",), 1.5, "pot", "whole number"),
        (("pot",), True, "pot", "whole number"),
        (("pot",), "5", "pot", "whole number, not a text"),
        (("pot",), Decimal("1e3"), "pot", "whole number, not a number with decimals (1E+3)"),
        (("step",), False, "step", "whole number"),
        (("pot",), 10**13, "pot", "at most"),
        pytest.param(("pot",), 10**5000, "pot", "at most", id="5000 digits"),
        pytest.param(("pot",), -(10**5000), "pot", "must be 0 or more", id="-5000 digits"),
        (("cap_per_municipality",), None, "cap_per_municipality", "not null"),
        (("step",), 0, "step", "must be 1 or more"),
        (("regions",), MISSING, "regions", "is missing"),
        (("regions",), {}, "regions", "must be a list, not an object"),
        (("regions", 0), 3, "regions[0]", "must be an object, not a number"),
        (("regions", 0, "has_established_cluster"), 1, "regions[0].has_established_cluster", "true or false"),
        (("regions", 1, "id"), "x", "regions[1].id", '"x" already stands in regions[0]'),
        (("municipalities", 0, "population"), -5, "municipalities[0].population", "0 or more"),
        (("municipalities", 0, "id"), 4601, "municipalities[0].id", "must be a text"),
        (("municipalities", 1, "id"), "m", "municipalities[1].id", "already stands"),
        (("applications", 1, "id"), "A1", "applications[1].id", "already stands in applications[0]"),
        (("applications", 1, "id"), " ", "applications[1].id", "must not be empty"),
        (("applications", 1, "id"), "\ud800", "applications[1].id", "Unicode"),
        (("applications", 1, "region"), "q", "applications[1].region", '"q" is not among the regions'),
        (("applications", 0, "score"), -1, "applications[0].score", "0 or more"),
        (("applications", 0, "score"), True, "applications[0].score", "must be a number, not true or false"),
        (("applications", 0, "score"), 1_000_001, "applications[0].score", "at most"),
        (("applications", 0, "requests", 0), None, "applications[0].requests[0]", "must be an object, not null"),
        (("applications", 0, "score"), "5", "applications[0].score", "must be a number, not a text"),
        (("applications", 0, "score"), float("nan"), "applications[0].score", "finite"),
        (("applications", 0, "score"), float("inf"), "applications[0].score", "finite"),
        (("applications", 0, "score"), Decimal("1e999999"), "applications[0].score", "at most"),
        (("applications", 0, "score"), Decimal("1e-999999"), "applications[0].score", "decimals"),
        (("applications", 0, "least"), 8, "applications[0].least", "8 is above the sum asked, 7"),
        (("applications", 0, "least"), MISSING, "applications[0].least", "is missing"),
        (("applications", 0, "requests"), "m", "applications[0].requests", "must be a list"),
        (("applications", 0, "requests", 1, "municipality"), "q", "applications[0].requests[1].municipality", "among"),
        (("applications", 0, "requests", 1, "municipality"), "m", "applications[0].requests[1].municipality", "stands"),
        (("applications", 0, "requests", 1, "municipality"), [], "applications[0].requests[1].municipality", "a text"),
        (("applications", 0, "requests", 1, "asked"), -4, "applications[0].requests[1].asked", "0 or more"),
        (("applications", 0, "requests", 1, "asked"), 2.0, "applications[0].requests[1].asked", "whole number"),
    ],
)
def test_wrong_input_is_refused_at_its_place(path, value, place, message):
    with pytest.raises(InputError) as refused:
        parse(changed(path, value))
    assert [where for where, _ in refused.value.places] == [place]
    assert message in refused.value.places[0][1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"{", "is not JSON (line 1, column 2)"),
        (b"\xff{}", "is not UTF-8 text (byte 1)"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"[]", "must be an object, not a list"),
        (b"NaN", "must be an object, not NaN or Infinity"),
        (b'{"pot": 1, "pot": 2}', 'the key "pot" twice'),
        (b'{"pot": 1' + b"0" * 5000 + b"}", "too many digits"),
    ],
)
def test_what_is_no_call_at_all_is_refused(content, message):
    with pytest.raises(InputError) as refused:
        parse_text(content)
    assert refused.value.places[0][0] == "input"
    assert message in refused.value.places[0][1]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_have_is_refused_at_its_place(word):
    content = json.dumps(GOOD).replace('"score": 5', f'"score": {word}')
    with pytest.raises(InputError) as refused:
        parse_text(content)
    assert refused.value.places == [("applications[0].score", "must be a number, not NaN or Infinity")]


def test_every_error_is_reported_at_once():
    data = changed(("pot",), -1)
    data["applications"][1]["region"] = "q"
    del data["applications"][0]["requests"][0]["asked"]
    with pytest.raises(InputError) as refused:
        parse(data)
    assert [where for where, _ in refused.value.places] == [
        "pot", "applications[0].requests[0].asked", "applications[1].region",
    ]  # fmt: skip


def test_unknown_keys_are_ignored_and_a_byte_order_mark_too():
    content = b"\xef\xbb\xbf" + json.dumps({**GOOD, "note": "x"}).encode()
    assert parse_text(content) == parse(GOOD)


def test_scores_are_read_as_they_are_written():
    content = json.dumps(GOOD).replace('"score": 5', '"score": 5.33333333333333333333')
    assert parse_text(content).applications[0].score == Decimal("5.33333333333333333333")


def test_empty_lists_are_a_call_without_applications():
    problem = parse({**call([]), "pot": 0})
    assert problem.applications == problem.regions == problem.municipalities == ()
