"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The app ``privacy``."""

    name = "mentornet.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Declare the app’s columns, hear of migrations, look for forged redactions and what no renaming reaches."""
        import_module("mentornet.privacy.fields")
        import_module("mentornet.privacy.receivers")
        import_module("mentornet.audit.queries").also_verify(
            import_module("mentornet.privacy.redactions").redaction_fault
        )
        also_when_protecting = import_module("mentornet.people.sealing").also_when_protecting
        also_when_protecting("files and sessions", import_module("mentornet.privacy.services.traces").forget_sealed)
        also_when_protecting("what merges moved", import_module("mentornet.privacy.services.merging").forget_steps_of)
        import_module("mentornet.people.sealing").also_known_by(
            "rows that were merged", import_module("mentornet.privacy.merged").names_before
        )
