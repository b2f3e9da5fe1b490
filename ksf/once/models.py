from django.db import models


class SentForm(models.Model):
    """A form that was sent and answered: who sends it again is shown what it led to, and nothing is made twice (X10).

    Says nothing of the person or the text: both are kept as checksums only. Deleted after ``SENT_FORMS_KEPT_DAYS``.
    """

    form = models.CharField(max_length=64, primary_key=True)
    """The checksum of who opened the form, its key, and where it is sent."""
    content = models.CharField(max_length=64)
    """The checksum of what was sent."""
    led_to = models.TextField(blank=True)
    """Where the sender was sent on to; empty while the first sending is being answered."""
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.led_to
