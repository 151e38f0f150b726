"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mentornet.messaging.models import COULD_NOT_LEAVE, Letter, LetterState, Problem

ABANDONED_AFTER: Final = timedelta(minutes=10)
"""A letter is in a worker's hands for seconds; after this long the worker is taken to be dead."""


def letters_in(divisions: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters of these divisions, newest first."""
    return Letter.objects.filter(division_id__in=divisions).order_by("-created_at", "-id")


def letters_about(ids: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters about these things, newest first."""
    return Letter.objects.filter(about_id__in=ids).order_by("-created_at", "-id")


def undelivered_letters(divisions: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters of these divisions that somebody must see to, newest first: they will not leave any more."""
    return letters_in(divisions).filter(state__in=COULD_NOT_LEAVE)


def due_letters(at: datetime) -> QuerySet[Letter]:
    """Return the queued letters whose time has come, the one due longest first."""
    return Letter.objects.filter(state=LetterState.QUEUED, send_after__lte=at).order_by("send_after", "id")


def abandoned_letters(at: datetime) -> QuerySet[Letter]:
    """Return the letters that a worker took and never came back from."""
    return Letter.objects.filter(state=LetterState.SENDING, sending_since__lte=at - ABANDONED_AFTER).order_by("id")


def is_post_waiting(at: datetime) -> bool:
    """Tell whether there is a letter to deliver, or one left behind."""
    due = Q(state=LetterState.QUEUED, send_after__lte=at)
    abandoned = Q(state=LetterState.SENDING, sending_since__lte=at - ABANDONED_AFTER)
    return Letter.objects.filter(due | abandoned).exists()


def counts_by_state(letters: QuerySet[Letter]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(letters.order_by().values_list("state").annotate(count=Count("pk")))


def have_left(letters: Iterable[Letter]) -> list[Letter]:
    """Return those of some letters that somebody has read, or may have: sent, in a worker's hands, or once lost there.

    A letter that was taken back is none of them: where it may have arrived nevertheless, it has been corrected.
    """
    return [
        letter
        for letter in letters
        if letter.state in {LetterState.SENDING, LetterState.SENT}
        or (_was_lost(letter) and letter.state != LetterState.TAKEN_BACK)
    ]


def _was_lost(letter: Letter) -> bool:
    return letter.may_have_arrived or letter.problem == Problem.INTERRUPTED
