"""What the desk says after an act: a sentence, and where it can be taken back, the way to do so."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO: Final = "undo:"
_LEVELS: Final = {
    "good": messages.SUCCESS,
    "info": messages.INFO,
    "warn": messages.WARNING,
    "bad": messages.ERROR,
}


def say(request: HttpRequest, text: str, *, tone: str = "good", undo: str = "") -> None:
    """Show ``text`` on the next page.

    Args:
        request: whose reader is told.
        text: a whole sentence: what happened, and what happens next.
        tone: ``good``, ``info``, ``warn`` or ``bad``.
        undo: an address that takes the act back by an empty POST; without it there is no such button.
    """
    messages.add_message(request, _LEVELS[tone], text, extra_tags=_UNDO + undo if undo else "")


def undo_address(message: Message) -> str:
    """Return the address that takes back what a message tells; empty where nothing can be taken back."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""


def tone_of(message: Message) -> str:
    """Return a message's tone, as badges and callouts name it."""
    by_level = {level: tone for tone, level in _LEVELS.items()}
    return by_level.get(message.level, "info")
