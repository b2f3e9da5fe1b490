from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "ksf.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("permissions", "history", "waiting", "panels", "kinds", "rules", "tasks"):
            import_module(f"ksf.privacy.{module}")
