"""Setting up a round, and taking it through its life."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.actions import Action
from ksf.web.lists import paged
from ksf.web.requests import Request, SignedInRequest
from needs.rounds import services
from needs.rounds.forms import CandidatesForm, ChangeForm, LiftForm, PublishForm, RoundForm, RoundNewForm
from needs.rounds.lifecycle import ACTIONS, ROUND
from needs.rounds.models import Candidate, Round
from needs.rounds.reading.tables import ResultRow, rows
from needs.rounds.rules.candidates import eligible_needs, needs_to_add, rounds_below
from needs.rounds.services.closing import close_round

STEPS = {"open": services.open_round, "close": close_round}


@require_http_methods(["GET", "POST"])
def round_new(request: SignedInRequest) -> HttpResponse:
    """Set up a round as a draft."""
    if not request.user.has_perm("needs.set_up_round"):
        raise PermissionDenied
    form = RoundNewForm(request.POST if request.method == "POST" else None, user=request.user)
    made: list[Round] = []
    if acted(form, lambda **values: made.append(services.create_round(by=request.user, **values))):
        messages.success(request, _("The round is saved as a draft. Choose which needs stand."))
        return redirect("round_candidates", made[0].pk)
    return _form_page(request, form, heading=_("New priority round"), button=_("Save the draft"))


@require_http_methods(["GET", "POST"])
def round_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    subject = _run(request, pk, "open")
    form = RoundForm(request.POST if request.method == "POST" else None, instance=Round.objects.get(pk=pk))
    if acted(form, lambda **values: services.edit_round(subject, by=request.user, **values)):
        messages.success(request, _("The round is changed."))
        return redirect(subject)
    return _form_page(request, form, subject, heading=_("Change the round"), button=_("Save"))


@require_http_methods(["GET", "POST"])
def round_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once, and delete a draft."""
    subject = get_object_or_404(Round.objects.visible_to(request.user).with_scope(), pk=pk)
    ACTIONS.check("discard", subject, by=request.user)
    if request.method == "POST":
        services.discard_round(subject, by=request.user)
        messages.success(request, _("The draft is discarded."))
        return redirect("round_list")
    lead = _("The round has never been open. It is deleted with its list, and cannot be brought back. The needs stay.")
    heading, button = _("Discard the draft?"), _("Discard the draft")
    return _form_page(request, forms.Form(), subject, heading=heading, button=button, lead=lead)


@require_http_methods(["GET", "POST"])
def round_candidates(request: SignedInRequest, pk: int) -> HttpResponse:
    """Needs that can stand, found by words in the title; those ticked are added."""
    subject = _run(request, pk, "open")
    query = request.GET.get("q", "").strip()
    found = needs_to_add(subject, query)
    form = CandidatesForm(request.POST if request.method == "POST" else None, choices=eligible_needs(subject))
    added: list[int] = []
    if acted(form, lambda needs: added.append(services.add_candidates(subject, needs=needs, by=request.user))):
        text = ngettext("%(n)d need is added.", "%(n)d needs are added.", added[0]) % {"n": added[0]}
        messages.success(request, text)
        return redirect(request.get_full_path())
    to_round = Action(_("To the round"), subject.get_absolute_url(), look="secondary")
    context = {"round": subject, "form": form, "page": paged(request, found), "query": query, "to_round": to_round}
    return render_page(request, "needs/round_candidates.html", context, status=422 if form.errors else 200)


@require_POST
def round_candidate_remove(request: SignedInRequest, pk: int, candidate: int) -> HttpResponse:
    """Take a need out of a draft."""
    subject = _run(request, pk, "open")
    services.remove_candidate(get_object_or_404(Candidate, round=subject, pk=candidate), by=request.user)
    messages.success(request, _("The need is taken out of the round."))
    return redirect(subject)


@require_http_methods(["GET", "POST"])
def round_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the top of a published list stand in this round."""
    subject = _run(request, pk, "open")
    form = LiftForm(request.POST if request.method == "POST" else None, round_=subject)
    added: list[int] = []
    if acted(form, lambda **values: added.append(services.lift_candidates(subject, by=request.user, **values))):
        text = ngettext("%(n)d need is added.", "%(n)d needs are added.", added[0]) % {"n": added[0]}
        messages.success(request, text)
        return redirect(subject)
    lead = "" if rounds_below(subject).exists() else _("No published list leads up to this round yet.")
    return _form_page(request, form, subject, heading=_("Fetch from a list"), button=_("Add the needs"), lead=lead)


@require_POST
def round_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Open or close the round."""
    if step not in STEPS:
        raise Http404
    subject = _run(request, pk, step)
    try:
        moved = STEPS[step](subject, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("%(round)s: %(state)s.") % {"round": moved, "state": moved.get_state_display().lower()}
        )
    return redirect(subject)


@require_http_methods(["GET", "POST"])
def round_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """The chair gives a need another place, with a reason."""
    subject = _run(request, pk, "publish")
    form = ChangeForm(request.POST if request.method == "POST" else None, round_=subject)
    if acted(form, lambda **values: services.change_order(subject, by=request.user, **values)):
        messages.success(request, _("The order is changed."))
        return redirect(subject)
    lead = _("The count itself is not changed. Your change and the reason are shown beside it.")
    heading = _("Change the order")
    return _form_page(request, form, subject, heading=heading, button=heading, lead=lead, order=_order(subject))


@require_http_methods(["GET", "POST"])
def round_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Publish the result and notify the submitters."""
    subject = _run(request, pk, "publish")
    form = PublishForm(request.POST if request.method == "POST" else None)
    if acted(form, lambda prioritised: services.publish(subject, prioritised=prioritised, by=request.user)):
        messages.success(request, _("The result is published, and the submitters are told."))
        return redirect(subject)
    lead = _("The result becomes public, and everybody who has a need in the round is told. It cannot be taken back.")
    heading, button, order = _("Publish the result"), _("Publish"), _order(subject)
    return _form_page(request, form, subject, heading=heading, button=button, lead=lead, order=order)


def _run(request: Request, pk: int, step: str) -> Round:
    """The round, if this person may take ``step`` on it now."""
    subject = get_object_or_404(Round.objects.visible_to(request.user).with_scope(), pk=pk)
    ROUND.check(step, subject, by=request.user)
    return subject


def _order(subject: Round) -> list[ResultRow]:
    """The order that stands, to decide by; none before the ballots are counted."""
    return rows(subject) if subject.result is not None else []


def _form_page(
    request: Request, form: forms.BaseForm, subject: Round | None = None, *, heading: str, button: str, lead: str = "",
    order: Sequence[ResultRow] = (),
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "round": subject, "heading": heading, "button": button, "lead": lead, "order": order}
    return render_page(request, "needs/round_form.html", context, status=422 if form.errors else 200)
