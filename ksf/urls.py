"""Every address of the portal; the apps keep their own."""

from django.urls import include, path

from ksf.health import healthz
from ksf.metrics import metrics
from ksf.signposts import robots, security
from ksf.web.earlier import earlier_text, earlier_texts
from ksf.web.unsent import unsent_discard, unsent_keep

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("robots.txt", robots, name="robots_txt"),
    path(".well-known/security.txt", security, name="security_txt"),
    path("ikke-sendt/", unsent_keep, name="unsent_keep"),
    path("ikke-sendt/<int:pk>/forkast/", unsent_discard, name="unsent_discard"),
    path("tidligere-versjoner/<str:kind>/<int:pk>/", earlier_texts, name="earlier_texts"),
    path("tidligere-versjoner/<int:pk>/", earlier_text, name="earlier_text"),
    path("", include("ksf.content.urls")),
    path("", include("ksf.people.urls")),
    path("", include("ksf.privacy.urls")),
    path("", include("ksf.jobs.urls")),
    path("", include("ksf.documents.urls")),
    path("", include("regions.urls")),
    path("", include("clusters.urls")),
    path("", include("needs.rounds.urls")),
    path("", include("needs.urls")),
    path("api/v1/", include("needs.api_urls")),
    path("", include("grants.urls")),
    path("", include("reporting.urls")),
    path("konto/", include("ksf.people.allauth_urls")),
]

handler400 = "ksf.web.errors.not_received"
handler500 = "ksf.web.errors.not_answered"
