from django.urls import path

from ksf.documents import views

urlpatterns = [
    path("dokumenter/<slug:number>/", views.document, name="document"),
    path("dokumenter/<slug:number>/kontroll/", views.document_control, name="document_control"),
]
