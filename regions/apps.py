from importlib import import_module

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("regions.permissions")
        import_module("regions.history")
        import_module("regions.waiting")
        import_module("regions.personal")
