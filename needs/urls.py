from django.urls import include, path

from needs.views import detail, handling, importing, lists, queue, writing

urlpatterns = [
    path("", include("needs.research.urls")),
    path("behov/", lists.need_list, name="need_list"),
    path("behov/nytt/", writing.need_new, name="need_new"),
    path("behov/utkast/", writing.need_autosave, name="need_autosave"),
    path("behov/lignende/", writing.need_similar, name="need_similar"),
    path("behov/arbeidsko/", queue.need_queue, name="need_queue"),
    path("behov/importer/", importing.need_import, name="need_import"),
    path("behov/importer/mal/", importing.need_import_template, name="need_import_template"),
    path("behov/<int:pk>/", detail.need, name="need"),
    path("behov/<int:pk>/utgaver/", detail.need_versions, name="need_versions"),
    path("behov/<int:pk>/skriv/", writing.need_write, name="need_write"),
    path("behov/<int:pk>/forkast/", writing.need_discard, name="need_discard"),
    path("behov/<int:pk>/steg/<slug:step>/", handling.need_step, name="need_step"),
    path("behov/<int:pk>/bekreft/", handling.need_confirm, name="need_confirm"),
    path("behov/<int:pk>/samme-behov/", handling.need_endorse, name="need_endorse"),
    path("behov/<int:pk>/samme-behov/ta-tilbake/", handling.need_endorse_withdraw, name="need_endorse_withdraw"),
    path("behov/<int:pk>/vurder/", handling.need_assess, name="need_assess"),
    path("behov/<int:pk>/henger-sammen/", handling.need_relate, name="need_relate"),
    path("behov/<int:pk>/henger-sammen/ta-tilbake/", handling.need_unrelate, name="need_unrelate"),
    path("behov/<int:pk>/sla-sammen/", handling.need_merge, name="need_merge"),
    path("behov/<int:pk>/sla-sammen/angre/", handling.need_unmerge, name="need_unmerge"),
    path("behov/<int:pk>/ikke-det-samme/", handling.need_settle, name="need_settle"),
    path("behov/<int:pk>/skjul/", handling.need_hide, name="need_hide"),
    path("behov/<int:pk>/dokumentasjon/", detail.need_documentation, name="need_documentation"),
    path("behov/<int:pk>/data/", detail.need_data, name="need_data"),
]
