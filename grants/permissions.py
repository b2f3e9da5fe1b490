"""Who may do what with calls, applications, reviews and awards. State is not asked here: the lifecycles know it."""

import rules

from grants.models import Application, Award, Complaint, Proposal, Redecision, Review
from ksf.accounts.models import SYSTEM_EMAIL
from ksf.accounts.roles import Role
from ksf.actor import Actor


@rules.predicate
def is_staff(user: Actor, _obj: object = None) -> bool:
    """KSF's national staff; the lead may do what staff may."""
    return user.is_national


@rules.predicate
def is_lead(user: Actor, _obj: object = None) -> bool:
    return user.has_role(Role.NATIONAL_LEAD)


@rules.predicate
def is_system(user: Actor, _obj: object = None) -> bool:
    """The account in whose name timers act."""
    return getattr(user, "email", "") == SYSTEM_EMAIL


@rules.predicate
def is_applicant(user: Actor, application: Application) -> bool:
    """Coordinator of the cluster, or R&D contact of the motor municipality (G4)."""
    return application.cluster_id in user.cluster_ids(
        Role.CLUSTER_COORDINATOR
    ) or application.motor_id in user.municipality_ids(Role.RD_CONTACT)


@rules.predicate
def is_tied(user: Actor, application: Application) -> bool:
    """Appointment in a member municipality, its cluster, its region or the region's host (G6)."""
    return (
        application.cluster_id in user.cluster_ids()
        or application.cluster.lead_region_id in user.region_ids()
        or not application.tied_municipality_ids.isdisjoint(user.municipality_ids())
    )


@rules.predicate
def is_reviewer_of_call(user: Actor, review: Review) -> bool:
    return review.application.call_id in user.call_ids(Role.REVIEWER)


@rules.predicate
def is_own_review(user: Actor, review: Review) -> bool:
    return review.reviewer_id == user.pk


@rules.predicate
def is_tied_to_reviewed(user: Actor, review: Review) -> bool:
    return is_tied(user, review.application)


@rules.predicate
def is_proposer(user: Actor, proposal: Proposal) -> bool:
    """Whoever sent the proposal for decision; the decision is another's (G8)."""
    return proposal.proposed_by_id is not None and proposal.proposed_by_id == user.pk


@rules.predicate
def is_award_holder(user: Actor, award: Award) -> bool:
    return is_applicant(user, award.application)


@rules.predicate
def took_part_in_decision(user: Actor, complaint: Complaint) -> bool:
    """Whoever proposed, decided or reviewed what is complained about (G9)."""
    return user.pk in complaint.participant_ids


@rules.predicate
def is_tied_to_award(user: Actor, award: Award) -> bool:
    return is_tied(user, award.application)


@rules.predicate
def took_part_in_overturned(user: Actor, redecision: Redecision) -> bool:
    """Whoever took part in the decision that is made again."""
    return user.pk in redecision.complaint.participant_ids


@rules.predicate
def proposed_redecision(user: Actor, redecision: Redecision) -> bool:
    """Whoever proposed the new decision; another decides it."""
    return redecision.proposed_by_id == user.pk


rules.add_perm("grants.manage_money", is_staff)
rules.add_perm("grants.manage_call", is_staff)
rules.add_perm("grants.close_call", is_staff | is_system)
rules.add_perm("grants.decide_call", is_lead)
rules.add_perm("grants.write_application", is_applicant)
rules.add_perm("grants.assess_application", is_staff & ~is_applicant)
rules.add_perm("grants.waive_rule", is_staff & ~is_applicant)
rules.add_perm("grants.decide_application", is_lead & ~is_tied)
rules.add_perm("grants.manage_review", is_staff)
rules.add_perm("grants.write_review", is_own_review & is_reviewer_of_call & ~is_tied_to_reviewed)
rules.add_perm("grants.declare_conflict", is_own_review)
rules.add_perm("grants.propose_allocation", is_staff)
rules.add_perm("grants.decide_allocation", is_lead & ~is_proposer)
rules.add_perm("grants.accept_award", is_award_holder)
rules.add_perm("grants.manage_award", is_staff | is_system)
rules.add_perm("grants.complain", is_applicant)
rules.add_perm("grants.handle_complaint", is_staff & ~took_part_in_decision)
rules.add_perm("grants.propose_redecision", is_staff & ~took_part_in_decision)
rules.add_perm("grants.decide_redecision", is_staff & ~took_part_in_overturned & ~proposed_redecision)
rules.add_perm("grants.reopen_application", is_staff & ~is_tied)
rules.add_perm("grants.change_award", is_staff & ~is_tied_to_award)
