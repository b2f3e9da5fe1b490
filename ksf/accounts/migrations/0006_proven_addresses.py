from django.conf import settings
from django.db import migrations
from django.db.models import Count


def note_addresses(apps, schema_editor):
    """Each person gets the one address their account has; proven where an accepted invitation proved it.

    Who has added another address meanwhile may have made an unproven one theirs: they prove it when they next sign in.
    The accounts of the demo get no mail, and are as good as proven.
    """
    address, user = apps.get_model("account", "EmailAddress"), apps.get_model("accounts", "User")
    invited = apps.get_model("accounts", "Invitation").objects.filter(used_at__isnull=False)
    accepted = set(invited.values_list("email", flat=True))
    several = set(
        address.objects.values("user").annotate(count=Count("pk")).filter(count__gt=1).values_list("user", flat=True)
    )
    proven = dict(address.objects.filter(verified=True).values_list("user", "email"))
    address.objects.all().delete()
    address.objects.bulk_create(
        address(
            user=one,
            email=one.email,
            primary=True,
            verified=proven.get(one.pk) == one.email
            or (one.email in accepted and one.pk not in several)
            or (settings.DEMO and one.email.endswith("@ksf.example")),
        )
        for one in user.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_confirmed_invitations"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(note_addresses, migrations.RunPython.noop)]
