"""The objects of the demo that the crawl walks to: all in the region of Vest."""

import json
from datetime import date

from django.db import connection
from django.utils import timezone

from clusters.models import Cluster, PartnerTerm
from ksf.accounts.models import Appointment, Invitation, User
from ksf.accounts.roles import Role
from ksf.content import services as content
from ksf.content.models import NewsItem
from ksf.jobs.models import Job
from ksf.notifications.models import Notice
from ksf.people import services as accounts
from ksf.periods import period
from ksf.privacy import services as erasure
from ksf.writing.models import EarlierText, UnsentForm
from ksf.writing.services import hold_unsent
from regions.models import HandoverProposal, Municipality, Partner, Region
from tests.crawl import objects_grants, objects_needs, objects_reporting, objects_research, objects_rounds
from tests.crawl.people import user_of


def find() -> dict[str, object]:
    """What stands in the addresses, by the names the table uses."""
    contact = user_of("contact")
    coordinator = user_of("coordinator")
    invitation = accounts.invite(
        "ny@ksf.example", Role.RD_CONTACT, Municipality.objects.in_force().get(number="1106"), by=coordinator
    )
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=accounts.hash_of("invited"))
    sent = Notice.objects.filter(link_kind="invitation", link_to=invitation.pk)
    sent.update(sent_at=timezone.now())  # else the portal's own worker mails it, with another link
    region = Region.objects.get(slug="vest")
    handover = HandoverProposal.objects.create(
        region=region, municipality=Municipality.objects.in_force().get(number="1106"), on=date(2030, 1, 1),
        proposed_by=user_of("staff"),
    )  # fmt: skip
    partner = Partner.objects.get(slug="ntnu")
    cluster = Cluster.objects.get(slug="haugalandet-og-ryfylke")
    term = PartnerTerm.objects.create(partner=partner, cluster=cluster, period=period("2025-01-01"))
    news = content.publish(_news("Publisert"), by=user_of("staff"))
    made = objects_grants.find() | objects_needs.find() | objects_reporting.find()
    made |= objects_rounds.find() | objects_research.find()
    return made | {
        "region": "vest",
        "cluster": "haugalandet-og-ryfylke",
        "municipality": "1106",
        "partner": "ntnu",
        "guide": "partner",
        "news": news.pk,
        "news_kind": "content.newsitem",
        "answer_kind": "grants.answer",
        "earlier_text": _earlier(news),
        "news_draft": _news("Utkast").pk,
        "news_step": "publish",
        "partner_term": term.pk,
        "person": contact.pk,
        "appointment": Appointment.objects.get(user=contact).pk,
        "role": Role.RD_CONTACT.value,
        "national_role": Role.NATIONAL_STAFF.value,
        "cluster_step": "dissolve",
        "invitation": invitation.pk,
        "national_invitation": accounts.invite("to@ksf.example", Role.NATIONAL_STAFF, by=user_of("lead")).pk,
        "mail_with_link": Notice.objects.get(link_kind="invitation", link_to=invitation.pk).pk,
        "token": "invited",
        "unsent": _unsent(user_of("lead")).pk,
        "handover": handover.pk,
        "unknown": "KSF-2020-0001",
        "uid": "1",
        "nothing": 0,
        "erasure": erasure.ask_for_erasure(by=user_of("observer")).pk,
        "job": Job.objects.create(kind="reporting.national", requested_by=user_of("staff")).pk,
    }


def keep(found: dict[str, object]) -> None:
    """Write the names down in the database that has the objects."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE crawl_objects AS SELECT %s::jsonb AS found", [json.dumps(found)])


def kept() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT found::text FROM crawl_objects")
        return json.loads(cursor.fetchone()[0])


def _earlier(news: NewsItem) -> int:
    """What the text of the news was before another wrote in it."""
    content.edit_news(news, text_nb="Kortere og klarere.", by=user_of("lead"))
    return EarlierText.objects.get(subject_type="content.newsitem", subject_id=news.pk).pk


def _unsent(person: User) -> UnsentForm:
    hold_unsent({"text_nb": ["En nyhet som ikke er ferdig."]}, page="/nyheter/ny/", form="x", basis="", by=person)
    return UnsentForm.objects.get(person=person)


def _news(title: str) -> NewsItem:
    return content.write_news(title_nb=title, text_nb="Kort og klart.", by=user_of("staff"))
