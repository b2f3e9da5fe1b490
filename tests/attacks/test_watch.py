"""What those on watch are shown, and that it holds nothing about persons (X7)."""

import json
import logging
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sentry_sdk
from django.test import Client
from django.utils import timezone
from sentry_sdk.transport import Transport

from ksf import counting, reports
from ksf.jobs.models import Job
from ksf.logs import JsonFormatter, request_id
from tests.ksf.factories import make_user

ROOT = Path(__file__).resolve().parents[2]
PERSON = "kari.nordmann@kommune.example"
NAME = "Kari Nordmann"


def figure(text, name):
    return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE).group(1))


@pytest.mark.django_db
class TestMetrics:
    def test_figures(self, client):
        Job.objects.create(kind="grants.letters", requested_by=make_user(PERSON))
        before = figure(client.get("/metrics").text, 'ksf_requests_total{status="4xx"}')
        client.get("/finnes-ikke/")
        answer = client.get("/metrics")
        assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
        assert figure(answer.text, 'ksf_requests_total{status="4xx"}') == before + 1
        assert figure(answer.text, 'ksf_jobs{state="queued"}') == 1
        assert figure(answer.text, 'ksf_job_oldest_seconds{state="queued"}') >= 0
        assert figure(answer.text, "ksf_broker_up") == 1
        assert figure(answer.text, 'ksf_queue_length{queue="solver"}') >= 0
        assert figure(answer.text, 'ksf_request_seconds_bucket{le="+Inf"}') == figure(
            answer.text, "ksf_request_seconds_count"
        )
        assert PERSON not in answer.text

    def test_without_redis(self, client, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert figure(client.get("/metrics").text, "ksf_broker_up") == 0

    @pytest.mark.parametrize(
        "asked",
        [{"REMOTE_ADDR": "192.0.2.1"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=127.0.0.1"}],
    )
    def test_not_for_strangers(self, asked):
        assert Client(**asked).get("/metrics").status_code == 404

    def test_token(self, settings):
        settings.METRICS_TOKEN = "long-and-random"
        assert Client().get("/metrics").status_code == 404, "the machine itself needs it too"
        asked = Client(REMOTE_ADDR="192.0.2.1")
        assert asked.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
        assert asked.get("/metrics", headers={"Authorization": "Bearer long-and-random"}).status_code == 200


def test_processes_are_counted_together():
    before = counting.totals()[0][2]
    child = os.fork()
    if child == 0:
        counting.use_slot(5)
        counting.note(200, 0.01)
        os._exit(0)
    os.waitpid(child, 0)
    assert counting.totals()[0][2] == before + 1


class TestLog:
    def test_a_line_is_json_with_the_id_of_the_request(self):
        token, error = request_id.set("abc12345"), ValueError("two\nlines")
        try:
            raised = (type(error), error, None)
            record = logging.LogRecord("ksf", logging.ERROR, "", 0, "failed: %s", ("x\ny",), raised)
            line = JsonFormatter().format(record)
        finally:
            request_id.reset(token)
        assert "\n" not in line
        kept = json.loads(line)
        assert (kept["request"], kept["level"], kept["message"]) == ("abc12345", "ERROR", "failed: x\ny")
        assert "ValueError" in kept["error"]

    @pytest.mark.django_db
    def test_the_answer_carries_the_id(self, client):
        assert client.get("/om/", headers={"X-Request-ID": "proxy-0123456789"})["X-Request-ID"] == "proxy-0123456789"
        made = client.get("/om/", headers={"X-Request-ID": 'x" {"level": "forged'})["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", made)


class FakeTransport(Transport):
    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent += [item.payload.json for item in envelope.items]


@pytest.mark.django_db
def test_reports_hold_nothing_about_a_person(client, monkeypatch):
    transport, user = FakeTransport(), make_user(PERSON, name=NAME)
    client.force_login(user)
    reports.start("https://key@errors.example/1", transport=transport)

    def fail(*_args, **_kwargs):
        raise RuntimeError(f"Kunne ikke sende til {PERSON}, 01017012345, tlf. 41 23 45 67")

    monkeypatch.setattr("ksf.web.language.LanguageMiddleware.__call__", fail)
    client.raise_request_exception = False
    try:
        client.post(f"/behov/nytt/?epost={PERSON}", {"title": NAME, "contact": PERSON})
        sentry_sdk.flush()
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.init()
    sent = json.dumps(transport.sent)
    assert "Kunne ikke sende til [address], [number], tlf. [number]" in sent
    for personal in (PERSON, NAME, client.cookies["sessionid"].value):
        assert personal not in sent


def test_without_an_address_nothing_is_loaded():
    shown = "import sys; from ksf import reports; reports.start(''); print('sentry_sdk' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", shown], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


def test_ci_writes_what_the_portal_is_made_of(tmp_path):
    file = tmp_path / "sbom.json"
    tool = Path(sys.executable).with_name("cyclonedx-py")
    command = [str(tool), "requirements", "requirements/base.txt", "--output-format", "JSON", "-o", str(file)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    parts = json.loads(file.read_text(encoding="utf-8"))
    pinned = re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==", (ROOT / "requirements/base.txt").read_text("utf-8"), re.MULTILINE
    )
    assert parts["bomFormat"] == "CycloneDX"
    assert {part["name"] for part in parts["components"]} == set(pinned)
    assert "make sbom" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.django_db
class TestSignposts:
    def test_where_to_report_a_hole(self, client, settings):
        text = client.get("/.well-known/security.txt").text
        assert f"Contact: mailto:{settings.CONTACT_EMAIL}\n" in text
        expires = datetime.fromisoformat(re.search(r"Expires: (\S+)", text).group(1))
        assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)

    def test_what_search_engines_leave_alone(self, client):
        text = client.get("/robots.txt").text
        assert "Disallow: /konto/" in text
        assert "Disallow: /\n" not in text


def test_the_web_server_reads_its_configuration_before_django_is_set_up():
    given = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "gunicorn", "--check-config", "-c", "deploy/gunicorn.py", "ksf.wsgi"]
    answer = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
