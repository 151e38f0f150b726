"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The app ``messaging``."""

    name = "mentornet.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Declare the app's columns, and refuse to start with an address for text messages that cannot be used."""
        import_module("mentornet.messaging.fields")
        import_module("mentornet.messaging.post").texting()
