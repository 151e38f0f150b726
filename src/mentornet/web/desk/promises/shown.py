"""Letters that will be written, day by day; and exceptions from the order, division by division."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from statistics import median
from typing import Final
from uuid import UUID

from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from mentornet.divisions.models import Division
from mentornet.intake.enums import EarlierReason, WaitReason
from mentornet.intake.models import Earlier, Enrolment
from mentornet.intake.services.waiting import LATE_UPDATE, SUGGESTED, UPDATE, letter_values
from mentornet.messaging.letters import Part, Words, language_of, written
from mentornet.messaging.minting import masked
from mentornet.messaging.models import Channel, LetterText
from mentornet.messaging.ways import channel_of
from mentornet.people.recipients import recipient_of
from mentornet.programmes.care import Care

LATELY: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Coming:
    """One woman who is promised a word.

    Attributes:
        why: why she waits.
        instead: why the program writes nothing to her; empty where it does.
        is_stopped: somebody has stopped the letter, and may let it go again.
        subject, body: as she will get it; a text message has no subject.
    """

    enrolment: Enrolment
    why: str
    instead: str
    is_stopped: bool
    language: str
    direction: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ComingDay:
    """Those whose letters leave on one day.

    Attributes:
        is_over: the day has passed: what should have left leaves with the next round.
    """

    on: date
    is_over: bool
    rows: list[Coming]


@dataclass(frozen=True, slots=True)
class Letters:
    """What is known once for all letters of the page.

    Attributes:
        cares: how each programme looks after those who wait.
        silent: who wants no letters of this kind.
        words: the network's own words, by event and language.
    """

    cares: Mapping[UUID, Care]
    silent: Collection[UUID]
    words: Mapping[tuple[str, str], LetterText]
    today: date

    def care(self, one: Enrolment) -> Care:
        """Return how her programme looks after her."""
        return self.cares.get(one.programme_id) or Care()

    def leaves_on(self, one: Enrolment) -> date:
        """Return the day on which the program writes to her, or on which her promise is due."""
        assert one.word_due_on is not None
        return one.word_due_on - timedelta(days=self.care(one).word_ahead_days)


def letters_to_come(coming: Iterable[Enrolment], letters: Letters) -> list[ComingDay]:
    """Prepare those who are promised a word, by the day on which the program writes, or on which it is due."""
    listed = sorted(coming, key=lambda one: (letters.leaves_on(one), one.person.sort_key))
    return [
        ComingDay(on, on < letters.today, [_coming(one, letters) for one in some])
        for on, some in groupby(listed, key=letters.leaves_on)
    ]


def _coming(one: Enrolment, letters: Letters) -> Coming:
    language = language_of(one.person.language)
    channel, problem = channel_of(recipient_of(one.person))
    instead = ""
    if not letters.care(one).word_ahead_days:
        instead = _("In this programme the program writes nothing by itself.")
    elif one.word_by_hand:
        instead = _("Somebody tells her herself: the letter is stopped.")
    elif one.person_id in letters.silent:
        instead = _("She wants no letters of this kind: call her.")
    elif problem is not None:
        instead = str(problem.label)
    why = SUGGESTED if one.promised else str(getattr(one, "why", WaitReason.MENTOR))
    subject, body = ("", "") if instead else _letter(one, why, language, letters, as_text=channel == Channel.TEXT)
    return Coming(
        enrolment=one,
        why=_("a mentor is proposed to her") if one.promised else str(WaitReason(why).label),
        instead=instead,
        is_stopped=one.word_by_hand,
        language=language,
        direction="rtl" if get_language_info(language)["bidi"] else "ltr",
        subject=subject,
        body=body,
    )


def _letter(one: Enrolment, why: str, language: str, letters: Letters, *, as_text: bool) -> tuple[str, str]:
    """Return subject and body as they would be if it were written on its day; today where that has passed."""
    assert one.word_due_on is not None
    on = max(letters.leaves_on(one), letters.today)
    event = LATE_UPDATE if one.word_due_on < letters.today else UPDATE
    next_on = on + timedelta(days=letters.care(one).word_days)
    own = letters.words.get((event, language))
    part = Part(
        event,
        masked(letter_values(one, why, next_on)),
        Words(own.subject, own.body, own.sms) if own is not None and not own.is_shipped else None,
    )
    letter = written([part], name=one.person.first_name, language=language, as_text=as_text)
    return letter.subject, letter.body


# Exceptions -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfDivision:
    """The exceptions of one division.

    Attributes:
        sentence: how many, before how many others.
        reasons: each with how many.
        rows: the exceptions, the newest first, those that were taken back too.
    """

    division: Division
    sentence: str
    reasons: list[tuple[str, int]]
    rows: list[tuple[Earlier, str]]


def report_of(exceptions: Sequence[Earlier], divisions: Sequence[Division]) -> list[OfDivision]:
    """Prepare the exceptions of each division, also of those that have none."""
    return [_part(one, [row for row in exceptions if row.division_id == one.pk]) for one in divisions]


def _part(division: Division, rows: list[Earlier]) -> OfDivision:
    counted = [row for row in rows if not row.is_undone]
    reasons = Counter(row.reason for row in counted)
    return OfDivision(
        division=division,
        sentence=_sentence(counted),
        reasons=[(str(EarlierReason(reason).label), count) for reason, count in reasons.most_common()],
        rows=[(row, str(EarlierReason(row.reason).label)) for row in rows],
    )


def _sentence(counted: list[Earlier]) -> str:
    if not counted:
        return _("Nobody was taken before others.")
    said = ngettext(
        "%(count)s was taken before others who had waited longer.",
        "%(count)s were taken before others who had waited longer.",
        len(counted),
    ) % {"count": len(counted)}
    if len(counted) == 1:
        return said
    before = int(median(row.passed_over for row in counted))
    most = ngettext(
        "Typically one other was passed over, at the most %(most)s.",
        "Typically %(before)s others were passed over, at the most %(most)s.",
        before,
    ) % {"before": before, "most": max(row.passed_over for row in counted)}
    return f"{said} {most}"
