"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """The app ``agenda``."""

    name = "mentornet.agenda"
    label = "agenda"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.agenda.fields")
