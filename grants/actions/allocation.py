"""What one may do where the money is divided: compute, choose, change, propose and decide (G7, G8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.lifecycle import CALL, PROPOSAL, ProposalState
from grants.models import Call, Line, Proposal, Scenario
from ksf.actor import Actor
from ksf.web.actions import Action, Look


@dataclass(frozen=True)
class AllocationActions:
    """What one may do where allocations are compared (G8): compute more of them, and go on with the chosen one."""

    compute: Action | None
    proposals: Sequence[Action]


def actions_on_allocation(user: Actor, call: Call, proposal: Proposal | None, *, is_first: bool) -> AllocationActions:
    """``is_first`` when nothing is computed yet: then that is the main button."""
    compute = Action(
        _("Compute an allocation"),
        reverse("allocation_new", args=[call.slug]),
        look="primary" if is_first else "secondary",
    )
    return AllocationActions(
        compute=compute if is_to_be_divided(call) else None,
        proposals=[_proposal(user, call, proposal)] if proposal else [],
    )


def is_to_be_divided(call: Call) -> bool:
    """Whether the money of the call can be divided now: it is closed, and not decided (G7)."""
    return call.state in CALL.steps["decide"].sources


def _proposal(user: Actor, call: Call, proposal: Proposal) -> Action:
    if PROPOSAL.allows("propose", proposal, by=user):
        label = _("To the proposal")
    elif proposal.state == ProposalState.DECIDED:
        label = _("See the decision")
    else:
        label = _("See the proposal")
    return Action(label, reverse("proposal", args=[call.slug]))


def action_to_choose(
    call: Call, scenario: Scenario, letter: str, proposal: Proposal | None, *, is_likely: bool
) -> Action | None:
    """To choose the scenario as what is proposed, unless it is chosen or the lead has the other one (G8)."""
    is_taken = proposal is not None and (
        proposal.scenario_id == scenario.pk or proposal.state == ProposalState.PROPOSED
    )
    if is_taken or not is_to_be_divided(call):
        return None
    look: Look = "primary" if is_likely and proposal is None else "secondary"
    url = reverse("allocation_choose", args=[call.slug, scenario.pk])
    return Action(_("Choose %(letter)s") % {"letter": letter}, url, is_post=True, look=look)


def action_to_change(user: Actor, call: Call, line: Line | None, proposal: Proposal | None) -> Action | None:
    """To change an amount of the chosen scenario by hand, until it is proposed (G8)."""
    if line is None or proposal is None or line.scenario_id != proposal.scenario_id:
        return None
    if not PROPOSAL.allows("propose", proposal, by=user):
        return None
    return Action(_("Change the amount"), reverse("allocation_line", args=[call.slug, line.pk]), look="link")


@dataclass(frozen=True)
class ProposalActions:
    """What one may do with a proposal: change it and send it to the lead; the lead decides, or sends it back (G8)."""

    compare: Action
    propose: Action | None
    decide: Action | None
    send_back: Action | None


def actions_on_proposal(user: Actor, proposal: Proposal) -> ProposalActions:
    slug = proposal.call.slug
    steps = {
        step.name: Action(step.label, reverse(f"proposal_{step.name}", args=[slug]), is_post=True)
        for step in PROPOSAL.steps_for(user, proposal)
        if step.name != "drop"  # that is done by choosing another
    }
    is_chosen = proposal.state == ProposalState.CHOSEN
    compare = _("Change an amount or choose another") if is_chosen else _("Compare with another allocation")
    return ProposalActions(
        compare=Action(compare, reverse("allocation", args=[slug]), look="link"),
        propose=steps.get("propose"),
        decide=steps.get("decide"),
        send_back=steps.get("send_back"),
    )
