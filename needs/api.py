"""The open programming interface of needs: search and similar needs among those published (N2)."""

from typing import Any

from ninja import NinjaAPI, Query, Schema
from pydantic import Field

from ksf.web import limits
from ksf.web.requests import Request
from needs.models import KnowledgeNeed
from needs.search import store
from needs.services.finding import ranked

api = NinjaAPI(
    title="KSF",
    version="1",
    description="Published knowledge needs of the municipalities: open to all, without signing in.",
    urls_namespace="api",
    docs_url=None,
)


class Found(Schema):
    """One need, with how well it fits: 0 to 1."""

    id: int
    external_id: str | None
    title: str
    score: float


class SearchResults(Schema):
    """At most ``limit`` needs, best first, and a count."""

    items: list[Found]
    count: int = Field(
        description=(
            "Search: how many published needs answer the query in all (at most 1,000), also those beyond the limit; "
            "without a query all published needs. Similar: how many items there are."
        )
    )


@api.get("needs/", response=SearchResults, summary="Search in published needs")
def search(request: Request, q: str = "", limit: int = Query(20, ge=1, le=100)) -> dict[str, Any]:
    """Answer a query, best first; without one, the newest, with score 0. A query that means nothing has no items.

    Of ``q`` the first 2,000 characters are read. A ``limit`` that is no number from 1 to 100 is answered with 422.
    """
    limits.count(request, "search")
    published = KnowledgeNeed.objects.published()
    if not q.strip():
        newest = published.in_order()
        return {"items": [_item(need, 0.0) for need in newest[:limit]], "count": newest.count()}
    scored, count = store.search_needs(q, among=published, limit=limit)
    return {"items": [_scored(need) for need in ranked(published, scored)], "count": count}


@api.get("needs/similar/", response=SearchResults, summary="Published needs like a title and text")
def similar(
    request: Request,
    title: str = "",
    text: str = "",
    limit: int = Query(20, ge=1, le=100),
) -> dict[str, Any]:
    """Find needs that ask much the same, nearest first. Without a title the text's beginning stands for it.

    Of ``title`` the first 2,000 characters are read, of ``text`` the first 20,000.
    """
    limits.count(request, "search")
    published = KnowledgeNeed.objects.published()
    found = ranked(published, store.similar(title if title.strip() else text[:200], text, among=published, limit=limit))
    return {"items": [_scored(need) for need in found], "count": len(found)}


def _scored(need: KnowledgeNeed) -> dict[str, Any]:
    return _item(need, need.score)


def _item(need: KnowledgeNeed, score: float) -> dict[str, Any]:
    return {"id": need.pk, "external_id": need.external_id, "title": need.title, "score": score}
