"""The coordinators' work queue: what is new, what waits, what may be the same; the oldest first."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksf.templatetags.ksf import number
from ksf.web import render_page
from ksf.web.actions import Action
from ksf.web.requests import SignedInRequest
from needs.actions import actions_in_queue, actions_on_pair
from needs.models import KnowledgeNeed, Likeness
from needs.permissions import may_handle_needs

SHOWN = 25
PAIRS = 10


@require_safe
def need_queue(request: SignedInRequest) -> HttpResponse:
    user = request.user
    if not may_handle_needs(user):
        raise PermissionDenied("needs.handle_need")
    queue = KnowledgeNeed.objects.handled_by(user).with_place().with_support()
    new, waiting = queue.to_take_up(), queue.waiting_for_answer()
    pairs = Likeness.objects.to_settle(KnowledgeNeed.objects.handled_by(user))
    counts = {"new": new.count(), "pairs": pairs.count(), "waiting": waiting.count()}
    context = {
        "parts": [
            Action(_("New: %(n)s") % {"n": number(counts["new"])}, "#new", look="link"),
            Action(_("Possible duplicates: %(n)s") % {"n": number(counts["pairs"])}, "#pairs", look="link"),
            Action(_("Waiting for an answer: %(n)s") % {"n": number(counts["waiting"])}, "#waiting", look="link"),
        ],
        "new": [(need, actions_in_queue(need, is_first=not at)) for at, need in enumerate(new[:SHOWN])],
        "waiting": waiting[:SHOWN],
        "pairs": [(pair, actions_on_pair(pair.need, pair.other)) for pair in pairs[:PAIRS]],
    }
    return render_page(request, "needs/need_queue.html", context)
