"""Starts the database and the broker for the test run, before Django's settings are read.

Loaded with ``-p``. The first process starts the services; the workers of pytest-xdist get their addresses from its
environment, and a Redis database each, so that one worker's cache and queue are not another's.

With ``KSF_TEST_FAST=1`` nothing is started, and ``tests/conftest.py`` leaves out what needs it.
"""

import os
from pathlib import Path

from local import catalogues, embedded

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

os.environ["KSF_HOME"] = os.environ.get("KSF_TEST_HOME", str(ROOT / ".ksf-test"))
os.environ["KSF_DEMO"] = "1"
os.environ.setdefault("SECRET_KEY", "for-tests-only")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("STATIC_MANIFEST", "0")
os.environ["VISITORS_PAGE_SECONDS"] = "0"
FAST = os.environ.get("KSF_TEST_FAST") == "1"
if FAST:
    os.environ |= {"DATABASE_URL": "postgresql://not-started", "REDIS_URL": "unix:///not-started"}
else:
    embedded.ensure(durable=False)
if WORKER and not FAST:
    os.environ["REDIS_URL"] += f"?db={int(WORKER.removeprefix('gw')) + 1}"
if not WORKER:
    catalogues.compile_all(ROOT)
