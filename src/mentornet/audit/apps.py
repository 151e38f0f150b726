"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app ``audit``."""

    name = "mentornet.audit"
    label = "audit"

    def ready(self) -> None:
        """Declare the app's columns."""
        import_module("mentornet.audit.fields")
