"""Regions, clusters and municipalities: open to all, changed by those whose they are."""

from tests.crawl.expectations import Row
from tests.crawl.table_accounts import PAGE_FOR_ALL

CLUSTER = {"slug": "cluster"}
MEMBER = {"slug": "cluster", "number": "municipality"}
MANAGERS = "staff lead coordinator"
EDITORS = f"{MANAGERS} cluster"
ANCHORERS = f"{EDITORS} contact"


def _page(args: dict[str, str]) -> list[Row]:
    return [Row(row.get, row.post, args) for row in PAGE_FOR_ALL]


def _form(who: str, args: dict[str, str]) -> list[Row]:
    return [Row(f"200 {who} | 403 *", f"ok {who} | 403 *", args)]


TABLE: dict[str, list[Row]] = {
    "network": PAGE_FOR_ALL,
    "region": _page({"slug": "region"}),
    "municipality": _page({"number": "municipality"}),
    "cluster": _page(CLUSTER),
    "cluster_new": _form(MANAGERS, {"slug": "region"}),
    "cluster_edit": _form(EDITORS, CLUSTER),
    "cluster_step": _form(MANAGERS, {"slug": "cluster", "step": "cluster_step"}),
    "motor_handover": _form(EDITORS, CLUSTER),
    "member_new": _form(EDITORS, CLUSTER),
    "member_end": _form(EDITORS, MEMBER),
    "member_anchor": _form(ANCHORERS, MEMBER),
    "partner_list": PAGE_FOR_ALL,
    "partner": _page({"slug": "partner"}),
    "cluster_partner_new": _form(EDITORS, CLUSTER),
    "region_partner_new": _form(MANAGERS, {"slug": "region"}),
    "partner_end": _form(EDITORS, {"slug": "partner", "pk": "partner_term"}),
    "host_new": _form("staff lead", {"slug": "region"}),
    "host_handover": _form("staff lead", {"slug": "region", "pk": "handover"}),
}
