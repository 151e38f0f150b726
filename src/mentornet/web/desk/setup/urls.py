"""Addresses: programmes, divisions, the organisation, staff."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.setup import views

urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("setup/programmes/new/", views.programme_new, name="programme_new"),
    path("setup/programmes/<uuid:programme_id>/", views.programme, name="programme"),
    path("setup/divisions/new/", views.division_new, name="division_new"),
    path("setup/divisions/<uuid:division_id>/", views.division, name="division"),
    path("setup/organisation/", views.organisation, name="organisation"),
    path("setup/staff/", views.staff, name="staff"),
    path("setup/staff/<uuid:role_id>/end/", views.role_end, name="role_end"),
]
