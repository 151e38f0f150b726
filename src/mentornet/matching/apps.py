"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The app ``matching``."""

    name = "mentornet.matching"
    label = "matching"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.matching.fields")
