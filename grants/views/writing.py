"""Writing an application: each field saved as typed, every endpoint also answering a plain form (G4, G5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.application import rules_to_fix, rules_to_judge
from grants.forms.application import AmountCell, AmountsForm, AttachmentForm, DetailsForm, StartForm
from grants.lifecycle import APPLICATION, APPLICATION_ACTIONS
from grants.models import Answer, Application, Attachment, BudgetLine, Call, RequiredAttachment
from grants.models.application import clusters_to_apply_for
from grants.reading.snapshot import snapshot_of
from grants.rules import eligibility
from grants.services import application as services
from ksf.web import render_page
from ksf.web.limits import limited
from ksf.web.requests import Request, SignedInRequest
from ksf.web.writing import mark_saved, save_text
from regions.models import Municipality

SAVED = "application-saved"
PARTS = {
    "details": _lazy("About the application"),
    "members": _lazy("Members and amounts"),
    "budget": _lazy("Budget"),
    "answers": _lazy("Questions"),
    "attachments": _lazy("Attachments"),
}
"""The parts of the page by anchor, as the list beside it shows them."""


@require_http_methods(["GET", "POST"])
def application_start(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin the application of one's cluster, or go to the one that is begun."""
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    clusters = clusters_to_apply_for(request.user)
    form = StartForm(request.POST or None, clusters=clusters)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(services.start(call, form.cleaned_data["cluster"], by=request.user))
        except services.NoMotorMunicipality:
            form.add_error("cluster", _("The cluster has no motor municipality now, and only that can apply."))
    context = {"call": call, "form": form, "clusters": clusters}
    return render_page(request, "grants/application_start.html", context, status=422 if form.errors else 200)


