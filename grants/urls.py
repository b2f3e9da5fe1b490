"""Addresses under ``/tilskudd/``. What stands in fixed words comes before a call's own address."""

from django.urls import path, re_path

from grants.views import allocation, application, award, call, money, review, writing
from grants.views.call import EDITOR_PARTS

parts = "|".join(EDITOR_PARTS)

urlpatterns = [
    path("tilskudd/", call.call_list, name="call_list"),
    path("tilskudd/ny/", call.call_new, name="call_new"),
    path("tilskudd/bevilgninger/", money.money, name="money"),
    path("tilskudd/bevilgninger/ny/", money.money_year, name="money_new"),
    path("tilskudd/bevilgninger/<int:year>/", money.money_year, name="money_year"),
    path("tilskudd/soknader/", application.application_list, name="application_list"),
    path("tilskudd/soknader/<int:pk>/", application.application, name="application"),
    path("tilskudd/soknader/<int:pk>/opplysninger/", writing.application_details, name="application_details"),
    path("tilskudd/soknader/<int:pk>/belop/", writing.application_members, name="application_members"),
    path("tilskudd/soknader/<int:pk>/budsjett/", writing.application_budget, name="application_budget"),
    path("tilskudd/soknader/<int:pk>/svar/<int:answer>/", writing.application_answer, name="application_answer"),
    path(
        "tilskudd/soknader/<int:pk>/vedlegg/legg-ved/<int:requirement>/",
        writing.application_attach,
        name="application_attach",
    ),
    path("tilskudd/soknader/<int:pk>/vedlegg/<int:file>/", application.attachment, name="attachment"),
    path("tilskudd/soknader/<int:pk>/vedlegg/<int:file>/fjern/", writing.attachment_remove, name="attachment_remove"),
    path("tilskudd/soknader/<int:pk>/krav/", writing.application_eligibility, name="application_eligibility"),
    path("tilskudd/soknader/<int:pk>/send-inn/", writing.application_submit, name="application_submit"),
    path("tilskudd/soknader/<int:pk>/kvittering/", application.application_receipt, name="application_receipt"),
    path("tilskudd/soknader/<int:pk>/trekk/", application.application_withdraw, name="application_withdraw"),
    path("tilskudd/soknader/<int:pk>/gjenoppta/", application.application_reopen, name="application_reopen"),
    path("tilskudd/soknader/<int:pk>/unntak/<slug:rule>/", application.application_waive, name="application_waive"),
    path("tilskudd/soknader/<int:pk>/avvis/", application.application_dismiss, name="application_dismiss"),
    path(
        "tilskudd/soknader/<int:pk>/felles-poeng/<int:criterion>/", review.application_settle, name="application_settle"
    ),
    path("tilskudd/soknader/<int:pk>/vedtak/", award.application_decision, name="application_decision"),
    path("tilskudd/soknader/<int:pk>/vedtak/godta/", award.award_accept, name="award_accept"),
    path("tilskudd/soknader/<int:pk>/vedtak/takk-nei/", award.award_decline, name="award_decline"),
    path("tilskudd/soknader/<int:pk>/klage/", award.complaint_new, name="complaint_new"),
    path("tilskudd/klager/<int:pk>/", award.complaint, name="complaint"),
    path("tilskudd/vurderinger/", review.review_list, name="review_list"),
    path("tilskudd/vurderinger/<int:pk>/", review.review, name="review"),
    path("tilskudd/vurderinger/<int:pk>/erklaering/", review.review_declare, name="review_declare"),
    path("tilskudd/vurderinger/<int:pk>/poeng/<int:score>/", review.review_points, name="review_points"),
    path("tilskudd/vurderinger/<int:pk>/begrunnelse/<int:score>/", review.review_grounds, name="review_grounds"),
    path("tilskudd/vurderinger/<int:pk>/samlet/", review.review_overall, name="review_overall"),
    path("tilskudd/vurderinger/<int:pk>/belop/", review.review_advice, name="review_advice"),
    path("tilskudd/vurderinger/<int:pk>/lever/", review.review_hand_in, name="review_hand_in"),
    path("tilskudd/vurderinger/<int:pk>/frita/", review.review_release, name="review_release"),
    path("tilskudd/vurderinger/<int:pk>/gi-tilbake/", review.review_give_back, name="review_give_back"),
    path("tilskudd/<slug:slug>/", call.call, name="call"),
    path("tilskudd/<slug:slug>/sok/", writing.application_start, name="application_start"),
    re_path(rf"^tilskudd/(?P<slug>[-\w]+)/rediger/(?P<part>{parts})/$", call.call_edit, name="call_edit"),
    path("tilskudd/<slug:slug>/publiser/", call.call_publish, name="call_publish"),
    path("tilskudd/<slug:slug>/rett/", call.call_correct, name="call_correct"),
    path("tilskudd/<slug:slug>/utsett/", call.call_extend, name="call_extend"),
    path("tilskudd/<slug:slug>/lukk/", call.call_close, name="call_close"),
    path("tilskudd/<slug:slug>/sporsmal/", call.call_answer, name="call_answer_new"),
    path("tilskudd/<slug:slug>/sporsmal/<int:pk>/", call.call_answer, name="call_answer"),
    path("tilskudd/<slug:slug>/vurdering/", review.review_overview, name="review_overview"),
    path("tilskudd/<slug:slug>/vurdering/fordel/", review.review_assign, name="review_assign"),
    path("tilskudd/<slug:slug>/fordeling/", allocation.allocation, name="allocation"),
    path("tilskudd/<slug:slug>/fordeling/ny/", allocation.allocation_new, name="allocation_new"),
    path("tilskudd/<slug:slug>/fordeling/<int:pk>/velg/", allocation.allocation_choose, name="allocation_choose"),
    path("tilskudd/<slug:slug>/fordeling/linje/<int:pk>/", allocation.allocation_line, name="allocation_line"),
    path(
        "tilskudd/<slug:slug>/fordeling/linje/<int:pk>/tilbake/",
        allocation.allocation_restore,
        name="allocation_restore",
    ),
    path("tilskudd/<slug:slug>/vedtak/", allocation.proposal, name="proposal"),
    path("tilskudd/<slug:slug>/vedtak/foresla/", allocation.proposal_propose, name="proposal_propose"),
    path("tilskudd/<slug:slug>/vedtak/send-tilbake/", allocation.proposal_send_back, name="proposal_send_back"),
    path("tilskudd/<slug:slug>/vedtak/vedta/", allocation.proposal_decide, name="proposal_decide"),
    path("tilskudd/<slug:slug>/tildelinger/", award.award_list, name="award_list"),
]
