"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The app ``web.public``."""

    name = "mentornet.web.public"
    label = "public"

    def ready(self) -> None:
        """Say what the installation may lack."""
        import_module("mentornet.web.public.checks")
