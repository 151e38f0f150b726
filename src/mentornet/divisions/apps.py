"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    """The app ``divisions``."""

    name = "mentornet.divisions"
    label = "divisions"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.divisions.fields")
