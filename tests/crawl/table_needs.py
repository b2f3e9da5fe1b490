"""Knowledge needs: open to all once taken up; a draft is the municipality's own until it is sent."""

from tests.crawl.expectations import Row

DRAFT, SENT, NEED = {"pk": "draft_need"}, {"pk": "sent_need"}, {"pk": "need"}
HANDLERS = "staff lead coordinator"
IMPORTERS = "staff lead coordinator coordinator-elsewhere cluster cluster-elsewhere contact contact-elsewhere"

_PAGE = "405 anonymous | 405 *"
_PUBLIC = "200 anonymous | 200 *", _PAGE
OUTSIDE = "reviewer partner observer"  # see what is published (N7)
_HANDLES = f"200 {HANDLERS} | 403 *", f"ok {HANDLERS} | 403 *"

TABLE: dict[str, list[Row]] = {
    "need_list": [Row(*_PUBLIC)],
    "need": [
        Row("200 contact | 404 anonymous | 404 *", _PAGE, DRAFT),
        Row(f"404 anonymous {OUTSIDE} | 200 *", _PAGE, SENT),
        Row(*_PUBLIC, NEED),
    ],
    "need_versions": [Row(*_PUBLIC, NEED)],
    "need_documentation": [Row("202 anonymous | 202 *", _PAGE, NEED)],
    "need_data": [Row(*_PUBLIC, NEED)],
    "need_queue": [Row("200 staff lead coordinator coordinator-elsewhere | 403 *", "405 *")],
    # --- Writing --------------------------------------------------------------------------------------------------
    "need_new": [Row("200 *", "ok *")],
    "need_autosave": [Row("405 *", "ok *")],
    "need_similar": [Row("405 *", "ok *")],
    "need_write": [
        Row("200 contact | 404 *", "ok contact | 404 *", DRAFT),
        Row("409 contact | 403 *", "ok contact | 403 *", NEED),
    ],
    "need_discard": [
        Row("200 contact | 404 *", "ok contact | 404 *", DRAFT),
        Row("409 contact | 403 *", "ok contact | 403 *", NEED),
    ],
    "need_import": [Row(f"200 {IMPORTERS} | 403 *", f"ok {IMPORTERS} | 403 *")],
    "need_import_template": [Row("200 *", "405 *")],
    # --- Handling -------------------------------------------------------------------------------------------------
    "need_step": [
        Row(
            f"200 {HANDLERS} | 404 {OUTSIDE} | 403 *",
            f"ok {HANDLERS} | 404 {OUTSIDE} | 403 *",
            SENT | {"step": "take_up"},
        ),
        Row(*_HANDLES, NEED | {"step": "prioritise"}),
    ],
    "need_assess": [Row(*_HANDLES, NEED)],
    "need_relate": [Row(*_HANDLES, NEED)],
    "need_unrelate": [Row("405 *", f"ok {HANDLERS} | 404 {OUTSIDE} | 403 *", NEED, data={"other": "sent_need"})],
    "need_hide": [Row("405 *", f"ok {HANDLERS} | 403 *", NEED)],
    "need_merge": [Row("405 *", f"ok {HANDLERS} | 404 {OUTSIDE} | 403 *", NEED, data={"other": "sent_need"})],
    "need_settle": [Row("405 *", f"ok {HANDLERS} | 404 {OUTSIDE} | 403 *", NEED, data={"other": "sent_need"})],
    "need_unmerge": [Row("405 *", f"ok {HANDLERS} | 403 *", {"pk": "merged_need"})],
    "need_confirm": [Row("405 *", "ok contact | 403 *", NEED)],
    "need_endorse": [Row("200 contact-elsewhere | 403 *", "ok contact-elsewhere | 403 *", NEED)],
    "need_endorse_withdraw": [
        Row("405 *", "ok contact-elsewhere | 403 *", NEED, data={"endorsement": "endorsement"}),
    ],
    # --- The open interface ---------------------------------------------------------------------------------------
    "api:api-root": [Row("404 anonymous | 404 *", "404 anonymous | 404 *")],
    "api:openapi-json": [Row("200 anonymous | 200 *", "ok anonymous | ok *")],
    "api:search": [Row(*_PUBLIC)],
    "api:similar": [Row(*_PUBLIC)],
}
