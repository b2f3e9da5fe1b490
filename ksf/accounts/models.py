from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rules import has_perm as rules_allow

from ksf.accounts.roles import NATIONAL, OUTSIDE, SCOPE_OF, SCOPED, Role, Scope
from ksf.actor import Actor
from ksf.periods import DatedModel, DatedQuerySet, has_days, never_twice

SYSTEM_EMAIL = "system@ksf.invalid"


class Appointed:
    """What a person's appointments in force today let code ask, without a query after the first."""

    appointments_in_force: Any
    active_role: Any

    def has_role(self, *roles: Role) -> bool:
        """Whether any appointment in force has one of ``roles``."""
        return any(appointment.role in roles for appointment in self.appointments_in_force)

    def ids(self, scope: Scope, *roles: Role) -> frozenset[int]:
        """The ids of the objects of ``scope`` in which one of ``roles`` (any role, if none) is held."""
        held = (a for a in self.appointments_in_force if not roles or a.role in roles)
        return frozenset(pk for a in held if (pk := getattr(a, f"{scope}_id")) is not None)

    def region_ids(self, *roles: Role) -> frozenset[int]:
        return self.ids(Scope.REGION, *roles)

    def cluster_ids(self, *roles: Role) -> frozenset[int]:
        return self.ids(Scope.CLUSTER, *roles)

    def municipality_ids(self, *roles: Role) -> frozenset[int]:
        return self.ids(Scope.MUNICIPALITY, *roles)

    def partner_ids(self, *roles: Role) -> frozenset[int]:
        return self.ids(Scope.PARTNER, *roles)

    def call_ids(self, *roles: Role) -> frozenset[int]:
        return self.ids(Scope.CALL, *roles)

    @property
    def is_of_the_network(self) -> bool:
        """Whether any role is held that is not an outsider's."""
        return any(appointment.role not in OUTSIDE for appointment in self.appointments_in_force)

    @property
    def is_national(self) -> bool:
        """Whether KSF's national staff or lead."""
        return self.has_role(*NATIONAL)


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: Actor) -> Self:
        """Oneself; for national staff everybody; for those who lead or coordinate, the people of their area."""
        people = self.filter(erased_at=None).exclude(email=SYSTEM_EMAIL)
        if user.is_national:
            return people
        regions = user.region_ids(Role.REGIONAL_COORDINATOR, Role.HOST_LEAD, Role.KS_REGIONAL_OFFICE)
        clusters = user.cluster_ids(Role.CLUSTER_COORDINATOR)
        of_mine = (
            Q(region__in=regions)
            | Q(cluster__lead_region__in=regions)
            | Q(municipality__county__region__in=regions)
            | Q(cluster__in=clusters)
            | Q(municipality__memberships__cluster__in=clusters)
        )
        return people.filter(Q(pk=user.pk) | Q(pk__in=Appointment.objects.filter(of_mine).values("user")))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with e-mail as name; without password only code and passkey sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def system(self) -> "User":
        """The account in whose name jobs and timers act."""
        return self.get_or_create(email=SYSTEM_EMAIL, defaults={"name": "KSF-portalen", "password": "!"})[0]


class User(Appointed, AbstractBaseUser):
    """A person who signs in. What they may do comes from appointments, never from a flag here."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    language = models.CharField(
        _("Language"), max_length=2, choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")], default="nb"
    )
    phone = models.CharField(_("Work phone"), max_length=30, blank=True)
    shows_contact = models.BooleanField(_("Show my work e-mail and phone on public pages"), default=False)
    wants_urgent_mail = models.BooleanField(_("E-mail at once about what is urgent"), default=True)
    wants_digest = models.BooleanField(_("A summary by e-mail every Monday"), default=True)
    digest_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False
    is_superuser = False

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(name="user_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="user_erased_is_closed", condition=Q(erased_at=None) | Q(is_active=False, phone="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    active_role_id: int | None = None  # the appointment chosen in the header; set per request by ActiveRoleMiddleware

    @cached_property
    def appointments_in_force(self) -> "list[Appointment]":
        """Appointments that hold today, with their scopes, in the order of the roles."""
        if not self.is_active:
            return []
        return in_order(self.appointments.in_force().with_scope())

    @property
    def active_role(self) -> "Appointment | None":
        """The appointment the person acts as now: the chosen one, else the first."""
        held = self.appointments_in_force
        return next((a for a in held if a.pk == self.active_role_id), held[0] if held else None)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Ask the rules (X1: refused unless a rule allows). Inactive people may nothing."""
        return self.is_active and rules_allow(perm, self, obj)

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def get_all_permissions(self, obj: object = None) -> set[str]:  # noqa: ARG002
        return set()

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        return False


