"""The year's appropriation and what is left of its pots (G1)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.money import MoneyForm
from grants.models import Appropriation
from grants.rules.readiness import pots_in_use
from grants.services import money as services
from ksf.web import render_page
from ksf.web.actions import Action
from ksf.web.requests import Request, SignedInRequest


@require_safe
def money_page(request: SignedInRequest) -> HttpResponse:
    """Every year's pots: set aside, announced and awarded."""
    _check(request)
    return render_page(
        request, "grants/money.html", {"pots": pots_in_use(), "main": Action(_("Add a year"), reverse("money_new"))}
    )


@require_http_methods(["GET", "POST"])
def money_year(request: SignedInRequest, year: int | None = None) -> HttpResponse:
    """Set a year's money aside, or change it."""
    _check(request)
    found = get_object_or_404(Appropriation.objects.prefetch_related("pots"), year=year) if year else None
    form = MoneyForm(request.POST or None, appropriation=found)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("amount", "source")}
        try:
            services.set_aside(form.cleaned_data["year"], pots=form.pots(), by=request.user, **values)
        except services.AlreadyUsed as used:
            form.add_used(used.least)
        else:
            messages.success(request, _("The money is set aside. A call can be announced from it."))
            return redirect("money")
    context = {"form": form, "appropriation": found}
    return render_page(request, "grants/money_year.html", context, status=422 if form.errors else 200)


def _check(request: Request) -> None:
    if not request.user.has_perm("grants.manage_money"):
        raise PermissionDenied("grants.manage_money")
