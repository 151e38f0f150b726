"""The hard rules: which fail for a pair, and which pass only because something is unknown.

Defined in ``docs/formats.md``. A rule fails only if it fails whatever the unknown values are.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pairing.between import Between
from pairing.features import IN_PERSON, ONLINE, UNKNOWN, UNKNOWN_LEVEL, Bool
from pairing.terms import RULES, Rule
from reference.cefr import Level
from reference.slots import SLOTS_IN_A_WEEK
from reference.translation import N_

BOTH_WAYS: Final = IN_PERSON | ONLINE
WHOLE_WEEK: Final = (1 << SLOTS_IN_A_WEEK) - 1


class RuleStates(NamedTuple):
    """The rules of k pairs.

    Attributes:
        fails: bool (8, k), in the order of ``RULES``.
        unsure: bool (8, k), passes, but might fail if the unknown were known.
    """

    fails: Bool
    unsure: Bool

    @property
    def allowed(self) -> Bool:
        """Bool (k,): no rule fails."""
        return np.logical_not(self.fails.any(axis=0))


def _language(between: Between, need: Level) -> tuple[Bool, Bool]:
    """A shared language that both speak well enough; Danish also at the level that the mentor asks for."""
    mentee, mentor = between.mentee, between.mentor
    asked = between.mentor_only.min_danish
    possible, sure = np.zeros(len(between), bool), np.zeros(len(between), bool)
    spoken: Bool = np.asarray(mentee.languages.any(axis=1))
    if not mentee.languages_known.all():
        spoken |= mentor.languages.any(axis=1)
    for language in np.flatnonzero(spoken):
        hers, theirs = mentee.languages[language], mentor.languages[language]
        # A whole list that is unknown may hold this language, at any level.
        hers = np.where(mentee.languages_known == 0, np.int8(UNKNOWN_LEVEL), hers)
        theirs = np.where(mentor.languages_known == 0, np.int8(UNKNOWN_LEVEL), theirs)
        hers_enough = np.maximum(int(need), asked) if language == between.danish else np.int8(need)
        # An unknown level is 7, above every level: "at least" is then "possibly at least".
        may = (theirs >= need) & (hers >= hers_enough)
        # Whoever speaks a language at all speaks it at A1, unless even the list is unknown.
        hers_sure = (hers != UNKNOWN_LEVEL) | ((hers_enough <= Level.A1) & (mentee.languages_known != 0))
        theirs_sure = (theirs != UNKNOWN_LEVEL) | ((need <= Level.A1) & (mentor.languages_known != 0))
        possible |= may
        sure |= may & hers_sure & theirs_sure
    possible |= (mentee.languages_known == 0) & (mentor.languages_known == 0)
    return ~possible, possible & ~sure


def _place(between: Between) -> tuple[Bool, Bool]:
    """Both accept online, or both accept in person and belong to the same division."""
    hers, theirs = between.mentee.meeting, between.mentor.meeting
    division, place = between.mentee.division, between.mentor.division
    same = (place == division) & (division != UNKNOWN)
    may_same = same | (place == UNKNOWN) | (division == UNKNOWN)

    def accepts(mode: int) -> tuple[Bool, Bool]:
        return (
            (((theirs & mode) != 0) | (theirs == 0)) & (((hers & mode) != 0) | (hers == 0)),
            ((theirs & mode) != 0) & ((hers & mode) != 0),
        )

    may_online, online = accepts(ONLINE)
    may_meet, meet = accepts(IN_PERSON)
    possible = may_online | (may_meet & may_same)
    # Whoever accepts both ways, in the same division, suits somebody whose way is unknown: there is no third way.
    either_way = ((hers == 0) & (theirs == BOTH_WAYS)) | ((theirs == 0) & (hers == BOTH_WAYS))
    return ~possible, possible & ~(online | (meet & same) | (either_way & same))


def _time(between: Between) -> tuple[Bool, Bool]:
    """One slot of the week suits both."""
    hers, theirs = between.mentee.slots, between.mentor.slots
    unknown = (theirs == 0) | (hers == 0)
    return ~unknown & ((theirs & hers) == 0), unknown & ((theirs | hers) != WHOLE_WEEK)


def _requires(between: Between) -> tuple[Bool, Bool]:
    """What each demands of the other holds."""
    mentee, mentor = between.mentee, between.mentor
    fails = ((mentor.demand_fails & mentee.requires) != 0).any(axis=0)
    fails |= ((mentor.requires & mentee.demand_fails) != 0).any(axis=0)
    unknown = ((mentor.demand_unknown & mentee.requires) != 0).any(axis=0)
    unknown |= ((mentor.requires & mentee.demand_unknown) != 0).any(axis=0)
    return fails, unknown & ~fails


def rule_states(between: Between, need: Level) -> RuleStates:
    """Judge k pairs; ``need`` is the level that both need in a shared language."""
    surely = np.zeros(len(between), bool)
    judged = {
        Rule.LANGUAGE: _language(between, need),
        Rule.PLACE: _place(between),
        Rule.TIME: _time(between),
        Rule.REQUIRES: _requires(between),
        Rule.CONFLICT: (between.conflict, surely),
        Rule.RESTING: (between.resting, surely),
        Rule.CAPACITY: (between.full, surely),
        Rule.FORBIDDEN: (between.forbidden, surely),
    }
    return RuleStates(np.stack([judged[rule][0] for rule in RULES]), np.stack([judged[rule][1] for rule in RULES]))


RULE_NAMES = {
    Rule.LANGUAGE: N_("no shared language at the level needed"),
    Rule.PLACE: N_("no way to meet that suits both"),
    Rule.TIME: N_("no time of the week that suits both"),
    Rule.REQUIRES: N_("one of them requires something that the other does not have"),
    Rule.CONFLICT: N_("they must not meet, or have been a pair before"),
    Rule.RESTING: N_("the mentor is resting"),
    Rule.CAPACITY: N_("the mentor has no free place"),
    Rule.FORBIDDEN: N_("the pair has been ruled out"),
}
"""What it means that a rule fails, for a sentence such as “refused: …”."""
