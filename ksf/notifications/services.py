from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from ksf import broker
from ksf.notifications import links

if TYPE_CHECKING:  # apps read this before the registry of models is ready
    from ksf.accounts.models import User
    from ksf.notifications.models import Notice

DELIVER = "ksf.notifications.tasks.deliver"


def notify(
    user: "User | None",
    template: str,
    context: dict[str, Any],
    *,
    url: str = "",
    urgent: bool = True,
    to: str = "",
    language: str = "",
    link: tuple[str, int] | None = None,
) -> "Notice":
    """Write one notice from ``mails/<template>.txt`` (first line the subject) in the recipient's language.

    ``user`` may be None when ``to`` and ``language`` are given. An urgent notice leaves as e-mail after the
    transaction unless the person has switched that off; the others go into the weekly summary. ``link`` is the kind
    and the key of a link that lets somebody in, which is made when the mail leaves.
    """
    to = to or (user.email if user else "")
    if not to:
        raise ValueError("A notice goes to a user or to an address.")
    language = language or (user.language if user else "") or "nb"
    shown_link = links.PLACE if link else f"{settings.SITE_URL}{url}" if url else ""
    with translation.override(language):
        text = render_to_string(f"mails/{template}.txt", {**context, "user": user, "link": shown_link}).strip()
    subject, _, body = text.partition("\n")
    notice = apps.get_model("notifications", "Notice").objects.create(
        user=user,
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body.strip(),
        url=url,
        language=language,
        link_kind=link[0] if link else "",
        link_to=link[1] if link else None,
        is_urgent=urgent and (user is None or user.wants_urgent_mail),
    )
    if notice.is_urgent:
        transaction.on_commit(partial(broker.send, DELIVER, notice.pk), robust=True)
    return notice
