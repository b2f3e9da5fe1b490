from importlib import import_module

from django.apps import AppConfig


class KsfConfig(AppConfig):
    name = "ksf"
    label = "ksf"

    def ready(self) -> None:
        """``people`` is no app of its own: what it listens to, adds and makes links of is read here."""
        import_module("ksf.people.signals")
        import_module("ksf.people.waiting")
