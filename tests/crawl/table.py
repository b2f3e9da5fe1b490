"""Who may what, address by address, written by hand. A new address fails the crawl until somebody has decided.

The answers follow from the roles of the network: staff and lead see and run everything national; a coordinator and a
host lead act in their own region, a cluster coordinator in the own cluster, a contact for the own municipality; a
reviewer sees the call appointed to; the observer reads what all roles read.
"""

from tests.crawl import (
    table_accounts,
    table_grants,
    table_needs,
    table_network,
    table_reporting,
    table_research,
    table_rounds,
)
from tests.crawl.expectations import Row

TABLE: dict[str, list[Row]] = {
    **table_accounts.TABLE,
    **table_network.TABLE,
    **table_needs.TABLE,
    **table_rounds.TABLE,
    **table_research.TABLE,
    **table_grants.TABLE,
    **table_reporting.TABLE,
}
