"""The Celery application: long work, letters, mail and what goes by the clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")

app = Celery("ksf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("ksf.health:Heartbeat")
