"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The app ``privacy``."""

    name = "mentornet.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Declare the app's columns, and forget with a protected person's name what no renaming reaches."""
        import_module("mentornet.privacy.fields")
        also_when_protecting = import_module("mentornet.people.sealing").also_when_protecting
        also_when_protecting("files and sessions", import_module("mentornet.privacy.services.traces").forget_sealed)
