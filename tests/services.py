"""Starts the database and the broker for the test run, before Django's settings are read."""

import os
from pathlib import Path

from ksf import embedded

os.environ.setdefault("KSF_HOME", str(Path(__file__).resolve().parent.parent / ".ksf-test"))
os.environ.setdefault("SECRET_KEY", "for-tests-only")
os.environ.setdefault("KSF_DEMO", "1")
os.environ.setdefault("SITE_URL", "http://testserver")
embedded.ensure()
