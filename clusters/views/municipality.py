from copy import copy
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.http import Http404, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from clusters.actions import name_contact
from clusters.models import Membership
from clusters.reading.network import Network, region_on
from clusters.reading.people import contact_of
from ksf import panels
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.web import render_page
from ksf.web.asof import as_of
from ksf.web.dates import in_words
from ksf.web.requests import Request
from regions.models import Municipality, MunicipalityChange, Population, Size


@login_not_required
@require_safe
def municipality(request: Request, number: str) -> HttpResponse:
    """A municipality on a day: size, names, region, clusters, roles, and what it was before."""
    shown = as_of(request)
    facts = Network.on(shown.day).once(("municipality", number), lambda: _facts(number, shown.day))
    if facts is None:
        raise Http404
    subject = copy(facts["municipality"])
    made = panels.of("municipality", request, subject) if shown.is_today else []
    context = {
        **facts, "shown": shown, "municipality": subject,
        "absence": "" if facts["exists"] else _absence(subject, shown.day),
        **_people(request, subject, facts["held"]),
        "main": [panel for panel in made if panel.place == "main"],
        "aside": [panel for panel in made if panel.place == "aside"],
    }  # fmt: skip
    return render_page(request, "clusters/municipality.html", context)


def _facts(number: str, day: date) -> dict[str, Any] | None:
    """What the network has on the municipality, the same for every reader; None where there is no such number."""
    counted = Population.objects.filter(municipality=OuterRef("pk"), year__lte=day.year).order_by("-year")
    counts = ArraySubquery(counted.values(row=JSONObject(year="year", people="people")))
    rows = Municipality.objects.with_people_on(day).with_place().annotate(counts=counts).filter(number=number)
    subject = rows.order_by("period").last()
    if subject is None:
        return None
    held = Appointment.objects.on(day).filter(role=Role.RD_CONTACT, municipality=subject).select_related("user")
    return {
        "municipality": subject,
        "size": Size.of(subject.people_on),
        "region": region_on(subject, day),
        "exists": subject.is_in_force_on(day),
        "held": list(held),
        **_roles(subject, day),
        **_register(subject, day),
    }


def _roles(subject: Municipality, day: date) -> dict[str, Any]:
    """Memberships, motor terms and host terms that had begun on the day, the running ones first."""
    rows = Membership.objects.filter(municipality=subject).select_related("cluster__lead_region")
    begun = [row for row in rows.prefetch_related("motor_terms") if row.starts_on <= day]
    begun.sort(key=lambda row: row.starts_on, reverse=True)
    hosts = subject.host_terms.select_related("region")
    return {
        "memberships": [row for row in begun if row.is_in_force_on(day)],
        "past_memberships": [row for row in begun if not row.is_in_force_on(day)],
        "motor_terms": [(row, term) for row in begun for term in row.motor_terms.all() if term.starts_on <= day],
        "host_terms": [term for term in hosts if term.starts_on <= day],
    }


def _register(subject: Any, day: date) -> dict[str, Any]:  # Any: a municipality with its counts read along
    changes = MunicipalityChange.objects.filter(Q(new=subject) | Q(old_number=subject.number)).select_related("new")
    begun = [change for change in changes if change.changed_on <= day]
    return {
        "names": [name for name in subject.parallel_names.all() if name.is_in_force_on(day)],
        "populations": subject.counts,
        "predecessors": [change for change in begun if change.new_id == subject.pk],
        "successors": [change for change in begun if change.new_id != subject.pk],
    }


def _people(request: Request, subject: Municipality, held: list[Appointment]) -> dict[str, Any]:
    user = request.user
    sees_history = subject.region is not None and user.has_perm("regions.see_history", subject.region)
    return {
        "contacts": [contact_of(row, user) for row in held],
        "appoint": name_contact(user, subject),
        "sees_history": sees_history,
    }


def _absence(subject: Municipality, day: date) -> str:
    """Why it was no municipality on the day."""
    if subject.ends_on and subject.ends_on <= day:
        return gettext("The municipality ended on %(day)s.") % {"day": in_words(subject.ends_on)}
    return gettext("The municipality began on %(day)s.") % {"day": in_words(subject.starts_on)}
