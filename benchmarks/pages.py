"""Queries, CPU and bytes of every page at the size of the budgets: 357 municipalities, 60 clusters, 5 000 needs.

Run: .venv/bin/python benchmarks/pages.py [--times 100] [--rebuild] [--only TEXT] [--profile]

The data is the demo's, copied in a database of its own which is kept for the next run; ``--times`` has that many times
the needs and applications in another. CPU is the time of the web process, the median of five requests; the database's
own is not in it. For visitors "CPU ms" is a page that is kept and given again, "made" one that has to be made; the
queries are those of a page that is made. A visitor's page is asked for again with its ETag too, which ought to answer
304.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ |= {"KSF_DEMO": "1", "STATIC_MANIFEST": "0", "DJANGO_SETTINGS_MODULE": "ksf.settings"}
os.environ.setdefault("SECRET_KEY", "for-benchmarks-only")

import django
import psycopg

from local import embedded

TIMES = int(os.environ.get("TIMES", "5"))
BUDGET = {"visitor": (12, 8), "signed in": (20, 25)}
PEOPLE = {
    "visitor": None,
    "coordinator": "koordinator.vest",
    "cluster": "klynge.haugalandet-og-ryfylke",
    "staff": "nasjonalt",
    "applicant": "klynge.namdal",
    "reviewer": "fagfelle1",
}
EVERYBODY = ("visitor", "coordinator", "staff")
MEMBERS = ("coordinator", "cluster", "staff", "applicant")


def own_database(times, *, rebuild):
    """Point DATABASE_URL at the benchmark's own database, made if it is not there. Returns whether it was made."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"ksf_pages_{times}"
    with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
        if rebuild:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        is_there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not is_there:
            server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    redis = os.environ["REDIS_URL"]
    os.environ["REDIS_URL"] = f"{redis}{'&' if '?' in redis else '?'}db={5 if times == 1 else 6}"
    return not is_there


def build(times):
    from django.core.management import call_command

    from benchmarks.growth import grow

    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    grow(times=times)
    print(f"built in {time.perf_counter() - start:.0f} s\n")


def pages():  # noqa: PLR0915
    """Name, address and who asks for it."""
    from django.urls import reverse

    from clusters.models import Cluster
    from grants.models import Application, Call, Review
    from ksf.accounts.models import Visitor
    from needs.models import KnowledgeNeed
    from needs.research.models import ResearchProject, ResearchQuestion
    from needs.rounds.models import Round
    from reporting.models import RegionalReport

    call = Application.objects.under_review().order_by("pk").first().call
    open_call = Call.objects.filter(state="published").first()
    under_review = call.applications.under_review().order_by("pk").first()
    draft, awarded = Application.objects.in_draft().get(cluster__slug="namdal"), Application.objects.awarded().first()
    need = KnowledgeNeed.objects.published().with_support().order_by("-support", "pk").first()
    cluster = Cluster.objects.get(slug="haugalandet-og-ryfylke")
    report = RegionalReport.objects.filter(region__slug="vest").order_by("-year").first()
    review = Review.objects.filter(reviewer__email__startswith="fagfelle1", state="handed_in").first()

    yield "front", "/", EVERYBODY
    yield "about", reverse("about"), ("visitor",)
    yield "my_page", reverse("my_page"), (*MEMBERS, "reviewer")
    yield "network", reverse("network"), EVERYBODY
    yield "network, a year ago", f"{reverse('network')}?dato=2025-11-01", ("visitor",)
    yield "region", reverse("region", args=["vest"]), EVERYBODY
    yield "cluster", cluster.get_absolute_url(), (*EVERYBODY, "cluster")
    yield "municipality", reverse("municipality", args=["1106"]), EVERYBODY
    yield "need_list", reverse("need_list"), EVERYBODY
    yield "need_list, searched", f"{reverse('need_list')}?q=barnevern", EVERYBODY
    yield "need_list, last page", f"{reverse('need_list')}?side=99999", ("visitor",)
    yield "need", need.get_absolute_url(), (*EVERYBODY, "cluster")
    yield "need_new", reverse("need_new"), ("coordinator",)
    yield "need_queue", reverse("need_queue"), ("coordinator", "staff")
    yield "question_list", reverse("question_list"), EVERYBODY
    yield "question", ResearchQuestion.objects.visible_to(Visitor()).first().get_absolute_url(), EVERYBODY
    yield "interest_list", reverse("interest_list"), ("coordinator",)
    yield "project_list", reverse("project_list"), EVERYBODY
    yield "project", ResearchProject.objects.visible_to(Visitor()).first().get_absolute_url(), EVERYBODY
    yield "round_list", reverse("round_list"), EVERYBODY
    yield "round", Round.objects.visible_to(Visitor()).order_by("pk").first().get_absolute_url(), EVERYBODY
    yield "call_list", reverse("call_list"), EVERYBODY
    yield "call, open", open_call.get_absolute_url(), (*EVERYBODY, "cluster")
    yield "call, 60 applications", call.get_absolute_url(), EVERYBODY
    yield "application_list", reverse("application_list"), MEMBERS
    yield "application_list, filtered", f"{reverse('application_list')}?call={call.slug}", ("staff",)
    yield "application, draft", draft.get_absolute_url(), ("applicant", "staff")
    yield "application, in review", under_review.get_absolute_url(), ("staff",)
    yield "application_eligibility", reverse("application_eligibility", args=[draft.pk]), ("applicant",)
    yield "application_submit", reverse("application_submit", args=[draft.pk]), ("applicant",)
    yield "application_decision", reverse("application_decision", args=[awarded.pk]), ("staff",)
    yield "review_list", reverse("review_list"), ("reviewer",)
    yield "review", reverse("review", args=[review.pk]), ("reviewer",)
    yield "review_overview", reverse("review_overview", args=[call.slug]), ("staff",)
    yield "allocation", reverse("allocation", args=[call.slug]), ("staff",)
    yield "proposal", reverse("proposal", args=[awarded.call.slug]), ("staff",)
    yield "award_list", reverse("award_list", args=[awarded.call.slug]), EVERYBODY
    yield "reporting", reverse("reporting"), EVERYBODY
    yield "reporting_indicators", reverse("reporting_indicators"), EVERYBODY
    yield "regional_report", reverse("regional_report", args=[report.year, "vest"]), ("coordinator", "staff")
    yield "plan", reverse("plan", args=[report.year, "vest"]), ("coordinator", "staff")
    yield "account", reverse("account"), ("coordinator",)
    yield "people", reverse("people"), ("coordinator", "staff")
    yield "document_control", reverse("document_control", args=[awarded.award.letter.number]), ("staff",)
    yield "needs as CSV", f"{reverse('need_list')}?format=csv", ("visitor", "staff")
    yield "applications as CSV", f"{reverse('application_list')}?format=csv", ("staff",)
    yield "network as CSV", f"{reverse('network')}?format=csv", ("visitor",)


