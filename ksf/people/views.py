"""A person's front page and account; the people of an area, and how they come and go."""

from datetime import date
from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf import panels, waiting
from ksf.accounts.middleware import ACTIVE_ROLE_KEY
from ksf.accounts.models import Appointment, Invitation, User
from ksf.accounts.permissions import Office
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.notifications.models import Notice
from ksf.people import services
from ksf.people.forms import AcceptForm, AccountForm, EndForm, HandOverForm, InviteForm, PeopleFilter
from ksf.people.offices import roles_to_fill
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.lists import paged
from ksf.web.requests import Request, SignedInRequest

PLACES = {"actions": "actions", "panels": "main", "aside": "aside"}
"""The lists of panels on one's own page, and the place whose panels each holds."""


@require_safe
def my_page(request: SignedInRequest) -> HttpResponse:
    """What waits for the person (X3), and what the apps add."""
    made = panels.of("my_page", request)
    context = {
        "items": waiting.for_user(request.user),
        **{name: [panel for panel in made if panel.place == place] for name, place in PLACES.items()},
        "notices": Notice.objects.visible_to(request.user)[:5],
    }
    return render_page(request, "ksf/my_page.html", context)


@require_POST
def active_role(request: SignedInRequest) -> HttpResponse:
    """Act as another of one's own appointments."""
    chosen = request.POST.get("appointment", "")
    held = {str(appointment.pk): appointment.pk for appointment in request.user.appointments_in_force}
    if chosen in held:
        request.session[ACTIVE_ROLE_KEY] = held[chosen]
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "my_page")


@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """One's own account: details, language, e-mail switches, appointments."""
    user = User.objects.get(pk=request.user.pk)
    form = AccountForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        services.change_account(User.objects.get(pk=user.pk), by=request.user, **form.cleaned_data)
        messages.success(request, _("Your account is saved."))
        response = redirect("account")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax")
        return response
    appointments = Appointment.objects.with_scope().filter(user=user).order_by("-period")
    context = {"form": form, "appointments": appointments, "may_see_people": bool(roles_to_fill(request.user))}
    return render_page(request, "ksf/account.html", context, status=422 if form.errors else 200)


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The people of the network or of one's own area, with the roles they hold today."""
    _check_fills_offices(request.user)
    chosen = PeopleFilter(request.GET or None)
    rows = chosen.rows(User.objects.visible_to(request.user)).order_by("name", "email")
    page = paged(request, rows)
    held: dict[int, list[Appointment]] = {}
    for appointment in Appointment.objects.in_force().with_scope().filter(user__in=[user.pk for user in page]):
        held.setdefault(appointment.user_id, []).append(appointment)
    context = {
        "page": page,
        "form": chosen,
        "rows": [(user, held.get(user.pk, [])) for user in page],
        "roles": roles_to_fill(request.user),
        "invitations": services.open_invitations().filter(invited_by=request.user),
    }
    return render_page(request, "ksf/people.html", context, partial="rows")


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person's appointments, past and present."""
    user = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    held = user.appointments.with_scope().order_by("-period")
    rows = [(appointment, _may_end(request.user, appointment)) for appointment in held]
    return render_page(request, "ksf/person.html", {"person": user, "rows": rows})


@require_http_methods(["GET", "POST"])
def appointment_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let an appointment end on a day."""
    held = get_object_or_404(Appointment.objects.with_scope().select_related("user"), pk=pk)
    if not _may_end(request.user, held):
        raise PermissionDenied
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            services.end_appointment(held, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role ends on the day you chose."))
            return redirect("person", pk=held.user_id)
    status = 422 if form.errors else 200
    return render_page(request, "ksf/appointment_end.html", {"form": form, "appointment": held}, status=status)


@require_http_methods(["GET", "POST"])
def appointment_hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let somebody else take over a role from a day, in one step."""
    held = get_object_or_404(Appointment.objects.with_scope().select_related("user"), pk=pk)
    if not _may_end(request.user, held):
        raise PermissionDenied
    start = {"language": getattr(held.held_in, "letter_language", "nb")}
    form = HandOverForm(request.POST or None, role=Role(held.role), initial=start)
    done: list[str] = []
    if acted(form, lambda **values: done.append(_handed_over(held, request.user, **values))):
        messages.success(request, done[0])
        return redirect("person", pk=held.user_id)
    status = 422 if form.errors else 200
    return render_page(request, "ksf/appointment_hand_over.html", {"form": form, "appointment": held}, status=status)


