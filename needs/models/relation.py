"""How needs hang together: what a coordinator has said, and what looks alike (N4)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy as _p

from needs.lifecycle import MERGEABLE, NeedState


class Relation(models.Model):
    """How two needs hang together (N4)."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _p("need relation", "Duplicate of")
        OVERLAPS = "overlaps", _p("need relation", "Overlaps with")
        PART_OF = "part_of", _p("need relation", "Part of")
        RELATED = "related", _p("need relation", "Related to")

    WHOLE = _p("need relation", "Has as a part")

    need = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="relations")
    other = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="relations_from_others")
    kind = models.CharField(max_length=12, choices=Kind)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="relation_once", fields=["need", "other"]),
            models.CheckConstraint(name="relation_not_to_itself", condition=~Q(need=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.need} {self.get_kind_display()} {self.other}"

    @classmethod
    def label_between(cls, ours: str | None, theirs: str | None) -> str:
        """What is said of two needs, on the page of the one: by its own relation, or by the other's to it."""
        if theirs == cls.Kind.PART_OF:
            return str(cls.WHOLE)
        kind = ours or theirs
        return str(cls.Kind(kind).label) if kind else ""


class LikenessQuerySet(models.QuerySet):
    def to_settle(self, needs: models.QuerySet[models.Model]) -> Self:
        """Pairs nobody has looked at, whose first is among ``needs`` and can be merged; the oldest need first."""
        pairs = self.filter(settled_at=None, need__in=needs, need__state__in=MERGEABLE, other__is_hidden=False)
        pairs = pairs.exclude(other__state__in=[NeedState.DRAFT, NeedState.MERGED, NeedState.CLOSED])
        places = [f"{side}__municipality__county__region" for side in ("need", "other")]
        return pairs.select_related(*places).order_by("need__submitted_at", "-score", "pk")

    def settle(self, one: int, other: int) -> int:
        """Mark the likeness of two needs, in either order, as looked at. Returns how many rows that was."""
        pair = self.filter(need__in=[one, other], other__in=[one, other], settled_at=None)
        return pair.update(settled_at=timezone.now())


class Likeness(models.Model):
    """Two needs that may be the same, found when one was sent, until a coordinator has looked at them (N4)."""

    need = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="likenesses")
    other = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="likenesses_from_others")
    score = models.FloatField()
    settled_at = models.DateTimeField(null=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "-pk"]
        constraints = [
            models.UniqueConstraint(name="likeness_once", fields=["need", "other"]),
            models.CheckConstraint(name="likeness_not_to_itself", condition=~Q(need=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.need} ~ {self.other}"
