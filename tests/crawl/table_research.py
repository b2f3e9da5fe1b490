"""Questions, interests and projects: drafts for those who write them, the rest open to read; partners show interest.

A question or a planned project is "shared" when a partner, a cluster or a municipality has come into it.
"""

from tests.crawl.expectations import Row

DRAFT, SHARED_DRAFT = {"pk": "draft_question"}, {"pk": "shared_draft"}
OPEN, IN_PROJECT = {"pk": "open_question"}, {"pk": "question_in_project"}
INTEREST, DECLINED = {"pk": "interest"}, {"pk": "declined_interest"}
PLANNED, SHARED = {"pk": "planned_project"}, {"pk": "shared_project"}
UNDER_WAY, STOPPED = {"pk": "project_under_way"}, {"pk": "stopped_project"}
HANDLERS = "staff lead coordinator"
FOLLOWERS = "host office"  # of what the region does
EDITORS = f"{HANDLERS} cluster"  # of a project the cluster is in

_PAGE = "405 anonymous | 405 *"
_PUBLIC = "200 anonymous | 200 *", _PAGE
_HANDLES = f"200 {HANDLERS} | 403 *", f"ok {HANDLERS} | 403 *"
_TOO_LATE = f"409 {HANDLERS} | 403 *", f"ok {HANDLERS} | 403 *"
_SEES_INTEREST = f"{HANDLERS} {FOLLOWERS} partner"
_SEES_SHARED = f"403 {FOLLOWERS} partner contact | 404 *"

