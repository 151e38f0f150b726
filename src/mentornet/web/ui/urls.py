"""The addresses that belong to no front end."""

from __future__ import annotations

from django.urls import path

from mentornet.web.ui import views

urlpatterns = [
    path("", views.front, name="front"),
    path("desk/styleguide/", views.styleguide, name="styleguide"),
]
