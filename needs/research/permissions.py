"""Who is who to a question, an interest and a project. No state."""

import rules

from ksf.accounts.permissions import is_national
from ksf.accounts.roles import Role
from ksf.actor import Actor
from needs.research.models import Interest, ResearchProject, ResearchQuestion


@rules.predicate
def coordinates_region(user: Actor, row: ResearchQuestion | Interest | ResearchProject) -> bool:
    """The regional coordinator of the row's region."""
    return row.region_id is not None and row.region_id in user.region_ids(Role.REGIONAL_COORDINATOR)


@rules.predicate
def coordinates_cluster_of_region(user: Actor, question: ResearchQuestion) -> bool:
    """A cluster coordinator whose cluster is led from the question's region."""
    held = [a.cluster for a in user.appointments_in_force if a.role == Role.CLUSTER_COORDINATOR]
    return any(cluster and cluster.lead_region_id == question.region_id for cluster in held)


@rules.predicate
def is_partner_in_touch(user: Actor, question: ResearchQuestion) -> bool:
    """Of a partner that has shown interest and been put in touch."""
    own = user.partner_ids(Role.PARTNER)
    return bool(own) and bool(own & question.partner_ids_in_touch)


@rules.predicate
def is_of_partner(user: Actor, interest: Interest) -> bool:
    return interest.partner_id in user.partner_ids(Role.PARTNER)


@rules.predicate
def coordinates_own_cluster(user: Actor, project: ResearchProject) -> bool:
    """A cluster coordinator of one of the project's clusters."""
    own = user.cluster_ids(Role.CLUSTER_COORDINATOR)
    return bool(own) and bool(own & project.own_cluster_ids)


@rules.predicate
def is_partner(user: Actor, _row: object = None) -> bool:
    return bool(user.partner_ids(Role.PARTNER))


@rules.predicate
def is_coordinator(user: Actor, _row: object = None) -> bool:
    return user.has_role(Role.REGIONAL_COORDINATOR)


@rules.predicate
def is_any_coordinator(user: Actor, _row: object = None) -> bool:
    return user.has_role(Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR)


rules.add_perm("needs_research.make_question", is_national | is_coordinator)
rules.add_perm("needs_research.coordinate_question", is_national | coordinates_region)
rules.add_perm(
    "needs_research.write_question",
    is_national | coordinates_region | coordinates_cluster_of_region | is_partner_in_touch,
)
rules.add_perm("needs_research.show_interest", is_partner)
rules.add_perm("needs_research.answer_interest", is_national | coordinates_region)
rules.add_perm("needs_research.own_interest", is_of_partner)
rules.add_perm("needs_research.make_project", is_national | is_any_coordinator)
rules.add_perm("needs_research.edit_project", is_national | coordinates_region | coordinates_own_cluster)
