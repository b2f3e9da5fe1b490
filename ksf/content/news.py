"""The pages of news: open to all, written by KSF's national staff (P1)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf.content import services
from ksf.content.actions import new_news, news_actions
from ksf.content.forms import NewsForm
from ksf.content.lifecycle import WRITE
from ksf.content.models import NewsItem
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.lists import paged
from ksf.web.requests import Request, SignedInRequest

STEPS = {"publish": services.publish, "take_back": services.take_back}


@login_not_required
@require_safe
def news_list(request: Request) -> HttpResponse:
    """All news, the latest first; drafts before them for those who write."""
    rows = NewsItem.objects.visible_to(request.user)
    context = {"page": paged(request, rows), "new": new_news(request.user)}
    return render_page(request, "content/news_list.html", context)


@login_not_required
@require_safe
def news(request: Request, pk: int) -> HttpResponse:
    item = get_object_or_404(NewsItem.objects.visible_to(request.user), pk=pk)
    context = {"item": item, "actions": news_actions(request.user, item)}
    return render_page(request, "content/news.html", context)


@require_http_methods(["GET", "POST"])
def news_new(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm(WRITE):
        raise PermissionDenied(WRITE)
    form = NewsForm(request.POST or None)
    made: list[NewsItem] = []
    if acted(form, lambda **values: made.append(services.write_news(**values, by=request.user))):
        messages.success(request, _("The draft is saved. Read it through before you publish."))
        return redirect(made[0])
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
def news_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm(WRITE):
        raise PermissionDenied(WRITE)
    item = get_object_or_404(NewsItem, pk=pk)
    form = NewsForm(request.POST or None, instance=NewsItem.objects.get(pk=pk))
    if acted(form, lambda **values: services.edit_news(item, **values, by=request.user)):
        messages.success(request, _("The news item is changed."))
        return redirect(item)
    return _form_page(request, form, item)


@require_POST
def news_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Publish, or take back."""
    if step not in STEPS:
        raise Http404(step)
    item = STEPS[step](get_object_or_404(NewsItem, pk=pk), by=request.user)
    messages.success(request, _("The news item is now: %(state)s.") % {"state": item.get_state_display().lower()})
    return redirect(item)


def _form_page(request: Request, form: NewsForm, item: NewsItem | None) -> HttpResponse:
    return render_page(
        request, "content/news_form.html", {"form": form, "item": item}, status=422 if form.errors else 200
    )
