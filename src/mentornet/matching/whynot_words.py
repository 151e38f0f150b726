"""Why nobody yet, in sentences for whoever works here; what can be said to her stands in ``whynot_said``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.spoken import reference_language
from mentornet.matching.ranking import BRIEFED
from mentornet.matching.reasons import RULE_NAMES, requirement_words
from mentornet.matching.whynot import Standing, WhyNot
from pairing.terms import Rule
from pairing.whynot import FLOOR, Room
from reference.customs import Custom
from reference.people import Requirement

OBSTACLE_NAMES: Final[Mapping[str, str | Promise]] = {**RULE_NAMES, FLOOR: gettext_lazy("the programme’s floor")}
"""What each obstacle asks for."""


def why_mentee(found: WhyNot) -> str:
    """Say to whoever works here why a mentee has nobody yet."""
    values = {"others": found.others, "fitting": found.fitting, "right": found.right, "floor": found.floor}
    match found.standing:
        case Standing.EMPTY:
            return _("No mentor takes part in her programme yet.")
        case Standing.CHOSEN:
            return (
                ngettext(
                    "%(right)s mentor is right for her, and the best set for all who wait gives her one.",
                    "%(right)s mentors are right for her, and the best set for all who wait gives her one of them.",
                    found.right,
                )
                % values
            )
        case Standing.TAKEN:
            return (
                ngettext(
                    "%(right)s mentor is right for her, and the best set for all who wait gives that mentor to "
                    "somebody else.",
                    "%(right)s mentors are right for her, and the best set for all who wait gives each of them to "
                    "somebody else.",
                    found.right,
                )
                % values
            )
        case Standing.FLOOR:
            return ngettext(
                "The rules allow %(fitting)s of %(others)s mentor, who does not reach the floor: %(best)s of 100 "
                "points, and the floor is %(floor)s.",
                "The rules allow %(fitting)s of %(others)s mentors, and none reaches the floor: the best has %(best)s "
                "of 100 points, and the floor is %(floor)s.",
                found.others,
            ) % (values | {"best": found.best_score})
    return (
        ngettext(
            "The rules allow none of %(others)s mentor.", "The rules allow none of %(others)s mentors.", found.others
        )
        % values
    )


def why_mentor(found: WhyNot) -> str:
    """Say to whoever works here why nobody is with a mentor."""
    values = {"others": found.others, "fitting": found.fitting, "right": found.right, "floor": found.floor}
    match found.standing:
        case Standing.EMPTY:
            return _("Nobody waits in her programme.")
        case Standing.HERSELF:
            return _("She rests, has no place left or is still to be briefed: so nobody is looked for.")
        case Standing.CHOSEN:
            return (
                ngettext(
                    "%(right)s of %(others)s who waits is right for her, and the best set for all gives her somebody.",
                    "%(right)s of %(others)s who wait are right for her, and the best set for all gives her somebody.",
                    found.others,
                )
                % values
            )
        case Standing.TAKEN:
            return (
                ngettext(
                    "%(right)s of %(others)s who waits is right for her, and the best set for all gives them other "
                    "mentors.",
                    "%(right)s of %(others)s who wait are right for her, and the best set for all gives them other "
                    "mentors.",
                    found.others,
                )
                % values
            )
        case Standing.FLOOR:
            return ngettext(
                "The rules allow %(fitting)s of %(others)s who waits, and nobody reaches the floor: the best has "
                "%(best)s of 100 points, and the floor is %(floor)s.",
                "The rules allow %(fitting)s of %(others)s who wait, and nobody reaches the floor: the best has "
                "%(best)s of 100 points, and the floor is %(floor)s.",
                found.others,
            ) % (values | {"best": found.best_score})
    return (
        ngettext(
            "The rules allow none of %(others)s who waits.",
            "The rules allow none of %(others)s who wait.",
            found.others,
        )
        % values
    )


_HELPS_MENTEE: Final[Mapping[str, str | Promise]] = {
    Rule.LANGUAGE: gettext_lazy("Talk with her about languages: which ones, and how well."),
    Rule.PLACE: gettext_lazy("Ask her about another way or place to meet, or a mentor about meeting online."),
    Rule.TIME: gettext_lazy("Ask her, or the mentor, about one more time of the week."),
    Rule.REQUIRES: gettext_lazy("Talk about what is required, on both sides: is it a must?"),
    Rule.RESTING: gettext_lazy("Ask the mentor when she wants to begin again. Her break is hers."),
    Rule.CAPACITY: gettext_lazy("Ask the mentor whether she has room for one more."),
    BRIEFED: gettext_lazy("Brief the mentor."),
    FLOOR: gettext_lazy(
        "You may propose below the floor, for a written reason; the floor itself belongs to the programme."
    ),
}
_HELPS_MENTOR: Final[Mapping[str, str | Promise]] = {
    **_HELPS_MENTEE,
    Rule.LANGUAGE: gettext_lazy("Talk with her about languages: which ones, and how good the Danish must be."),
    Rule.PLACE: gettext_lazy("Ask her about another way or place to meet."),
    Rule.RESTING: gettext_lazy("Ask her when she wants to begin again. Her break is hers."),
    Rule.CAPACITY: gettext_lazy("Ask her whether she has room for one more."),
    BRIEFED: gettext_lazy("Brief her."),
}


def advice(obstacle: str, *, for_mentor: bool) -> str:
    """Say what could be done about an obstacle; empty where nobody is to be asked."""
    return str((_HELPS_MENTOR if for_mentor else _HELPS_MENTEE).get(obstacle, ""))


_ROOMS: Final[Mapping[Room, str | Promise]] = {
    Room.FREE: gettext_lazy("would be free for her: nobody else has her in the best set for all who wait"),
    Room.MOVES: gettext_lazy("would be free for her: others would change mentors, and nobody would lose hers"),
    Room.COSTS: gettext_lazy("would not be free for her: somebody else who waits would lose her"),
    Room.LOCKED: gettext_lazy("is promised to others"),
}


def room_words(room: Room | None) -> str:
    """Say what giving her that mentor would mean for the others; empty where it was not asked."""
    return "" if room is None else str(_ROOMS[room])


def must_words(what: Requirement | Custom | None) -> str:
    """Say what must hold between a mentee and a mentor."""
    match what:
        case Requirement():
            return requirement_words(what)
        case Custom():
            return what.text(reference_language())
    return _("what mentors require of her")
