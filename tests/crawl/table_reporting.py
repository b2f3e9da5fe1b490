"""Plans, reports and the national report: the coordinator writes, the host lead hands in, KS reviews."""

from tests.crawl.expectations import Row

YEAR = {"year": "year"}
OWN = YEAR | {"region": "region"}
SECTION, FIGURE, ACTIVITY = OWN | {"code": "section"}, OWN | {"code": "figure"}, OWN | {"pk": "activity"}
KS = "staff lead"

_PUBLIC = "200 anonymous | 200 *", "405 anonymous | 405 *"
_READ = f"200 {KS} coordinator host office | 404 *"
_WRITE_ONLY = f"coordinator | 403 {KS} host office | 404 *"
_WRITES = f"ok {_WRITE_ONLY}"
_HANDS_IN = f"ok host | 403 {KS} coordinator office | 404 *"
_REVIEWS = f"ok {KS} | 403 coordinator host office | 404 *"

TABLE: dict[str, list[Row]] = {
    "reporting": [Row(*_PUBLIC)],
    "reporting_indicators": [Row(*_PUBLIC)],
    "national_report": [Row(f"200 {KS} | 404 anonymous | 404 *", "405 anonymous | 405 *", YEAR)],  # not published yet
    "national_build": [Row("405 *", f"ok {KS} | 403 *", YEAR)],
    "national_publish": [Row("405 *", "ok lead | 403 staff | 404 *", YEAR)],
    "national_draft": [Row(f"200 {KS} | 404 *", "405 *", YEAR)],
    "plan": [Row(_READ, "405 *", OWN)],
    "plan_start": [Row("405 *", "ok coordinator | 403 *", OWN)],
    "plan_activity_new": [Row(f"200 {_WRITE_ONLY}", _WRITES, OWN)],
    "plan_activity": [Row(f"200 {_WRITE_ONLY}", _WRITES, ACTIVITY)],
    "plan_activity_move": [Row("405 *", _WRITES, ACTIVITY)],
    "plan_activity_remove": [Row("405 *", _WRITES, ACTIVITY)],
    "plan_targets": [Row(f"200 {_WRITE_ONLY}", _WRITES, OWN)],
    "plan_hand_in": [Row("405 *", _HANDS_IN, OWN)],
    "plan_return": [Row("405 *", _REVIEWS, OWN)],
    "plan_approve": [Row("405 *", _REVIEWS, OWN)],
    "regional_report": [Row(_READ, "405 *", OWN)],
    "report_start": [Row("405 *", "ok coordinator | 403 *", OWN)],
    "report_section": [Row(_READ, _WRITES, SECTION)],
    "report_figure": [Row(_READ, _WRITES, FIGURE)],
    "report_refresh": [Row("405 *", _WRITES, OWN)],
    "report_accounts": [Row("404 *", _WRITES, OWN)],  # nothing is attached yet
    "report_hand_in": [Row("405 *", _HANDS_IN, OWN)],
    "report_review": [Row(f"409 {KS} | 403 coordinator host office | 404 *", _REVIEWS, OWN)],  # not handed in yet
    "report_approve": [Row("405 *", _REVIEWS, OWN)],
}
