from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "ksf.once"
    label = "once"
    default_auto_field = "django.db.models.BigAutoField"
