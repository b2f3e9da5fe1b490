"""Service areas: kept in a file, loaded into the table."""

from pathlib import Path

import yaml
from django.db import transaction

from needs.models import ServiceArea

FILE = Path(__file__).resolve().parent.parent / "data" / "service_areas.yaml"


@transaction.atomic
def load_service_areas() -> int:
    """Bring the table in line with the file; areas that are gone from it stay, since needs point to them."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["service_areas"]
    for row in rows:
        names = {f"name_{language}": row[language] for language in ("nb", "nn", "en")}
        ServiceArea.objects.update_or_create(code=row["code"], defaults={"order": row["order"], **names})
    return len(rows)
