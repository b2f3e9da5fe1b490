"""Copies the demo's rows inside the database until there are as many as the budgets speak of.

The copy ``g`` of a row gets the id ``id + g * STEP``, and so do the columns that point at what is copied with it.
"""

from django.db import connection, transaction

from grants.models import Application
from needs.models import KnowledgeNeed
from needs.search import store

STEP = 1_000_000
CLUSTERS, NEEDS, APPLICATIONS = 60, 5_000, 300
OF_A_CALL = (
    "criterion", "question", "costcategory", "requiredattachment", "requireddeliverable", "plannedinstalment",
    "calltext",
)  # fmt: skip


class Copier:
    """Copies the demo's rows of a table once for every row of a series: ``g`` and what else the series says."""

    def __init__(self, cursor, series):
        self.cursor = cursor
        cursor.execute("DROP TABLE IF EXISTS series")
        cursor.execute(f"CREATE TEMP TABLE series ON COMMIT DROP AS {series}")

    def copy(self, table, *moved, of_call=(), where="true", key="id", **changed):
        """``moved`` columns follow the number of the copy, ``of_call`` that of its call; ``changed`` are SQL."""
        self.cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns = [name for (name,) in self.cursor.fetchall()]
        values = {name: f'"t"."{name}"' for name in columns}
        values |= {name: f"t.{name} + s.g * {STEP}" for name in (key, *moved)}
        values |= {name: f"t.{name} + s.call_g * {STEP}" for name in of_call}
        values |= changed
        names = ", ".join(f'"{name}"' for name in columns)
        self.cursor.execute(
            f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values[c] for c in columns)} "
            f"FROM {table} t CROSS JOIN series s WHERE t.{key} < {STEP} AND {where}"
        )


def grow(*, times=1):
    """Bring the demo to the size of the budgets, with ``times`` as many needs and applications."""
    with transaction.atomic(), connection.cursor() as cursor:
        _clusters(cursor)
        _needs(cursor, NEEDS * times)
        _research(cursor)
        _applications(cursor, APPLICATIONS * times)
    store.refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _clusters(cursor):
    copier = Copier(cursor, "SELECT generate_series(1, 2) AS g")
    copier.copy(
        "clusters_cluster", slug="t.slug || '-' || s.g", name="t.name || ' ' || s.g",
        sort_key="t.sort_key || ' ' || s.g",
    )  # fmt: skip
    copier.copy("clusters_clusterphase", "cluster_id")
    copier.copy("clusters_membership", "cluster_id")
    copier.copy("clusters_motorterm", "cluster_id", "membership_id")


def _needs(cursor, wanted):
    count = wanted // KnowledgeNeed.objects.count()
    places = "SELECT array_agg(id ORDER BY number) AS ids FROM regions_municipality WHERE upper_inf(period)"
    copier = Copier(cursor, f"SELECT generate_series(1::bigint, {count}) AS g, ({places}) AS ids")
    copier.copy(
        "needs_knowledgeneed",
        "merged_into_id",
        number=f"'G' || (t.id + s.g * {STEP})",
        external_id="NULL",
        draft_key="gen_random_uuid()",
        municipality_id="s.ids[1 + (t.id * 7 + s.g * 13) % cardinality(s.ids)]",
    )
    copier.copy("needs_textversion", "need_id")
    copier.copy("needs_endorsement", "need_id", "merged_from_id")
    copier.copy("needs_relation", "need_id", "other_id")
    copier.copy("needs_clarification", "need_id")
    copier.copy("needs_search_needindex", key="need_id")
    of_needs, moved_id = "t.subject_type = 'needs.knowledgeneed'", f"(t.subject_id::bigint + s.g * {STEP})::text"
    copier.copy("audit_auditentry", where=of_needs, subject_id=moved_id)


def _research(cursor):
    copier = Copier(cursor, "SELECT generate_series(1, 19) AS g")
    copier.copy("needs_research_researchproject")
    copier.copy("needs_research_participation", "project_id")
    for other in ("needs", "partners", "clusters"):
        copier.copy(f"needs_research_researchproject_{other}", "researchproject_id")
    copier.copy("needs_research_researchquestion")
    copier.copy("needs_research_questiontext", "question_id")
    copier.copy("needs_research_researchquestion_needs", "researchquestion_id")


def _applications(cursor, wanted):
    """One application from every cluster to the call under review, and to as many closed calls as it takes."""
    template = Application.objects.under_review().order_by("pk").first()
    calls = wanted // CLUSTERS - 1
    copier = Copier(cursor, f"SELECT generate_series(1::bigint, {calls}) AS g, 0 AS call_g")
    copier.copy(
        "grants_call", where=f"t.id = {template.call_id}", slug="t.slug || '-' || s.g",
        opens_at="t.opens_at - interval '1 year'", deadline_at="t.deadline_at - interval '1 year'",
    )  # fmt: skip
    for table in OF_A_CALL:
        copier.copy(f"grants_{table}", "call_id", where=f"t.call_id = {template.call_id}")
    copier = Copier(
        cursor,
        "SELECT row_number() OVER () AS g, call_g, c.id AS cluster_id "
        f"FROM generate_series(0::bigint, {calls}) AS call_g, clusters_cluster c WHERE call_g > 0 OR c.id NOT IN "
        f"(SELECT cluster_id FROM grants_application WHERE call_id = {template.call_id})",
    )
    copier.copy(
        "grants_application", of_call=["call_id"], where=f"t.id = {template.pk}",
        number="t.number || '-' || s.g", cluster_id="s.cluster_id",
    )  # fmt: skip
    _parts(copier, template.pk)


def _parts(copier, template):
    ours = f"t.application_id = {template}"
    copier.copy("grants_applicationmember", "application_id", where=ours)
    copier.copy("grants_budgetline", "application_id", of_call=["category_id"], where=ours)
    copier.copy("grants_answer", "application_id", of_call=["question_id"], where=ours)
    copier.copy("grants_attachment", "application_id", of_call=["requirement_id"], where=ours)
    documents = f"t.id IN (SELECT document_id FROM grants_submission t WHERE {ours})"
    copier.copy(
        "documents_document", "subject_id", where=documents, number="t.number || '-' || s.g",
        content="'\\x78'", size="1", sha256="encode(sha256('\\x78'), 'hex')",
    )  # fmt: skip
    copier.copy("grants_submission", "application_id", "document_id", where=ours)
    copier.copy("grants_review", "application_id", where=ours)
    reviews = f"t.review_id IN (SELECT id FROM grants_review t WHERE {ours})"
    copier.copy("grants_score", "review_id", of_call=["criterion_id"], where=reviews)
