from django.urls import path

from ksf.content import guides, news, views

urlpatterns = [
    path("", views.front, name="front"),
    path("om/", views.about, name="about"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("personvern/", views.privacy, name="privacy"),
    path("kontakt/", views.contact, name="contact"),
    path("hjelp/", guides.help_front, name="help_front"),
    path("hjelp/<slug:name>/", guides.help_page, name="help_page"),
    path("nyheter/", news.news_list, name="news_list"),
    path("nyheter/ny/", news.news_new, name="news_new"),
    path("nyheter/<int:pk>/", news.news, name="news"),
    path("nyheter/<int:pk>/rediger/", news.news_edit, name="news_edit"),
    path("nyheter/<int:pk>/steg/<slug:step>/", news.news_step, name="news_step"),
    path("spraak/", views.language, name="set_language"),
]
