"""Somebody who comes to every address as if for the first time."""

import pickle

from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from ksf.accounts.backends import AccountBackend

BACKEND = "tests.crawl.visitor.KeptAccounts"
QUERIES_FOR_THE_PERSON = 1
"""What a page asks for besides, when the person is not kept; shown in ``test_who_may``."""


class KeptAccounts(AccountBackend):
    """Reads each person once; every request gets a copy of its own, as fresh as one read for it."""

    kept: dict[int, bytes] = {}

    def get_user(self, user_id):
        if user_id not in self.kept:
            self.kept[user_id] = pickle.dumps(super().get_user(user_id))
        return pickle.loads(self.kept[user_id])  # noqa: S301  our own bytes


class Visitor:
    """Sends the session in its cookies, keeps nothing of the answers, and passes the test client by.

    The client copies the context of every template that is rendered, which takes longer than the page.
    """

    handler = ClientHandler(enforce_csrf_checks=False)

    def __init__(self, user=None) -> None:
        client = Client()
        if user:
            client.force_login(user, backend=BACKEND)
        cookies = client.cookies.output(attrs=[], header="", sep=";").strip()
        self.requests = RequestFactory(headers={"cookie": cookies} if cookies else {})

    def get(self, url) -> HttpResponse:
        return self.handler(self.requests.get(url).environ)

    def post(self, url, data, headers=None) -> HttpResponse:
        return self.handler(self.requests.post(url, data, headers=headers).environ)
