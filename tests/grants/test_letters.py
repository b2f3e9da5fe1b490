"""G9: the facts of a decision, and the text made of them. The sealed letters are in test_after_decision.py."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import yaml
from django.utils import timezone
from django.utils.translation import override

from grants.letters import phrases
from grants.letters.facts import (
    ApplicationFacts,
    AssessmentFacts,
    CallFacts,
    CriterionFacts,
    DecisionFacts,
    DeliverableFacts,
    GrantFacts,
    InstalmentFacts,
    LetterKind,
    MemberFacts,
    OverturnedFacts,
    facts_of,
)
from grants.letters.text import TABLE_MAKERS, letter_of
from grants.models import Application, Award, AwardShare, Rejection
from grants.models.texts import BothForms
from grants.services import complaint, redecision
from ksf.accounts.roles import Role
from tests.grants.factories import make_closed_call
from tests.grants.helpers import decide_allocation
from tests.ksf.factories import appoint, make_staff

MEMBERS = (
    MemberFacts("Bodø", asked=300_000, granted=299_000, is_motor=True),
    MemberFacts("Fauske", asked=100_000, granted=1_000, is_motor=False),
    MemberFacts("Gildeskål", asked=1_000, granted=1_000, is_motor=False),
)
GRANT = GrantFacts(
    amount=301_000,
    shares={"1804": 299_000, "1838": 1_000, "1841": 1_000},
    acceptance_due_on=date(2026, 12, 16),
    instalments=(InstalmentFacts(1, 301_000, BothForms("Ved aksept", "Ved godtaking"), is_held_back=True),),
    deliverables=(DeliverableFacts(BothForms("Plan"), due_on=None, months_after_acceptance=2),),
)
AWARD = DecisionFacts(
    outcome=LetterKind.AWARD,
    decided_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
    proposed_on=date(2026, 11, 24),
    reason={"override": "Prosjektet tåler det."},
    names={},
    application=ApplicationFacts(
        number="2026-01",
        url="/tilskudd/soknader/1/",
        received_on=date(2026, 10, 3),
        cluster="Salten",
        region="Nord",
        motor="Bodø",
        motor_org_number="972418013",
        members=MEMBERS,
        asked=401_000,
        least=300_000,
        own_contribution=50_000,
    ),
    call=CallFacts(
        title=BothForms("Såkornmidler 2026", "Såkornmidlar 2026"),
        is_example=False,
        legal_basis=BothForms("Bevilgning", "Løyving"),
        goal=BothForms("Mål"),
        texts={},
        forbidden_costs=(BothForms("Utstyr"),),
        period_from=date(2027, 1, 1),
        period_to=date(2027, 12, 31),
        received=3,
        asked_by_all=900_000,
        funded=2,
        given=600_000,
    ),
    assessment=AssessmentFacts(
        "5,40", (CriterionFacts(BothForms("Behov"), 100, "5,40"),), reviewers=2, views=("God plan.",)
    ),
    award=GRANT,
    redecision=None,
)
COMPUTED = replace(AWARD, reason={"code": "all_asked", "params": {}})
REJECTION = replace(AWARD, outcome=LetterKind.REJECTION, award=None)
DISMISSAL = replace(AWARD, outcome=LetterKind.DISMISSAL, award=None, proposed_on=None)
REDECISION = replace(AWARD, redecision=OverturnedFacts(date(2026, 11, 3), date(2026, 10, 9), "B-2026-0007"))


def letter(facts, language="nb"):
    with override(language):
        return letter_of(facts)


def said(facts, language="nb"):
    """The letter's paragraphs by heading."""
    sections = letter(facts, language).sections
    return {section.heading: " ".join(getattr(b, "text", "") for b in section.blocks).strip() for section in sections}


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("facts", [AWARD, REJECTION, DISMISSAL, REDECISION], ids=["award", "no", "dismissed", "again"])
def test_every_letter_is_whole_in_both_forms_of_norwegian(facts, language):
    found = letter(facts, language)
    assert found.title
    assert found.lead
    assert found.sections[-3].heading == "Klage"
    assert not [text for text in said(facts, language).values() if "{" in text or "None" in text]


def test_nynorsk_says_the_same_in_its_own_words():
    assert letter(AWARD, "nn").title == "Tilsegn om 301\u202f000\u00a0kr i såkornmidlar til Salten"
    assert "til Såkornmidlar 2026" in said(AWARD, "nn")["Grunnlag"]
    assert "16. desember 2026, som er tre veker" in said(AWARD, "nn")["Klage"]


def test_the_grounds_of_less_are_those_the_decision_was_made_on():
    by_hand = said(AWARD)["Mindre enn dere søkte om"]
    assert by_hand.startswith("Dere søkte om 401\u202f000\u00a0kr. Prosjektet tåler det.")
    assert "flest mulig kommuner" not in by_hand