def asked_for():
    """Name, reader, their account and the address of every page, for ``compare.py``."""
    return [(name, who, PEOPLE[who] or "", path) for name, path, readers in pages() for who in readers]


def client_of(who):
    from django.test import Client

    from ksf.accounts.models import User

    client = Client(SERVER_NAME="localhost")
    if PEOPLE[who]:
        client.force_login(User.objects.get(email=f"{PEOPLE[who]}@ksf.example"))
    return client


def measured(client, path):
    """Queries, CPU in ms, wall clock in ms, bytes and status of a page that was asked for before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(client, path)
    with CaptureQueriesContext(connection) as queries:
        response, size = ask(client, path)
        count = len(queries)
    spent, waited = [], []
    for _time in range(TIMES):
        start, clock = time.process_time(), time.perf_counter()
        ask(client, path)
        spent.append((time.process_time() - start) * 1000)
        waited.append((time.perf_counter() - clock) * 1000)
    return response, count, statistics.median(spent), statistics.median(waited), size


def ask(client, path, **headers):
    response = client.get(path, headers=headers or None)
    size = sum(map(len, response)) if response.streaming else len(response.content)
    return response, size


def conditional(client, path, etag):
    """Whether the page answers 304, and the CPU in ms that took."""
    start = time.process_time()
    response, _size = ask(client, path, **{"if-none-match": etag})
    return response.status_code == 304, (time.process_time() - start) * 1000


def line(name, who, path):
    from django.test import override_settings

    client = client_of(who)
    with override_settings(VISITORS_PAGE_SECONDS=0):
        response, queries, made, clock, size = measured(client, path)
    cpu = measured(client, path)[2] if who == "visitor" else made
    is_export = response.streaming
    most_queries, most_cpu = BUDGET["visitor" if who == "visitor" else "signed in"]
    again = ""
    is_over = [] if response.status_code == 200 else [f"status {response.status_code}"]
    if who == "visitor" and not is_export:
        is_same, spent = conditional(client, path, response.headers.get("ETag", ""))
        again = f"{spent:.0f} ms" if is_same else "no"
        is_over += [] if is_same else ["no 304"]
    is_over += ["queries"] if queries > most_queries else []
    is_over += ["CPU"] if cpu > most_cpu and not is_export else []
    print(
        f"{name:24} {who:12} {queries:7} {cpu:7.1f} {made:7.1f} {clock:7.1f} {size / 1024:7.0f}  {again:7}",
        ", ".join(is_over),
        flush=True,
    )
    return bool(is_over)


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--times", type=int, default=1)
    reader.add_argument("--rebuild", action="store_true")
    reader.add_argument("--only", default="", help="pages whose name contains this")
    reader.add_argument("--who", default="", help="only as this reader")
    reader.add_argument("--profile", action="store_true", help="where the CPU goes")
    reader.add_argument("--sql", action="store_true", help="the queries themselves")
    chosen = reader.parse_args()
    embedded.ensure(durable=False)
    is_new = own_database(chosen.times, rebuild=chosen.rebuild)
    django.setup()
    from django.core.management import call_command

    if is_new:
        build(chosen.times)
    call_command("migrate", verbosity=0)
    print(f"{'page':24} {'reader':12} queries  CPU ms    made      ms      kB  304     over budget")
    over = total = 0
    for name, path, readers in pages():
        for who in readers:
            if chosen.only not in name or chosen.who not in who:
                continue
            total += 1
            over += line(name, who, path)
            if chosen.sql:
                show_queries(client_of(who), path)
            if chosen.profile:
                show_profile(client_of(who), path)
    print(f"\n{total - over} of {total} within the budget")


def show_queries(client, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(client, path)
    with CaptureQueriesContext(connection) as queries:
        ask(client, path)
    for query in queries:
        print("   ", query["time"], " ".join(query["sql"].split())[: int(os.environ.get("WIDTH", "200"))])


def show_profile(client, path):
    ask(client, path)
    profile = cProfile.Profile()
    profile.enable()
    for _time in range(TIMES):
        ask(client, path)
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
