"""Who answers a wish to be erased: a national lead, never on one's own."""

import rules

from ksf.accounts.permissions import is_national_lead
from ksf.actor import Actor
from ksf.privacy.lifecycle import HANDLE, WITHDRAW
from ksf.privacy.models import ErasureRequest


@rules.predicate
def is_the_person(user: Actor, request: ErasureRequest) -> bool:
    return user.pk == request.person_id


rules.add_perm("privacy.see_erasures", is_national_lead)
rules.add_perm(HANDLE, is_national_lead & ~is_the_person)
rules.add_perm(WITHDRAW, is_the_person)
