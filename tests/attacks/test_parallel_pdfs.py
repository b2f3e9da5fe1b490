"""Sixteen ask for a PDF at once: others are answered meanwhile, and nothing is made in the web process (X11)."""

import threading
from http.client import HTTPConnection
from time import monotonic
from urllib.parse import urlsplit

import pytest

from ksf.documents.models import Rendering
from ksf.jobs.models import Job
from needs.lifecycle import NeedState
from tests.needs.factories import make_need

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16
PATIENCE_SECONDS = 20
"""Far less than sixteen PDFs took one after the other, and enough for a busy machine."""


def get(server, path):
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@pytest.mark.parametrize("how_many", [1, AT_ONCE], ids=["the same", "different ones"])
def test_sixteen_at_once(live_server, how_many):
    needs = [make_need(state=NeedState.PRIORITISED) for _one in range(how_many)]
    paths = [f"/behov/{needs[place % how_many].pk}/dokumentasjon/" for place in range(AT_ONCE)]
    get(live_server, "/")
    begin, statuses = threading.Barrier(AT_ONCE + 1), []

    def ask(path):
        begin.wait()
        statuses.append(get(live_server, path))

    threads = [threading.Thread(target=ask, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    begin.wait()
    started = monotonic()
    assert get(live_server, "/") == 200
    took = monotonic() - started
    for thread in threads:
        thread.join()
    assert statuses == [202] * AT_ONCE
    assert Job.objects.filter(kind="needs.documentation").count() == how_many
    assert not Rendering.objects.exists()
    assert took < PATIENCE_SECONDS
