"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from mentornet.messaging.recipients import register


class PeopleConfig(AppConfig):
    """The app ``people``."""

    name = "mentornet.people"
    label = "people"

    def ready(self) -> None:
        """Declare the columns, and tell the outbox how its letters reach a person."""
        import_module("mentornet.people.fields")
        recipients = import_module("mentornet.people.recipients")
        register(recipients.PREFIX, recipients.find_recipient)
        former = import_module("mentornet.people.reached_before")
        register(former.PREFIX, former.find_former)
