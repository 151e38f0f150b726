"""What a person is given of the rows about her, column by column, and what is withheld and why.

Everything is given that nobody has a reason to withhold: a column that somebody adds is in her copy by itself. Four
things are withheld: what would let somebody in, what is the other one's too, what others have told in confidence, and
which member of the staff it was.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models

from mentornet.agenda.models import Kind, Task
from mentornet.common.fields import Erasure, Level, declared, subject_of, technical
from mentornet.followup.enums import Heard, ImpactState
from mentornet.followup.models import Concern, EarlySign, ImpactLetter
from mentornet.people.enums import Role
from mentornet.privacy.models import Disclosure


class Why(StrEnum):
    """Why something is not handed out."""

    SECRET = "secret"  # noqa: S105 - a reason, not a password
    """It would let whoever has the file in as her."""
    OTHER = "other"
    """It tells of somebody else too."""
    CONFIDENCE = "confidence"
    """Others have told it in confidence, or have written it while they looked into something."""
    STAFF = "staff"
    """Which member of the staff it was. That it was the office is told."""
    OWN = "own"
    """Nobody at the office reads it, or not whoever it is about: she takes it out on her own pages."""


_HELD_TOGETHER: Final = technical("x")["x"].purpose
_WITHHELD: Final = {
    "accounts.User.password": Why.SECRET,
    "accounts.PersonalLink.token_hash": Why.SECRET,
    "accounts.PersonalLink.subject": Why.SECRET,
    "accounts.OneTimeCode.salt": Why.SECRET,
    "accounts.OneTimeCode.subject": Why.SECRET,
    "accounts.SignInSession.session_key": Why.SECRET,
    "partnerships.CalendarFeed.token_hash": Why.SECRET,
    "followup.Certificate.code_hash": Why.SECRET,
    "followup.Certificate.sealed_code": Why.SECRET,
    "followup.Certificate.name_hash": Why.SECRET,
    "followup.TenureThanks.called_by": Why.STAFF,
    # Why it ended either of the two has told: that it was for her safety is not to be read from the other one's copy.
    **dict.fromkeys(
        [
            *(f"partnerships.Partnership.{name}" for name in ("stopped_on", "closing_reason")),
            *(f"partnerships.Closure.{name}" for name in ("scenario", "reason", "keeps_apart", "blame", "former")),
            *(f"partnerships.Closure.{name}" for name in ("mentee_next", "mentor_next", "mentor_rests_until")),
            *(f"partnerships.ClosureSide.{name}" for name in ("led_to_it", "has_thanks", "may_be_asked")),
        ],
        Why.OTHER,
    ),
    # Names of both, as the office sees them in its list of what is to be done.
    "agenda.Task.words": Why.OTHER,
    "intake.ApplicationDraft.entered_by": Why.STAFF,
    # What stood in others' texts before her name was taken out of them.
    "people.ProtectedIdentity.texts": Why.OTHER,
    "followup.Concern.kept_from": Why.CONFIDENCE,
    "followup.Concern.outcome": Why.CONFIDENCE,
    "followup.ConcernNote.text": Why.CONFIDENCE,
    "partnerships.ClosureSide.remark": Why.CONFIDENCE,
    # A disclosure that is held back is in no copy; that there may be such is said to everybody.
    "privacy.Disclosure.held_back_reason": Why.CONFIDENCE,
    "privacy.Disclosure.review_on": Why.CONFIDENCE,
    "people.Reveal.asked_by": Why.STAFF,
    "people.Reveal.answered_by": Why.STAFF,
    "agenda.Task.owner_id": Why.STAFF,
    # What went from one row to the other: keys of others among them.
    "privacy.Merge.steps": Why.OTHER,
}
_GIVEN: Final = frozenset(
    {
        # Written so that the two may read it.
        "partnerships.Note.text",
        # Once it was sent both have it.
        "followup.ImpactLetter.state",
        "followup.ImpactLetter.texts",
        "followup.ImpactLetter.words",
        "followup.ImpactLetter.sent_at",
        # Read from her own answers, or from what both know; signs from the other one's answers are in no copy of hers.
        "followup.EarlySign.kind",
        "followup.EarlySign.facts",
    }
)
_LEFT_OUT: Final = ("people.Avoidance", "privacy.NotTheSame")
"""Whom she must not meet: the other one may have asked for it, so that not even a row tells that there is one. And who
looks like her: that tells of the other one alone."""
_HERS_ALONE: Final = (
    *("followup.Concern", "followup.ConcernNote", "followup.ConcernAlarm", "followup.HandedOn"),
    *("partnerships.OwnNote", "followup.Reflection", "followup.LetterWish", "followup.ImpactLetter"),
)
"""Read by nobody at the office, or by few and never by whom it is about: not in a copy that the office hands out."""
_TASKS_OF_OTHERS: Final = frozenset(
    {Kind.APART_PROPOSED, Kind.APART_PAIRED, Kind.NO_CONSENT, Kind.HELD_BACK, Kind.WARNED}
)
"""What the office is to do since the other one has said something in confidence, or somebody is looking into it."""
_OF_THE_MENTEE: Final = frozenset(
    f"partnerships.Closure.{name}" for name in ("work", "hours", "own_level", "danish_step", "network")
)
"""What has come of it for the mentee: in her copy, and not in her mentor's."""
_OTHERS: Final = {"mentee": "suits_mentor", "mentor": "suits_mentee"}
"""In a row of two, what the other one has said for herself."""
_NAMES_OF_STAFF: Final = ("author_name", "asker_name", "answerer_name", "answered_name", "heard_by_name", "undone_name")


