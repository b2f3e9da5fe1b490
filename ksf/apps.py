from importlib import import_module

from django.apps import AppConfig

from ksf import limits

limits.set_on_every_field()  # here, before the first form is read: fields take their checks when they are made


class KsfConfig(AppConfig):
    name = "ksf"
    label = "ksf"

    def ready(self) -> None:
        """``people`` is no app of its own: what it listens to, adds and makes links of is read here."""
        import_module("ksf.people.signals")
        import_module("ksf.people.waiting")
