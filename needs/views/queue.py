"""The coordinators' work queue: what is new, what waits, what may be the same; the oldest first."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ksf.web import render_page
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
    context = {
        "new": [(need, actions_in_queue(need, is_first=not at)) for at, need in enumerate(new[:SHOWN])],
        "new_count": new.count(),
        "waiting": waiting[:SHOWN],
        "waiting_count": waiting.count(),
        "pairs": [(pair, actions_on_pair(pair.need, pair.other)) for pair in pairs[:PAIRS]],
        "pairs_count": pairs.count(),
    }
    return render_page(request, "needs/need_queue.html", context)