class Visitor(Appointed, AnonymousUser):
    """Somebody not signed in: the same questions as a User, always answered with nothing."""

    appointments_in_force: "list[Appointment]" = []
    active_role = None
    language = ""

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return rules_allow(perm, self, obj)


class AppointmentQuerySet(DatedQuerySet):
    def with_scope(self) -> Self:
        """With what the appointment is held in, so that it can be named without a query each."""
        return self.select_related(*SCOPED)

    def for_role(self, role: Role, **scope: Any) -> Self:
        return self.filter(role=role, **scope)


def _scope_matches_role() -> Q:
    """A condition that the one scope column the role asks for is filled, and no other."""
    condition = Q()
    for scope in Scope:
        roles = [role for role, its in SCOPE_OF.items() if its is scope]
        columns = {f"{column}__isnull": column != scope for column in SCOPED}
        condition |= Q(role__in=roles, **columns)
    return condition


def _scope_columns(role: Role) -> list[str]:
    return [] if SCOPE_OF[role] is Scope.NETWORK else [f"{SCOPE_OF[role]}_id"]


def once(role: Role) -> str:
    """The constraint that nobody has the role twice in one place at a time."""
    return f"appointment_{role}_once"


class Appointment(DatedModel):
    """A role a person holds in a scope for a period. Ended, it keeps its history and gives nothing."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(_("Role"), max_length=30, choices=Role)
    region = models.ForeignKey("regions.Region", models.PROTECT, null=True, blank=True, related_name="appointments")
    cluster = models.ForeignKey("clusters.Cluster", models.PROTECT, null=True, blank=True, related_name="appointments")
    municipality = models.ForeignKey(
        "regions.Municipality", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    partner = models.ForeignKey("regions.Partner", models.PROTECT, null=True, blank=True, related_name="appointments")
    call = models.ForeignKey("grants.Call", models.PROTECT, null=True, blank=True, related_name="appointments")
    position_percentage = models.PositiveSmallIntegerField(_("Position, per cent"), null=True, blank=True)

    objects: ClassVar[Any] = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["role"], name="appointment_role")]
        constraints = [
            has_days("appointment_has_days"),
            *(never_twice(once(role), "user_id", *_scope_columns(role), condition=Q(role=role)) for role in Role),
            models.CheckConstraint(name="appointment_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="appointment_scope_matches_role", condition=_scope_matches_role()),
            models.CheckConstraint(
                name="appointment_position_percentage",
                condition=Q(position_percentage__isnull=True) | Q(position_percentage__range=(1, 100)),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(role)s, %(scope)s") % {"role": self.get_role_display(), "scope": self.scope_name}

    @property
    def scope(self) -> Scope:
        return SCOPE_OF[Role(self.role)]

    @property
    def held_in(self) -> Any:
        """The region, cluster, municipality, call or partner; None for the whole network."""
        return None if self.scope is Scope.NETWORK else getattr(self, self.scope)

    @property
    def scope_name(self) -> str:
        """What the scope is called, as short as people call it."""
        return getattr(self.held_in, "short_name", "") or str(self.held_in or gettext("the whole network"))


def in_order(held: Iterable[Appointment]) -> list[Appointment]:
    """Appointments in the order of the roles; of one role the newest first."""
    order = list(Role)
    return sorted(held, key=lambda one: (order.index(Role(one.role)), -one.period.lower.toordinal(), one.pk))


class InvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Not used, withdrawn or too old."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def to_confirm(self) -> Self:
        """To a national role, and no second national lead has said yes."""
        return self.open().filter(role__in=NATIONAL, confirmed_at=None)

    def usable(self) -> Self:
        """Those whose link works now."""
        return self.open().exclude(role__in=NATIONAL, confirmed_at=None)


class Invitation(models.Model):
    """A one-time link to the address of somebody who is to have a role (X2).

    The link is made when the mail leaves and is kept as a hash only. To a national role it is not sent before a second
    national lead has confirmed.
    """

    email = models.EmailField(_("E-mail"))
    name = models.CharField(_("Name"), max_length=200, blank=True)
    language = models.CharField(max_length=2, default="nb")
    role = models.CharField(max_length=30, choices=Role)
    scope_id = models.PositiveBigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on: "models.DateField[date | None, date | None]" = models.DateField(null=True, blank=True)
    position_percentage = models.PositiveSmallIntegerField(null=True, blank=True)
    replaces = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Ends when this is accepted."
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  no link yet
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email
