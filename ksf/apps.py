from django.apps import AppConfig


class KsfConfig(AppConfig):
    name = "ksf"
    label = "ksf"
