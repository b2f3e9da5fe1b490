from importlib import import_module

from django.apps import AppConfig


class ClustersConfig(AppConfig):
    name = "clusters"
    label = "clusters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("clusters.permissions")
        import_module("clusters.services.succession")
        import_module("clusters.history")
        import_module("clusters.texts")
        import_module("clusters.waiting")
        import_module("clusters.panels")
