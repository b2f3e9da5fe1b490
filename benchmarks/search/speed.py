"""Prints how long a similar-needs question and a search take among 5 000 and 100 000 needs in PostgreSQL.

Run from the project's root: ``python benchmarks/search/speed.py [numbers of needs]``. It makes a database of its
own and drops it again. The needs are put together from the labelled set: a title, sentences of other needs.
"""

import itertools
import os
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("KSF_DEMO", "1")
os.environ.setdefault("SECRET_KEY", "for-benchmarks-only")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")

import django

from local import embedded

embedded.ensure(durable=False)
django.setup()

from django.db import connection

from benchmarks.search import labelled
from needs.search import store
from needs.search.models import NeedIndex

TIMES = 2


def texts(seed=1):
    """Endless invented needs, as (id, title, text)."""
    rng = random.Random(seed)
    needs = labelled.first().needs
    titles = [need.title for need in needs]
    sentences = [sentence.strip() for need in needs for sentence in need.text.split(". ")]
    for pk in itertools.count(1):
        one, other = rng.choice(titles), rng.choice(titles)
        title = one if rng.random() < 0.5 else f"{one.split(':')[0]} og {other.split(':')[-1].strip().lower()}"
        yield pk, title, ". ".join(rng.sample(sentences, 4))


def measure(answer, questions):
    """Median, 95th percentile and longest time in ms, and the processor time of this process and the database."""
    taken, used = [], []
    before = database_time()
    for question in questions * TIMES:
        start, cpu = time.perf_counter(), time.process_time()
        answer(question)
        taken.append((time.perf_counter() - start) * 1000)
        used.append((time.process_time() - cpu) * 1000)
    database = (database_time() - before) * 1000 / len(taken)
    return *spread(taken), *spread(used), database


def spread(values):
    values.sort()
    return statistics.median(values), values[int(len(values) * 0.95)], values[-1]


def database_time():
    """Seconds of processor time the database's process of this connection has used."""
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    sizes = [int(size) for size in sys.argv[1:]] or [5_000, 100_000]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        source, made = texts(), 0
        for size in sizes:
            start, cpu = time.perf_counter(), time.process_time()
            store.index_many(itertools.islice(source, size - made))
            made = size
            store.refresh_statistics()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            took, cpu = time.perf_counter() - start, time.process_time() - cpu
            print(f"\n{size} needs (indexed in {took:.0f} s, {cpu:.0f} s CPU)")
            print(f"  {'ms':24}    median   95 %  longest | CPU    median   95 %  longest  and in the database, mean")
            labels = labelled.first()
            drafts = labels.needs[::4]
            queries = [query.text for query in labels.queries] + labels.nonsense
            for name, answer, questions in (
                (
                    "similar, a whole need",
                    lambda need: store.similar(need.title, need.text, among=NeedIndex.objects.all()),
                    drafts,
                ),
                ("similar, a title", lambda need: store.similar(need.title, among=NeedIndex.objects.all()), drafts),
                ("search", lambda query: store.search_needs(query, among=NeedIndex.objects.all()), queries),
                (
                    "search, being typed",
                    lambda query: store.search_needs(query, among=NeedIndex.objects.all()),
                    [q[:-2] for q in queries],
                ),
            ):
                row = "{:10.0f}{:7.0f}{:9.0f} |    {:10.0f}{:7.0f}{:9.0f}{:26.0f}".format(*measure(answer, questions))
                print(f"  {name:24}{row}", flush=True)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
