"""Parts of the municipality's services."""

from django.db import models
from django.utils.translation import get_language


class ServiceArea(models.Model):
    """What part of the municipality's services a need is about. Codes are stable, names may change."""

    code = models.SlugField(unique=True)
    order = models.PositiveSmallIntegerField()
    name_nb = models.CharField(max_length=100)
    name_nn = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(getattr(self, f"name_{get_language() or 'nb'}", self.name_nb))
