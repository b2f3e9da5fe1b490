"""Sealing the letters of a call's decisions (G9): one numbered PDF for each, kept unchanged, once."""

from django.db.models import QuerySet
from django.utils.translation import gettext, override

from grants.documents import LETTER
from grants.letters.facts import facts_of
from grants.letters.text import letter_of
from grants.lifecycle import ApplicationState
from grants.models import Application, Award, Call, Rejection
from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.documents import services
from ksf.documents.models import Document
from regions.models import LanguageForm


def request_letters(call: Call, *, key: str, by: User) -> None:
    """Have the letters of the call's decisions that have none written, when the transaction commits."""
    jobs.request(
        "grants.letters",
        by=by,
        title=gettext("Letters of %(call)s") % {"call": call},
        subject=call,
        key=key,
        next_url=call.get_absolute_url(),
        call=call.pk,
    )


def applications_without(call: Call) -> QuerySet[Application]:
    """The decided applications of ``call`` that have no letter yet, by number."""
    return call.applications.lacking_letter().select_related("cluster").order_by("number")


def seal(application: Application, *, by: User) -> Document | None:
    """Seal the letter of a decided application, once: nothing is done and None returned when it has one.

    The decision's row is locked, so two workers make one letter.
    """
    decision = _locked_decision(application)
    if decision.letter_id is not None:
        return None
    application = Application.objects.for_page().get(pk=application.pk)
    facts, language = facts_of(application), language_of(application)
    with override(language):
        letter = letter_of(facts)
    document = services.seal(
        kind=LETTER,
        subject=application,
        title=letter.title,
        template="documents/letter.html",
        context=vars(letter),
        language=language,
        by=by,
    )
    decision.letter = document
    decision.save(update_fields=["letter"])
    audit.record("application.letter", application, by=by, document=document.number)
    return document


def language_of(application: Application) -> str:
    """The recipient's own language form; a neutral municipality is answered in the language it wrote in (G9)."""
    motor = application.motor
    return application.language if motor.language_form == LanguageForm.NEUTRAL else motor.letter_language


def _locked_decision(application: Application) -> Award | Rejection:
    if application.state == ApplicationState.AWARDED:
        return Award.objects.select_for_update(of=("self",)).get(application=application)
    return Rejection.objects.select_for_update(of=("self",)).get(application=application)
