"""The app, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The app ``web.public``."""

    name = "mentornet.web.public"
    label = "public"
