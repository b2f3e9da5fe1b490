import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.test import Client
from django.urls import reverse

from ksf import health

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def broker(settings):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(health.HEARTBEAT)
        yield client
        client.delete(health.HEARTBEAT)


def test_all_parts_answer(client, broker):
    broker.set(health.HEARTBEAT, 1)
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "worker": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_silent_worker(client, broker):
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "ok", "worker": "no answer"})


def test_silent_broker(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get(reverse("healthz"))
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "broker": "no answer", "worker": "no answer"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pool", [False, {"timeout": 10}])
def test_silent_database(broker, monkeypatch, pool):
    broker.set(health.HEARTBEAT, 1)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", pool)
    start = time.monotonic()
    answer = Client().get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (503, {"database": "no answer", "broker": "ok", "worker": "ok"})
    assert time.monotonic() - start < 10, "it waited for the pool"


def test_only_asked_for_not_posted(client):
    assert client.post(reverse("healthz")).status_code == 405


def test_a_worker_reports_itself(client, broker):
    command = [sys.executable, "-m", "celery", "-A", "ksf", "worker", "-P", "solo", "-Q", "nothing", "-l", "error"]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while client.get(reverse("healthz")).status_code != 200:
            assert worker.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait()
    assert 0 < broker.ttl(health.HEARTBEAT) <= health.SILENCE_SECONDS
