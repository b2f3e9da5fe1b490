from importlib import import_module

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "ksf.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("permissions", "history", "texts", "panels"):
            import_module(f"ksf.content.{module}")
