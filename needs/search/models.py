"""The search index as tables. ``needs.search.store`` is the only writer and reader."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class NeedIndex(models.Model):
    """What one need is found by: the numbers of its features for looking up, and all of them packed for ranking.

    ``need_id`` is no foreign key: the index knows nothing of needs but their ids and texts, and every question names
    the needs it may answer with.
    """

    need_id = models.BigIntegerField(primary_key=True)
    terms = ArrayField(models.IntegerField())
    features = models.BinaryField()

    class Meta:
        indexes = [GinIndex(fields=["terms"], name="need_index_terms", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.need_id)


class SearchWord(models.Model):
    """A word some need has, as written: completes a word being typed, corrects a misspelled one, shares a part.

    ``stem`` is the word by sound without endings, ``backwards`` the same from its end.
    """

    word = models.CharField(max_length=40, primary_key=True)
    stem = models.CharField(max_length=50)
    backwards = models.CharField(max_length=50)

    class Meta:
        indexes = [
            models.Index(fields=[field], name=f"search_word_{field}", opclasses=["varchar_pattern_ops"])
            for field in ("word", "stem", "backwards")
        ]

    def __str__(self) -> str:
        return self.word


class SearchStatistics(models.Model):
    """One row: in how many needs each feature stands, as arrays of numbers (see ``ranking.Statistics``)."""

    made_at = models.DateTimeField(auto_now=True)
    documents = models.PositiveIntegerField()
    terms = models.BinaryField()
    counts = models.BinaryField()
    grams = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="search_statistics_is_one_row")]

    def __str__(self) -> str:
        return str(self.made_at)
