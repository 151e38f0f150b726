"""The places of an enrolment: held by a proposal, taken by a partnership, left again.

The only code that changes ``promised`` and ``active`` of people who are there; an import writes those it brings. Each
step is one conditional update, so that two who come at the same moment cannot both have the last place; the constraint
beneath would stop them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import RefusedError
from mentornet.common.models import stamp
from mentornet.intake.enums import EndReason
from mentornet.intake.models import Earlier, Enrolment
from mentornet.intake.queries import resting
from mentornet.people.enums import Role

WAITS_ANEW: Final[Mapping[str, Any]] = {
    "wait_reason": "",
    "wait_words": "",
    "wait_noted_on": None,
    "word_by_hand": False,
}
"""What is noted of somebody who waits holds no longer than she waits."""


class NoPlaceLeftError(RefusedError):
    """She is promised or taken up to her capacity, has a break, or has left."""


def in_order(*sides: Enrolment) -> list[Enrolment]:
    """Return the two, always in the same order: who wants both places waits for others, and never in a circle."""
    return sorted(sides, key=lambda enrolment: str(enrolment.pk))


def hold(*, by: Actor, enrolment: Enrolment) -> None:
    """Hold a place for a proposal.

    A mentee who has asked for a break is not proposed to anybody: she keeps her place, and is asked first.

    Raises:
        NoPlaceLeftError: none is left, or she has a break.
    """
    free = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True, capacity__gt=F("promised") + F("active"))
    held = free.exclude(resting(by.today) & Q(role=Role.MENTEE)).update(promised=F("promised") + 1, stamp=stamp())
    if not held:
        if free.exists() and enrolment.role == Role.MENTEE:
            raise NoPlaceLeftError(
                _("%(name)s has asked for a break. Call her first, and end the break on her page if she is ready.")
                % {"name": enrolment.person.first_name}
            )
        if enrolment.role == Role.MENTEE:
            words = _("%(name)s has just been proposed by somebody else, or has left the waiting list.")
        else:
            words = _("%(name)s has no place left: somebody was faster, or she has left. Choose another.")
        raise NoPlaceLeftError(words % {"name": enrolment.person.first_name})


def release(*, by: Actor, enrolment: Enrolment) -> None:
    """Let go of a place that a proposal held; her place in the queue stays as it was."""
    del by
    released = Enrolment.objects.filter(pk=enrolment.pk, promised__gt=0).update(
        promised=F("promised") - 1, stamp=stamp()
    )
    if not released:
        raise AssertionError(f"{enrolment.pk}: a place is released that nobody holds")


def take(*, by: Actor, enrolment: Enrolment) -> None:
    """Turn a held place into a taken one: the partnership begins."""
    del by
    taken = Enrolment.objects.filter(pk=enrolment.pk, promised__gt=0).update(
        promised=F("promised") - 1, active=F("active") + 1, stamp=stamp()
    )
    if not taken:
        raise AssertionError(f"{enrolment.pk}: a place is taken that nobody holds")


def give_back(*, by: Actor, enrolment: Enrolment) -> None:
    """Turn a taken place into a held one again: the partnership was opened by mistake."""
    del by
    given = Enrolment.objects.filter(pk=enrolment.pk, active__gt=0).update(
        promised=F("promised") + 1, active=F("active") - 1, stamp=stamp()
    )
    if not given:
        raise AssertionError(f"{enrolment.pk}: a place is given back that nobody has")


def leave(*, by: Actor, enrolment: Enrolment, waits_since: date | None) -> None:
    """Free the place of a partnership that has closed; from ``waits_since`` on she waits, or is idle, again.

    What was noted of a mentee while she waited before counts no more.
    """
    anew = WAITS_ANEW if enrolment.role == Role.MENTEE else {}
    left = Enrolment.objects.filter(pk=enrolment.pk, active__gt=0).update(
        active=F("active") - 1, since=waits_since, stamp=stamp(), **anew
    )
    if not left:
        raise AssertionError(f"{enrolment.pk}: a place is left that nobody has")
    if enrolment.role == Role.MENTEE:
        Earlier.objects.filter(enrolment=enrolment, over_at__isnull=True).update(over_at=by.at)


def take_again(
    *,
    by: Actor,
    enrolment: Enrolment,
    since: date | None,
    left_on: date | None,
    rested_until: date | None = None,
    rested_before: date | None = None,
) -> None:
    """Take a place again that an ending has freed, as that ending was a mistake.

    A mentee must be free; a mentor needs a place left. Who has left with the ending, on ``left_on``, is here again; who
    has left since is not. A rest that the ending began, until ``rested_until``, is over; ``rested_before`` holds again.

    Raises:
        NoPlaceLeftError: she has been promised or paired meanwhile, or has left.
    """
    del by
    here = Q(ended_on__isnull=True) | Q(ended_on=left_on)
    free = Enrolment.objects.filter(here, pk=enrolment.pk, capacity__gt=F("promised") + F("active"))
    values: dict[str, object] = {"active": F("active") + 1, "ended_on": None, "end_reason": "", "since": since}
    if enrolment.role == Role.MENTEE:
        values["word_due_on"] = None
    refused = _("%(name)s has been proposed or paired with somebody else meanwhile, or has left. It stays ended.")
    words = refused % {"name": enrolment.person.first_name}
    try:
        with transaction.atomic():
            taken = free.update(**values, stamp=stamp())
    except IntegrityError as error:
        # She is enrolled anew in the same programme.
        raise NoPlaceLeftError(words) from error
    if not taken:
        raise NoPlaceLeftError(words)
    if rested_until is not None:
        still = Enrolment.objects.filter(pk=enrolment.pk, resting_until=rested_until, returns_when_asked=False)
        still.update(resting_until=rested_before, stamp=stamp())


def rest_after(*, by: Actor, enrolment: Enrolment, until: date) -> bool:
    """Let a mentor rest after an ending, as part of it; false where she rests anyway, as long or until she is asked."""
    del by
    awake = Q(resting_until__isnull=True) | Q(resting_until__lt=until, returns_when_asked=False)
    mine = Enrolment.objects.filter(awake, pk=enrolment.pk, ended_on__isnull=True)
    return bool(mine.update(resting_until=until, stamp=stamp()))


def go(*, by: Actor, enrolment: Enrolment, on: date, reason: EndReason) -> bool:
    """Let somebody leave for good with an ending, as part of it; false where another place of hers is held or taken."""
    del by
    free = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True, promised=0, active=0)
    return bool(free.update(ended_on=on, end_reason=reason, stamp=stamp()))
