"""A person's front page and account; the people of an area, and how they come and go."""

from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf import panels, waiting
from ksf.accounts.middleware import ACTIVE_ROLE_KEY
from ksf.accounts.models import Appointment, Invitation, User
from ksf.accounts.permissions import Office
from ksf.accounts.roles import NATIONAL, Role
from ksf.actor import Actor
from ksf.notifications import links
from ksf.notifications.models import Notice
from ksf.people import security, services
from ksf.people.forms import AcceptForm, AccountForm, EndForm, HandOverForm, InviteForm, PeopleFilter, SecurityFilter
from ksf.people.offices import roles_to_fill
from ksf.periods import today
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.actions import Action
from ksf.web.confirming import confirm_first
from ksf.web.limits import limited
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.requests import Request, SignedInRequest

LOG_COLUMNS = [
    ExportColumn(gettext_lazy("When"), lambda entry: entry.at),
    ExportColumn(gettext_lazy("What"), lambda entry: str(security.shown(entry).text)),
    ExportColumn(gettext_lazy("Who"), lambda entry: str(entry.actor)),
    ExportColumn(gettext_lazy("E-mail"), lambda entry: entry.actor.email),
    ExportColumn(gettext_lazy("As"), lambda entry: entry.acting_as),
    ExportColumn(gettext_lazy("IP address"), lambda entry: entry.facts.get("ip", "")),
]
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
    return redirect(_own_address(request, request.POST.get("next", "")))


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
    context = {
        "form": form,
        "appointments": appointments,
        "may_see_people": request.user.has_perm("accounts.see_people"),
    }
    return render_page(request, "ksf/account.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def sign_in_again(request: SignedInRequest) -> HttpResponse:
    """For one without password and second factor: sign out, and in again with a new code, to go on."""
    back = _own_address(request, request.GET.get(REDIRECT_FIELD_NAME, ""))
    if request.method == "POST":
        logout(request)
        query = urlencode({REDIRECT_FIELD_NAME: back})
        return redirect(f"{reverse('account_request_login_code')}?{query}")
    return render_page(request, "ksf/sign_in_again.html", {})


def _own_address(request: Request, address: str) -> str:
    """``address`` where it is one of the portal's, else that of one's own page."""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else reverse("my_page")


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
        "invitations": Invitation.objects.open().filter(invited_by=request.user),
        "to_confirm": _to_confirm(request.user),
        "head_actions": _people_actions(request.user),
    }
    return render_page(request, "ksf/people.html", context, partial="rows")


@confirm_first
@require_safe
def security_log(request: SignedInRequest) -> HttpResponseBase:
    """Who came in, who tried to, and how access was changed: for national leads."""
    if not request.user.has_perm("accounts.read_security_log"):
        raise PermissionDenied
    chosen = SecurityFilter(request.GET or {})
    rows = chosen.rows()
    if wants_export(request):
        security.note("export", request.user, request=request, what=_("Security log"))
        return export(request, rows, LOG_COLUMNS, f"sikkerhetslogg-{today()}")
    page = paged(request, rows)
    context = {
        "page": page,
        "form": chosen,
        "events": [(security.shown(entry), entry.facts.get("ip", "")) for entry in page],
        "exports": True,
    }
    return render_page(request, "ksf/security_log.html", context, partial="rows")


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person's appointments, past and present."""
    user = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    held = user.appointments.with_scope().order_by("-period")
    rows = [(appointment, _may_end(request.user, appointment)) for appointment in held]
    up = "people" if request.user.has_perm("accounts.see_people") else "account"
    return render_page(request, "ksf/person.html", {"person": user, "rows": rows, "up": up})


