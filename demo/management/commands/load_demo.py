from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction

from clusters.models import Cluster
from demo.loading import (
    applications,
    awards,
    calls,
    complaints,
    erasures,
    grant_history,
    history,
    needs,
    network,
    news,
    reports,
    research,
    research_history,
    rounds,
)


class Command(BaseCommand):
    help = "Load the demo's content, once. Refused outside the demo."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo content is loaded with KSF_DEMO=1 only.")
        if Cluster.objects.exists():
            self.stdout.write("The demo content is loaded already.")
            return
        call_command("load_register", verbosity=options["verbosity"])
        with transaction.atomic():
            network.load_clusters()
            network.load_accounts()
            network.load_region_partners()
            history.record_network()
            loaded = needs.load_needs()
            rounds.load_rounds()
            news.load_news()
            projects = research.load_research()
            research_history.record_research()
            announced = calls.load_calls()
            applied = applications.load_applications(announced)
            awards.load_decisions(announced, applied)
            complaints.load_dismissals(applied)
            letters = awards.load_letters()
            complaints.load_complaints(applied)
            grant_history.record_grants()
            made = reports.load_reports()
            erasures.load_erasures()
        self.stdout.write(
            f"Loaded {Cluster.objects.count()} clusters and their people, {loaded} needs, "
            f"{projects} research projects, {len(announced)} calls, {letters} letters, {made} reports."
        )