def _handed_over(held: Appointment, by: User, *, email: str, on: date, **values: Any) -> str:
    """Hand the role over to the person with this e-mail, at once or by invitation; returns what was done in words."""
    known = User.objects.filter(email=email.lower()).first()
    if known is None:
        services.invite(email, Role(held.role), held.held_in, by=by, start=on, replaces=held, **values)
        text = _("The invitation is sent to %(email)s. %(person)s keeps the role until it is accepted.")
        return text % {"email": email, "person": held.user}
    percentage = values.get("position_percentage")
    services.hand_over(held, to=known, on=on, by=by, position_percentage=percentage)
    return _("%(person)s takes over the role on the day you chose.") % {"person": known}


@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest, role: str) -> HttpResponse:
    """Invite somebody to a role, or give it to somebody who has an account."""
    if role not in Role or Role(role) not in roles_to_fill(request.user):
        raise Http404
    start = {"held_in": request.GET.get("held_in")}
    form = InviteForm(request.POST or None, initial=start, user=request.user, role=Role(role))
    if form.is_valid():
        try:
            text = _fill(Role(role), request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, text)
            return redirect("people")
    status = 422 if form.errors else 200
    return render_page(request, "ksf/invite.html", {"form": form, "role": Role(role)}, status=status)


def _fill(role: Role, by: User, *, email: str, **values: Any) -> str:
    """Appoint the person with this e-mail at once, or send an invitation; returns what was done in words."""
    known = User.objects.filter(email=email.lower()).first()
    if known is None:
        services.invite(email, role, values.pop("held_in", None), by=by, **values)
        return _("The invitation is sent to %(email)s. It holds for 14 days.") % {"email": email}
    values = {key: value for key, value in values.items() if key not in {"name", "language"}}
    services.appoint(known, role, values.pop("held_in", None), by=by, **values)
    return _("%(person)s had an account and now has the role.") % {"person": known}


@require_POST
def invitation_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make an unused invitation worthless."""
    found = get_object_or_404(services.open_invitations().filter(invited_by=request.user), pk=pk)
    services.withdraw_invitation(found, by=request.user)
    messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("people")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Accept an invitation: make the account, sign in, see what waits."""
    found = services.open_invitations().filter(token_hash=services.hash_of(token)).first()
    if found is None:
        return render_page(request, "ksf/invitation_over.html", {}, status=404)
    is_known = User.objects.filter(email=found.email).exists()
    form = AcceptForm(request.POST or None, initial={"name": found.name}, asks=not is_known)
    if form.is_valid():
        try:
            user = services.accept_invitation(token, **form.cleaned_data)
        except (Invitation.DoesNotExist, PermissionDenied, ValidationError):
            return render_page(request, "ksf/invitation_over.html", {}, status=404)
        if is_known:
            messages.success(request, _("You have the role now. Sign in as you use to."))
            return redirect("account_login")
        return perform_login(request, user, email_verification="none")
    office = services.office_name(Role(found.role), services.scope_object(found))
    context = {"form": form, "invitation": found, "office": office, "is_known": is_known}
    return render_page(request, "ksf/invitation.html", context, status=422 if form.errors else 200)


@require_safe
def sent_mail(request: SignedInRequest) -> HttpResponse:
    """The e-mail of the demo, where no mail leaves the machine."""
    if not settings.DEMO:
        raise Http404
    rows = Notice.objects.all() if request.user.is_national else Notice.objects.filter(to=request.user.email)
    return render_page(request, "ksf/sent_mail.html", {"page": paged(request, rows)})


def _check_fills_offices(user: Actor) -> None:
    if not roles_to_fill(user):
        raise PermissionDenied


def _may_end(user: Actor, held: Appointment) -> bool:
    return user.has_perm("accounts.appoint", Office(Role(held.role), held.held_in))
