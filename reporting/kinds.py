"""The kinds of documents this app seals, and who may open them."""

from ksf.actor import Actor
from ksf.documents import registry
from reporting import documents
from reporting.models import NationalReport, RegionalReport
from reporting.national import build


def may_open_regional(user: Actor, pk: int) -> bool:
    return RegionalReport.objects.visible_to(user).filter(pk=pk).exists()


def may_open_national(user: Actor, pk: int) -> bool:
    return NationalReport.objects.visible_to(user).filter(pk=pk).exists()


registry.register(documents.KIND, may_open_regional, prefix="R")
registry.register(build.KIND, may_open_national, prefix="N")
