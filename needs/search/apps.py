from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search index of needs: tables of its own, so that it can be made again without touching a need."""

    name = "needs.search"
    label = "needs_search"
    default_auto_field = "django.db.models.BigAutoField"
