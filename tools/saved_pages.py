"""A plugin of pytest: every page that the permission crawl reads is kept in the folder ``SAVED_PAGES``, a file each.

Used by ``tools/compare-pages``, in the checkout before and in the one after.
"""

import hashlib
import json
import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def saved_pages(monkeypatch):
    """The test client keeps what it is answered, under the address and who asked."""
    from django.test import Client  # noqa: PLC0415 - Django's settings are not read yet when a plugin is loaded

    folder, get = Path(os.environ["SAVED_PAGES"]), Client.get

    def kept(client, path, *args, **options):
        response = get(client, path, *args, **options)
        if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):  # noqa: PLR2004
            asked = {"address": path, "person": client.session.get("_auth_user_id", "")}
            name = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
            (folder / f"{name}.html").write_bytes(response.content)
            (folder / f"{name}.json").write_text(json.dumps(asked))
        return response

    monkeypatch.setattr(Client, "get", kept)