TABLE: dict[str, list[Row]] = {
    "question_list": [Row(*_PUBLIC)],
    "question": [
        Row(f"200 {HANDLERS} {FOLLOWERS} cluster | 404 anonymous | 404 *", _PAGE, DRAFT),
        Row(f"200 {HANDLERS} {FOLLOWERS} cluster partner | 404 anonymous | 404 *", _PAGE, SHARED_DRAFT),
        Row(*_PUBLIC, OPEN),
        Row(*_PUBLIC, IN_PROJECT),
    ],
    "question_new": [
        Row(f"200 {HANDLERS} coordinator-elsewhere | 403 *", f"ok {HANDLERS} coordinator-elsewhere | 403 *"),
    ],
    "question_edit": [
        Row(
            f"200 {HANDLERS} | 403 {FOLLOWERS} cluster | 404 *",
            f"ok {HANDLERS} | 403 {FOLLOWERS} cluster | 404 *",
            DRAFT,
        ),
        Row(*_HANDLES, OPEN),
        Row(*_TOO_LATE, IN_PROJECT),
    ],
    "question_text": [
        Row("405 *", f"ok {HANDLERS} cluster | 403 {FOLLOWERS} | 404 *", DRAFT | {"part": "question_part"}),
        Row(
            "405 *",
            f"ok {HANDLERS} cluster partner | 403 {FOLLOWERS} | 404 *",
            SHARED_DRAFT | {"part": "question_part"},
        ),
        Row("405 *", f"ok {HANDLERS} cluster | 403 *", OPEN | {"part": "question_part"}),
        Row("405 *", f"ok {HANDLERS} cluster | 403 *", IN_PROJECT | {"part": "question_part"}),
    ],
    "question_step": [
        Row("405 *", f"ok {HANDLERS} | 403 {FOLLOWERS} cluster | 404 *", DRAFT | {"step": "open"}),
        Row("405 *", f"ok {HANDLERS} | 403 *", OPEN | {"step": "take_back"}),
        Row("405 *", "404 *", OPEN | {"step": "become_project"}),  # by registering the project
    ],
    "search_save": [Row("405 *", "ok *")],  # everybody keeps searches of their own
    "search_change": [Row("405 *", "ok contact | 404 *", {"pk": "search"}, data={"do": "off"})],
    # --- Interest -------------------------------------------------------------------------------------------
    "question_interest": [
        Row("200 partner | 403 *", "ok partner | 403 *", OPEN),
        Row("404 *", "404 *", DRAFT),
        Row("404 *", "404 *", SHARED_DRAFT),
    ],
    "need_interest": [
        Row("200 partner | 403 *", "ok partner | 403 *", {"pk": "need"}),
        Row("404 *", "404 *", {"pk": "sent_need"}),  # not published
    ],
    "interest_list": [Row("200 *", "405 *")],  # each sees the own ones
    "interest": [
        Row(f"200 {_SEES_INTEREST} | 404 *", f"403 {_SEES_INTEREST} | 404 *", INTEREST),  # no button pressed
        Row(
            f"200 {_SEES_INTEREST} | 404 *",
            f"ok {HANDLERS} | 403 {FOLLOWERS} partner | 404 *",
            INTEREST,
            data={"do": "put_in_touch"},
        ),
        Row(
            f"200 {_SEES_INTEREST} | 404 *",
            f"ok {HANDLERS} | 403 {FOLLOWERS} partner | 404 *",
            INTEREST,
            data={"do": "decline"},
        ),
        Row(
            f"200 {_SEES_INTEREST} | 404 *",
            f"ok partner | 403 {HANDLERS} {FOLLOWERS} | 404 *",
            INTEREST,
            data={"do": "withdraw"},
        ),
        Row(
            f"200 {_SEES_INTEREST} | 404 *",
            f"ok {HANDLERS} | 403 {FOLLOWERS} partner | 404 *",
            DECLINED,
            data={"do": "put_in_touch"},
        ),
    ],
    # --- Projects ---------------------------------------------------------------------------------------------
    "project_list": [Row(*_PUBLIC)],
    "project": [
        Row(f"200 {HANDLERS} {FOLLOWERS} | 404 anonymous | 404 *", _PAGE, PLANNED),
        Row(f"200 {EDITORS} {FOLLOWERS} partner contact | 404 anonymous | 404 *", _PAGE, SHARED),
        Row(*_PUBLIC, UNDER_WAY),
        Row(*_PUBLIC, STOPPED),
    ],
    "project_new": [
        Row(
            f"200 {EDITORS} coordinator-elsewhere cluster-elsewhere | 403 *",
            f"ok {EDITORS} coordinator-elsewhere cluster-elsewhere | 403 *",
        ),
    ],
    "project_edit": [
        Row(f"200 {HANDLERS} | 403 {FOLLOWERS} | 404 *", f"ok {HANDLERS} | 403 {FOLLOWERS} | 404 *", PLANNED),
        Row(f"200 {EDITORS} | {_SEES_SHARED}", f"ok {EDITORS} | {_SEES_SHARED}", SHARED),
        Row(*_HANDLES, UNDER_WAY),
    ],
    "project_step": [
        Row(
            f"200 {HANDLERS} | 403 {FOLLOWERS} | 404 *",
            f"ok {HANDLERS} | 403 {FOLLOWERS} | 404 *",
            PLANNED | {"step": "start"},
        ),
        Row(f"200 {EDITORS} | {_SEES_SHARED}", f"ok {EDITORS} | {_SEES_SHARED}", SHARED | {"step": "start"}),
        Row(*_HANDLES, UNDER_WAY | {"step": "stop"}),
        Row(*_TOO_LATE, STOPPED | {"step": "start"}),
    ],
    "project_join": [
        Row("405 *", f"ok {EDITORS} | {_SEES_SHARED}", SHARED),
        Row("405 *", f"ok {HANDLERS} | 403 *", UNDER_WAY),
    ],
    "project_leave": [
        Row("405 *", f"ok {EDITORS} | {_SEES_SHARED}", SHARED | {"place": "participation"}),
        Row("405 *", f"404 {HANDLERS} | 403 *", UNDER_WAY | {"place": "participation"}),  # of another project
    ],
}
