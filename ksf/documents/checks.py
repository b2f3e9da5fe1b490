"""Says before the first letter is due that its fonts are missing."""

from typing import Any

from django.core import checks

from ksf.documents import pdf


@checks.register
def fonts_are_installed(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A warning and not an error: the database can be migrated on a machine without them."""
    missing = pdf.missing_fonts()
    if not missing:
        return []
    return [
        checks.Warning(
            f"Fonts for documents are missing: {', '.join(map(str, missing))}.",
            hint="Run npm ci, or say in DOCUMENT_FONTS where the files of inter-ui are.",
            id="documents.W001",
        )
    ]
