"""The app, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app ``web.desk``."""

    name = "mentornet.web.desk"
    label = "desk"
