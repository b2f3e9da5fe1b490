"""Handing tasks to the broker, without waiting long for one that is silent (X11).

Whatever is handed over is in the database already, so a sweeper hands over again what the broker did not take.
"""

import json
from collections.abc import Iterable
from typing import Final

import redis
from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from ksf.silence import Silence

PATIENCE_SECONDS: Final = 1

silence = Silence()


class BrokerSilent(Exception):
    """The broker gave no answer. What was to be sent waits in the database."""


def client() -> "redis.Redis":
    """Redis, asked once and not for long."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def send(task: str, key: int, *, queue: str = "") -> None:
    """Put the task about the row ``key`` on its queue now. Raises BrokerSilent."""
    if silence.is_on:
        raise BrokerSilent
    options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        "max_retries": 0,
    }
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as connection:
            current_app.send_task(
                task,
                args=[key],
                task_id=name_of(task, key),
                queue=queue or settings.CELERY_TASK_DEFAULT_QUEUE,
                connection=connection,
                retry=False,
            )
    except (OperationalError, redis.RedisError, OSError) as error:
        silence.begin()
        raise BrokerSilent from error


def name_of(task: str, key: int) -> str:
    """What the message about that row is called on the queue, so that the sweeper finds it there."""
    return f"{task}-{key}"


def waiting_on(queues: Iterable[str]) -> set[str]:
    """The names of all messages that wait on the queues. Raises BrokerSilent."""
    try:
        with client() as broker:
            messages = [message for queue in queues for message in broker.lrange(queue, 0, -1)]
    except redis.RedisError as error:
        raise BrokerSilent from error
    return {json.loads(message)["headers"]["id"] for message in messages}


def lengths(queues: Iterable[str]) -> dict[str, int] | None:
    """How many messages wait on each queue; None when the broker is silent."""
    try:
        with client() as broker:
            return {queue: broker.llen(queue) for queue in queues}
    except redis.RedisError:
        return None


def answers() -> bool:
    """Whether the broker answers, or did so a moment ago."""
    if silence.is_on:
        return False
    try:
        with client() as broker:
            broker.ping()
    except redis.RedisError:
        silence.begin()
        return False
    return True
