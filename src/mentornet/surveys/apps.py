"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The app ``surveys``."""

    name = "mentornet.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.surveys.fields")
