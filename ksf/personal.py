"""What the portal holds about a person (X7): each app names its tables, and what becomes of them by an erasure.

A person gets all of it as a file (``ksf.privacy.download``), and the privacy page lists the kinds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from django.db.models import EmailField, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Person(Protocol):
    """Whom it is about."""

    @property
    def pk(self) -> int | None: ...
    @property
    def email(self) -> str: ...


class Fate(Enum):
    """What becomes of a kind when a person is erased, and why. None is deleted that the law says must be kept."""

    DELETED = _("Deleted")
    CASE = _(
        "Kept with role and number instead of your name: case work must be documented (the Archives Act, the Public"
        " Administration Act, GDPR article 17(3)(b) and (d))"
    )
    MONEY = _(
        "Kept with role and number instead of your name: decisions about state grants and what led to them must be"
        " documented (the rules on financial management in central government, GDPR article 17(3)(b))"
    )
    LOG = _(
        "Kept with role and number instead of your name, and without addresses: who did what must stay to be trusted"
        " (GDPR article 5(2) and article 32)"
    )


@dataclass(frozen=True)
class PersonalTable:
    """A table that names people. ``columns`` says in which columns, and what of the row each of them lets one have.

    A column is a relation to a person, the person's own key, or an e-mail address. Nobody gets more of a row than what
    they wrote or did themselves: to have decided something opens no case again (X1).
    """

    model: type[Model]
    columns: Mapping[str, tuple[str, ...]]

    def rows(self, person: Person) -> QuerySet[Any]:
        """The rows that name ``person``, in the order they were made."""
        about = Q()
        for column in self.columns:
            about |= self._is(column, person)
        return self.model._default_manager.filter(about).order_by("pk")  # noqa: SLF001

    def parts(self, row: Model, person: Person) -> Iterable[tuple[str, dict[str, Any]]]:
        """``(column, {field: value})`` for each column of ``row`` that names ``person``."""
        for column, fields in self.columns.items():
            if self._names(row, column, person):
                yield column, {field: getattr(row, field) for field in fields}

    def _is(self, column: str, person: Person) -> Q:
        return Q(**{f"{column}__iexact": person.email}) if self._is_address(column) else Q(**{column: person.pk})

    def _names(self, row: Model, column: str, person: Person) -> bool:
        if self._is_address(column):
            return str(getattr(row, column)).lower() == person.email
        return bool(row.serializable_value(column) == person.pk)

    def _is_address(self, column: str) -> bool:
        return isinstance(self.model._meta.get_field(column), EmailField)  # noqa: SLF001


@dataclass(frozen=True)
class PersonalKind:
    """Tables that belong together in people's eyes. ``code`` is the name of their file."""

    code: str
    title: Promise
    fate: Fate
    tables: tuple[PersonalTable, ...]


_kinds: dict[str, PersonalKind] = {}


def kind(code: str, title: Promise, fate: Fate, *tables: PersonalTable) -> None:
    """Register what an app holds about people; each code once."""
    if code in _kinds:
        raise ValueError(f"Two kinds of personal data are called {code}.")
    _kinds[code] = PersonalKind(code, title, fate, tables)


def kinds() -> list[PersonalKind]:
    """All kinds: first what is deleted with the person, then what is kept."""
    return sorted(_kinds.values(), key=lambda one: (one.fate is not Fate.DELETED, one.code))


def by_fate() -> list[tuple[Fate, list[PersonalKind]]]:
    """The kinds by what becomes of them, in the order of ``Fate``."""
    return [(fate, [kind for kind in kinds() if kind.fate is fate]) for fate in Fate]
