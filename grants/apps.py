from importlib import import_module

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "grants"
    label = "grants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for name in ("permissions", "documents", "tasks", "history", "texts", "waiting", "panels", "personal"):
            import_module(f"grants.{name}")
