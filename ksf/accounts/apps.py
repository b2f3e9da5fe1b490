from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ksf.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("ksf.accounts.permissions")
        import_module("ksf.accounts.middleware")  # notes when a session begins, also before the first request
