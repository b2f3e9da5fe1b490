from importlib import import_module

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "needs"
    label = "needs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("permissions", "waiting", "panels", "tasks", "texts", "personal", "services.succession"):
            import_module(f"needs.{module}")
