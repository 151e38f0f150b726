"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The app ``matching``."""

    name = "mentornet.matching"
    label = "matching"

    def ready(self) -> None:
        """Declare the app's columns, and what becomes of places when somebody is protected."""
        import_module("mentornet.matching.fields")
        also_when_protecting = import_module("mentornet.people.sealing").also_when_protecting
        also_when_protecting("places", import_module("mentornet.matching.services.options").drop_places)
