"""The waiting list as the page shows it: the clock of each woman, her best mentor, or what blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.intake.enums import EarlierReason, WaitReason
from mentornet.intake.models import Enrolment
from mentornet.matching.outlook import Outlook
from mentornet.matching.ranking import LOOSENABLE
from mentornet.matching.reasons import RULE_NAMES
from mentornet.web.desk.match.bars import drawn
from mentornet.web.desk.people.standing import rests
from mentornet.web.desk.waiting.filters import EARLIER
from mentornet.web.desk.words import in_short
from mentornet.web.desk.words.terms import work


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole waiting list in the reader's divisions.

    Attributes:
        days: half of those whose wait is known have waited longer; ``None`` when none is known.
    """

    waiting: int
    overdue: int
    days: int | None

    def sentences(self) -> list[str]:
        """Say it, each number with its base."""
        said = [
            ngettext("%(count)s person is waiting.", "%(count)s people are waiting.", self.waiting)
            % {"count": self.waiting}
        ]
        if self.overdue:
            said.append(
                ngettext(
                    "%(count)s of them has been promised a word that is overdue.",
                    "%(count)s of them have been promised a word that is overdue.",
                    self.overdue,
                )
                % {"count": self.overdue}
            )
        else:
            said.append(_("Nobody’s promised word is overdue."))
        if self.days is not None:
            said.append(
                ngettext(
                    "Half of them have waited longer than %(days)s day.",
                    "Half of them have waited longer than %(days)s days.",
                    self.days,
                )
                % {"days": self.days}
            )
        return said


@dataclass(frozen=True, slots=True)
class Match:
    """The best available mentor of a row.

    Attributes:
        bars: for the tag ``score_strip``.
        url: the two side by side.
        fits: how many fit, and how many of them reach the floor.
        is_low: nobody reaches it.
    """

    name: str
    percent: int
    bars: list[dict[str, Any]]
    url: str
    fits: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """What stands in the way of a row: a sentence, and where to look at it with the rule set aside."""

    words: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Row:
    """One woman who waits.

    Attributes:
        days: how long; ``None`` when nobody has written it down.
    """

    enrolment: Enrolment
    days: int | None
    is_overdue: bool
    occupation: SafeString | str
    languages: SafeString | str
    match: Match | None
    blocked: Blocked | None
    rests: str = ""
    """That she has asked for a break, and until when."""
    why: str = ""
    """Why she waits, where it is something else than that no mentor is there."""
    earlier: str = ""
    """Why she is taken before others who have waited longer."""


