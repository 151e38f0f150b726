"""Addresses: the waiting list."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.waiting import views

urlpatterns = [path("waiting/", views.waiting, name="waiting")]
