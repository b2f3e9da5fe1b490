"""Long work with needs: looking through a file's needs for what may be the same, and the PDF of one need."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ksf import jobs, renderings
from ksf.jobs import Effect, Progress
from ksf.jobs.models import Job
from needs.documents import Documentation
from needs.models import KnowledgeNeed
from needs.rules.likeness import keep_likenesses, likely_the_same


@jobs.handler("needs.likenesses")
def find_likenesses_of_import(job: Job, progress: Progress) -> Effect:
    """Find what may be the same as the needs of a file, for the coordinators' work queue (N4)."""
    needs = list(KnowledgeNeed.objects.findable().filter(pk__in=job.params["needs"]))
    found = {}
    for place, need in enumerate(needs):
        found[need.pk] = likely_the_same(need)
        if place % 20 == 0:
            progress(100 * place // len(needs), _("Comparing the needs with those that are there"))

    def effect() -> dict[str, Any]:
        pks = {*found, *(pk for near in found.values() for pk, _score in near)}
        there = set(KnowledgeNeed.objects.findable().filter(pk__in=pks).values_list("pk", flat=True))
        kept = {pk: [row for row in near if row[0] in there] for pk, near in found.items() if pk in there}
        return {"pairs": keep_likenesses(kept)}

    return effect


@renderings.maker(Documentation.KIND)
def make_documentation(params: dict[str, Any]) -> tuple[str, bytes]:
    """The documentation of a need as it is now (N13)."""
    need = KnowledgeNeed.objects.with_place().get(pk=params["need"])
    written = Documentation(need, params["language"], all_wordings=params["all_wordings"])
    return written.version, written.pdf()
