"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """The app ``partnerships``."""

    name = "mentornet.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.partnerships.fields")
