from django.urls import path

from ksf.accounts import views

urlpatterns = [path("min-side/", views.my_page, name="my_page")]
