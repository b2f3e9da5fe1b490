"""Appointing, inviting and ending: the only writers of appointments and invitations."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import Appointment, Invitation, User, once
from ksf.accounts.permissions import Office
from ksf.accounts.roles import NATIONAL, SCOPE_OF, Role, Scope
from ksf.actor import Actor
from ksf.notifications import links, notify
from ksf.people.offices import scope_model
from ksf.periods import period, today
from ksf.refusals import Explanation, explained
from ksf.web.dates import in_words

INVITATION_LASTS = timedelta(days=14)


@transaction.atomic
def appoint_first_lead(email: str) -> User:
    """Make the first national lead of a new portal, who invites the others. Signs in with a code by e-mail.

    Raises ValidationError when there is a national lead already: only that person appoints another.
    """
    if Appointment.objects.in_force().filter(role=Role.NATIONAL_LEAD).exists():
        raise ValidationError(_("There is a national lead already. That person appoints others."))
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email)
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})  # the code proves it
    appointment = Appointment.objects.create(user=user, role=Role.NATIONAL_LEAD, period=period(today()))
    audit.record("appointment.made", appointment, by=User.objects.system(), person=user.pk, role=Role.NATIONAL_LEAD)
    return user


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: date | None = None, by: User) -> Appointment:
    """Let the appointment hold until ``on`` (not included) and return it. Its history stays.

    One that would hold no day, given by mistake, is removed; the log keeps it. Raises PermissionDenied, or
    ValidationError when the role ended before ``on`` or began after it.
    """
    appointment = Appointment.objects.select_for_update(of=("self",)).with_scope().get(pk=appointment.pk)
    role, on = Role(appointment.role), on or today()
    _check_may_appoint(by, Office(role, appointment.held_in))
    if appointment.ends_on is not None and appointment.is_over and on > appointment.ends_on:
        text = _("The role ended on %(date)s. Choose that day or an earlier one.")
        raise ValidationError({"on": text % {"date": in_words(appointment.ends_on)}})
    if on <= appointment.starts_on:
        return _take_back(appointment, by=by)
    before, appointment.period = appointment.ends_on, period(appointment.starts_on, on)
    with explained(_held_already(role, appointment.user)):
        appointment.save(update_fields=["period"])
    audit.record("appointment.ended", appointment, by=by, end=[before, on])
    return appointment


def _take_back(appointment: Appointment, *, by: User) -> Appointment:
    """Remove an appointment that has held no whole day."""
    if appointment.starts_on < today():
        text = _("The role has been held since %(date)s. Choose a later day.")
        raise ValidationError({"on": text % {"date": in_words(appointment.starts_on)}})
    facts = {"person": appointment.user_id, "role": appointment.role, "scope": appointment.held_in}
    audit.record("appointment.taken_back", appointment, by=by, start=appointment.starts_on, **facts)
    appointment.delete()
    return appointment


@transaction.atomic
def invite(
    email: str,
    role: Role,
    held_in: Model | None = None,
    *,
    by: User,
    name: str = "",
    language: str = "nb",
    start: date | None = None,
    end: date | None = None,
    position_percentage: int | None = None,
    replaces: Appointment | None = None,
) -> Invitation:
    """Send a one-time link to take on this role, also to one who has an account; it holds for 14 days (X2).

    To a national role it is sent when a second national lead has confirmed. ``replaces`` is the appointment that ends
    when the new one begins. Raises PermissionDenied for those who may not appoint to the role, ValidationError for
    one's own address and when the person has the role in the period already.
    """
    role, start = Role(role), start or today()
    _check_may_appoint(by, Office(role, held_in))
    _check_can_take_it(email.lower(), role, held_in, start, end, by=by)
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=name,
        language=language,
        role=role,
        scope_id=held_in.pk if held_in else None,
        starts_on=start,
        ends_on=end,
        position_percentage=position_percentage,
        replaces=replaces,
        invited_by=by,
        expires_at=timezone.now() + INVITATION_LASTS,
    )
    audit.record("invitation.sent", invitation, by=by, role=role, scope=held_in)
    if role in NATIONAL:
        context = {"invitation": invitation, "office": office_name(role, held_in)}
        for lead in _leads_who_may_confirm(invitation):
            notify(lead, "accounts/confirm_invitation", context, url=reverse("people"))
    else:
        _send(invitation)
    return invitation


def _check_can_take_it(
    email: str, role: Role, held_in: Model | None, start: date, end: date | None, *, by: User
) -> None:
    if end is not None and end <= start:
        raise ValidationError({"end": _("The last day must be after the first.")})
    if email == by.email:
        raise ValidationError({"email": _("Nobody gives a role to oneself. Ask another who may.")})
    held = Appointment.objects.filter(user__email=email, role=role, period__overlap=period(start, end))
    if found := held.filter(**_scope_column(role, held_in)).select_related("user").first():
        text = _("%(person)s has this role in the period already.") % {"person": found.user}
        raise ValidationError({"email": text})


def _send(invitation: Invitation) -> None:
    notify(
        None,
        "accounts/invitation",
        {"invitation": invitation, "office": office_name(Role(invitation.role), scope_object(invitation))},
        to=invitation.email,
        language=invitation.language,
        link=("invitation", invitation.pk),
    )


@links.maker("invitation")
def new_link(pk: int) -> str | None:
    """A link to accept the invitation; the one made before no longer works. None where it is not open any more."""
    token = secrets.token_urlsafe(32)
    found = Invitation.objects.usable().filter(pk=pk).update(token_hash=hash_of(token))
    return reverse("invitation", args=[token]) if found else None


@transaction.atomic
def confirm_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Send an invitation to a national role, as the second national lead (X2).

    Raises PermissionDenied for who invited, who is invited and all who are no lead; Invitation.DoesNotExist where it
    is confirmed, used, withdrawn or too old.
    """
    invitation = Invitation.objects.to_confirm().select_for_update(of=("self",)).get(pk=invitation.pk)
    if not by.has_perm("accounts.confirm_invitation", invitation):
        raise PermissionDenied("accounts.confirm_invitation")
    return _confirm(invitation, by=by)


