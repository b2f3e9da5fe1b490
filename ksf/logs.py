"""Log lines as JSON, each with the id of the request it came of, which the answer carries too."""

import json
import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponseBase

#: What a proxy may send as id; anything else is replaced, so that nobody writes lines of their own into the log.
ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: The id of the request that is being answered; empty outside one.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Give each request an id: the proxy's ``X-Request-ID``, or one of our own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        mine = given if ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(mine)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = mine
        return response


class JsonFormatter(logging.Formatter):
    """One line of JSON for each entry, also when it has a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get():
            line["request"] = current
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
