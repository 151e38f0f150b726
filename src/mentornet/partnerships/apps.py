"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """The app ``partnerships``."""

    name = "mentornet.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """Declare the app's columns, and let a calendar's address end with what else opens her pages."""
        import_module("mentornet.partnerships.fields")
        also_end = import_module("mentornet.people.ways_in").also_end
        also_end("calendar", import_module("mentornet.partnerships.services.plans").end_feed)
