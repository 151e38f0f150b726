"""Addresses: spreadsheets into a division."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.imports import views, work_views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/templates/<str:subject>-<str:language>.xlsx", views.import_template, name="import_template"),
    path("imports/<uuid:import_id>/", views.import_page, name="import"),
    path("imports/<uuid:import_id>/files/", views.import_files, name="import_files"),
    path("imports/<uuid:import_id>/files/<str:subject>/drop/", views.import_drop, name="import_drop"),
    path("imports/<uuid:import_id>/columns/", views.import_columns, name="import_columns"),
    path("imports/<uuid:import_id>/discard/", views.import_discard, name="import_discard"),
    path("imports/<uuid:import_id>/faults.csv", work_views.import_faults, name="import_faults"),
    path("imports/<uuid:import_id>/write/", work_views.import_write, name="import_write"),
    path("imports/<uuid:import_id>/progress/", work_views.import_progress, name="import_progress"),
    path("imports/<uuid:import_id>/again/", work_views.import_again, name="import_again"),
    path("imports/<uuid:import_id>/undo/", work_views.import_undo, name="import_undo"),
]
