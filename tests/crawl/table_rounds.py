"""Priority rounds: open to all once they open, run by the coordinator of the place, voted in by R&D contacts."""

from tests.crawl.expectations import Row

DRAFT, OPEN = {"pk": "draft_round"}, {"pk": "open_round"}
COUNTED, PUBLISHED = {"pk": "counted_round"}, {"pk": "published_round"}
CLUSTER, NATION = {"pk": "cluster_round"}, {"pk": "nation_round"}
BALLOT = {"number": "municipality"}
SET_UP = "staff lead coordinator coordinator-elsewhere cluster cluster-elsewhere"

_PAGE = "405 anonymous | 405 *"
_PUBLIC = "200 anonymous | 200 *", _PAGE
_FORM = "200 coordinator | 404 *", "ok coordinator | 404 *"
_TOO_LATE = "409 coordinator | 403 *", "ok coordinator | 403 *"
_AFTER_THE_COUNT = "200 coordinator | 403 *", "ok coordinator | 403 *"
_VOTES = "200 contact | 404 *", "ok contact | 404 *"

TABLE: dict[str, list[Row]] = {
    "round_list": [Row(*_PUBLIC)],
    "round": [
        Row("200 coordinator | 404 anonymous | 404 *", _PAGE, DRAFT),
        Row("200 cluster | 404 anonymous | 404 *", _PAGE, CLUSTER),
        Row("200 staff lead | 404 anonymous | 404 *", _PAGE, NATION),
        Row(*_PUBLIC, OPEN),
        Row(*_PUBLIC, COUNTED),
        Row(*_PUBLIC, PUBLISHED),
    ],
    "round_new": [Row(f"200 {SET_UP} | 403 *", f"ok {SET_UP} | 403 *")],
    "round_edit": [
        Row(*_FORM, DRAFT),
        Row("200 cluster | 404 *", "ok cluster | 404 *", CLUSTER),
        Row("200 staff lead | 404 *", "ok staff lead | 404 *", NATION),
        Row(*_TOO_LATE, OPEN),
        Row(*_TOO_LATE, PUBLISHED),
    ],
    "round_discard": [
        Row(*_FORM, DRAFT),
        Row("200 cluster | 404 *", "ok cluster | 404 *", CLUSTER),
        Row("200 staff lead | 404 *", "ok staff lead | 404 *", NATION),
        Row(*_TOO_LATE, OPEN),
    ],
    "round_candidates": [Row(*_FORM, DRAFT), Row(*_TOO_LATE, OPEN)],
    "round_candidate_remove": [
        Row("405 *", "ok coordinator | 404 *", DRAFT | {"candidate": "draft_candidate"}),
        Row("405 *", "404 *", DRAFT | {"candidate": "open_candidate"}),  # of another round
        Row("405 *", "ok coordinator | 403 *", OPEN | {"candidate": "open_candidate"}),
    ],
    "round_lift": [Row(*_FORM, DRAFT), Row(*_TOO_LATE, OPEN)],
    "round_step": [
        Row("405 *", "ok coordinator | 404 *", DRAFT | {"step": "open"}),
        Row("405 *", "ok cluster | 404 *", CLUSTER | {"step": "open"}),
        Row("405 *", "ok staff lead | 404 *", NATION | {"step": "open"}),
        Row("405 *", "ok coordinator | 403 *", OPEN | {"step": "close"}),
    ],
    "round_change": [
        Row(*_AFTER_THE_COUNT, COUNTED),
        Row(*_TOO_LATE, PUBLISHED),
        Row(*_TOO_LATE, OPEN),  # too early, as the answer says
        Row("409 coordinator | 404 *", "ok coordinator | 404 *", DRAFT),
    ],
    "round_publish": [Row(*_AFTER_THE_COUNT, COUNTED), Row(*_TOO_LATE, PUBLISHED), Row(*_TOO_LATE, OPEN)],
    "round_ballot": [
        Row("404 *", "404 *", DRAFT | BALLOT),  # nobody takes part before it opens
        Row(*_VOTES, OPEN | BALLOT),
        Row(*_VOTES, COUNTED | BALLOT),
        Row(*_VOTES, PUBLISHED | BALLOT),
        Row("404 *", "404 *", OPEN | {"number": "elsewhere"}),  # of another region
    ],
}
