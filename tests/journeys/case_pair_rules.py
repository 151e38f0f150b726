"""Partnerships: meetings told, agreements in versions, kept for longer, pauses, and the wish to end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from journeys.case_acting import WHICH, WHO, move, only_if
from journeys.case_matching_rules import SIDE, Matching
from journeys.case_model import Pair
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import Side
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Agreement, Partnership
from mentornet.partnerships.services import (
    ask_to_end,
    extend_agreement,
    fill_in,
    pause_partnership,
    record_meeting,
    resume_partnership,
    sign,
    tell_meeting,
)
from partnerships.sides import TERMS

_P = PartnershipState
HALF_A_YEAR: Final = timedelta(days=183)
"""For so long the two agree: six months, counted in days."""


class Pairs(Matching):
    """Partnerships."""

    @staticmethod
    def partnership(pair: Pair) -> Partnership:
        return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)

    def begins(self, pair: Pair) -> list[str]:
        """Return the entry of a pair that has just begun, by what has just been noted in it."""
        if pair.has_begun and pair.state == _P.MATCHED:
            pair.state = _P.ACTIVE
            return ["partnerships.begin"]
        return []

    def _would_begin(self, pair: Pair, *, meets: bool = False, signs: bool = False) -> list[str]:
        has = (meets or pair.first_met_on is not None) and (signs or pair.agreement_on is not None)
        return ["partnerships.begin"] if has and pair.state == _P.MATCHED else []

    # Meetings --------------------------------------------------------------------------------------------------------

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, who=WHO)
    def a_meeting_is_noted(self, which: int, who: str) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.is_running)
        assert pair is not None
        by = self.staff(who, pair.mentee.division)
        no = self.only(self.in_division(by, pair.mentee.division))
        no = no or self.only(pair.is_running, ChangedMeanwhileError)
        no = no or self.only(self.today not in pair.told, ValidationError)
        wanted = ["partnerships.meet", *self._would_begin(pair, meets=True)]
        if self.act(
            "note meeting", wanted, no, record_meeting, by=by, partnership=self.partnership(pair), on=self.today
        ):
            pair.told[self.today] = set()
            pair.first_met_on = min(pair.first_met_on or self.today, self.today)
            self.begins(pair)

    def tells(self, pair: Pair, side: Side) -> None:
        known = pair.told.get(self.today)
        wanted = ["partnerships.meet", *self._would_begin(pair, meets=True)]
        if known is not None:
            wanted = [] if side in known else ["partnerships.confirm_meeting"]
        done = self.act(
            "tell meeting", wanted, self.only(pair.can_act), tell_meeting,
            by=self.herself(pair.side(side).her), partnership=self.partnership(pair), on=self.today, minutes=60,
        )  # fmt: skip
        if done is not None:
            pair.told.setdefault(self.today, set()).add(side)
            pair.first_met_on = min(pair.first_met_on or self.today, self.today)
            self.begins(pair)

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, side=SIDE)
    def she_tells_of_a_meeting(self, which: int, side: Side) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.is_running)
        assert pair is not None
        self.tells(pair, side)

    # Agreement -------------------------------------------------------------------------------------------------------

    def fills_in(self, pair: Pair, side: Side, *, is_stale: bool = False) -> None:
        terms: dict[str, Any] = {**TERMS, "extra": f"Version {pair.version + 1}."}
        no = self.only(pair.can_act)
        no = no or self.only(not is_stale, ChangedMeanwhileError)
        done = self.act(
            "fill in", ["partnerships.fill_in_agreement"], no, fill_in, by=self.herself(pair.side(side).her),
            partnership=self.partnership(pair), terms=terms, seen=pair.version + is_stale,
        )  # fmt: skip
        if done is not None:
            pair.version, pair.signed = pair.version + 1, set()

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, side=SIDE, is_stale=st.sampled_from((False, False, True)))
    def a_version_is_filled_in(self, which: int, side: Side, is_stale: bool) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.is_running)
        assert pair is not None
        self.fills_in(pair, side, is_stale=is_stale)

    def signs(self, pair: Pair, side: Side, *, former: bool = False) -> None:
        number = pair.version - former
        agreement = Agreement.objects.get(partnership=pair.pk, number=number)
        is_last = side not in pair.signed and len(pair.signed) == 1
        wanted = [] if side in pair.signed else ["partnerships.sign_one"]
        wanted += ["partnerships.sign", *self._would_begin(pair, signs=True)] if is_last else []
        by = self.herself(pair.side(side).her)
        no = self.only(pair.can_act) or self.only(not former, ChangedMeanwhileError)
        if self.act("sign", wanted, no, sign, by=by, agreement=agreement, name=by.name, language="da"):
            pair.signed.add(side)
            if is_last:
                pair.agreement_on, pair.agreed_until = self.today, self.today + HALF_A_YEAR
                self.begins(pair)
                if pair.version > 1:
                    self.count("agree anew")

    @only_if(lambda self: any(one.version for one in self.book.pairs))
    @move(which=WHICH, side=SIDE, former=st.sampled_from((False, False, True)))
    def she_signs(self, which: int, side: Side, former: bool) -> None:
        pair = self.pick([one for one in self.book.pairs if one.version], which, lambda one: one.is_running)
        assert pair is not None
        self.signs(pair, side, former=former and pair.version > 1)

    def goes_on_longer(self, pair: Pair, by: Staff, until: date) -> None:
        no = self.only(self.in_division(by, pair.mentee.division))
        no = no or self.only(pair.is_running and pair.state != _P.CLOSING, ChangedMeanwhileError)
        no = no or self.only(pair.agreed_until is None or pair.agreed_until < until, ValidationError)
        if self.act(
            "extend", ["partnerships.extend"], no, extend_agreement,
            by=by, partnership=self.partnership(pair), until=until,
        ):  # fmt: skip
            pair.agreed_until = until

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, who=WHO, days=st.integers(1, 300))
    def they_go_on_for_longer(self, which: int, who: str, days: int) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.state in {_P.MATCHED, _P.ACTIVE})
        assert pair is not None
        self.goes_on_longer(pair, self.staff(who, pair.mentee.division), self.today + timedelta(days=days))

    # Pause, and the wish to end --------------------------------------------------------------------------------------

    def pauses(self, pair: Pair, by: Actor, days: int) -> None:
        can = pair.state in {_P.MATCHED, _P.ACTIVE}
        no = self.only((not isinstance(by, Staff) or self.in_division(by, pair.mentee.division)) and can)
        done = self.act(
            "pause", ["partnerships.pause"], no, pause_partnership,
            by=by, partnership=self.partnership(pair), until=self.today + timedelta(days=days),
        )  # fmt: skip
        if done is not None:
            pair.state, pair.has_paused = _P.PAUSED, True

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, who=WHO, side=st.none() | SIDE, days=st.integers(1, 20))
    def a_pair_pauses(self, which: int, who: str, side: Side | None, days: int) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.state in {_P.MATCHED, _P.ACTIVE})
        assert pair is not None
        self.pauses(pair, self.herself(pair.side(side).her) if side else self.staff(who, pair.mentee.division), days)

    def goes_on(self, pair: Pair, by: Actor) -> None:
        can = pair.state == _P.PAUSED
        no = self.only((not isinstance(by, Staff) or self.in_division(by, pair.mentee.division)) and can)
        if self.act(
            "go on", ["partnerships.resume"], no, resume_partnership, by=by, partnership=self.partnership(pair)
        ):
            pair.state = _P.ACTIVE if pair.has_begun else _P.MATCHED

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, who=WHO, side=st.none() | SIDE)
    def a_pair_goes_on(self, which: int, who: str, side: Side | None) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.state == _P.PAUSED)
        assert pair is not None
        self.goes_on(pair, self.herself(pair.side(side).her) if side else self.staff(who, pair.mentee.division))

    def wants_to_end(self, pair: Pair, side: Side) -> None:
        no = self.only(pair.can_act and pair.state != _P.CLOSING)
        self.act(
            "ask to end", ["partnerships.ask_to_end"], no, ask_to_end,
            by=self.herself(pair.side(side).her), partnership=self.partnership(pair), words="It is enough.",
        )  # fmt: skip

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, side=SIDE)
    def she_wants_to_end(self, which: int, side: Side) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.is_running)
        assert pair is not None
        self.wants_to_end(pair, side)

    def closed(self, pair: Pair, *, waits_again: bool) -> None:
        """Close it as the program does by itself, when one of the two is erased."""
        pair.state, pair.closed_on = _P.CLOSED, self.today
        pair.mentor.since = self.today
        if not waits_again:
            # Who waits again has her old place: nobody here is to blame.
            pair.mentee.since = pair.mentee.ended_on = self.today
