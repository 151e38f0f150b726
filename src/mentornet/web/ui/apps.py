"""The app, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from mentornet.web.ui.missing import speak_plainly


class UiConfig(AppConfig):
    """The app ``web.ui``."""

    name = "mentornet.web.ui"
    label = "ui"

    def ready(self) -> None:
        """Let forms say plainly what is missing, before the front ends bring in theirs."""
        speak_plainly()
