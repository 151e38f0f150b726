"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The app ``messaging``."""

    name = "mentornet.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Declare the app's columns, let trial letters find their way, and refuse an address for texts that is none."""
        import_module("mentornet.messaging.fields")
        import_module("mentornet.messaging.post").texting()
        trials = import_module("mentornet.messaging.trials")
        import_module("mentornet.messaging.recipients").register(trials.PREFIX, trials.find_recipient)
