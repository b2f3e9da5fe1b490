from importlib import import_module

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Priority rounds: tables of their own beside the needs they put in order."""

    name = "needs.rounds"
    label = "needs_rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("needs.rounds.permissions")
        import_module("needs.rounds.documents")
        import_module("needs.rounds.tasks")
        import_module("needs.rounds.history")
        import_module("needs.rounds.texts")
        import_module("needs.rounds.waiting")
        import_module("needs.rounds.panels")
        import_module("needs.rounds.personal")
        import_module("needs.rounds.services.succession")
