"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app ``accounts``."""

    name = "mentornet.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare the app's columns, and let second factors be sealed."""
        import_module("mentornet.accounts.fields")
        import_module("mentornet.accounts.receivers")
