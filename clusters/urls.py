from django.urls import path

from clusters import views

urlpatterns = [
    path("nettverket/", views.network, name="network"),
    path("regioner/<slug:slug>/", views.region, name="region"),
    path("regioner/<slug:slug>/klynger/ny/", views.cluster_new, name="cluster_new"),
    path("regioner/<slug:slug>/partnere/ny/", views.region_partner_new, name="region_partner_new"),
    path("partnere/", views.partner_list, name="partner_list"),
    path("partnere/<slug:slug>/", views.partner, name="partner"),
    path("partnere/<slug:slug>/deltakelse/<int:pk>/avslutt/", views.partner_end, name="partner_end"),
    path("klynger/<slug:slug>/partnere/ny/", views.cluster_partner_new, name="cluster_partner_new"),
    path("kommuner/<slug:number>/", views.municipality, name="municipality"),
    path("klynger/<slug:slug>/", views.cluster, name="cluster"),
    path("klynger/<slug:slug>/rediger/", views.cluster_edit, name="cluster_edit"),
    path("klynger/<slug:slug>/steg/<slug:step>/", views.cluster_step, name="cluster_step"),
    path("klynger/<slug:slug>/motor/", views.motor_handover, name="motor_handover"),
    path("klynger/<slug:slug>/medlemmer/ny/", views.member_new, name="member_new"),
    path("klynger/<slug:slug>/medlemmer/<slug:number>/forankring/", views.member_anchor, name="member_anchor"),
    path("klynger/<slug:slug>/medlemmer/<slug:number>/avslutt/", views.member_end, name="member_end"),
]
