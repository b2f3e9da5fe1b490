from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "ksf.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("ksf.documents.checks")