@require_http_methods(["GET", "POST"])
@confirm_first
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
@confirm_first
@limited("mail")
def appointment_hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let somebody else take over a role from a day, in one step."""
    held = get_object_or_404(Appointment.objects.with_scope().select_related("user"), pk=pk)
    if not _may_end(request.user, held):
        raise PermissionDenied
    start = {"language": getattr(held.held_in, "letter_language", "nb")}
    form = HandOverForm(request.POST or None, role=Role(held.role), initial=start)
    if acted(
        form,
        lambda on, **values: services.invite(
            role=Role(held.role), held_in=held.held_in, by=request.user, start=on, replaces=held, **values
        ),
    ):
        text = _("The invitation is sent to %(email)s. %(person)s keeps the role until it is accepted.")
        messages.success(request, text % {"email": form.cleaned_data["email"], "person": held.user})
        return redirect("person", pk=held.user_id)
    status = 422 if form.errors else 200
    return render_page(request, "ksf/appointment_hand_over.html", {"form": form, "appointment": held}, status=status)


@require_http_methods(["GET", "POST"])
@confirm_first
@limited("mail")
def invite(request: SignedInRequest, role: str) -> HttpResponse:
    """Invite somebody to a role; who has an account takes it on with it."""
    if role not in Role or Role(role) not in roles_to_fill(request.user):
        raise Http404
    start = {"held_in": request.GET.get("held_in")}
    form = InviteForm(request.POST or None, initial=start, user=request.user, role=Role(role))
    if acted(form, lambda **values: services.invite(role=Role(role), by=request.user, **values)):
        if Role(role) in NATIONAL:
            text = _("A second national lead must confirm before the invitation is sent to %(email)s.")
        else:
            text = _("The invitation is sent to %(email)s. It holds for 14 days.")
        messages.success(request, text % {"email": form.cleaned_data["email"]})
        return redirect("people")
    status = 422 if form.errors else 200
    context = {"form": form, "role": Role(role), "is_national_role": Role(role) in NATIONAL}
    return render_page(request, "ksf/invite.html", context, status=status)


@require_POST
@confirm_first
def invitation_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm, as the second national lead, that somebody is to have a national role."""
    if not request.user.has_role(Role.NATIONAL_LEAD):
        raise PermissionDenied
    found = get_object_or_404(Invitation.objects.to_confirm(), pk=pk)
    services.confirm_invitation(found, by=request.user)
    messages.success(request, _("The invitation is sent to %(email)s. It holds for 14 days.") % {"email": found.email})
    return redirect("people")


@require_POST
def invitation_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make an unused invitation worthless."""
    found = get_object_or_404(Invitation.objects.open().filter(invited_by=request.user), pk=pk)
    services.withdraw_invitation(found, by=request.user)
    messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("people")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Accept an invitation: make the account, sign in, see what waits."""
    found = Invitation.objects.usable().filter(token_hash=services.hash_of(token)).first()
    if found is None:
        return render_page(request, "ksf/invitation_over.html", {}, status=404)
    holder = User.objects.filter(email=found.email).first()
    if holder is not None and holder.pk != request.user.pk:
        return _sign_in_first(request, found)
    form = AcceptForm(request.POST or None, initial={"name": found.name}, asks=holder is None)
    if form.is_valid():
        try:
            user = services.accept_invitation(token, by=request.user, **form.cleaned_data)
        except (Invitation.DoesNotExist, PermissionDenied, ValidationError):
            return render_page(request, "ksf/invitation_over.html", {}, status=404)
        if holder is None:
            return perform_login(request, user)
        messages.success(request, _("You have the role now."))
        return redirect("my_page")
    context = {"form": form, "invitation": found, "office": _office_of(found), "is_known": holder is not None}
    return render_page(request, "ksf/invitation.html", context, status=422 if form.errors else 200)


def _sign_in_first(request: Request, invitation: Invitation) -> HttpResponse:
    """The address has an account: only who is signed in to it takes on the role."""
    context = {"invitation": invitation, "office": _office_of(invitation), "sign_in_first": True}
    return render_page(request, "ksf/invitation.html", context, status=403 if request.method == "POST" else 200)


def _office_of(invitation: Invitation) -> str:
    return services.office_name(Role(invitation.role), services.scope_object(invitation))


@require_safe
def sent_mail(request: SignedInRequest) -> HttpResponse:
    """The e-mail of the demo, where no mail leaves the machine."""
    return render_page(request, "ksf/sent_mail.html", {"page": paged(request, _demo_mail(request.user))})


@require_POST
def sent_mail_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the link of an e-mail of the demo, which is made when the mail would have left."""
    notice = get_object_or_404(_demo_mail(request.user).exclude(link_kind=""), pk=pk)
    address = links.make(notice.link_kind, notice.link_to or 0)
    if address is None:
        return render_page(request, "ksf/invitation_over.html", {}, status=404)
    return redirect(address)


def _demo_mail(user: User) -> QuerySet[Notice]:
    if not settings.DEMO:
        raise Http404
    return Notice.objects.all() if user.is_national else Notice.objects.filter(to=user.email)


def _check_fills_offices(user: Actor) -> None:
    if not user.has_perm("accounts.see_people"):
        raise PermissionDenied


def _may_end(user: Actor, held: Appointment) -> bool:
    return user.has_perm("accounts.appoint", Office(Role(held.role), held.held_in))


def _people_actions(user: User) -> list[Action]:
    actions = {
        "accounts.read_security_log": Action(_("Security log"), reverse("security_log"), look="secondary"),
        "privacy.see_erasures": Action(_("Wishes to be erased"), reverse("erasure_list"), look="secondary"),
    }
    return [action for perm, action in actions.items() if user.has_perm(perm)]


def _to_confirm(user: User) -> list[Invitation]:
    """The national invitations that wait for a second lead, which this one may be."""
    if not user.has_role(Role.NATIONAL_LEAD):
        return []
    waiting = Invitation.objects.to_confirm().select_related("invited_by")
    return [one for one in waiting if user.has_perm("accounts.confirm_invitation", one)]
