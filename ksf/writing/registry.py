"""Which objects have long texts whose earlier versions are kept, and who may read and bring them back."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model
from django.utils.text import capfirst

from ksf.accounts.models import User

T = TypeVar("T", bound=Model)


class LongTexts(Generic[T]):
    """The long texts of one kind of object. Each app says of its own kinds what is asked here."""

    model: ClassVar[type[Model]]

    def find(self, pk: int) -> T | None:
        """The object, with what the answers below need."""
        found: T | None = self.model._default_manager.filter(pk=pk).first()  # type: ignore[assignment]  # noqa: SLF001
        return found

    def labels(self, user: User, row: T) -> Mapping[str, str]:
        """By field, what each text is called: those whose earlier versions ``user`` may read (X1)."""
        raise NotImplementedError

    def text(self, row: T, field: str) -> str:
        """What the text is now."""
        return str(getattr(row, field))

    def may_change(self, user: User, row: T, field: str) -> bool:
        """Whether the text is open to writing now, for ``user``."""
        raise NotImplementedError

    def change(self, row: T, field: str, text: str, *, by: User) -> None:
        """Save another text, as where it is written."""
        raise NotImplementedError

    def url(self, row: T, field: str) -> str:
        """Where the text is written or read."""
        raise NotImplementedError


#: By the object's name in the log. Any: each kind is asked about its own objects only.
Kinds = dict[str, LongTexts[Any]]
_kinds: Kinds = {}
C = TypeVar("C", bound=type[LongTexts[Any]])


def keeps_versions(texts: C) -> C:
    """Register the texts of a kind of object."""
    _kinds[texts.model._meta.label_lower] = texts()  # noqa: SLF001
    return texts


def kinds() -> Kinds:
    """All that are registered."""
    return _kinds


def labels_of(row: Model, *fields: str) -> dict[str, str]:
    """The columns' own names, with a capital letter."""
    return {field: capfirst(str(row._meta.get_field(field).verbose_name)) for field in fields}  # type: ignore[union-attr]  # noqa: SLF001
