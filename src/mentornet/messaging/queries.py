"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When

from mentornet.common.reach import without_hidden
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import WAITS_FOR_SOMEBODY, Letter, LetterState, LetterText, OptOut, Problem
from mentornet.messaging.templates import Kind

ABANDONED_AFTER: Final = timedelta(minutes=10)
"""A letter is in a worker's hands for seconds; after this long the worker is taken to be dead."""

LATE_AFTER: Final = timedelta(minutes=5)
"""A letter that has been due for this long, and is still here, is told of on Today."""


def letters_in(divisions: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters of these divisions, newest first."""
    letters = Letter.objects.filter(division_id__in=divisions).order_by("-created_at", "-id")
    return without_hidden(letters, divisions)


def letters_about(ids: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters about these things, newest first."""
    return Letter.objects.filter(about_id__in=ids).order_by("-created_at", "-id")


def undelivered_letters(divisions: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters of these divisions that somebody must see to, newest first."""
    return letters_in(divisions).filter(state__in=WAITS_FOR_SOMEBODY)


def held_up_letters(divisions: Collection[UUID], at: datetime) -> QuerySet[Letter]:
    """Return the letters of these divisions that should have left: nobody sends, or the server does not take them."""
    late = Q(send_after__lte=at - LATE_AFTER) | (Q(attempts__gt=0) & ~Q(problem=""))
    return letters_in(divisions).filter(late, state=LetterState.QUEUED)


def due_letters(at: datetime) -> QuerySet[Letter]:
    """Return the queued letters whose time has come: those that somebody waits for, then the one due longest."""
    urgent = [event for event, template in TEMPLATES.items() if template.is_urgent]
    first = Case(When(event__in=urgent, then=0), default=1)
    return Letter.objects.filter(state=LetterState.QUEUED, send_after__lte=at).order_by(first, "send_after", "id")


def abandoned_letters(at: datetime) -> QuerySet[Letter]:
    """Return the letters that a worker took and never came back from."""
    return Letter.objects.filter(state=LetterState.SENDING, sending_since__lte=at - ABANDONED_AFTER).order_by(
        "bundle", "id"
    )


def is_post_waiting(at: datetime) -> bool:
    """Tell whether there is a letter to deliver, or one left behind."""
    due = Q(state=LetterState.QUEUED, send_after__lte=at)
    abandoned = Q(state=LetterState.SENDING, sending_since__lte=at - ABANDONED_AFTER)
    return Letter.objects.filter(due | abandoned).exists()


def counts_by_state(letters: QuerySet[Letter]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(letters.order_by().values_list("state").annotate(count=Count("pk")))


def have_left(letters: Iterable[Letter]) -> list[Letter]:
    """Return those of some letters whose news somebody has, or may have: sent, in a worker's hands, or once lost there.

    Told in another way counts as well.

    A letter that was taken back is none of them: where it may have arrived nevertheless, it has been corrected.
    """
    return [
        letter
        for letter in letters
        if letter.state in {LetterState.SENDING, LetterState.SENT, LetterState.SETTLED, LetterState.ARRIVED}
        or (_was_lost(letter) and letter.state != LetterState.TAKEN_BACK)
    ]


def _was_lost(letter: Letter) -> bool:
    return letter.may_have_arrived or letter.problem == Problem.INTERRUPTED


def latest_words(event: str, language: str) -> LetterText | None:
    """Return the newest words that somebody has written for an event, the way back to the shipped ones too."""
    return LetterText.objects.filter(event=event, language=language).order_by("-number").first()


def words_in_force(event: str, language: str) -> LetterText | None:
    """Return the words that are used instead of those that ship; ``None`` where those are."""
    latest = latest_words(event, language)
    return None if latest is None or latest.is_shipped else latest


def all_latest_words() -> dict[tuple[str, str], LetterText]:
    """Return the newest words of each event and language that somebody has written."""
    rows = LetterText.objects.order_by("number")
    return {(row.event, row.language): row for row in rows}


def words_ever(event: str, language: str) -> QuerySet[LetterText]:
    """Return all words that were ever written for an event, newest first."""
    return LetterText.objects.filter(event=event, language=language).order_by("-number")


def kinds_refused(recipient: str) -> set[str]:
    """Return the kinds of letters to which somebody has said no."""
    return set(OptOut.objects.filter(recipient=recipient).values_list("kind", flat=True))


def who_refuses(recipients: Collection[str], kind: Kind) -> set[str]:
    """Return who of these has said no to letters of a kind: one query."""
    said = OptOut.objects.filter(recipient__in=recipients, kind=kind)
    return set(said.values_list("recipient", flat=True))


def companions_of(letter: Letter, at: datetime) -> QuerySet[Letter]:
    """Return the ordinary letters to the same person that can leave with a letter now, locked where locks are known.

    None that was ever tried: it may have arrived, under a Message-ID of its own.
    """
    ordinary = [event for event, template in TEMPLATES.items() if template.may_wait]
    return (
        # Skipped where another worker holds them: it sends them itself.
        Letter.objects.select_for_update(skip_locked=True)
        .filter(
            recipient=letter.recipient,
            state=LetterState.QUEUED,
            send_after__lte=at,
            event__in=ordinary,
            attempts=0,
            may_have_arrived=False,
            is_called_back=False,
            bundle=None,
        )
        .exclude(pk=letter.pk)
        .order_by("pk")
    )
