"""Knowledge partners take part in clusters and regions on dates, never locked to one (S9)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, PartnerTerm
from clusters.permissions import may_edit_place
from ksf import audit
from ksf.accounts.models import User
from ksf.periods import period
from ksf.refusals import Explanation, explained
from ksf.web.dates import in_words
from regions.models import Partner, Region


@transaction.atomic
def add_partner(
    place: Cluster | Region, partner: Partner, *, on: date, by: User, agreed_on: date | None = None
) -> PartnerTerm:
    """Let the partner take part in the cluster or region from ``on``; returns the term.

    Raises PermissionDenied, or ValidationError at the field in question.
    """
    _check_may_edit(place, by)
    if isinstance(place, Cluster) and place.state == ClusterState.DISSOLVED:
        raise ValidationError(_("The cluster is dissolved."))
    where = {"cluster" if isinstance(place, Cluster) else "region": place}
    with explained(_never_twice(place, partner, on, field="partner")):
        term = PartnerTerm.objects.create(partner=partner, period=period(on), agreed_on=agreed_on, **where)
    audit.record("partner.came_in", place, by=by, on=on, partner=partner)
    audit.record("partner.takes_part", partner, by=by, on=on, place=place, agreed_on=agreed_on)
    return term


@transaction.atomic
def end_partnership(term: PartnerTerm, *, on: date, by: User) -> PartnerTerm:
    """Let the partner take part until ``on``, its first day outside. Raises PermissionDenied or ValidationError."""
    term = PartnerTerm.objects.select_for_update(of=("self",)).with_names().get(pk=term.pk)
    _check_may_edit(term.place, by)
    if on <= term.starts_on:
        text = _("The partner came in on %(date)s. Choose a later day.")
        raise ValidationError({"on": text % {"date": in_words(term.starts_on)}})
    until = term.ends_on or on
    with explained(_never_twice(term.place, term.partner, until, field="on")):
        term.period = period(term.starts_on, on)
        term.save(update_fields=["period"])
    audit.record("partner.went_out", term.place, by=by, on=on, partner=term.partner)
    audit.record("partner.ended", term.partner, by=by, on=on, place=term.place)
    return term


def _check_may_edit(place: Cluster | Region, by: User) -> None:
    if not may_edit_place(by, place):
        raise PermissionDenied("clusters.edit_cluster")


def _never_twice(place: Cluster | Region, partner: Partner, on: date, *, field: str) -> dict[str, Explanation]:
    kind = "cluster" if isinstance(place, Cluster) else "region"
    return {f"partner_term_{kind}_never_twice": (field, lambda: _there_already(place, partner, on))}


def _there_already(place: Cluster | Region, partner: Partner, on: date) -> str:
    other = PartnerTerm.objects.of(place).filter(partner=partner, period__overlap=period(on)).first()
    since = in_words(other.starts_on) if other else ""
    return _("%(partner)s has taken part here since %(date)s.") % {"partner": partner, "date": since}
