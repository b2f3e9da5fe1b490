"""A browser is named as people know it, not by the line it sends."""

import pytest
from django.utils.translation import override

from ksf.web.browsers import browser_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/142.0 Safari/537.36", "Chrome, Linux"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.1; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox, Mac"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {WEBKIT} Version/18 Safari/604.1", "Safari, iPhone"),
        ("", "ukjent nettleser"),
        ("<script>alert(1)</script>", "ukjent nettleser"),
    ],
)
def test_browser_and_system(user_agent, name):
    with override("nb"):
        assert browser_name(user_agent) == name
