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
    """Each page is kept as it is answered, under the address and who asked."""
    from django.core.handlers.base import BaseHandler  # noqa: PLC0415 - Django's settings are not read yet

    folder, get_response = Path(os.environ["SAVED_PAGES"]), BaseHandler.get_response

    def kept(handler, request):
        response = get_response(handler, request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if request.method == "GET" and response.status_code == 200 and is_page:  # noqa: PLR2004 - what everybody calls it
            asked = {"address": request.get_full_path(), "person": str(request.user.pk or "")}
            name = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
            (folder / f"{name}.html").write_bytes(response.content)
            (folder / f"{name}.json").write_text(json.dumps(asked))
        return response

    monkeypatch.setattr(BaseHandler, "get_response", kept)
