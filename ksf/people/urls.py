from django.urls import path

from ksf.people import views

urlpatterns = [
    path("min-side/", views.my_page, name="my_page"),
    path("konto/", views.account, name="account"),
    path("konto/logg-inn-igjen/", views.sign_in_again, name="sign_in_again"),
    path("konto/rolle/", views.active_role, name="active_role"),
    path("konto/personer/", views.people, name="people"),
    path("konto/sikkerhetslogg/", views.security_log, name="security_log"),
    path("konto/personer/<int:pk>/", views.person, name="person"),
    path("konto/verv/<int:pk>/avslutt/", views.appointment_end, name="appointment_end"),
    path("konto/verv/<int:pk>/overfor/", views.appointment_hand_over, name="appointment_hand_over"),
    path("konto/inviter/<slug:role>/", views.invite, name="invite"),
    path("konto/invitasjoner/<int:pk>/trekk/", views.invitation_withdraw, name="invitation_withdraw"),
    path("konto/invitasjoner/<int:pk>/bekreft/", views.invitation_confirm, name="invitation_confirm"),
    path("konto/invitasjon/<slug:token>/", views.invitation, name="invitation"),
    path("epost/", views.sent_mail, name="sent_mail"),
    path("epost/<int:pk>/lenke/", views.sent_mail_link, name="sent_mail_link"),
]
