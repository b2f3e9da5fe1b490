"""Who may what, address by address, written by hand. A new address fails the crawl until somebody has decided.

The answers follow from the roles of the network: staff and lead see and run everything national; a coordinator and a
host lead act in their own region, a cluster coordinator in the own cluster, a contact for the own municipality; a
reviewer sees the call appointed to; the observer reads what all roles read.
"""

from tests.crawl import table_accounts, table_grants, table_needs, table_network, table_reporting
from tests.crawl.expectations import Row

TABLE: dict[str, list[Row]] = {
    **table_accounts.TABLE,
    **table_network.TABLE,
    **table_needs.TABLE,
    **table_grants.TABLE,
    **table_reporting.TABLE,
}

UNDECIDED = {
    "interest", "interest_list", "need_interest", "project", "project_edit", "project_join", "project_leave",
    "project_list", "project_new", "project_step", "question", "question_edit", "question_interest",
    "question_list", "question_new", "question_step", "question_text", "round", "round_ballot",
    "round_candidate_remove", "round_candidates", "round_change", "round_edit", "round_lift", "round_list",
    "round_new", "round_publish", "round_step", "search_change", "search_save",
}  # fmt: skip
"""Addresses of research and rounds that the crawl has no objects for yet; their own tests hold who may."""
