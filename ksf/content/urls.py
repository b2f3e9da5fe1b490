from django.urls import path

from ksf.content import views

urlpatterns = [
    path("", views.front, name="front"),
    path("om/", views.about, name="about"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("personvern/", views.privacy, name="privacy"),
    path("kontakt/", views.contact, name="contact"),
    path("spraak/", views.language, name="set_language"),
]
