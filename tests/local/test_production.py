"""What serves a developer's machine is not loaded where addresses and secrets are given."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
START = """
import runpy, sys
sys.argv = ["manage.py", "check"]
runpy.run_path("manage.py", run_name="__main__")
import ksf.wsgi
from ksf.celery import app
app.loader.import_default_modules()
from django.urls import get_resolver
assert get_resolver().reverse_dict, "every page's module is loaded"
print([name for name in sys.modules if name.partition(".")[0] == "local"])
"""
GIVEN = {
    "SECRET_KEY": "given-by-whoever-runs-the-portal-and-long-enough-for-the-checks",
    "DATABASE_URL": "postgresql:///portal",
    "REDIS_URL": "redis://broker",
    "ALLOWED_HOSTS": "portal.ksf.example",
    "SECOND_FACTOR_KEYS": "for-this-test-only",
    "SITE_URL": "https://portal.ksf.example",
    "DEFAULT_FROM_EMAIL": "ksf@ksf.example",
    "MEDIA_ROOT": "/nowhere",
}
UNSET = {"KSF_DEMO", "KSF_HOME", "DJANGO_SETTINGS_MODULE", "STATIC_MANIFEST", "DEBUG"}


def test_production_loads_nothing_of_local():
    inherited = {name: value for name, value in os.environ.items() if name not in UNSET}
    started = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=inherited | GIVEN, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
    assert started.stdout.splitlines()[-1] == "[]"
