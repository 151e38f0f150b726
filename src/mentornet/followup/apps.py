"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """The app ``followup``."""

    name = "mentornet.followup"
    label = "followup"

    def ready(self) -> None:
        """Declare the app's columns, keep concerns off the lists that are made of the audit, and keep them readable."""
        import_module("mentornet.followup.fields")
        audit = import_module("mentornet.audit.queries")
        audit.keep_off_lists("followup.Concern")
        # Whether she was asked for a letter and what she said is told to nobody, nor that she writes for herself.
        for alone in ("followup.ImpactLetter", "followup.LetterWish", "followup.Reflection"):
            audit.keep_off_lists(alone)
        when_hidden = import_module("mentornet.intake.services.hiding").when_hidden
        when_hidden("quiet words", import_module("mentornet.followup.services").keep_a_reader)
