"""Addresses: what went with a no, and with an early end."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.learned import views

urlpatterns = [path("what-went-with-a-no/", views.learned, name="learned")]
