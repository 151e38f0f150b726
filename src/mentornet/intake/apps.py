"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from mentornet.messaging.recipients import register


class IntakeConfig(AppConfig):
    """The app ``intake``."""

    name = "mentornet.intake"
    label = "intake"

    def ready(self) -> None:
        """Declare the app's columns, and tell the outbox how its letters reach somebody who is still writing."""
        import_module("mentornet.intake.fields")
        recipients = import_module("mentornet.intake.recipients")
        register(recipients.PREFIX, recipients.find_recipient)
        when_untold = import_module("mentornet.people.reached_before").when_untold
        when_untold("a lead", import_module("mentornet.intake.services.watching").tell_of_untold)