def whys(cases: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """Return the reasons why anybody waits, each with how many: what stands on nobody is no choice."""
    listed = list(cases)
    counts = Counter(why for why, _earlier in listed)
    found = [(one.value, _counted(str(one.label), counts[one.value])) for one in WaitReason if counts[one.value]]
    earlier = sum(one is not None for _why, one in listed)
    return [*found, (EARLIER, _counted(_("taken before others"), earlier))] if earlier else found


def _counted(words: str, count: int) -> str:
    return _("%(what)s: %(count)s") % {"what": words, "count": count}


def totals(waits: Iterable[tuple[date | None, date | None]], today: date) -> Totals:
    """Count everybody who waits, from pairs of the day since when and the day of the promised word."""
    listed = list(waits)
    days = [(today - since).days for since, _due in listed if since is not None]
    return Totals(
        waiting=len(listed),
        overdue=sum(due is not None and due < today for _since, due in listed),
        days=int(median(days)) if days else None,
    )


def rows(
    mentees: Sequence[Enrolment], outlooks: Mapping[UUID, Outlook], mentors: Mapping[UUID, Enrolment], today: date
) -> list[Row]:
    """Prepare mentees for the list; ``mentors`` are the best ones, by enrolment."""
    return [_row(mentee, outlooks.get(mentee.pk), mentors, today) for mentee in mentees]


def _row(mentee: Enrolment, outlook: Outlook | None, mentors: Mapping[UUID, Enrolment], today: date) -> Row:
    due = mentee.word_due_on
    return Row(
        enrolment=mentee,
        days=None if mentee.since is None else max((today - mentee.since).days, 0),
        is_overdue=due is not None and due < today,
        occupation=work(mentee.profile.occupation, mentee.profile.occupation_title),
        languages=in_short.languages(mentee.person.languages.all()),
        match=_match(mentee, outlook, mentors) if outlook else None,
        blocked=_blocked(mentee, outlook) if outlook else None,
        rests=rests(mentee) if mentee.is_resting(today) else "",
        why=_why(mentee),
        earlier=str(EarlierReason(found).label) if (found := getattr(mentee, "earlier", None)) else "",
    )


def _why(mentee: Enrolment) -> str:
    found = getattr(mentee, "why", WaitReason.MENTOR)
    return "" if found in {WaitReason.MENTOR, WaitReason.BREAK} else str(WaitReason(found).label)


def _match(mentee: Enrolment, outlook: Outlook, mentors: Mapping[UUID, Enrolment]) -> Match | None:
    best = outlook.best
    mentor = None if best is None else mentors.get(best.enrolment_id)
    if best is None or mentor is None:
        return None
    return Match(
        name=mentor.person.name,
        percent=best.percent,
        bars=drawn(best.bars),
        url=reverse("desk:match_pair", kwargs={"mentee_id": mentee.pk, "mentor_id": mentor.pk}),
        fits=_fits(outlook),
        is_low=not outlook.above_floor,
    )


def _fits(outlook: Outlook) -> str:
    values = {"fitting": outlook.fitting, "above": outlook.above_floor, "floor": outlook.floor}
    if outlook.above_floor == outlook.fitting:
        words = ngettext(
            "%(fitting)s mentor fits, above the floor of %(floor)s",
            "%(fitting)s mentors fit, all above the floor of %(floor)s",
            outlook.fitting,
        )
    elif outlook.above_floor:
        words = ngettext(
            "%(above)s of %(fitting)s who fit reaches the floor of %(floor)s",
            "%(above)s of %(fitting)s who fit reach the floor of %(floor)s",
            outlook.above_floor,
        )
    else:
        words = ngettext(
            "%(fitting)s mentor fits, below the floor of %(floor)s",
            "%(fitting)s mentors fit, all below the floor of %(floor)s",
            outlook.fitting,
        )
    return words % values


def _blocked(mentee: Enrolment, outlook: Outlook) -> Blocked | None:
    if outlook.best is not None:
        return None
    page = reverse("desk:match", kwargs={"mentee_id": mentee.pk})
    block = outlook.block
    if block is None:
        return Blocked(_("No mentor takes part in her programme yet."), "", "")
    values = {"fails": block.fails, "mentors": outlook.mentors, "rule": RULE_NAMES[block.rule], "opens": block.opens}
    if block.opens:
        words = _("Nobody fits: %(fails)s of %(mentors)s mentors fail on “%(rule)s”.") % values
        action = ngettext("Set it aside: %(opens)s opens", "Set it aside: %(opens)s open", block.opens) % values
        return Blocked(words, f"{page}?{urlencode({'loosen': block.rule})}", action)
    if block.rule in LOOSENABLE:
        words = _(
            "Nobody fits: %(fails)s of %(mentors)s mentors fail on “%(rule)s”, and no single rule set aside helps."
        )
    else:
        words = _("Nobody fits: %(fails)s of %(mentors)s mentors fail on “%(rule)s”.")
    return Blocked(words % values, "", "")


def choices(named: Iterable[tuple[str, str]], chosen: str) -> list[tuple[str, SafeString | str, bool]]:
    """Return the choices of a select: value, words, and whether it is the chosen one."""
    return [(value, label, value == chosen) for value, label in named]
