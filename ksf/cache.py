"""The cache: Redis, and the process's own memory while Redis gives no answer (X11).

What is counted in it, such as attempts to sign in, is then counted by each process for itself. Nothing in the cache is
lost by being forgotten.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ksf.silence import Silence

#: Seconds to wait for Redis. Within one machine or rack it answers in less than a thousandth of that.
PATIENCE_SECONDS = 1

silence = Silence()  # Django makes a cache for each thread

logger = logging.getLogger(__name__)


class SteadyCache(BaseCache):
    """Answers from Redis, or from memory when Redis is silent. It never raises for Redis' sake."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS,
            "retry": Retry(NoBackoff(), 0),  # asked once: redis-py would try several times, each as patiently
        }
        self._redis = RedisCache(server, {**params, "OPTIONS": options})
        self._memory = LocMemCache(server, params)

    def _ask(self, question: Callable[[BaseCache], Any]) -> Any:  # what the cache keeps is of any type
        if not silence.is_on:
            try:
                return question(self._redis)
            except RedisError as error:
                silence.begin()
                logger.warning("Redis does not answer, so each process keeps its own for a while: %s", error)
        return question(self._memory)

    def add(self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask(lambda cache: cache.add(key, value, timeout, version)))

    def get(self, key: str, default: object = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask(lambda cache: cache.touch(key, timeout, version)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask(lambda cache: cache.delete(key, version)))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask(lambda cache: cache.incr(key, delta, version)))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask(lambda cache: cache.has_key(key, version)))

    def clear(self) -> None:
        self._ask(lambda cache: cache.clear())
