from django.db import models


class Call(models.Model):
    """A seed-grant call."""

    slug = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.slug
