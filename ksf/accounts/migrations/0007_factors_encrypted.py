from allauth.mfa.adapter import get_adapter
from django.db import migrations


def encrypt_secrets(apps, schema_editor):
    """Encrypt what authenticators held in clear text."""
    adapter = get_adapter()
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]):
        for name in {"secret", "seed"} & row.data.keys():
            row.data[name] = adapter.encrypt(adapter.decrypt(row.data[name]))
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [adapter.encrypt(adapter.decrypt(one)) for one in row.data["migrated_codes"]]
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_proven_addresses"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(encrypt_secrets, migrations.RunPython.noop)]
