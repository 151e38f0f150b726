"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app ``demo``."""

    name = "mentornet.demo"
    label = "demo"

    def ready(self) -> None:
        """Declare the app's columns, and the check that keeps real people out of a demonstration."""
        import_module("mentornet.demo.fields")
        import_module("mentornet.demo.checks")
