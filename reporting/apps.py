from importlib import import_module

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    label = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("permissions", "documents", "tasks", "waiting", "panels", "history", "texts", "personal"):
            import_module(f"{self.name}.{module}")
