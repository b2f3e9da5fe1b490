"""The roles of the network and the scope each is held in. One table; labels and permissions read it."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p


class Role(models.TextChoices):
    NATIONAL_STAFF = "national_staff", _p("role", "KSF national staff")
    NATIONAL_LEAD = "national_lead", _p("role", "KSF national lead")
    REGIONAL_COORDINATOR = "regional_coordinator", _p("role", "Regional coordinator")
    HOST_LEAD = "host_lead", _p("role", "Host municipality lead")
    CLUSTER_COORDINATOR = "cluster_coordinator", _p("role", "Cluster coordinator")
    RD_CONTACT = "rd_contact", _p("role", "R&D contact")
    REVIEWER = "reviewer", _p("role", "Reviewer")
    PARTNER = "partner", _p("role", "Research partner")
    KS_REGIONAL_OFFICE = "ks_regional_office", _p("role", "KS regional office")
    OBSERVER = "observer", _p("role", "Observer")


class Scope(models.TextChoices):
    NETWORK = "network", _p("scope", "The whole network")
    REGION = "region", _p("scope", "Region")
    CLUSTER = "cluster", _p("scope", "Cluster")
    MUNICIPALITY = "municipality", _p("scope", "Municipality")
    CALL = "call", _p("scope", "Call")
    PARTNER = "partner", _p("scope", "Partner")


SCOPE_OF: dict[Role, Scope] = {
    Role.NATIONAL_STAFF: Scope.NETWORK,
    Role.NATIONAL_LEAD: Scope.NETWORK,
    Role.REGIONAL_COORDINATOR: Scope.REGION,
    Role.HOST_LEAD: Scope.REGION,
    Role.CLUSTER_COORDINATOR: Scope.CLUSTER,
    Role.RD_CONTACT: Scope.MUNICIPALITY,
    Role.REVIEWER: Scope.CALL,
    Role.PARTNER: Scope.PARTNER,
    Role.KS_REGIONAL_OFFICE: Scope.REGION,
    Role.OBSERVER: Scope.NETWORK,
}
"""What each role is held in (domain.md, "Who uses it")."""

NATIONAL = frozenset({Role.NATIONAL_STAFF, Role.NATIONAL_LEAD})
"""The roles that need a second factor (X2) and see the whole network at work."""

OUTSIDE = frozenset({Role.REVIEWER, Role.PARTNER, Role.OBSERVER})
"""The roles that look at the network from outside: of the needs they see what is published (N7)."""

SCOPED = tuple(scope for scope in Scope if scope is not Scope.NETWORK)
"""The scopes that point at an object; each is also the name of the column that holds it."""
