"""Addresses: programmes, divisions, the organisation, staff."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.setup import beginning, criterion_views, intake, limits, places, views

urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("setup/first-steps/", beginning.steps, name="first_steps"),
    path("setup/first-steps/programme/", beginning.first_programme, name="first_programme"),
    path("setup/first-steps/trial/", beginning.trial, name="trial"),
    path("setup/first-steps/trial/code/", beginning.trial_code, name="trial_code"),
    path("setup/programmes/new/", views.programme_new, name="programme_new"),
    path("setup/programmes/<uuid:programme_id>/", views.programme, name="programme"),
    path("setup/programmes/<uuid:programme_id>/criteria/", criterion_views.criteria, name="criteria"),
    path("setup/programmes/<uuid:programme_id>/criteria/new/", criterion_views.criterion_new, name="criterion_new"),
    path("setup/programmes/<uuid:programme_id>/criteria/<slug:own>/", criterion_views.criterion, name="criterion"),
    path(
        "setup/programmes/<uuid:programme_id>/criteria/<slug:own>/remove/",
        criterion_views.criterion_remove,
        name="criterion_remove",
    ),
    path("setup/refused-names/", criterion_views.refused, name="refused_names"),
    path("setup/divisions/new/", views.division_new, name="division_new"),
    path("setup/divisions/<uuid:division_id>/", views.division, name="division"),
    path("setup/divisions/<uuid:division_id>/intake/", intake.intake, name="intake"),
    path("setup/divisions/<uuid:division_id>/intake/close/", intake.intake_close, name="intake_close"),
    path("setup/divisions/<uuid:division_id>/intake/open/", intake.intake_open, name="intake_open"),
    path("setup/divisions/<uuid:division_id>/intake/take-in/", intake.intake_take_in, name="intake_take_in"),
    path("setup/divisions/<uuid:division_id>/intake/limit/", limits.set_up, name="intake_limit_set"),
    path("intake-limits/<uuid:limit_id>/", limits.limit, name="intake_limit"),
    path("intake-limits/<uuid:limit_id>/follow/", limits.follow, name="intake_limit_follow"),
    path("intake-limits/<uuid:limit_id>/undo/", limits.undo, name="intake_limit_undo"),
    path("intake-limits/<uuid:limit_id>/leave/", limits.leave, name="intake_limit_leave"),
    path("setup/organisation/", views.organisation, name="organisation"),
    path("setup/places/", places.places, name="places"),
    path("setup/places/<uuid:place_id>/", places.place, name="place"),
    path("setup/places/<uuid:place_id>/off/", places.place_off, name="place_off"),
    path("setup/places/<uuid:place_id>/on/", places.place_on, name="place_on"),
    path("setup/staff/", views.staff, name="staff"),
    path("setup/staff/<uuid:role_id>/invite/", views.staff_invite, name="staff_invite"),
    path("setup/staff/<uuid:role_id>/end/", views.role_end, name="role_end"),
]
