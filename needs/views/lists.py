"""The list of needs, its search, and the same rows as files."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ksf.actor import Actor
from ksf.web import limits, render_page
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.requests import Request
from needs.actions import actions_on_list
from needs.forms import FilterForm
from needs.models import KnowledgeNeed
from needs.services.drafts import municipalities_for, open_drafts
from needs.services.finding import search_needs

DRAFTS = 5
COLUMNS = [
    ExportColumn(_("Number"), lambda need: need.number),
    ExportColumn(_("Title"), lambda need: need.title),
    ExportColumn(_("Need"), lambda need: need.description),
    ExportColumn(_("Municipality number"), lambda need: need.municipality.number),
    ExportColumn(_("Municipality"), lambda need: need.municipality.name),
    ExportColumn(_("Region"), lambda need: need.municipality.region or ""),
    ExportColumn(_("Service area"), lambda need: need.service_area or ""),
    ExportColumn(_("State"), lambda need: need.get_state_display()),
    ExportColumn(_("Level reached"), lambda need: need.get_level_display()),
    ExportColumn(_("Known already"), lambda need: need.get_assessment_display()),
    ExportColumn(_("Municipalities that endorse it"), lambda need: need.support),
    ExportColumn(_("Sent"), lambda need: timezone.localdate(need.submitted_at)),
]


@login_not_required
@require_safe
def need_list(request: Request) -> HttpResponseBase:
    form = FilterForm(request.GET)
    chosen = form.chosen
    if "q" in chosen:
        limits.count(request, "search")
    needs = KnowledgeNeed.objects.visible_to(request.user).findable().narrowed(**chosen).with_place().with_support()
    rows: Any = search_needs(chosen["q"], needs) if "q" in chosen else needs.in_order(chosen.get("sort", ""))
    if wants_export(request):
        return export(request, rows[:] if "q" in chosen else rows, COLUMNS, "kunnskapsbehov")
    context = {
        "form": form,
        "page": paged(request, rows),
        "is_narrowed": bool(chosen),
        **_to_write(request.user),
    }
    return render_page(request, "needs/need_list.html", context, partial="results")


def _to_write(user: Actor) -> dict[str, Any]:
    """Whether ``user`` may write needs and what else they may do, and their latest drafts."""
    if not user.is_authenticated:
        return {}
    may_write = municipalities_for(user).exists()
    return {
        "may_write": may_write,
        "actions": actions_on_list(user, may_write=may_write),
        "drafts": list(open_drafts(user)[:DRAFTS]),
    }
