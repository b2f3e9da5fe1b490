from django.urls import path

from needs.research.views import interests, projects, questions

urlpatterns = [
    path("behov/problemstillinger/", questions.question_list, name="question_list"),
    path("behov/problemstillinger/ny/", questions.question_new, name="question_new"),
    path("behov/problemstillinger/sok/lagre/", questions.search_save, name="search_save"),
    path("behov/problemstillinger/sok/<int:pk>/", questions.search_change, name="search_change"),
    path("behov/problemstillinger/<int:pk>/", questions.question, name="question"),
    path("behov/problemstillinger/<int:pk>/rediger/", questions.question_edit, name="question_edit"),
    path("behov/problemstillinger/<int:pk>/tekst/<slug:part>/", questions.question_text, name="question_text"),
    path("behov/problemstillinger/<int:pk>/steg/<slug:step>/", questions.question_step, name="question_step"),
    path("behov/problemstillinger/<int:pk>/interesse/", interests.question_interest, name="question_interest"),
    path("behov/<int:pk>/interesse/", interests.need_interest, name="need_interest"),
    path("behov/interesser/", interests.interest_list, name="interest_list"),
    path("behov/interesser/<int:pk>/", interests.interest, name="interest"),
    path("behov/prosjekter/", projects.project_list, name="project_list"),
    path("behov/prosjekter/nytt/", projects.project_new, name="project_new"),
    path("behov/prosjekter/<int:pk>/", projects.project, name="project"),
    path("behov/prosjekter/<int:pk>/rediger/", projects.project_edit, name="project_edit"),
    path("behov/prosjekter/<int:pk>/steg/<slug:step>/", projects.project_step, name="project_step"),
    path("behov/prosjekter/<int:pk>/kommuner/", projects.project_join, name="project_join"),
    path("behov/prosjekter/<int:pk>/kommuner/<int:place>/ut/", projects.project_leave, name="project_leave"),
]
