"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """The app ``imports``."""

    name = "mentornet.imports"
    label = "imports"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.imports.fields")
