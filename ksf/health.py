"""Whether the parts answer, for load balancers and people on watch."""

from typing import Any, Final

import psycopg
import redis
from celery import bootsteps
from celery.worker.consumer import Consumer
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ksf.web.requests import Request

OK: Final = "ok"
SILENT: Final = "no answer"
HEARTBEAT: Final = "ksf:worker-heartbeat"
HEARTBEAT_SECONDS: Final = 10
SILENCE_SECONDS: Final = 30
PATIENCE_SECONDS: Final = 2


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
    )


class Heartbeat(bootsteps.StartStopStep):
    """The worker's main process says that it lives, also while all its children work."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Consumer) -> None:
        self._beat()
        parent.timer.call_repeatedly(HEARTBEAT_SECONDS, self._beat)

    def _beat(self) -> None:
        with _redis() as client:
            client.set(HEARTBEAT, 1, ex=SILENCE_SECONDS)


def database() -> str:
    """Asked on a connection of its own: the pool of a silent database makes one wait longer than a watch does."""
    parameters = connection.get_connection_params() | {"connect_timeout": PATIENCE_SECONDS}
    try:
        with psycopg.connect(**parameters) as own:
            own.execute("SELECT 1")
    except psycopg.Error:
        return SILENT
    return OK


def broker_and_worker() -> tuple[str, str]:
    try:
        with _redis() as client:
            return OK, OK if client.exists(HEARTBEAT) else SILENT
    except redis.RedisError:
        return SILENT, SILENT


@login_not_required
@never_cache
@require_safe
def healthz(_request: Request) -> JsonResponse:
    """Answer 200 when all parts do, else 503; the body names each."""
    broker, worker = broker_and_worker()
    parts: dict[str, Any] = {"database": database(), "broker": broker, "worker": worker}
    return JsonResponse(parts, status=200 if set(parts.values()) == {OK} else 503)
