"""What the database refuses, said in words at the field it is about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

Explanation = tuple[str, Callable[[], str]]


@contextmanager
def explained(explanations: dict[str, Explanation]) -> Iterator[None]:
    """Turn a refusal by one of these constraints into a ValidationError.

    ``explanations`` maps a constraint's name to a field and a function that gives the text. It is called after the
    refused statements are undone, so that it can look up what stood in the way. Other refusals pass on unchanged.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in explanations:
            raise
        field, explain = explanations[name]
        raise ValidationError({field: explain()}) from error
