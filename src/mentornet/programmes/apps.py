"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """The app ``programmes``."""

    name = "mentornet.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.programmes.fields")
