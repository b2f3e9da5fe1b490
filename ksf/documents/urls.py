from django.urls import path

from ksf.documents import views

urlpatterns = [
    path("dokumenter/<str:number>/", views.document, name="document"),
    path("dokumenter/<str:number>/kontroll/", views.document_control, name="document_control"),
]
