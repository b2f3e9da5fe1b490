"""Endorsements: other municipalities have the same need (N3)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.steps import lock
from needs.lifecycle import ACTIONS
from needs.models import Endorsement, KnowledgeNeed
from needs.notifications import notify_owners
from regions.models import Municipality


def municipalities_to_endorse(need: KnowledgeNeed, user: Actor) -> list[Municipality]:
    """The municipalities ``user`` may endorse the need for: their own, but the owner's, that have not done so."""
    mine = Municipality.objects.in_force().filter(pk__in=user.municipality_ids(Role.RD_CONTACT))
    taken = need.endorsements.values("municipality")
    return list(mine.exclude(pk=need.municipality_id).exclude(pk__in=taken))


@transaction.atomic
def endorse(need: KnowledgeNeed, *, municipality: Municipality, by: User, comment: str = "") -> Endorsement:
    """Record that ``municipality`` has the same need, and notify the owner.

    Raises PermissionDenied for those who are not its R&D contact, and ValidationError when it is its own need or it
    has endorsed it already.
    """
    locked = lock(need)
    if municipality.pk == locked.municipality_id:
        raise ValidationError(_("This is %(name)s's own need, and cannot be endorsed by it.") % {"name": municipality})
    ACTIONS.check("endorse", locked, by=by)
    if municipality.pk not in by.municipality_ids(Role.RD_CONTACT):
        raise PermissionDenied("needs.endorse_need")
    endorsement, is_new = Endorsement.objects.get_or_create(
        need=locked, municipality=municipality, defaults={"comment": comment, "created_by": by}
    )
    if not is_new:
        raise ValidationError(_("%(name)s has endorsed this need already.") % {"name": municipality})
    audit.record("need.endorse", locked, by=by, municipality=municipality.pk, name=str(municipality), comment=comment)
    notify_owners("endorsed", locked, but={by.pk}, municipality=municipality, comment=comment)
    return endorsement


@transaction.atomic
def withdraw_endorsement(endorsement: Endorsement, *, by: User) -> None:
    """Take an endorsement back. It stays in the need's story."""
    if endorsement.municipality_id not in by.municipality_ids(Role.RD_CONTACT):
        raise PermissionDenied("needs.endorse_need")
    need = lock(endorsement.need)
    municipality = endorsement.municipality
    endorsement.delete()
    audit.record("need.withdraw_endorsement", need, by=by, municipality=municipality.pk, name=str(municipality))
    notify_owners("endorsement_withdrawn", need, but={by.pk}, urgent=False, municipality=municipality)
