"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """The app ``learning``."""

    name = "mentornet.learning"
    label = "learning"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.learning.fields")