def test_those_who_get_the_least_there_is_are_named_unless_the_shares_are_set_by_hand():
    assert (COMPUTED.least_share_only, AWARD.least_share_only) == (["Fauske"], [])


@pytest.mark.parametrize(
    ("facts", "is_partial"),
    [
        (AWARD, True),
        (replace(AWARD, award=replace(GRANT, amount=401_000)), False),
        (REDECISION, False),
        (REJECTION, False),
    ],
)
def test_a_letter_explains_less_than_was_asked_for(facts, is_partial):
    assert facts.is_partial is is_partial
    assert ("Mindre enn dere søkte om" in said(facts)) is is_partial


def test_a_decision_after_a_complaint_names_the_one_it_replaces():
    text = said(REDECISION)["Nytt vedtak etter klage"]
    assert "Dere klaget 3. november 2026" in text
    assert "vedtaket av 9. oktober 2026 (B-2026-0007). Prosjektet tåler det." in text


@pytest.mark.parametrize(
    ("facts", "roles"),
    [
        (AWARD, ["Leder, KSF nasjonalt", "Saksbehandler, KSF nasjonalt"]),
        (REDECISION, ["Saksbehandler, KSF nasjonalt"] * 2),
        (DISMISSAL, ["Saksbehandler, KSF nasjonalt"]),
    ],
    ids=["award", "redecision", "dismissal"],
)
def test_those_who_decided_and_proposed_stand_beneath(facts, roles):
    assert [role for role, _what in letter(facts).signatures] == roles


def test_every_member_but_the_motor_gets_its_copy():
    assert letter(AWARD).notes[-1] == "Kopi: Fauske, Gildeskål; Nord"


def test_what_is_due_after_the_acceptance_says_so():
    table = TABLE_MAKERS[phrases.TableName.DELIVERABLES]
    with override("nb"):
        assert table(AWARD).rows == [(1, "Plan", "2 måneder etter at dere har godtatt")]


def test_a_table_or_a_condition_that_is_not_known_is_refused():
    row = yaml.safe_load("{heading: {nb: A, nn: A}, text: {nb: B, nn: B}}")
    assert phrases._part(row).table == phrases.TableName.NONE
    for wrong in ({"table": "membres"}, {"when": "is_partly"}):
        with pytest.raises(ValueError, match=next(iter(wrong.values()))):
            phrases._part(row | wrong)
    with pytest.raises(KeyError):
        phrases._part(row | {"text": {"nb": "B"}})
    assert TABLE_MAKERS.keys() == phrases.TABLES.keys()


@pytest.mark.django_db
def test_the_facts_of_a_grant_and_of_a_rejection_are_those_of_their_rows():
    call = make_closed_call(applications=((6, 6), (5, 5), (3, 3)))
    decide_allocation(call)
    given, rejected = Award.objects.first(), Rejection.objects.get()
    shares = dict(AwardShare.objects.filter(award=given).values_list("municipality__number", "amount"))
    facts = facts_of(Application.objects.for_page().get(pk=given.application_id))
    assert (facts.outcome, facts.award.amount, facts.award.shares) == (LetterKind.AWARD, 500_000, shares)
    assert [part.amount for part in facts.award.instalments] == [375_000, 125_000]
    assert [row.months_after_acceptance for row in facts.award.deliverables if row.due_on is None] == [2]
    assert (facts.call.received, facts.call.funded, facts.call.given) == (3, 2, 1_000_000)
    assert facts.proposed_on == timezone.localdate(facts.decided_at)
    facts = facts_of(Application.objects.for_page().get(pk=rejected.application_id))
    assert (facts.outcome, facts.award, facts.assessment.score) == (LetterKind.REJECTION, None, "3,00")
    assert facts.names[facts.application.number] == facts.application.cluster


@pytest.mark.django_db
def test_the_facts_of_a_decision_after_a_complaint():
    call = make_closed_call(applications=((6, 6),))
    decide_allocation(call)
    given, staff = Award.objects.get(), make_staff()
    sent = complaint.complain(given.application, text="Urett", by=appoint(Role.RD_CONTACT, given.application.motor))
    upheld = complaint.uphold(sent, answer="Dere har rett.", by=staff)
    shares = dict.fromkeys(given.shares.values_list("municipality__number", flat=True), 70_000)
    proposed = redecision.propose(upheld, shares=shares, grounds="Mer vekt på behov.", by=staff)
    redecision.decide(proposed, by=make_staff())
    facts = facts_of(Application.objects.for_page().get(pk=given.application_id))
    assert (facts.is_by_hand, facts.is_partial, facts.award.shares) == (True, False, shares)
    assert facts.redecision == OverturnedFacts(*map(timezone.localdate, (sent.received_at, given.decided_at)), "")