def writing_page(request: Request, application: Application, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page one writes on, with the forms ``more`` brings in place of fresh ones."""
    findings = eligibility.examine(application, timezone.now())
    attached = {file.requirement_id: file for file in application.current_attachments}
    failed = more.get("failed", {})
    rules = rules_to_fix(findings)
    context = {
        "application": application,
        "call": application.call,
        "details": DetailsForm(instance=application),
        "member_rows": _member_table(application, more.get("members")),
        "budget_rows": _budget_table(application, more.get("budget")),
        "attachments": [
            (row, attached.get(row.pk), failed.get(row.pk) or AttachmentForm(prefix=f"file-{row.pk}"))
            for row in application.call.required_attachments.all()
        ],
        "rules_missing": [rule for rule in rules if rule.is_missing],
        "rules_in_place": [rule for rule in rules if not rule.is_missing],
        "rules_total": len(rules),
        "met": eligibility.met(findings),
        "parts": _parts(findings),
        **more,
    }
    return render_page(request, "grants/application_write.html", context, partial=more.get("partial"), status=status)


def _parts(findings: list[eligibility.Finding]) -> list[dict[str, Any]]:
    """Each part of the page, and whether no rule stands in the way there."""
    unfinished = {finding.part for finding in findings if finding.blocks}
    return [{"anchor": anchor, "label": label, "is_done": anchor not in unfinished} for anchor, label in PARTS.items()]


def _member_table(application: Application, form: AmountsForm | None) -> list[tuple[Municipality, AmountCell]]:
    cells = member_cells(application)
    return list(zip(member_rows(application), form.typed(cells) if form else cells, strict=True))


def _budget_table(
    application: Application, form: AmountsForm | None
) -> list[tuple[BudgetLine, AmountCell, AmountCell]]:
    cells = budget_cells(application)
    cells = form.typed(cells) if form else cells
    return list(zip(application.budget.all(), cells[::2], cells[1::2], strict=True))


def member_rows(application: Application) -> list[Municipality]:
    """The municipalities one can ask for: the cluster's members today and those already in the application."""
    rows = {membership.municipality_id: membership.municipality for membership in application.joined}
    rows |= {member.municipality_id: member.municipality for member in application.members.all()}
    return sorted(rows.values(), key=lambda municipality: municipality.sort_key)


def member_cells(application: Application) -> list[AmountCell]:
    """What each municipality asks for."""
    amounts = {member.municipality_id: member.amount for member in application.members.all()}
    label = _("Amount for %(municipality)s")
    return [_cell(str(row.pk), label % {"municipality": row}, amounts.get(row.pk)) for row in member_rows(application)]


def budget_cells(application: Application) -> list[AmountCell]:
    """Two of each line: what is asked for, and the own contribution."""
    asked, own = _("%(cost)s, asked for"), _("%(cost)s, own contribution")
    cells = []
    for line in application.budget.all():
        cost = {"cost": line.category.label}
        cells.append(_cell(f"{line.category_id}-grant", asked % cost, line.grant))
        cells.append(_cell(f"{line.category_id}-own", own % cost, line.own))
    return cells


def _cell(key: str, label: str, amount: int | None) -> AmountCell:
    return AmountCell(key, label, amount, seen=amount)


@require_POST
def application_details(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save title, language and least amount."""
    found = writable(request, pk)
    form = DetailsForm(request.POST, instance=Application.objects.get(pk=found.pk))
    if not form.is_valid():
        return _answer(request, found, form, details=form)
    services.save_details(found, by=request.user, **form.cleaned_data)
    return _answer(request, found, form)


@require_POST
def application_members(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save who takes part and what each asks for; an amount two have changed is shown with both."""
    found = writable(request, pk)
    form = AmountsForm(request.POST, cells=member_cells(found))
    form.is_valid()
    edits = {int(key): edit for key, edit in form.edits().items()}
    clashes = services.save_amounts(found, edits, by=request.user)
    return _amounts_answer(request, found, form, clashes, members=form)


@require_POST
def application_budget(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save the budget; an amount two have changed is shown with both."""
    found = writable(request, pk)
    form = AmountsForm(request.POST, cells=budget_cells(found))
    form.is_valid()
    edits = {(int(key.split("-")[0]), key.split("-")[1]): edit for key, edit in form.edits(empty=0).items()}
    clashes = services.save_budget(found, edits, by=request.user)
    return _amounts_answer(request, found, form, clashes, budget=form)


def _amounts_answer(
    request: Request, found: Application, form: AmountsForm, clashes: list[services.AmountClash], **forms: Any
) -> HttpResponse:
    """What was seen last goes back in hidden fields, so that the next save knows it; clashes show both amounts."""
    for clash in clashes:
        key = "-".join(map(str, clash.key)) if isinstance(clash.key, tuple) else str(clash.key)
        form.add_error(
            f"a-{key}",
            _("Somebody else has saved %(saved)s here. Write the amount you agree on.")
            % {"saved": clash.saved if clash.saved is not None else _("nothing")},
        )
    return _answer(request, found, form, **forms)


def _answer(request: Request, found: Application, form: DetailsForm | AmountsForm, **forms: Any) -> HttpResponse:
    """To htmx a fragment with sums, seen amounts and errors; to a plain form the page."""
    fresh = Application.objects.for_page().get(pk=found.pk)
    cells = {"members": member_cells, "budget": budget_cells}.get(next(iter(forms), ""), lambda _found: [])(fresh)
    if request.htmx:
        context = {"application": fresh, "form": form, "cells": cells}
        response = render(request, "grants/application_saved.html", context)
        response["HX-Trigger"] = SAVED
        mark_saved(response, is_saved=not form.errors)
        return response
    if form.errors:
        return writing_page(request, fresh, status=422, form=form, **forms)
    messages.success(request, _("Saved."))
    return redirect(fresh)


@require_POST
def application_answer(request: SignedInRequest, pk: int, answer: int) -> HttpResponse:
    """Save one answer as typed; when two have written, both texts are shown and kept."""
    found = writable(request, pk)
    row = get_object_or_404(Answer, application=found, pk=answer)
    response = save_text(request, row, by=request.user, back=found.get_absolute_url())
    response["HX-Trigger"] = SAVED
    return response


@require_POST
@limited("file")
def application_attach(request: SignedInRequest, pk: int, requirement: int) -> HttpResponse:
    """Attach a file, in place of what was attached there."""
    found = writable(request, pk)
    row = get_object_or_404(RequiredAttachment, call=found.call_id, pk=requirement)
    form = AttachmentForm(request.POST, request.FILES, prefix=f"file-{row.pk}")
    if not form.is_valid():
        return writing_page(request, found, status=422, failed={row.pk: form}, form=form)
    services.attach(found, row, name=form.cleaned_data["file"].name, content=form.content, by=request.user)
    messages.success(request, _("The file is attached."))
    return redirect(f"{found.get_absolute_url()}#attachments")


@require_POST
def attachment_remove(request: SignedInRequest, pk: int, file: int) -> HttpResponse:
    """Remove a file from the draft."""
    found = writable(request, pk)
    services.detach(get_object_or_404(Attachment.objects.current(), application=found, pk=file), by=request.user)
    messages.success(request, _("The file is removed."))
    return redirect(f"{found.get_absolute_url()}#attachments")


@require_safe
def application_eligibility(request: SignedInRequest, pk: int) -> HttpResponse:
    """How the rules stand now; the page asks for it again after each save."""
    return writing_page(request, writable(request, pk), partial="eligibility")


@require_http_methods(["GET", "POST"])
def application_submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read through, then hand in. What stands in the way is said, with links to where it is fixed."""
    found = _visible(request, pk)
    APPLICATION.check("submit", found, by=request.user)
    if request.method == "POST":
        try:
            services.submit(found, by=request.user)
            return redirect("application_receipt", pk)
        except services.NotEligible as refused:
            return _submit_page(request, found, refused.findings, status=422)
    return _submit_page(request, found, [])


def _submit_page(
    request: Request, found: Application, refused: list[eligibility.Finding], *, status: int = 200
) -> HttpResponse:
    findings = eligibility.examine(found, timezone.now())
    context = {
        "application": found,
        "rules": rules_to_judge(request.user, found, findings),
        "missing": [finding for finding in findings if finding.blocks],
        "refused": refused,
        "sealed": snapshot_of(found, findings, timezone.now()),
    }
    return render_page(request, "grants/application_submit.html", context, status=status)


def writable(request: Request, pk: int) -> Application:
    """The application, if this user may write it now. Raises 404, PermissionDenied or StepNotAllowed."""
    found = _visible(request, pk)
    APPLICATION_ACTIONS.check("write", found, by=request.user)
    return found


def _visible(request: Request, pk: int) -> Application:
    return get_object_or_404(Application.objects.visible_to(request.user).for_page(), pk=pk)
