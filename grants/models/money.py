"""The year's state grant and the pots it is divided into (G1). The database holds the sums; see ``0003``."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p


class Appropriation(models.Model):
    """The state grant to KS for KSF in a year, in kroner."""

    year = models.PositiveSmallIntegerField(_("Year"), unique=True)
    amount = models.PositiveBigIntegerField(_("Amount"))
    source = models.CharField(_("Where it is decided"), max_length=200, blank=True)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class PotKind(models.TextChoices):
    """What a pot is for."""

    REGIONS = "regions", _p("pot", "Regions")
    SEED_GRANTS = "seed_grants", _p("pot", "Seed grants")


class Pot(models.Model):
    """The part of a year's appropriation set aside for one purpose, in kroner."""

    appropriation = models.ForeignKey(Appropriation, models.PROTECT, related_name="pots")
    kind = models.CharField(_("Purpose"), max_length=20, choices=PotKind)
    amount = models.PositiveBigIntegerField(_("Amount"))

    class Meta:
        ordering = ["-appropriation__year", "kind", "-pk"]
        constraints = [
            models.UniqueConstraint(name="pot_once_a_year", fields=["appropriation", "kind"]),
            models.CheckConstraint(name="pot_kind_known", condition=Q(kind__in=["regions", "seed_grants"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.appropriation}"

    @property
    def is_announced(self) -> bool:
        """Whether calls are announced from it; the regions' pot is paid to the hosts instead."""
        return self.kind == PotKind.SEED_GRANTS
