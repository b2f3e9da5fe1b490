from django.urls import path

from ksf.jobs import views

urlpatterns = [path("jobber/<int:pk>/", views.job, name="job")]
