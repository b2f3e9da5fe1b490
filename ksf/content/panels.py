"""The latest news on the front page (P1)."""

from ksf import panels
from ksf.content.models import NewsItem
from ksf.web.requests import Request

SHOWN = 3


@panels.on("front", order=5)
def latest_news(_request: Request, _subject: None) -> panels.Panel | None:
    items = list(NewsItem.objects.published()[:SHOWN])
    return panels.Panel("content/news_panel.html", {"items": items}, place="aside") if items else None
