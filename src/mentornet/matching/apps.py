"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The app ``matching``."""

    name = "mentornet.matching"
    label = "matching"

    def ready(self) -> None:
        """Declare the columns, what becomes of places and kept answers, and who tells how long waits are."""
        import_module("mentornet.matching.fields")
        also_when_protecting = import_module("mentornet.people.sealing").also_when_protecting
        also_when_protecting("places", import_module("mentornet.matching.services.options").drop_places)
        also_when_forgetting = import_module("mentornet.people.own_answers").also_when_forgetting
        also_when_forgetting("meetings", import_module("mentornet.matching.services.forgetting").forget_kept_answers)
        told_by = import_module("mentornet.matching.forecast").words_for_her
        import_module("mentornet.intake.expecting").register(told_by)
