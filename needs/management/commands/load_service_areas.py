"""Loads the service areas from the file; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from needs.services.areas import load_service_areas


class Command(BaseCommand):
    help = "Load the service areas from needs/data/service_areas.yaml."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{load_service_areas()} service areas")
