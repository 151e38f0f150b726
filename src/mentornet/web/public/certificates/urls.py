"""Addresses: checking a certificate."""

from __future__ import annotations

from django.urls import path

from mentornet.web.public.certificates import views

urlpatterns = [path("certificate/<str:code>/", views.certificate, name="certificate")]
