from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from ksf.once.models import SentForm


def delete_old() -> int:
    """Forget the forms that were sent more than ``SENT_FORMS_KEPT_DAYS`` ago; how many."""
    before = timezone.now() - timedelta(days=settings.SENT_FORMS_KEPT_DAYS)
    return SentForm.objects.filter(sent_at__lt=before).delete()[0]
