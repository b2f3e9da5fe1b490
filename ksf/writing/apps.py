from django.apps import AppConfig


class WritingConfig(AppConfig):
    name = "ksf.writing"
    label = "writing"
    default_auto_field = "django.db.models.BigAutoField"
