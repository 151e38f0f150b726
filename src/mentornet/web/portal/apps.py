"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Areas that tell what she can do next, or which page a link leads to: imported when the program starts.
STEPS: tuple[str, ...] = (
    "partnership",
    "value",
    "home",
    "training",
    "proposals",
    "interviews",
    "confirm",
    "applications",
    "referrals",
    "questions",
    "searches",
)


class PortalConfig(AppConfig):
    """The app ``web.portal``."""

    name = "mentornet.web.portal"
    label = "portal"

    def ready(self) -> None:
        """Let each area register its next step, its part of the first page, and where its links lead."""
        for area in STEPS:
            import_module(f"mentornet.web.portal.{area}.steps")
