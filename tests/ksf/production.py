"""The settings as a production site's environment gives them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "for-this-test-only-and-long-enough-to-please-the-deployment-check",
    "SECOND_FACTOR_KEYS": "for-this-test-only",
    "ALLOWED_HOSTS": "portal.ksf.example",
    "SITE_URL": "https://portal.ksf.example",
    "DEFAULT_FROM_EMAIL": "ksf@ksf.example",
    "DATABASE_URL": "postgresql://ksf:p%40ss@db.example:5433/portal?sslmode=require",
    "REDIS_URL": "redis://broker.example:6379/0",
    "MEDIA_ROOT": "/var/lib/ksf/media",
}


def load(expression, without=(), **extra):
    """Print an expression of the settings, read in a process with a production site's environment."""
    environment = {name: value for name, value in (PRODUCTION | extra).items() if name not in without}
    return subprocess.run(
        [sys.executable, "-c", f"from ksf import settings; print({expression})"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
