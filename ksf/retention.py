"""For how long what is about people is kept (X7): rules as data, which one job carries out and a page lists."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ksf import audit
from ksf.accounts.models import User

logger = logging.getLogger(__name__)


class Ground(Enum):
    """Why it may be kept that long."""

    SECURITY = _("To find and stop misuse: GDPR article 6(1)(f) and article 32")
    TASK = _("To do what the portal is for: GDPR article 6(1)(e)")
    RIGHTS = _("To give you what you ask for: GDPR article 6(1)(c), with articles 12 and 15")
    NO_LONGER = _("No longer than needed: GDPR article 5(1)(e)")


Found = models.QuerySet | Sequence[Any]


def delete(found: "models.QuerySet[Any]") -> None:
    found.delete()


@dataclass(frozen=True)
class RetentionRule:
    """One kind of what is kept: ``what`` it is and from when the ``days`` are counted, and on which ground.

    ``old(before)`` finds what was there before that moment, ``remove`` takes it away. A rule without ``old`` is kept by
    another part of the portal, which has the same number of days from here or gives it to here.
    """

    code: str
    what: Promise
    days: int
    ground: Ground
    old: Callable[[datetime], Found] | None = None
    remove: Callable[[Any], None] = delete

    @property
    def period(self) -> str:
        """The days in words, for the page: ``90 days``."""
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days}


_rules: dict[str, RetentionRule] = {}


def rule(  # noqa: PLR0917  one row of a table
    code: str,
    what: Promise,
    days: int,
    ground: Ground,
    old: Callable[[datetime], Found] | None = None,
    remove: Callable[[Any], None] = delete,
) -> None:
    """Register a rule; each code once."""
    if code in _rules:
        raise ValueError(f"Two retention rules are called {code}.")
    _rules[code] = RetentionRule(code, what, days, ground, old, remove)


def rules() -> list[RetentionRule]:
    """All rules, what goes first before the rest."""
    return sorted(_rules.values(), key=lambda one: (one.days, one.code))


def days(code: str) -> int:
    """The days of one rule, for who says them in a sentence. Raises KeyError."""
    return _rules[code].days


def carry_out(*, dry_run: bool = False) -> dict[str, int]:
    """Take away what has been kept long enough; how many of each kind. A second run finds nothing more.

    Each rule is a transaction of its own: one that fails is in the log, and keeps no other from being carried out.
    """
    counts = {}
    for one in rules():
        if one.old is not None:
            try:
                counts[one.code] = _carry_out(one, one.old, dry_run=dry_run)
            except Exception:  # whatever it is: logged and reported, and the other rules are still carried out
                logger.exception("the retention rule %s failed", one.code)
    taken = {code: count for code, count in counts.items() if count}
    if taken and not dry_run:
        system = User.objects.system()
        audit.record("retention.carried_out", system, by=system, counts=taken)
    return counts


@transaction.atomic
def _carry_out(one: RetentionRule, old: Callable[[datetime], Found], *, dry_run: bool) -> int:
    found = old(timezone.now() - timedelta(days=one.days))
    count = found.count() if isinstance(found, models.QuerySet) else len(found)
    if count and not dry_run:
        one.remove(found)
    return count
