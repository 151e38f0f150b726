"""Endings: who may fill one in, or take one back; and whether one is without blame, with the reason that it shows.

A mentee whose partnership ended without blame waits again since the day she waited from before; nobody loses her place
by an ending that she could do nothing about, nor by one that she was free to wish for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.common.models import mark_of as short_mark
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.partnerships.outcomes import ExitTalk, MenteeNext, Said, Scenario
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Blame:
    """What the rule says, or a person instead of it.

    Attributes:
        is_without: it ended without blame.
        why: a whole sentence.
        by_person: a person has said otherwise than the rule.
    """

    is_without: bool
    why: _StrOrPromise
    by_person: bool = False


_SAFETY_HER = Blame(
    False,
    pgettext_lazy("blame", "Somebody may not have been safe with the mentee: you decide, with what you know."),
)
_SAFETY = Blame(True, pgettext_lazy("blame", "What happened is nothing that the mentee has done."))
_SILENT = Blame(
    False,
    pgettext_lazy("blame", "The two lost contact, and nobody has reached the mentee either: ask her before she waits."),
)
_WITHOUT = Blame(True, pgettext_lazy("blame", "Nobody is to blame: both are free to end, and life comes in between."))


def by_rule(
    *, scenario: Scenario | str, led_to_it: Collection[Role | str], reasons: Collection[str], mentee_talk: str
) -> Blame:
    """Tell whether an ending is without blame, by the rule alone.

    It is, except where somebody may not have been safe with the mentee, and where the two lost contact and the mentee
    could not be reached afterwards either.

    Args:
        scenario: how it came to the ending.
        led_to_it: in a safety ending, whom it is about.
        reasons: why it ended, as each side says, and as is noted for both.
        mentee_talk: whether the mentee was talked with; empty while nobody has tried.
    """
    if scenario == Scenario.SAFETY:
        return _SAFETY_HER if Role.MENTEE in led_to_it else _SAFETY
    if ClosingReason.NO_CONTACT in reasons and mentee_talk == ExitTalk.NOT_REACHED:
        return _SILENT
    return _WITHOUT


def without_blame(closure: Closure, sides: Collection[ClosureSide]) -> Blame:
    """Tell whether an ending is without blame: as a person has said, or else by the rule."""
    if closure.blame:
        return Blame(closure.blame == Said.YES, closure.blame_words, by_person=True)
    mentee = next((one for one in sides if one.side == Role.MENTEE), None)
    return by_rule(
        scenario=closure.scenario,
        led_to_it=[one.side for one in sides if one.led_to_it],
        reasons=[closure.reason, *(one.reason for one in sides), *(one.own_reason for one in sides)],
        mentee_talk=mentee.talk if mentee is not None and not mentee.own_at else "",
    )


def usual_next(closure: Closure, blame: Blame) -> MenteeNext:
    """Return what is suggested for the mentee: after what was agreed she leaves, else she waits again."""
    if closure.scenario == Scenario.PLANNED:
        return MenteeNext.LEAVES
    return MenteeNext.OLD_PLACE if blame.is_without else MenteeNext.FROM_NOW


def mark(scenario: Scenario | str, led_to_it: Collection[Role | str]) -> str:
    """Return in one word how it comes to an ending, and who led to it."""
    return ":".join([str(scenario), *sorted(str(side) for side in led_to_it)])


def mark_of(closure: Closure | None, sides: Collection[ClosureSide]) -> str:
    """Return :func:`mark` of an ending as it stands; nothing where none has been begun."""
    return "" if closure is None else mark(closure.scenario, [one.side for one in sides if one.led_to_it])


_OF_ENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "outcome": ("work", "hours", "own_level", "danish_step", "network", "outcome_words"),
    "contact": ("later_contact", "keeps_apart"),
    "next": ("mentee_next", "mentor_next", "mentor_rests_until", "blame", "blame_words"),
    "thanks": (),
}
_OF_TALK: Final = ("talk", "talk_on", "said", "reason", "remark")
_OF_SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "contact": ("wants_contact",),
    "thanks": ("has_thanks", "may_be_asked"),
    **{f"talk_{side}": _OF_TALK for side in Role.values},
}


def mark_of_step(closure: Closure, sides: Collection[ClosureSide], step: str) -> str:
    """Return by what it is known that a step of an ending stands as somebody has read it.

    ``step`` is one of those that the draft keeps as filled in; ``summary`` stands for all of them.
    """
    steps = [*_OF_ENDING, *(f"talk_{side}" for side in Role.values)] if step == "summary" else [step]
    told: list[object] = [mark_of(closure, sides)] if step == "summary" else []
    for one in steps:
        told += [getattr(closure, name) for name in _OF_ENDING.get(one, ())]
        told += [
            (row.side, getattr(row, name))
            for row in sorted(sides, key=lambda row: row.side)
            for name in _OF_SIDES.get(one, ())
            if one in {"contact", "thanks", f"talk_{row.side}"}
        ]
    return short_mark(*told)


def may_fill_in_ending(by: Actor, closure: Closure) -> Answer:
    """An ending that is being filled in: whoever works with the pair."""
    if not (answer := may_work_on(by, closure.partnership)):
        return answer
    if closure.undone_at is not None:
        return denied(_("This ending has been called off. Begin it anew, if it ends after all."))
    if closure.closed_at is not None:
        return denied(_("This partnership has been closed already."))
    return ALLOWED


def may_reopen(by: Actor, partnership: Partnership) -> Answer:
    """Taking an ending back that was a mistake: whoever works with the pair."""
    if not (answer := may_work_on(by, partnership)):
        return answer
    return ALLOWED if partnership.state == PartnershipState.CLOSED else denied(_("This partnership is not closed."))
