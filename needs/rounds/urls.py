from django.urls import path

from needs.rounds.views import reading, running, voting

urlpatterns = [
    path("behov/runder/", reading.round_list, name="round_list"),
    path("behov/runder/ny/", running.round_new, name="round_new"),
    path("behov/runder/<int:pk>/", reading.round, name="round"),
    path("behov/runder/<int:pk>/endre/", running.round_edit, name="round_edit"),
    path("behov/runder/<int:pk>/forkast/", running.round_discard, name="round_discard"),
    path("behov/runder/<int:pk>/kandidater/", running.round_candidates, name="round_candidates"),
    path(
        "behov/runder/<int:pk>/kandidater/<int:candidate>/ta-ut/",
        running.round_candidate_remove,
        name="round_candidate_remove",
    ),
    path("behov/runder/<int:pk>/hent/", running.round_lift, name="round_lift"),
    path("behov/runder/<int:pk>/rekkefolge/", running.round_change, name="round_change"),
    path("behov/runder/<int:pk>/publiser/", running.round_publish, name="round_publish"),
    path("behov/runder/<int:pk>/steg/<slug:step>/", running.round_step, name="round_step"),
    path("behov/runder/<int:pk>/stemme/<slug:number>/", voting.round_ballot, name="round_ballot"),
]
