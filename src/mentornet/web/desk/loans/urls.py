"""Addresses: mentors asked for in other divisions, and those asked of one's own."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.loans import views

urlpatterns = [
    path("loans/", views.loans, name="loans"),
    path("loans/for/<uuid:mentee_id>/", views.search, name="loan_search"),
    path("loans/for/<uuid:mentee_id>/ask/", views.ask, name="loan_ask"),
    path("loans/<uuid:loan_id>/", views.loan, name="loan"),
    path("loans/<uuid:loan_id>/release/", views.release, name="loan_release"),
    path("loans/<uuid:loan_id>/decline/", views.decline, name="loan_decline"),
    path("loans/<uuid:loan_id>/back/", views.take_back, name="loan_back"),
]
