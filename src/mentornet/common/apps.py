"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommonConfig(AppConfig):
    """The app ``common``."""

    name = "mentornet.common"
    label = "common"

    def ready(self) -> None:
        """Teach connections, before the first one is opened, and collect the jobs that the apps register."""
        import_module("mentornet.common.receivers")
        autodiscover_modules("tasks")
