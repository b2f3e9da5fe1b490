from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from ksf.jobs import dispatch

if TYPE_CHECKING:  # apps read this before the registry of models is ready
    from ksf.accounts.models import User
    from ksf.jobs.models import Job


def request(
    kind: str,
    *,
    by: "User",
    title: str = "",
    subject: models.Model | None = None,
    key: str | None = None,
    next_url: str = "",
    **params: Any,
) -> "Job":
    """Ask for long work in the caller's transaction and return its Job; it starts when that commits.

    With a ``key`` the same work is never asked for twice: an unfinished or done job with the key is returned.
    """
    job_model = apps.get_model("jobs", "Job")
    fields = {
        "kind": kind,
        "title": title,
        "params": params,
        "requested_by": by,
        "key": key,
        "next_url": next_url,
        "subject_type": subject._meta.label_lower if subject else "",  # noqa: SLF001
        "subject_id": str(subject.pk) if subject else "",
    }
    try:
        with transaction.atomic():
            job = job_model.objects.create(**fields)
    except IntegrityError:
        return job_model.objects.exclude(state="failed").get(key=key)
    transaction.on_commit(partial(dispatch.send, job.pk, kind), robust=True)
    return job
