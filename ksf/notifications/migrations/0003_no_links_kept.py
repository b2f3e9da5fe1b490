import hashlib
import re

from django.db import migrations

LINK = re.compile(r"\S*/konto/invitasjon/([\w-]+)/")


def forget_links(apps, schema_editor):
    """Take the links that let somebody in out of the notices; those not sent yet get one when they leave."""
    notice, invitation = apps.get_model("notifications", "Notice"), apps.get_model("accounts", "Invitation")
    for row in notice.objects.filter(body__contains="/konto/invitasjon/"):
        token = LINK.search(row.body)
        if token is None:
            continue
        found = invitation.objects.filter(token_hash=hashlib.sha256(token[1].encode()).hexdigest()).first()
        row.body, row.url = LINK.sub("[[link]]", row.body), ""
        if row.sent_at is None and found is not None:
            row.link_kind, row.link_to = "invitation", found.pk
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_links_made_when_sent"),
        ("accounts", "0005_confirmed_invitations"),
    ]

    operations = [migrations.RunPython(forget_links, migrations.RunPython.noop)]
