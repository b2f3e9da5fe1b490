"""The service areas of the file, so that they are there wherever the tables are."""

from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "data" / "service_areas.yaml"


def load(apps, schema_editor):
    model = apps.get_model("needs", "ServiceArea")
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))["service_areas"]:
        names = {f"name_{language}": row[language] for language in ("nb", "nn", "en")}
        model.objects.update_or_create(code=row["code"], defaults={"order": row["order"], **names})


class Migration(migrations.Migration):
    dependencies = [("needs", "0002_versions_and_questions")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
