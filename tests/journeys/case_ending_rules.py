"""Endings: begun in each of four ways, filled in, closed, called off, taken back; and who waits again, and where."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from journeys.case_acting import WHICH, WHO, No, move, only_if
from journeys.case_matching_rules import SIDE
from journeys.case_model import Ending, Pair, Place
from journeys.case_pair_rules import Pairs
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.divisions.staff import Staff
from mentornet.followup.models import ImpactLetter
from mentornet.followup.services import close_partnership, reopen_partnership
from mentornet.intake.services.places import NoPlaceLeftError
from mentornet.matching.enums import Side
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Closure
from mentornet.partnerships.services import begin_ending, call_ending_off, note_exit_talk, settle_contact, settle_next
from mentornet.surveys.models import Ask

_P = PartnershipState
HOW: Final = ("planned", "unplanned", "one_sided", "safety")
REASONS: Final = ("goal", "agreed", "time", "no_contact", "mismatch")
MENTEE: Final = ("old_place", "old_place", "from_now", "leaves")
MENTOR: Final = ("rests", "rests", "ready", "leaves")
REST: Final = timedelta(days=18)


class Endings(Pairs):
    """Endings."""

    @staticmethod
    def closure(pair: Pair) -> Closure:
        """Return the one that was begun last, whether it stands or not."""
        return Closure.objects.filter(partnership=pair.pk).select_related("partnership").latest("created_at", "pk")

    def _open(self, by: Staff, pair: Pair) -> No | None:
        """Return how a page of an ending is refused; ``None`` where it can be filled in."""
        return self.only(self.in_division(by, pair.mentee.division) and pair.state == _P.CLOSING)

    # Begun, and filled in --------------------------------------------------------------------------------------------

    def begins_to_end(self, pair: Pair, by: Staff, how: str, who: str = "") -> None:
        is_safety, ending = how == "safety", pair.ending
        no = self.only(how != "one_sided" or bool(who), ValidationError)
        no = no or self.only(self.in_division(by, pair.mentee.division) and pair.is_running)
        wanted = ["partnerships.begin_ending"] if ending is None else []
        if is_safety and not pair.is_stopped:
            wanted.append("partnerships.stop_at_once")
        if pair.is_stopped and not is_safety:
            wanted.append("partnerships.see_again")
        done = self.act(
            "begin an ending",
            wanted,
            no,
            begin_ending,
            by=by,
            partnership=self.partnership(pair),
            scenario=how,
            who=who,
        )
        if done is None:
            return
        before, pair.state, pair.is_stopped = ending and ending.how, _P.CLOSING, is_safety
        ending = pair.ending = ending or Ending(how)
        ending.how, ending.who = how, who if how in {"one_sided", "safety"} else ""
        if is_safety:
            ending.rule, ending.apart = "none", ending.apart or before != how
        elif before == "safety":
            ending.apart = False

    @only_if(lambda self: self.book.pairs)
    @move(which=WHICH, who=WHO, how=st.sampled_from(HOW), side=st.sampled_from(("", "mentee", "mentor")))
    def an_ending_is_begun(self, which: int, who: str, how: str, side: str) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.is_running)
        assert pair is not None
        self.begins_to_end(pair, self.staff(who, pair.mentee.division), how, side)

    def talks_at_the_end(self, pair: Pair, by: Staff, side: str, talk: str, reason: str) -> None:
        done = self.act(
            "exit talk", ["partnerships.fill_in_ending"], self._open(by, pair), note_exit_talk,
            by=by, closure=self.closure(pair), side=side, talk=talk, reason=reason, said="It was good.",
        )  # fmt: skip
        if done is not None:
            assert pair.ending is not None
            pair.ending.talks[side] = (talk, reason)

    @only_if(lambda self: any(one.ending for one in self.book.pairs))
    @move(
        which=WHICH, who=WHO, side=SIDE, talk=st.sampled_from(("held", "not_reached")), reason=st.sampled_from(REASONS)
    )
    def the_last_talk_is_noted(self, which: int, who: str, side: Side, talk: str, reason: str) -> None:
        pair = self.pick([one for one in self.book.pairs if one.ending], which, lambda one: one.state == _P.CLOSING)
        assert pair is not None
        self.talks_at_the_end(pair, self.staff(who, pair.mentee.division), str(side), talk, reason)

    def settles_contact(self, pair: Pair, by: Staff, rule: str) -> None:
        assert pair.ending is not None
        is_safety = pair.ending.how == "safety"
        # What the page says is looked at before whose it is.
        no = self.only(not is_safety or rule == "none", ValidationError) or self._open(by, pair)
        done = self.act(
            "settle contact", ["partnerships.fill_in_ending"], no, settle_contact, by=by, closure=self.closure(pair),
            rule=rule, wants={}, keeps_apart=is_safety,
        )  # fmt: skip
        if done is not None:
            pair.ending.rule, pair.ending.apart = rule, is_safety and rule == "none"

    def settles_next(self, pair: Pair, by: Staff, mentee: str, mentor: str) -> None:
        assert pair.ending is not None
        until = self.today + REST if mentor == "rests" else None
        no = self.only(mentee != "old_place" or pair.ending.keeps_place(), ValidationError) or self._open(by, pair)
        done = self.act(
            "settle next", ["partnerships.fill_in_ending"], no, settle_next, by=by, closure=self.closure(pair),
            mentee=mentee, mentor=mentor, mentor_rests_until=until,
        )  # fmt: skip
        if done is not None:
            pair.ending.mentee_next, pair.ending.mentor_next, pair.ending.rests_until = mentee, mentor, until

    @only_if(lambda self: any(one.state == _P.CLOSING for one in self.book.pairs))
    @move(
        which=WHICH, who=WHO, rule=st.sampled_from(("none", "office", "office")), mentee=st.sampled_from(MENTEE),
        mentor=st.sampled_from(MENTOR),
    )  # fmt: skip
    def what_comes_next_is_settled(self, which: int, who: str, rule: str, mentee: str, mentor: str) -> None:
        pair = self.pick([one for one in self.book.pairs if one.state == _P.CLOSING], which)
        assert pair is not None
        by = self.staff(who, pair.mentee.division)
        self.settles_contact(pair, by, rule)
        self.settles_next(pair, by, mentee, mentor)

    # Closed ----------------------------------------------------------------------------------------------------------

    def _not_closed(self, pair: Pair, ending: Ending, by: Staff, reason: str) -> No | None:
        if no := self._open(by, pair):
            return no
        if not (ending.rule and ending.mentee_next and ending.mentor_next):
            return ValidationError
        if ending.mentee_next == "old_place" and not ending.keeps_place(reason):
            return ValidationError
        others = self.book.promised(pair.mentor) + self.book.active(pair.mentor) - 1
        return self.only(ending.mentor_next != "leaves" or not others, RefusedError)

    def ends(self, pair: Pair, by: Staff, reason: str) -> None:
        ending, mentee, mentor = pair.ending, pair.mentee, pair.mentor
        assert ending is not None
        wanted = ["partnerships.close"]
        if ending.apart:
            wanted += ["people.keep_apart", "intake.keep_apart", "intake.keep_apart"]
        rests = ending.mentor_next == "rests" and self.rests(mentor, ending)
        wanted += ["intake.rest"] if rests else []
        done = self.act(
            "close", wanted, self._not_closed(pair, ending, by, reason), close_partnership,
            by=by, closure=self.closure(pair), on=self.today, reason=reason,
        )  # fmt: skip
        if done is None:
            return
        pair.state, pair.closed_on = _P.CLOSED, self.today
        ending.since, mentor.since = (mentee.since, mentor.since), self.today
        if ending.mentee_next != "old_place":
            mentee.since = self.today
        if ending.mentee_next == "leaves":
            mentee.ended_on = self.today
        if rests:
            assert ending.rests_until is not None
            ending.rest, mentor.rests_until = (ending.rests_until, mentor.rests_until), ending.rests_until
            self.count("rest after an ending")
        elif ending.mentor_next == "leaves":
            mentor.ended_on = self.today
        self.count(f"close: {ending.how}")
        self.count(f"after it: {ending.mentee_next}")

    def rests(self, mentor: Place, ending: Ending) -> bool:
        """Tell whether an ending that lets the mentor rest changes anything for her."""
        until = ending.rests_until
        is_awake = mentor.rests_until is None or (
            until is not None and mentor.rests_until < until and not mentor.is_asked_first
        )
        return until is not None and until > self.today and is_awake

    @only_if(lambda self: any(one.ending for one in self.book.pairs))
    @move(which=WHICH, who=WHO, reason=st.sampled_from(REASONS))
    def an_ending_is_closed(self, which: int, who: str, reason: str) -> None:
        pair = self.pick([one for one in self.book.pairs if one.ending], which, lambda one: one.state == _P.CLOSING)
        assert pair is not None
        self.ends(pair, self.staff(who, pair.mentee.division), reason)

    # Called off, and taken back --------------------------------------------------------------------------------------

    def calls_off(self, pair: Pair, by: Staff) -> None:
        no = self.only(self.in_division(by, pair.mentee.division))
        no = no or self.only(pair.state == _P.CLOSING, ChangedMeanwhileError)
        wanted = ["partnerships.call_ending_off", *(["partnerships.see_again"] if pair.is_stopped else [])]
        done = self.act("call an ending off", wanted, no, call_ending_off, by=by, partnership=self.partnership(pair))
        if done is not None:
            pair.state = _P.ACTIVE if pair.has_begun else _P.MATCHED
            pair.ending, pair.is_stopped = None, False

    @only_if(lambda self: any(one.ending for one in self.book.pairs))
    @move(which=WHICH, who=WHO)
    def an_ending_is_called_off(self, which: int, who: str) -> None:
        pair = self.pick(self.book.pairs, which, lambda one: one.state == _P.CLOSING)
        assert pair is not None
        self.calls_off(pair, self.staff(who, pair.mentee.division))

    def _has_room(self, place: Place, pair: Pair, *, left_with_it: bool) -> bool:
        is_here = place.ended_on is None or (left_with_it and place.ended_on == pair.closed_on)
        is_here_anew = place.ended_on is not None and self.book.current(place.her) is not None
        return is_here and not is_here_anew and self.book.left(place) > 0

    def is_taken_back(self, pair: Pair, by: Staff) -> None:
        ending = pair.ending
        no = self.only(self.in_division(by, pair.mentee.division) and pair.state == _P.CLOSED)
        if no is None:
            assert ending is not None
            no = self.only(not ending.apart, RefusedError)
            for place, goes in ((pair.mentee, ending.mentee_next), (pair.mentor, ending.mentor_next)):
                no = no or self.only(self._has_room(place, pair, left_with_it=goes == "leaves"), NoPlaceLeftError)
        done = self.act(
            "reopen", ["partnerships.reopen", *asked_about_the_end(pair)], no, reopen_partnership,
            by=by, partnership=self.partnership(pair), words="It was another pair.",
        )  # fmt: skip
        if done is None:
            return
        assert ending is not None
        pair.state, pair.closed_on = _P.ACTIVE if pair.has_begun else _P.MATCHED, None
        pair.mentee.since, pair.mentor.since = ending.since
        pair.mentee.ended_on = pair.mentor.ended_on = None
        if ending.rest is not None and pair.mentor.rests_until == ending.rest[0] and not pair.mentor.is_asked_first:
            pair.mentor.rests_until = ending.rest[1]
        pair.ending, pair.is_stopped = None, False

    @only_if(lambda self: any(one.state == _P.CLOSED for one in self.book.pairs))
    @move(which=WHICH, who=WHO)
    def a_closed_pair_goes_on(self, which: int, who: str) -> None:
        """Back from an ending that was a mistake: only while nobody else has their places."""
        pair = self.pick(self.book.pairs, which, lambda one: one.state == _P.CLOSED)
        assert pair is not None
        self.is_taken_back(pair, self.staff(who, pair.mentee.division))


def asked_about_the_end(pair: Pair) -> list[str]:
    """Return the entries of what the night has asked about an end, and is taken back with it."""
    asks = Ask.objects.filter(partnership=pair.pk, occasion__startswith="end:", state="open")
    letters = ImpactLetter.objects.filter(partnership=pair.pk, occasion="end", state__in=["draft", "asked", "approved"])
    return ["surveys.withdraw"] * asks.exists() + ["followup.lapse_letter"] * letters.count()
