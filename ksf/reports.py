"""Reports of errors to whoever runs the portal, by ``SENTRY_DSN``, without anything about a person (X7)."""

import re
from typing import Any, Final

from ksf.logs import request_id

#: Addresses, national identity numbers and telephone numbers; what stands for them.
PERSONAL: Final = (
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "[address]"),
    (re.compile(r"(?<!\d)\d{6} ?\d{5}(?!\d)"), "[number]"),
    (re.compile(r"(?<!\d)(\+47 ?)?\d{2} ?\d{2} ?\d{2} ?\d{2}(?!\d)"), "[number]"),
)
#: Of a request, only these are sent on. Its address may hold a name or a token that lets somebody in.
KEPT_OF_REQUEST: Final = frozenset({"method"})

Event = Any  # Sentry's own, as JSON; its type is known only where Sentry is loaded


def start(dsn: str, **options: Any) -> None:
    """Send errors from now on; ``options`` are Sentry's. Without an address nothing is loaded."""
    if not dsn:
        return
    import sentry_sdk  # noqa: PLC0415  loaded only where it is used

    sentry_sdk.init(
        dsn=dsn,
        include_local_variables=False,  # a form's fields would be among them
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=scrub,
        traces_sample_rate=0,
        **options,
    )


def scrub(event: Event, _hint: Event) -> Event:
    """The event without who it happened to and what they wrote."""
    for name in ("user", "breadcrumbs", "extra", "server_name"):
        event.pop(name, None)
    if "request" in event:
        event["request"] = {name: value for name, value in event["request"].items() if name in KEPT_OF_REQUEST}
    event.get("contexts", {}).pop("response", None)
    event.setdefault("tags", {})["request"] = request_id.get()
    return {name: _without_persons(value) for name, value in event.items()}


def _without_persons(value: Any) -> Any:  # Any: a part of JSON
    if isinstance(value, str):
        for pattern, stands_for in PERSONAL:
            value = pattern.sub(stands_for, value)
        return value
    if isinstance(value, dict):
        return {name: _without_persons(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_persons(item) for item in value]
    return value
