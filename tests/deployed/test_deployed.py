"""A site as it is put into production: one signs in through the proxy, and what must not go does not (X8, X11)."""

import re
from urllib.parse import urlencode

import psycopg
import pytest

from tests.deployed.site import Visitor

PASSWORD = "fjorden er stille om morgenen"
PERSON = f"""
from ksf.accounts.models import User
from ksf.people.services import prove_address
person = User.objects.create_user("kontakt@ksf.example", {PASSWORD!r}, name="FoU-kontakt")
prove_address(person)
"""


def test_a_person_signs_in_through_the_proxy(site):
    site.manage("shell", "-v0", "-c", PERSON)
    browser = Visitor(site.address)
    form = browser.ask("/konto/login/")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.text))
    sent = hidden | {"login": "kontakt@ksf.example", "password": PASSWORD}
    page = browser.ask("/konto/login/", urlencode(sent).encode())
    assert page.status == 200
    assert "Logg ut" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Secure" in str(form.headers.get("Set-Cookie"))


def test_pages_come_with_their_files_and_headers(site):
    front = site.ask("/")
    assert front.status == 200
    assert front.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "script-src 'self'" in front.headers["Content-Security-Policy"]
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', front.text))
    assert len(files) > 1
    for path in files:
        answer = site.ask(path)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True), path
    assert [site.ask(path).status for path in ("/robots.txt", "/.well-known/security.txt")] == [200, 200]


def test_every_part_answers(site):
    assert site.ask("/healthz").text.count('"ok"') == 3


def test_the_portal_s_role_alters_no_table_and_forges_no_log(site):
    with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as app:
        for attempt in (
            "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
            "DELETE FROM audit_auditentry",
            "DROP TABLE grants_award",
            "CREATE TABLE smuglet (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(attempt)
    assert "--strict" in site.manage("verify_audit", "--help")
    site.manage("verify_audit", "--strict")


def test_too_much_is_stopped_by_the_proxy(site):
    answer = site.ask("/konto/login/", b"0" * 16_000_000)
    assert answer.status in {413, 0}  # 0: the proxy hung up while it was being sent
    assert "<html" not in answer.text  # the portal, whose 413 is a page, was never asked


def test_while_the_portal_is_replaced_a_page_says_so(site):
    command = list(map(str, site.running["web"].args))
    site.stop("web")
    away = site.ask("/")
    assert (away.status, away.headers["Retry-After"]) == (503, "30")
    assert "Portalen svarer ikke" in away.text
    site.start("web", *command)
    site.wait_until(lambda: site.ask("/healthz").status == 200)
