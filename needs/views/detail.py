"""One need: its words, its story, who stands behind it, and what can be done."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksf import panels, renderings
from ksf.actor import Actor
from ksf.web import limits, render_page
from ksf.web.lists import export, wants_export
from ksf.web.requests import Request
from needs import documents as documentation
from needs.actions import actions_for, withdrawals
from needs.lifecycle import LINE, NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.reading.story import is_inner, story_of
from needs.reading.support import Support, support_for


@login_not_required
@require_safe
def need(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(KnowledgeNeed.objects.visible_to(request.user).for_page(), pk=pk)
    user = request.user
    support, story = support_for(found), story_of(found, user)
    context = {
        "need": found,
        "line": () if found.state == NeedState.DRAFT else LINE,
        "story": story,
        "merged_into": found.merged_into if found.merged_into_id in story.seen else None,
        "is_inner": is_inner(user),
        "support": support,
        "actions": actions_for(user, found),
        "withdrawals": withdrawals(found, _own(support, user)),
        "related": KnowledgeNeed.objects.related_to(found, user),
        "further_text": _further_text(found),
        "assessment_tone": "warning" if found.assessment == KnowledgeNeed.Assessment.RESEARCH_GAP else "success",
        "question": found.asked if is_inner(user) else None,
        "panels": panels.of("need", request, found),
    }
    return render_page(request, "needs/need.html", context)


def _further_text(need: KnowledgeNeed) -> list[tuple[str, str]]:
    """What the municipality has written beside the need itself, each under its heading."""
    parts = (
        (_("If there is no answer"), need.consequence),
        (_("Who it is about"), need.target_group),
        (_("Whom else it concerns"), need.concerns),
    )
    return [(heading, text) for heading, text in parts if text]


def _own(support: Support, user: Actor) -> list[Endorsement]:
    mine = user.municipality_ids()
    return [row for row in support.endorsements if row.municipality_id in mine]


@login_not_required
@require_safe
def need_versions(request: Request, pk: int) -> HttpResponse:
    """The words as they were sent each time, the latest first; to visitors those that stand now."""
    found = get_object_or_404(KnowledgeNeed.objects.visible_to(request.user), pk=pk)
    versions = reversed(documentation.versions_for(request.user, found))
    return render_page(request, "needs/need_versions.html", {"need": found, "versions": versions})


@login_not_required
@require_safe
def need_documentation(request: Request, pk: int) -> HttpResponseBase:
    """The documentation of a need for a research application, as PDF (N13)."""
    found = get_object_or_404(KnowledgeNeed.objects.visible_to(request.user).sent().with_place(), pk=pk)
    written = documentation.Documentation(found, get_language(), all_wordings=is_inner(request.user))
    return renderings.respond(request, written.wanted())


@login_not_required
@require_safe
def need_data(request: Request, pk: int) -> HttpResponseBase:
    """The same as data: JSON, or with ``?format=csv`` one row for each municipality behind it (N13)."""
    found = get_object_or_404(KnowledgeNeed.objects.visible_to(request.user).sent().with_place(), pk=pk)
    if wants_export(request):
        rows = documentation.municipality_rows(found)
        return export(request, rows, documentation.COLUMNS, f"behov-{found.number}")
    limits.count(request, "export")
    facts = documentation.NeedFacts.of(found, all_wordings=is_inner(request.user))
    return JsonResponse(documentation.as_data(facts), json_dumps_params={"ensure_ascii": False})
