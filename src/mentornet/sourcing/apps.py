"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from mentornet.messaging.recipients import register


class SourcingConfig(AppConfig):
    """The app ``sourcing``."""

    name = "mentornet.sourcing"
    label = "sourcing"

    def ready(self) -> None:
        """Declare the app's columns, say how letters reach an expert, and forget her when she becomes protected."""
        import_module("mentornet.sourcing.fields")
        recipients = import_module("mentornet.sourcing.recipients")
        register(recipients.PREFIX, recipients.find_recipient)
        also_when_protecting = import_module("mentornet.people.sealing").also_when_protecting
        also_when_protecting("experts", import_module("mentornet.sourcing.services.experts").forget_protected)
