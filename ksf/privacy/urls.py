from django.urls import path

from ksf.privacy import views

urlpatterns = [
    path("konto/data/", views.personal_data, name="personal_data"),
    path("konto/data/lag/", views.personal_download_ask, name="personal_download_ask"),
    path("konto/data/fil/", views.personal_download, name="personal_download"),
    path("konto/data/sletting/", views.erasure_ask, name="erasure_ask"),
    path("konto/data/sletting/trekk/", views.erasure_withdraw, name="erasure_withdraw"),
    path("konto/slettinger/", views.erasure_list, name="erasure_list"),
    path("konto/slettinger/<int:pk>/", views.erasure, name="erasure"),
    path("konto/slettinger/<int:pk>/slett/", views.erasure_carry_out, name="erasure_carry_out"),
    path("konto/slettinger/<int:pk>/avvis/", views.erasure_refuse, name="erasure_refuse"),
]
