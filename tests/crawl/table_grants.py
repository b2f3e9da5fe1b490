"""Calls, applications and reviews: run by staff, applied for by the cluster's coordinator and the motor's contact."""

from tests.crawl.expectations import Row

CALL, CLOSED, DRAFT_CALL = {"slug": "call"}, {"slug": "closed_call"}, {"slug": "draft_call"}
DRAFT, APPLICATION, REVIEW = {"pk": "draft"}, {"pk": "application"}, {"pk": "review"}
STAFF = "staff lead"
APPLICANTS = "cluster contact"
FOLLOWERS = "coordinator host office"  # of what the cluster handed in
READERS = f"{FOLLOWERS} reviewer"
PROPOSED, AWARDED = {"slug": "proposed_call"}, {"pk": "awarded"}
SCORE = {"pk": "review", "score": "score"}

_WRITES = f"ok {APPLICANTS} | 403 {STAFF} | 404 *"
_ASSESSES = f"{STAFF} | 403 {READERS} {APPLICANTS} | 404 *"
_PUBLIC = "200 anonymous | 200 *", "405 anonymous | 405 *"
_STAFF_FORM = f"200 {STAFF} | 403 *", f"ok {STAFF} | 403 *"

TABLE: dict[str, list[Row]] = {
    "call_list": [Row(*_PUBLIC)],
    "call": [
        Row(*_PUBLIC, CALL),
        Row(*_PUBLIC, CLOSED),
        Row(f"200 {STAFF} | 404 anonymous | 404 *", "405 anonymous | 405 *", DRAFT_CALL),
    ],
    "money": [Row(f"200 {STAFF} | 403 *", "405 *")],
    "money_new": [Row(*_STAFF_FORM)],
    "money_year": [Row(*_STAFF_FORM, {"year": "money_year"})],
    "call_new": [Row(*_STAFF_FORM)],
    "call_edit": [Row(f"200 {STAFF} | 404 *", f"ok {STAFF} | 404 *", DRAFT_CALL | {"part": "part"})],
    "call_publish": [Row(f"200 {STAFF} | 404 *", f"ok {STAFF} | 404 *", DRAFT_CALL)],
    "call_correct": [Row(*_STAFF_FORM, CALL)],
    "call_extend": [Row(*_STAFF_FORM, CALL)],
    "call_close": [Row("405 *", f"ok {STAFF} | 403 *", CALL)],
    "call_answer_new": [Row(*_STAFF_FORM, CALL)],
    "call_answer": [Row(*_STAFF_FORM, CALL | {"pk": "call_answer"})],
    # --- Writing an application ----------------------------------------------------------------------------
    "application_list": [Row("200 *", "405 *")],  # each sees the own ones
    "application_start": [Row("200 *", "ok *", CALL)],  # says who may apply; the form offers one's own clusters only
    "application": [
        Row(f"200 {STAFF} {APPLICANTS} | 404 *", "405 *", DRAFT),
        Row(f"200 {STAFF} {APPLICANTS} {READERS} | 404 *", "405 *", APPLICATION),
    ],
    "application_details": [Row("405 *", _WRITES, DRAFT)],
    "application_members": [Row("405 *", _WRITES, DRAFT)],
    "application_budget": [Row("405 *", _WRITES, DRAFT)],
    "application_answer": [Row("405 *", _WRITES, DRAFT | {"answer": "answer"})],
    "application_attach": [Row("405 *", _WRITES, DRAFT | {"requirement": "requirement"})],
    "attachment": [Row(f"200 {STAFF} {APPLICANTS} | 404 *", "405 *", DRAFT | {"file": "attachment"})],
    "attachment_remove": [Row("405 *", _WRITES, DRAFT | {"file": "attachment"})],
    "application_eligibility": [Row(f"200 {APPLICANTS} | 403 {STAFF} | 404 *", "405 *", DRAFT)],
    "application_submit": [Row(f"200 {APPLICANTS} | 403 {STAFF} | 404 *", _WRITES, DRAFT)],
    "application_receipt": [Row("404 *", "405 *", DRAFT)],  # none before it is handed in
    "application_withdraw": [
        Row(
            f"200 {APPLICANTS} | 403 {STAFF} {READERS} | 404 *",
            f"ok {APPLICANTS} | 403 {STAFF} {READERS} | 404 *",
            APPLICATION,
        ),
    ],
    "application_reopen": [Row("405 *", f"ok {APPLICANTS} | 403 {STAFF} {READERS} | 404 *", APPLICATION)],
    # --- Assessing it ---------------------------------------------------------------------------------------------
    "application_waive": [Row(f"200 {_ASSESSES}", f"ok {_ASSESSES}", APPLICATION | {"rule": "rule"})],
    "application_take_back_waiver": [Row("405 *", f"ok {_ASSESSES}", APPLICATION | {"rule": "rule"})],
    "application_dismiss": [Row(f"200 {_ASSESSES}", f"ok {_ASSESSES}", APPLICATION)],
    "application_settle": [Row(f"200 {_ASSESSES}", f"ok {_ASSESSES}", APPLICATION | {"criterion": "criterion"})],
    "review_list": [Row("200 *", "405 *")],  # each sees the own ones
    "review_overview": [Row(f"200 {STAFF} | 403 *", "405 *", CLOSED)],
    "review_assign": [Row("405 *", f"ok {STAFF} | 403 *", CLOSED)],
    "review": [Row(f"200 {STAFF} reviewer | 404 *", "405 *", REVIEW)],
    "review_declare": [Row("405 *", f"ok reviewer | 403 {STAFF} | 404 *", REVIEW)],
    "review_points": [Row("405 *", f"ok reviewer | 403 {STAFF} | 404 *", SCORE)],
    "review_grounds": [Row("405 *", f"ok reviewer | 403 {STAFF} | 404 *", SCORE)],
    "review_overall": [Row("405 *", f"ok reviewer | 403 {STAFF} | 404 *", REVIEW)],
    "review_advice": [Row("405 *", f"ok reviewer | 403 {STAFF} | 404 *", REVIEW)],
    "review_hand_in": [Row("405 *", f"ok reviewer | 403 {STAFF} | 404 *", REVIEW)],
    "review_release": [Row("405 *", f"ok {STAFF} | 403 reviewer | 404 *", REVIEW)],
    "review_give_back": [Row("405 *", f"ok {STAFF} | 403 reviewer | 404 *", REVIEW)],
    # --- Allocation and decision ---------------------------------------------------------------------------------
    "allocation": [Row(f"200 {STAFF} | 403 *", "405 *", PROPOSED)],
    "allocation_new": [Row(*_STAFF_FORM, PROPOSED)],
    "allocation_choose": [Row("405 *", f"ok {STAFF} | 403 *", PROPOSED | {"pk": "scenario"})],
    "allocation_line": [Row(*_STAFF_FORM, PROPOSED | {"pk": "line"})],
    "allocation_restore": [Row("405 *", f"ok {STAFF} | 403 *", PROPOSED | {"pk": "line"})],
    "proposal": [Row(f"200 {STAFF} | 403 *", "405 *", PROPOSED)],
    "proposal_propose": [Row("405 *", f"ok {STAFF} | 403 *", PROPOSED)],
    "proposal_send_back": [Row("405 *", "ok lead | 403 *", PROPOSED)],
    "proposal_decide": [Row("405 *", "ok lead | 403 *", PROPOSED)],
    "award_list": [Row(*_PUBLIC, {"slug": "decided_call"})],
    "application_decision": [Row(f"200 {STAFF} {APPLICANTS} {FOLLOWERS} | 404 *", "405 *", AWARDED)],
    "award_accept": [Row("405 *", f"ok {APPLICANTS} | 403 {STAFF} {FOLLOWERS} | 404 *", AWARDED)],
    "award_decline": [
        Row(
            f"200 {APPLICANTS} | 403 {STAFF} {FOLLOWERS} | 404 *",
            f"ok {APPLICANTS} | 403 {STAFF} {FOLLOWERS} | 404 *",
            AWARDED,
        ),
    ],
    "complaint_new": [
        Row(
            f"200 {APPLICANTS} | 403 {STAFF} {FOLLOWERS} | 404 *",
            f"ok {APPLICANTS} | 403 {STAFF} {FOLLOWERS} | 404 *",
            AWARDED,
        ),
    ],
    "complaint": [
        Row(f"200 {STAFF} {APPLICANTS} | 404 *", f"ok staff | 403 lead {APPLICANTS} | 404 *", {"pk": "complaint"}),
    ],
    "complaint_propose": [Row("405 *", f"ok staff | 403 lead {APPLICANTS} | 404 *", {"pk": "complaint"})],
    "complaint_decide": [Row("405 *", "404 *", {"pk": "complaint"})],  # nothing is proposed yet
}
