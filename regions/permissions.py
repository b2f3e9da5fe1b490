"""Who may change the register, the regions and their hosts."""

import rules

from ksf.accounts.permissions import is_national, is_national_lead
from ksf.actor import Actor
from regions.models import HandoverProposal, Region


@rules.predicate
def is_proposer(user: Actor, proposal: HandoverProposal) -> bool:
    return proposal.proposed_by_id == user.pk


@rules.predicate
def holds_office_in_region(user: Actor, region: Region) -> bool:
    """Whoever coordinates, leads or follows the region."""
    return region.pk in user.region_ids()


rules.add_perm("regions.hand_over_host", is_national)
rules.add_perm("regions.consent_handover", is_national_lead & ~is_proposer)
rules.add_perm("regions.withdraw_handover", is_national & is_proposer)
rules.add_perm("regions.see_history", is_national | holds_office_in_region)
rules.add_perm("regions.change_register", is_national)