def left_out(*, by_herself: bool) -> dict[str, Why]:
    """Return which models are in no copy, or in none that the office hands out, and why: whether or not rows stand."""
    whole = dict.fromkeys(_LEFT_OUT, Why.CONFIDENCE)
    return whole if by_herself else whole | dict.fromkeys(_HERS_ALONE, Why.OWN)


def always_withheld(*, by_herself: bool) -> dict[str, str]:
    """Return what is named as withheld to everybody alike: to name it only where it is there would tell that it is."""
    named = {where: why.value for where, why in _WITHHELD.items() if why is Why.CONFIDENCE}
    for label, why in left_out(by_herself=by_herself).items():
        named |= {f"{label}.{column}": why.value for column in declared(label)}
    return named


def tells_of_the_other(row: models.Model, side: str = "") -> bool:
    """Tell whether that a row is there at all tells what others have told, or looked into, in confidence.

    A letter that was not sent tells the mentor that the mentee was asked, and what she has said. ``side`` says which of
    the two she is, in a row of two.
    """
    if isinstance(row, ImpactLetter):
        return row.state != ImpactState.SENT
    if isinstance(row, EarlySign):
        return row.side not in {"", side}
    if isinstance(row, Disclosure):
        return bool(row.held_back_reason)
    if isinstance(row, Concern):
        # Somebody of the staff has seen it; she has told nothing, and may not know that it is looked into.
        return row.heard == Heard.SEEN
    return isinstance(row, Task) and row.kind in _TASKS_OF_OTHERS


def why_withheld(model: type[models.Model], column: str, side: str = "") -> Why | None:
    """Return why a column is withheld from whom its row is about; ``None`` where it is given.

    ``side`` says which of the two she is, in a row of two.
    """
    label = model._meta.label
    where, policy, subject = f"{label}.{column}", declared(label)[column], subject_of(label)
    if where in _GIVEN:
        return None
    if where in _WITHHELD:
        return _WITHHELD[where]
    if column in _NAMES_OF_STAFF:
        return Why.STAFF
    if column == _OTHERS.get(side) or (where in _OF_THE_MENTEE and side != Role.MENTEE):
        return Why.OTHER
    if subject is None or not subject.is_shared:
        return None
    is_plain = policy.purpose == _HELD_TOGETHER or policy.erasure == Erasure.KEEP or policy.level <= Level.PARTNER
    return None if is_plain else Why.OTHER
