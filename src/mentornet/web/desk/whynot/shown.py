"""Why nobody yet, as the page shows it: obstacle by obstacle, who would be next, and what can be said to her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language, get_language_info, override

from mentornet.intake.models import Enrolment
from mentornet.matching.ranking import LOOSENABLE
from mentornet.matching.whynot import STANDS, Step, WhyNot
from mentornet.matching.whynot_said import said_words
from mentornet.matching.whynot_words import OBSTACLE_NAMES, advice, must_words, room_words
from mentornet.messaging.letters import language_of
from mentornet.people.enums import Role
from mentornet.web.desk.match.shown import pair_url


@dataclass(frozen=True, slots=True)
class Next:
    """Whoever would stand first if one obstacle were gone.

    Attributes:
        url: the two side by side, with the rule set aside where that can be.
        percent: the score of the two.
        room: what giving her that mentor would mean for the others, in words.
    """

    name: str
    url: str
    percent: int
    room: str


@dataclass(frozen=True, slots=True)
class Line:
    """One obstacle.

    Attributes:
        fails: between her and how many it stands.
        opens: how many would be right for her without it.
        stands: it is never set aside, and nobody is named.
        advice: what could be done.
    """

    label: str
    fails: int
    opens: int
    stands: bool
    next: Next | None
    advice: str


@dataclass(frozen=True, slots=True)
class Told:
    """The sentence that can be said to her, in one language."""

    text: str
    language: str
    direction: str
    language_name: str


@dataclass(frozen=True, slots=True)
class MustLine:
    """One must-have: what it is, how many mentors it keeps away, how many would be right without it alone."""

    label: str
    fails: int
    opens: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The page.

    Attributes:
        helps: the single relaxation that opens most; ``None`` where none helps.
        chosen: whom the best set for all gives her.
        told: what can be said to her: in the reader's language, and in her own where that is another.
    """

    why: WhyNot
    lines: list[Line]
    helps: Line | None
    chosen: Next | None
    told: list[Told]
    musts: list[MustLine]


def people_in(why: WhyNot) -> set[UUID]:
    """Return whom the page names, by enrolment."""
    return {key for key in (*(step.first for step in why.steps), why.chosen) if key is not None}


def shown(subject: Enrolment, why: WhyNot, others: Mapping[UUID, Enrolment]) -> Shown:
    """Prepare the page about one enrolment; ``others`` are those whom it names and the reader may see."""
    lines = [_line(subject, step, others) for step in why.steps]
    best = why.helps_most
    return Shown(
        why=why,
        lines=lines,
        helps=None if best is None else _line(subject, best, others),
        chosen=None if why.chosen is None else _next(subject, why.chosen, "", 0, "", others),
        told=told(subject, why),
        musts=[MustLine(must_words(one.what), one.fails, one.opens) for one in why.musts],
    )


def _line(subject: Enrolment, step: Step, others: Mapping[UUID, Enrolment]) -> Line:
    named = None
    if step.first is not None:
        named = _next(subject, step.first, step.obstacle, step.score, room_words(step.room), others)
    return Line(
        label=str(OBSTACLE_NAMES[step.obstacle]),
        fails=step.fails,
        opens=step.opens,
        stands=step.obstacle in STANDS,
        next=named,
        advice=advice(step.obstacle, for_mentor=subject.role == Role.MENTOR),
    )


def _next(
    subject: Enrolment, key: UUID, obstacle: str, percent: int, room: str, others: Mapping[UUID, Enrolment]
) -> Next | None:
    other = others.get(key)
    if other is None:
        return None
    mentee, mentor = (other, subject) if subject.role == Role.MENTOR else (subject, other)
    loosened = [obstacle] if obstacle in LOOSENABLE else []
    return Next(other.person.name, pair_url(mentee.pk, mentor.pk, loosened), percent, room)


def told(subject: Enrolment, why: WhyNot) -> list[Told]:
    """Return the sentence in the reader's language, and in hers where that is another."""
    languages = dict.fromkeys([get_language() or language_of(""), language_of(subject.person.language)])
    found = []
    for language in languages:
        with override(language):
            text = said_words(why.said, to_mentor=subject.role == Role.MENTOR)
        info = get_language_info(language)
        found.append(Told(text, language, "rtl" if info["bidi"] else "ltr", info["name_local"]))
    return found