@transaction.atomic
def confirm_as_server(email: str) -> list[Invitation]:
    """Confirm the national invitations to ``email`` where there is no second lead to do it, on the server itself.

    Raises ValidationError where none waits, or a lead can confirm.
    """
    found = list(Invitation.objects.to_confirm().select_for_update(of=("self",)).filter(email=email.lower()))
    if not found:
        raise ValidationError(_("No invitation to this address waits to be confirmed."))
    if any(_leads_who_may_confirm(invitation) for invitation in found):
        raise ValidationError(_("There is a second national lead. That person confirms."))
    return [_confirm(invitation, by=User.objects.system()) for invitation in found]


def _confirm(invitation: Invitation, *, by: User) -> Invitation:
    invitation.confirmed_by, invitation.confirmed_at = by, timezone.now()
    invitation.expires_at = timezone.now() + INVITATION_LASTS
    invitation.save(update_fields=["confirmed_by", "confirmed_at", "expires_at"])
    audit.record_personal("invitation.confirmed", invitation, {"email": invitation.email}, by=by, role=invitation.role)
    _send(invitation)
    return invitation


def national_leads() -> list[User]:
    """Those who lead KSF nationally today."""
    held = Appointment.objects.in_force().filter(role=Role.NATIONAL_LEAD)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))


def notify_leads(template: str, context: dict[str, Any], page: str, *args: object) -> None:
    """Send all national leads a mail with a link to ``page``."""
    for lead in national_leads():
        notify(lead, template, context, url=reverse(page, args=args))


def _leads_who_may_confirm(invitation: Invitation) -> list[User]:
    return [lead for lead in national_leads() if lead.has_perm("accounts.confirm_invitation", invitation)]


