"""Starting Django for a command: which settings, which data."""

from __future__ import annotations

import os

import django

from mentornet.config.env import PREFIX, Settings


def start_django(settings: Settings, *, demo: bool = False) -> None:
    """Start Django with the installation's data, or with a demonstration's own, which stand beside them.

    Written to the environment, so that the processes which this one starts see the same.
    """
    if demo:
        folder = settings.data_folder / "demo"
        # Real people may come to stand beside it one day: their folder is their own from the beginning.
        settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True)
        os.environ[f"{PREFIX}DATA"] = str(folder)
        os.environ[f"{PREFIX}DEMO"] = "yes"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
    django.setup()
