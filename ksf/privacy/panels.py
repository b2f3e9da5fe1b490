"""On the privacy page: for how long things are kept and what is erased, from the rules that are carried out."""

from ksf import panels, personal, retention
from ksf.web.requests import Request


@panels.on("privacy")
def kept_and_erased(_request: Request, _subject: None) -> panels.Panel:
    context = {"rules": retention.rules(), "fates": personal.by_fate()}
    return panels.Panel("privacy/panel.html", context)