@transaction.atomic
def accept_invitation(token: str, *, by: Actor, name: str = "", password: str | None = None) -> User:
    """Make the account and its appointment; ``by``, signed in to an account with the address, only takes on the role.

    The link has proven the address. Raises Invitation.DoesNotExist for a link that is used, withdrawn or too old,
    PermissionDenied where the address is that of an account and ``by`` is somebody else.
    """
    invitation = Invitation.objects.usable().select_for_update(of=("self",)).get(token_hash=hash_of(token))
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name, language=invitation.language)
    elif by.pk != user.pk:
        raise PermissionDenied("accounts.accept_invitation")
    prove_address(user)
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    start = max(invitation.starts_on, today())
    before = invitation.replaces
    if before and before.starts_on < start and before.is_in_force_on(start):
        end_appointment(before, on=start, by=invitation.invited_by)
    appointment = _appoint(
        user,
        Role(invitation.role),
        scope_object(invitation),
        by=invitation.invited_by,
        start=start,
        end=invitation.ends_on,
        position_percentage=invitation.position_percentage,
    )
    if appointment.role in NATIONAL:
        notify_leads("accounts/national_role", {"appointment": appointment}, "person", user.pk)
    return user


def prove_address(user: User) -> None:
    """Note that the address is the person's: they have used a link sent to it. It is the only one they have."""
    EmailAddress.objects.filter(email=user.email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _appoint(
    user: User,
    role: Role,
    held_in: Model | None = None,
    *,
    by: User,
    start: date,
    end: date | None = None,
    position_percentage: int | None = None,
) -> Appointment:
    """Give ``user`` the role in ``held_in`` for the days ``[start, end)`` and return the appointment.

    Raises PermissionDenied for those who may not and for oneself, ValidationError when the person has the role there.
    """
    _check_may_appoint(by, Office(role, held_in))
    if user == by:
        raise PermissionDenied("accounts.appoint")
    if end is not None and end <= start:
        raise ValidationError({"end": _("The last day must be after the first.")})
    scope = _scope_column(role, held_in)
    with explained(_held_already(role, user)):
        appointment = Appointment.objects.create(
            user=user, role=role, period=period(start, end), position_percentage=position_percentage, **scope
        )
    audit.record("appointment.made", appointment, by=by, person=user.pk, role=role, scope=held_in, start=start, end=end)
    user.__dict__.pop("appointments_in_force", None)
    return appointment


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Make an unused link worthless."""
    invitation = Invitation.objects.open().select_for_update(of=("self",)).get(pk=invitation.pk)
    _check_may_appoint(by, Office(Role(invitation.role), scope_object(invitation)))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record("invitation.withdrawn", invitation, by=by)


@transaction.atomic
def change_account(user: User, *, by: User, **values: Any) -> User:
    """Change what a person keeps of themselves: name, language, phone, switches."""
    changed = audit.changes_of(user, values)
    if changed:
        for field in changed:
            setattr(user, field, values[field])
        user.save(update_fields=list(changed))
        audit.record("account.changed", user, by=by, fields=sorted(changed))
    return user


def hash_of(token: str) -> str:
    """What is stored of a link: a lost database gives nobody a way in."""
    return hashlib.sha256(token.encode()).hexdigest()


def scope_object(invitation: Invitation) -> Model | None:
    """The region, cluster, municipality, call or partner the invitation is for; None for the whole network."""
    scope = SCOPE_OF[Role(invitation.role)]
    if scope is Scope.NETWORK:
        return None
    return scope_model(scope)._default_manager.get(pk=invitation.scope_id)  # noqa: SLF001


def office_name(role: Role, held_in: Model | None) -> str:
    """The office in words: "R&D contact, Bergen"."""
    return str(Appointment(role=role, **_scope_column(role, held_in)))


def _scope_column(role: Role, held_in: Model | None) -> dict[str, Any]:
    scope = SCOPE_OF[role]
    return {} if scope is Scope.NETWORK else {str(scope): held_in}


def _held_already(role: Role, user: User) -> dict[str, Explanation]:
    text = _("%(person)s has this role in the period already.") % {"person": user}
    return {once(role): (NON_FIELD_ERRORS, lambda: text)}


def _check_may_appoint(by: User, office: Office) -> None:
    if not by.has_perm("accounts.appoint", office):
        raise PermissionDenied("accounts.appoint")
