"""The app, as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from mentornet.messaging.minting import register


class AccountsConfig(AppConfig):
    """The app ``accounts``."""

    name = "mentornet.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare the app's columns, let second factors be sealed, and write links and codes into letters."""
        import_module("mentornet.accounts.fields")
        import_module("mentornet.accounts.receivers")
        register("link", import_module("mentornet.accounts.services.links").write_link)
        register("code", import_module("mentornet.accounts.services.codes").write_code)
