"""Handing over the role as a region's host in one step (S2)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.periods import period
from ksf.refusals import explained
from ksf.steps import lock, take
from ksf.web.dates import in_words
from regions.lifecycle import HANDOVER, HandoverState
from regions.models import HandoverProposal, HostTerm, Municipality, Region


@transaction.atomic
def hand_over_host(
    region: Region,
    municipality: Municipality,
    *,
    on: date,
    after: HostTerm | None,
    by: User,
    reason: str = "",
    decided_on: date | None = None,
    decision_reference: str = "",
    committed_until: date | None = None,
) -> HandoverProposal:
    """End the present host's term and start the next on the same day; returns the handover.

    Where the present host is committed beyond ``on``, a reason is asked for and nothing is changed until the national
    lead has consented. ``after`` is the term the decision was made about: if another has come since, or the new host
    lies outside the region, ValidationError. Raises PermissionDenied for those who may not.
    """
    if not by.has_perm("regions.hand_over_host", region):
        raise PermissionDenied("regions.hand_over_host")
    lock(region)
    present = last_term(region)
    _check(region, municipality, on=on, after=after, present=present)
    committed = present.committed_until if present else None
    is_early = committed is not None and on <= committed
    if present and committed and is_early and not reason.strip():
        text = _("%(host)s is committed until %(date)s. Say why the term ends earlier.")
        raise ValidationError({"reason": text % {"host": present.municipality, "date": in_words(committed)}})
    with explained({"handover_one_waits": ("on", lambda: _("A handover in this region waits for consent already."))}):
        handover = HandoverProposal.objects.create(
            region=region,
            municipality=municipality,
            on=on,
            reason=reason,
            decided_on=decided_on,
            decision_reference=decision_reference,
            committed_until=committed_until,
            proposed_by=by,
            state=HandoverState.PROPOSED if is_early else HandoverState.CARRIED_OUT,
        )
    audit.record("handover.proposed", handover, by=by, host=municipality, on=on, reason=reason)
    if not is_early:
        _carry_out(handover, present, by=by)
    return handover


@transaction.atomic
def consent(handover: HandoverProposal, *, by: User) -> HandoverProposal:
    """Carry out a handover that waited. The lead consents, and is not the one who proposed it."""
    lock(handover.region)
    present = last_term(handover.region)
    _check(handover.region, handover.municipality, on=handover.on, after=present, present=present)
    handover = take(HANDOVER, "consent", handover, by=by)
    _carry_out(handover, present, by=by)
    return handover


def refuse(handover: HandoverProposal, *, note: str, by: User) -> HandoverProposal:
    """Let the present host stay."""
    return take(HANDOVER, "refuse", handover, by=by, note=note)


def withdraw(handover: HandoverProposal, *, by: User) -> HandoverProposal:
    """Take back one's own proposal."""
    return take(HANDOVER, "withdraw", handover, by=by)


def last_term(region: Region) -> HostTerm | None:
    """The region's latest term, which may not have begun yet."""
    return region.host_terms.select_related("municipality").order_by("period").last()


def _check(
    region: Region, municipality: Municipality, *, on: date, after: HostTerm | None, present: HostTerm | None
) -> None:
    if after != present:
        raise ValidationError(_("Somebody else changed the host while you were here. Look at the page again first."))
    if municipality.region_id != region.pk:
        text = _("%(municipality)s does not lie in %(region)s. The host must lie in the region.")
        raise ValidationError({"municipality": text % {"municipality": municipality, "region": region}})
    if not municipality.is_in_force_on(on):
        text = _("%(municipality)s is not a municipality on that day.")
        raise ValidationError({"municipality": text % {"municipality": municipality}})
    if present and present.ends_on is None and on <= present.starts_on:
        text = _("%(host)s became host on %(date)s. Choose a later day.")
        raise ValidationError({"on": text % {"host": present.municipality, "date": in_words(present.starts_on)}})
    if present and present.ends_on is None and present.municipality_id == municipality.pk:
        raise ValidationError({"municipality": _("%(host)s is host already.") % {"host": municipality}})


def _carry_out(handover: HandoverProposal, present: HostTerm | None, *, by: User) -> None:
    region = handover.region
    if present and present.ends_on is None:
        present.period = period(present.starts_on, handover.on)
        present.end_reason = handover.reason
        present.save(update_fields=["period", "end_reason"])
    with explained({"host_term_one_at_a_time": ("on", lambda: overlap_message(region, handover.on))}):
        HostTerm.objects.create(
            region=region,
            municipality=handover.municipality,
            period=period(handover.on),
            decided_on=handover.decided_on,
            decision_reference=handover.decision_reference,
            committed_until=handover.committed_until,
        )
    before = present.municipality if present else None
    audit.record("region.host_changed", region, by=by, before=before, after=handover.municipality, on=handover.on)


def overlap_message(region: Region, on: date) -> str:
    """Which term stands in the way of one that begins on ``on``."""
    other = region.host_terms.filter(period__overlap=period(on)).select_related("municipality").first()
    if other is None:
        return _("The region has another host in this period. A region has one host at a time.")
    text = _("%(host)s is host until %(date)s. A region has one host at a time.")
    return text % {"host": other.municipality, "date": in_words(other.ends_on or other.starts_on)}
