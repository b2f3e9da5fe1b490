"""Who is who to a need. No state; only a cluster coordinator's own writing asks the database."""

import rules

from ksf.accounts.roles import Role
from ksf.actor import Actor
from needs.models import KnowledgeNeed
from needs.models.authors import may_write_for


@rules.predicate
def is_owner(user: Actor, need: KnowledgeNeed) -> bool:
    """An R&D contact of the municipality that has the need."""
    return need.municipality_id in user.municipality_ids(Role.RD_CONTACT)


@rules.predicate
def is_writer(user: Actor, need: KnowledgeNeed) -> bool:
    """The one who began the draft, for as long as they may write for its municipality."""
    return need.created_by_id == user.pk and may_write_for(user, need.municipality)


@rules.predicate
def coordinates_region(user: Actor, need: KnowledgeNeed) -> bool:
    return need.municipality.region_id in user.region_ids(Role.REGIONAL_COORDINATOR)


@rules.predicate
def is_national(user: Actor, need: KnowledgeNeed) -> bool:  # noqa: ARG001
    return user.is_national


@rules.predicate
def is_contact_elsewhere(user: Actor, need: KnowledgeNeed) -> bool:
    """An R&D contact of some other municipality than the owner."""
    return bool(user.municipality_ids(Role.RD_CONTACT) - {need.municipality_id})


rules.add_perm("needs.own_need", is_owner)
rules.add_perm("needs.endorse_need", is_contact_elsewhere)
rules.add_perm("needs.write_need", is_owner | is_writer)
rules.add_perm("needs.handle_need", coordinates_region | is_national)


def may_handle_needs(user: Actor) -> bool:
    """Whether ``user`` handles any needs at all, and so has a work queue."""
    return user.is_national or user.has_role(Role.REGIONAL_COORDINATOR)


def may_write_needs(user: Actor) -> bool:
    """Whether ``user`` writes needs for one's own municipality, or for those of one's cluster or region."""
    return bool(user.has_role(Role.RD_CONTACT, Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR))
