"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The app ``intake``."""

    name = "mentornet.intake"
    label = "intake"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.intake.fields")
