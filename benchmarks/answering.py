"""One checkout of the portal, answering what ``compare.py`` asks it: a line of JSON in, a line of JSON out.

Run with the checkout as working folder, which may be an older one: what is used here must be there too.
"""

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
os.environ |= {"KSF_DEMO": "1", "STATIC_MANIFEST": "0", "DJANGO_SETTINGS_MODULE": "ksf.settings"}

import django

django.setup()

from django.db import connection
from django.test import Client

from ksf.accounts.models import User

clients: dict[str, Client] = {}


def client_of(account):
    """The browser of ``account``, signed in; of a visitor when it is empty."""
    if account not in clients:
        clients[account] = Client(SERVER_NAME="localhost")
        if account:
            clients[account].force_login(User.objects.get(email=f"{account}@ksf.example"))
    return clients[account]


def asked(account, path):
    """Queries and milliseconds of the database for one answer, read to its end."""
    queries = []

    def note(execute, *query):
        start = time.perf_counter()
        try:
            return execute(*query)
        finally:
            queries.append(1000 * (time.perf_counter() - start))

    with connection.execute_wrapper(note):
        response = client_of(account).get(path)
        if response.streaming:
            for _part in response:
                pass
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return len(queries), sum(queries)


for line in sys.stdin:
    account, path = json.loads(line)
    cookies = client_of(account).cookies.output(attrs=[], header="", sep=";")
    print(json.dumps([cookies, *asked(account, path)]), flush=True)
