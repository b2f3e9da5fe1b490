from django.urls import path

from regions import views

urlpatterns = [
    path("regioner/<slug:slug>/vertskap/ny/", views.host_new, name="host_new"),
    path("regioner/<slug:slug>/vertskap/<int:pk>/", views.host_handover, name="host_handover"),
]
