from importlib import import_module

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    """From needs to research: researchable questions, partners' interest, and projects (N6, N7, N9)."""

    name = "needs.research"
    label = "needs_research"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("permissions", "history", "panels", "texts", "waiting", "personal"):
            import_module(f"needs.research.{module}")
