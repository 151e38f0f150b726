"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """The app ``backups``."""

    name = "mentornet.backups"
    label = "backups"

    def ready(self) -> None:
        """Declare the app's columns, and register its jobs."""
        import_module("mentornet.backups.fields")
        import_module("mentornet.backups.tasks")
