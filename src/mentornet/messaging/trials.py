"""Trial letters: how one finds its way, and whether one has arrived the way letters leave now."""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError

from mentornet.messaging.models import Channel, Letter, Trial
from mentornet.messaging.recipients import Recipient

PREFIX: Final = "trial"


def trial_key(trial_id: UUID) -> str:
    """Return the key under which a trial letter is addressed."""
    return f"{PREFIX}:{trial_id}"


def find_recipient(trial_id: str) -> Recipient | None:
    """Return where a trial letter goes."""
    try:
        trial = Trial.objects.filter(pk=trial_id).first()
    except ValidationError:
        return None
    if trial is None:
        return None
    is_text = trial.channel == Channel.TEXT
    return Recipient(
        name="",
        email="" if is_text else trial.address,
        phone=trial.address if is_text else "",
        language=trial.language,
        way=trial.channel,
    )


def way_mark(channel: Channel | str) -> str:
    """Return what tells one way of sending from another: servers and senders, none of their passwords."""
    if channel == Channel.TEXT:
        parts = urlsplit(settings.SMS_URL)
        way: tuple[object, ...] = (parts.scheme, parts.hostname, parts.port, parts.query)
    else:
        way = (settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT, settings.DEFAULT_FROM_EMAIL)
    return hashlib.sha256(repr((str(channel), *way)).encode()).hexdigest()


def arrived(channel: Channel | str) -> Trial | None:
    """Return the latest trial letter that has arrived the way letters leave now."""
    proven = Trial.objects.filter(channel=channel, mark=way_mark(channel), arrived_at__isnull=False)
    return proven.order_by("-arrived_at").first()


def latest(channel: Channel | str) -> Trial | None:
    """Return the trial letter that was asked for last, the way letters leave now."""
    return Trial.objects.filter(channel=channel, mark=way_mark(channel)).order_by("-created_at", "-pk").first()


def letter_of(trial: Trial) -> Letter | None:
    """Return the letter itself, which tells how it stands."""
    return Letter.objects.filter(recipient=trial_key(trial.pk)).order_by("-created_at").first()
