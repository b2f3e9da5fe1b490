"""Who runs a round, and who casts a municipality's ballot. No state."""

import rules

from ksf.accounts.models import SYSTEM_EMAIL
from ksf.accounts.roles import Role
from ksf.actor import Actor
from needs.rounds.models import Participant, Round, RoundLevel


@rules.predicate
def runs_level(user: Actor, round_: Round) -> bool:
    """The coordinator of the round's cluster or region; for the nation KSF's national staff and lead."""
    match round_.level:
        case RoundLevel.CLUSTER:
            return round_.cluster_id in user.cluster_ids(Role.CLUSTER_COORDINATOR)
        case RoundLevel.REGION:
            return round_.region_id in user.region_ids(Role.REGIONAL_COORDINATOR)
        case _:
            return bool(user.is_national)


@rules.predicate
def is_clock(user: Actor, round_: Round) -> bool:  # noqa: ARG001
    """The account in whose name the timer acts."""
    return getattr(user, "email", "") == SYSTEM_EMAIL


@rules.predicate
def speaks_for(user: Actor, participant: Participant) -> bool:
    """An R&D contact of the participating municipality."""
    return participant.municipality_id in user.municipality_ids(Role.RD_CONTACT)


@rules.predicate
def runs_some_level(user: Actor) -> bool:
    return bool(user.is_national or user.has_role(Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR))


rules.add_perm("needs.set_up_round", runs_some_level)
rules.add_perm("needs.run_round", runs_level)
rules.add_perm("needs.close_round", runs_level | is_clock)
rules.add_perm("needs.cast_ballot", speaks_for)
