"""The app, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The app ``web.ui``."""

    name = "mentornet.web.ui"
    label = "ui"
