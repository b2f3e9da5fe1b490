"""The demo's knowledge needs, with the life each has had: dates in the past, endorsements, relations, assessments."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from demo.content_files import needs as rows_of_content
from demo.loading.log_entries import ActingPerson, acting_as, log_entry
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from needs.lifecycle import LINE, NeedState
from needs.models import Clarification, Endorsement, KnowledgeNeed, NumberSeries, Relation, ServiceArea, TextVersion
from needs.search import store
from needs.services.drafts import numbered
from needs.services.finding import find_likenesses
from regions.models import Municipality

Row = dict[str, str]

HOURS = (8, 9, 10, 11, 13, 14, 15)
VERBS = {
    NeedState.SUBMITTED: "submit",
    NeedState.IN_ASSESSMENT: "take_up",
    NeedState.PRIORITISED: "prioritise",
    NeedState.RESEARCHABLE: "formulate",
    NeedState.IN_RESEARCH: "start_research",
    NeedState.ANSWERED: "give_answer",
    NeedState.IN_USE: "put_to_use",
    NeedState.RETURNED: "return",
    NeedState.CLOSED: "close",
    NeedState.MERGED: "merge",
}
QUESTION = "Hvem gjelder dette, og hva har dere prøvd til nå? To–tre setninger er nok."
SUMMARIES = {
    "knowledge_exists": "Spørsmålet er undersøkt før, og funnene går i samme retning. Svaret står under.",
    "research_under_way": "Det finnes noe kunnskap, mest fra større kommuner. Et prosjekt er i gang og følges.",
    "research_gap": "Vi har søkt i oversikter og register uten å finne studier som svarer for norske kommuner.",
}


class People:
    """Who acts in the demo: the contact of a municipality when it has one, the coordinator of its region."""

    def __init__(self) -> None:
        held = list(Appointment.objects.in_force().with_scope().select_related("user"))
        self.contacts = {a.municipality_id: a for a in held if a.role == Role.RD_CONTACT}
        self.coordinators = {a.region_id: a for a in held if a.role == Role.REGIONAL_COORDINATOR}
        self.system = User.objects.system()

    def writer(self, municipality: Municipality) -> ActingPerson:
        """The account that writes for the municipality, and the role it acts as."""
        return acting_as(
            self.contacts.get(municipality.pk) or self.coordinators.get(municipality.region_id), self.system
        )

    def coordinator(self, municipality: Municipality) -> ActingPerson:
        return acting_as(self.coordinators.get(municipality.region_id), self.system)


def load_needs() -> int:
    """Make the needs of the content. Returns how many."""
    rows, people = rows_of_content(), People()
    places = {m.number: m for m in Municipality.objects.in_force().with_place()}
    areas = {area.code: area for area in ServiceArea.objects.all()}
    numbers = _numbers(rows)
    KnowledgeNeed.objects.bulk_create(
        [_need(row, places[row["municipality"]], areas, people, numbers) for row in rows if not row["duplicate_of"]]
    )
    found = {str(need.external_id): need for need in KnowledgeNeed.objects.with_place()}
    merged = [row for row in rows if row["duplicate_of"]]
    while merged:
        ready = [row for row in merged if _id(row["duplicate_of"]) in found]
        made = []
        for row in ready:
            need = _need(row, places[row["municipality"]], areas, people, numbers)
            need.merged_into = found[_id(row["duplicate_of"])]
            made.append(need)
        KnowledgeNeed.objects.bulk_create(made)
        found |= {str(need.external_id): need for need in made}
        merged = [row for row in merged if row not in ready]
    _beside(rows, found, places, people)
    AuditEntry.objects.bulk_create([entry for row in rows for entry in _history(row, found, places, people)])
    _index(found)
    return len(found)


def _id(of_content: str) -> str:
    return f"demo-{of_content}"


def _sent_at(row: Row) -> datetime | None:
    """When the need was sent: in working hours of its day, told apart by its number."""
    if not row["submitted_date"]:
        return None
    place = int(row["id"][1:])
    day = date.fromisoformat(row["submitted_date"])
    return timezone.make_aware(datetime.combine(day, time(HOURS[place % len(HOURS)], place % 60)))


def _numbers(rows: list[Row]) -> dict[str, str]:
    """Numbers in the order the needs were sent, and the series left where they end."""
    last: dict[int, int] = {}
    numbers = {}
    for row in sorted((row for row in rows if row["submitted_date"]), key=lambda row: str(_sent_at(row))):
        year = int(row["submitted_date"][:4])
        last[year] = last.get(year, 0) + 1
        numbers[row["id"]] = numbered(year, last[year])
    NumberSeries.objects.bulk_create([NumberSeries(year=year, last=count) for year, count in last.items()])
    return numbers


def _need(
    row: Row, place: Municipality, areas: dict[str, ServiceArea], people: People, numbers: dict[str, str]
) -> KnowledgeNeed:
    sent_at = _sent_at(row)
    writer, _role = people.writer(place)
    begun = sent_at - timedelta(hours=1) if sent_at else timezone.now() - timedelta(days=2)
    is_closed = row["status"] == NeedState.CLOSED
    return KnowledgeNeed(
        external_id=_id(row["id"]),
        number=numbers.get(row["id"]),
        title=row["title"],
        description=row["description"],
        consequence=row["consequence"],
        target_group=row["target_group"],
        service_area=areas.get(row["service_area"]),
        municipality=place,
        language=row["language"],
        state=row["status"],
        level=row["level"],
        assessment=row["assessment"],
        known_summary=SUMMARIES.get(row["assessment"], ""),
        outcome_note="" if is_closed else row["outcome_note"],
        close_reason=row["outcome_note"] if is_closed else "",
        text_version=1 if sent_at else 0,
        created_by=writer,
        created_at=begun,
        changed_at=sent_at or begun,
        submitted_at=sent_at,
    )


def _life(row: Row) -> list[NeedState]:
    """The states a need has been through to where it stands."""
    state = NeedState(row["status"])
    if state in LINE:
        path = list(LINE[: LINE.index(state) + 1])
        is_short = state in {NeedState.ANSWERED, NeedState.IN_USE}
        return [s for s in path if not (is_short and s in {NeedState.RESEARCHABLE, NeedState.IN_RESEARCH})]
    if state == NeedState.CLOSED:
        return [NeedState.SUBMITTED, NeedState.IN_ASSESSMENT, NeedState.CLOSED]
    return [] if state == NeedState.DRAFT else [NeedState.SUBMITTED, state]


def _moments(row: Row) -> list[tuple[NeedState, datetime]]:
    """When the need came to each state: evenly from the day it was sent to a week ago."""
    sent_at = _sent_at(row)
    life = _life(row)
    if sent_at is None:
        return []
    end = max(sent_at, timezone.now() - timedelta(days=7))
    step = min((end - sent_at) / max(len(life) - 1, 1), timedelta(days=75))
    return [(state, _in_hours(sent_at + place * step, place)) for place, state in enumerate(life)]


def _in_hours(at: datetime, place: int) -> datetime:
    """The same day, in working hours; the first moment is left as it is."""
    return timezone.localtime(at).replace(hour=HOURS[place % len(HOURS)]) if place else at


def _beside(rows: list[Row], found: dict[str, KnowledgeNeed], places: dict[str, Municipality], people: People) -> None:
    """Everything that hangs on the needs: versions, endorsements, relations, open questions."""
    endorsements, relations, versions, questions = [], [], [], []
    for row in rows:
        need = found[_id(row["id"])]
        if need.submitted_at is None:
            continue
        asker, _role = people.coordinator(need.municipality)
        sent = {"title": need.title, "description": need.description, "created_by": need.created_by}
        versions.append(TextVersion(need=need, number=1, created_at=need.submitted_at, **sent))
        endorsements += [
            Endorsement(need=need, municipality=place, created_by=people.writer(place)[0], created_at=at)
            for place, at in _endorsed(row, places)
        ]
        if row["relation"]:
            other = found[_id(row["related_to"])]
            relations.append(Relation(need=need, other=other, kind=row["relation"], created_by=asker))
        if row["status"] == NeedState.RETURNED:
            asked_at = _moments(row)[-1][1]
            questions.append(Clarification(need=need, question=QUESTION, asked_by=asker, asked_at=asked_at))
    TextVersion.objects.bulk_create(versions)
    endorsements += list(_united(found, endorsements))
    Endorsement.objects.bulk_create(endorsements, ignore_conflicts=True)
    Relation.objects.bulk_create(relations)
    Clarification.objects.bulk_create(questions)


def _endorsed(row: Row, places: dict[str, Municipality]) -> Iterator[tuple[Municipality, datetime]]:
    """Each endorsing municipality and when, a few days apart."""
    sent_at = _sent_at(row)
    numbers = [number for number in row["endorsed_by"].split(";") if number]
    for place, number in enumerate(numbers):
        if sent_at:
            yield places[number], min(sent_at + timedelta(days=3 + 5 * place, hours=place % 5), timezone.now())


def _united(found: dict[str, KnowledgeNeed], endorsements: list[Endorsement]) -> Iterator[Endorsement]:
    """What merging gave the needs that took others in: their municipalities and endorsers, each once."""
    behind = {(row.need.pk, row.municipality.pk) for row in endorsements}
    for need in found.values():
        if need.merged_into is None:
            continue
        own = [row for row in endorsements if row.need.pk == need.pk]
        for municipality in (need.municipality, *(row.municipality for row in own)):
            key = (need.merged_into.pk, municipality.pk)
            if municipality.pk != need.merged_into.municipality_id and key not in behind:
                behind.add(key)
                yield Endorsement(
                    need=need.merged_into,
                    municipality=municipality,
                    merged_from=need,
                    created_by=need.created_by,
                    created_at=need.submitted_at or timezone.now(),
                )


def _history(
    row: Row, found: dict[str, KnowledgeNeed], places: dict[str, Municipality], people: People
) -> Iterator[AuditEntry]:
    need = found[_id(row["id"])]
    writer, coordinator = people.writer(need.municipality), people.coordinator(need.municipality)
    before = NeedState.DRAFT
    for state, at in _moments(row):
        data: dict[str, Any] = {"before": before, "after": state, **_said(row, state, need)}
        who = writer if state in {NeedState.SUBMITTED, NeedState.IN_USE} else coordinator
        yield log_entry(f"need.{VERBS[state]}", need, who, at, data)
        if state == NeedState.MERGED and need.merged_into:
            taken = {"other": need.pk, "title": str(need), "place": str(need.municipality)}
            yield log_entry("need.take_in", need.merged_into, coordinator, at, taken)
        if state == NeedState.IN_ASSESSMENT and row["assessment"]:
            yield log_entry("need.assess", need, coordinator, at + timedelta(days=3), {"outcome": row["assessment"]})
        if state == NeedState.PRIORITISED and row["level"]:
            yield log_entry("need.lift", need, coordinator, at + timedelta(hours=1), {"level": row["level"]})
        before = state
    for place, at in _endorsed(row, places):
        yield log_entry("need.endorse", need, people.writer(place), at, {"municipality": place.pk, "name": str(place)})


def _said(row: Row, state: NeedState, need: KnowledgeNeed) -> dict[str, Any]:
    if state == NeedState.MERGED:
        return {"merged_into": str(need.merged_into), "other": need.merged_into.pk}
    if state == NeedState.RETURNED:
        return {"note": QUESTION}
    if state == NeedState.CLOSED:
        return {"close_reason": row["outcome_note"]}
    return {"outcome_note": row["outcome_note"]} if state == NeedState.ANSWERED else {}


def _index(found: dict[str, KnowledgeNeed]) -> None:
    """Make the needs findable, and put what looks alike among the new ones before the coordinators."""
    sent = [need for need in found.values() if need.state != NeedState.DRAFT]
    store.index_many((need.pk, need.title, need.description) for need in sent)
    for need in sent:
        if need.state == NeedState.SUBMITTED:
            find_likenesses(need)
