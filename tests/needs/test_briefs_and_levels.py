"""What is known beside each candidate of a round, the level a need has reached, and what a file of needs sets going."""

import io

import pytest
from django.urls import reverse

from ksf.accounts.roles import Role
from ksf.jobs.models import Job
from ksf.notifications.models import Notice
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed, Likeness
from needs.rounds.lifecycle import RoundState
from needs.rounds.reading.tables import rows
from needs.services import importing
from tests.ksf.factories import appoint
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.needs.rounds.factories import do_jobs, make_round
from tests.regions.factories import make_county, make_municipality, make_region

pytestmark = pytest.mark.django_db
HEAD = "municipality,title,description,status\n"


def assess(need, outcome="research_gap"):
    need.assessment, need.known_summary = outcome, "Ingen har sett på dette i små kommuner."
    need.method_assessment_url = "https://example.org/fhi"
    need.save()
    need.sources.create(title="En oversikt fra 2024", url="https://example.org/oversikt")


class TestBriefs:
    def test_on_the_ballot_and_in_the_set_up_with_a_mark_where_one_lacks(self, client):
        round_ = make_round(RoundState.OPEN)
        participant = round_.participants.first()
        assess(round_.candidates.first().need)
        client.force_login(make_contact(participant.municipality))
        for url in (
            reverse("round_ballot", args=[round_.pk, participant.municipality.number]),
            round_.get_absolute_url(),
        ):
            page = client.get(url).text
            for expected in ("Ingen har sett på dette", "example.org/oversikt", "example.org/fhi", "forskningshull"):
                assert expected in page
            assert page.count("Det vi vet, er ikke vurdert") == 2
            assert "/vurder" not in page
        assert "2 av 3" in client.get(round_.get_absolute_url()).text

    def test_who_runs_the_round_goes_straight_to_assessing(self, client):
        round_ = make_round()
        client.force_login(round_.runner)
        need = round_.candidates.first().need
        assert reverse("need_assess", args=[need.pk]) in client.get(round_.get_absolute_url()).text
        make_need("Kan velges", municipality=need.municipality, state=NeedState.IN_ASSESSMENT)
        assert "er ikke vurdert" in client.get(reverse("round_candidates", args=[round_.pk])).text

    def test_nothing_of_a_hidden_need(self, client):
        round_ = make_round(RoundState.OPEN)
        need = round_.candidates.first().need
        assess(need)
        KnowledgeNeed.objects.filter(pk=need.pk).update(is_hidden=True)
        assert "Ingen har sett på dette" not in client.get(round_.get_absolute_url()).text


class TestLevel:
    def test_is_in_the_story_and_on_the_page_of_the_need(self, client):
        round_ = make_round(RoundState.PUBLISHED)
        first, second = (row.candidate.need for row in rows(round_)[:2])
        page = client.get(first.get_absolute_url()).text
        assert "Nådd nivå: region" in page
        for expected in (
            "Løftet til nivået: region",
            "Plass 1 i prioriteringsrunden «Runde»",
            round_.get_absolute_url(),
        ):
            assert expected in page
        assert "Løftet til nivået" not in client.get(second.get_absolute_url()).text


def take_in(text, *, by, notifies=False):
    sheet = importing.check(importing.read(io.BytesIO((HEAD + text).encode())))
    return importing.take_in(sheet.lines, by=by, notifies=notifies)


class TestImport:
    def test_what_is_sent_is_looked_through_for_duplicates_by_a_job(self):
        by = appoint(Role.NATIONAL_STAFF)
        make_municipality(number="1101")
        old = make_need("Hva virker mot fall på sykehjem?", description="Vi har mange fall blant eldre.")
        take_in(
            "1101,Hva virker mot fall på sykehjem?,Vi har mange fall blant eldre.,submitted\n"
            "1101,Hva virker mot fall på sykehjem nå?,Vi har mange fall blant eldre.,published\n",
            by=by,
        )
        assert not Likeness.objects.exists()
        do_jobs()
        sent = KnowledgeNeed.objects.get(state=NeedState.SUBMITTED, municipality__number="1101")
        assert set(Likeness.objects.values_list("need", flat=True)) == {sent.pk}
        assert old.pk in set(Likeness.objects.values_list("other", flat=True))
        job = Job.objects.get(kind="needs.likenesses")
        assert job.result == {"pairs": Likeness.objects.count()}

    def test_one_hidden_while_the_job_runs_is_left_out(self):
        make_municipality(number="1101")
        old = make_need("Hva virker mot fall på sykehjem?", description="Vi har mange fall blant eldre.")
        take_in("1101,Hva virker mot fall på sykehjem?,Vi har mange fall blant eldre.,\n", by=old.created_by)
        KnowledgeNeed.objects.filter(pk=old.pk).update(is_hidden=True)
        do_jobs()
        assert not Likeness.objects.exists()

    def test_the_page_notifies_each_person_once_and_the_command_nobody(self):
        region = make_region()
        county = make_county(region)
        contacts = [make_contact(make_municipality(number=n, county=county)) for n in ("1101", "1102")]
        coordinator, other = make_coordinator(region), appoint(Role.REGIONAL_COORDINATOR, region)
        text = "1101,En,Tekst,\n1101,To,Tekst,\n1102,Tre,Tekst,\n1102,Ute,Tekst,published\n"
        take_in(text, by=coordinator)
        assert not Notice.objects.exists()
        take_in(text.replace("Tekst", "Ny tekst"), by=coordinator, notifies=True)
        notices = {notice.user_id: notice for notice in Notice.objects.all()}
        assert set(notices) == {other.pk, *(contact.pk for contact in contacts)}
        assert notices[other.pk].subject == "En fil med 3 nye behov er sendt inn"
        assert not notices[other.pk].is_urgent
        assert notices[contacts[0].pk].subject.startswith("Er dette behovene deres? 2 ")
        assert notices[contacts[1].pk].subject.startswith("Er dette behovet deres?")
