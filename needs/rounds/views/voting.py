from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.requests import SignedInRequest
from needs.rounds import services
from needs.rounds.forms import BallotForm, moved
from needs.rounds.models import Ballot, Participant


@require_http_methods(["GET", "POST"])
def round_ballot(request: SignedInRequest, pk: int, number: str) -> HttpResponse:
    """The municipality's ballot: a place for each need, changed as often as one likes until the round closes.

    Moving a need up or down shows the new order; nothing is cast before one says so.
    """
    rows = Participant.objects.of(request.user).select_related("round__region", "round__cluster", "municipality")
    participant = get_object_or_404(rows, round=pk, municipality__number=number)
    ballot = Ballot.objects.visible_to(request.user).filter(participant=participant).prefetch_related("lines").first()
    candidates = list(participant.round.candidates.with_briefs())
    move = request.POST.get("move")
    order = moved(candidates, request.POST, move) if move else ballot.order if ballot else []
    is_cast = request.method == "POST" and not move
    form = BallotForm(request.POST if is_cast else None, candidates=candidates, order=order)
    if acted(form, lambda order: services.cast_ballot(participant, order=order, by=request.user)):
        messages.success(request, _("The ballot of %(name)s is received.") % {"name": participant})
        return redirect("round", participant.round_id)
    context = {"round": participant.round, "participant": participant, "ballot": ballot, "form": form}
    return render_page(request, "needs/round_ballot.html", context, status=422 if form.errors else 200)
