"""Who is protected, who is erased, who is not to be written to; and the hours, in which the program acts by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core import mail
from hypothesis import strategies as st

from journeys.case_acting import WHICH, WHO, move, only_if
from journeys.case_ending_rules import Endings
from journeys.case_model import App, Her, Place
from mentornet.agenda.models import Kind as TaskKind
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.staff import Staff
from mentornet.followup.services import ask_for_talks, look_for_signs, see_to_afterwards, see_to_letters
from mentornet.intake.services.applications import change_facts
from mentornet.intake.services.interviews import remind_of_interviews
from mentornet.intake.services.protection import (
    approve_reveal,
    ask_to_erase,
    ask_to_lift,
    protect,
    refuse_reveal,
    rename_again,
)
from mentornet.intake.services.resting import ask_whether_back, call_those_who_do_not_answer
from mentornet.matching.enums import ProposalState
from mentornet.matching.services import ask_after_meetings, expire_proposals
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.services import deliver_due_letters, refuse_letters
from mentornet.messaging.templates import Kind
from mentornet.partnerships.enums import PartnershipState
from mentornet.people.enums import Role
from mentornet.people.models import Person, Reveal
from mentornet.people.recipients import person_key
from mentornet.people.sealing import Cover
from mentornet.privacy.enums import Reason
from mentornet.privacy.services import erase
from mentornet.surveys.services import ask_both_sides

_S = ProposalState
COVER = Cover(alias="Solveig", area="Jylland")


class Safety(Endings):
    """What may never fail, whatever else is going on."""

    def _known(self, which: int, *, protected: bool = False) -> App | None:
        return self.pick(self.book.apps, which, lambda one: one.her.is_protected is protected)

    # Not to be written to --------------------------------------------------------------------------------------------

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO, way=st.sampled_from(("call", "call", "email")))
    def she_is_to_be_called(self, which: int, who: str, way: str) -> None:
        app = self._known(which)
        assert app is not None
        by = self.staff(who, app.division)
        no = self.only(self.in_division(by, app.division))
        wanted = ["people.change"] if app.her.way != way else []
        row = self.row_of(app)
        # It returns nothing; that it was done is told by the model's own words.
        self.act("way", wanted, no, change_facts, by=by, application=row, person_facts={"contact_way": way})
        if no is None:
            app.her.way = way

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH)
    def she_wants_no_news(self, which: int) -> None:
        app = self._known(which)
        assert app is not None
        wanted = [] if app.her.refuses else ["messaging.refuse_letters"]
        by = self.herself(app.her)
        self.act("no news", wanted, None, refuse_letters, by=by, recipient=person_key(app.her.pk), kinds=[Kind.NEWS])
        app.her.refuses = True

    # Protected -------------------------------------------------------------------------------------------------------

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO)
    def she_is_protected(self, which: int, who: str) -> None:
        app = self._known(which)
        assert app is not None
        by = self.staff(who, app.division)
        no = self.only(self.in_division(by, app.division))
        no = no or self.only(not app.her.is_protected, ChangedMeanwhileError)
        done = self.act(
            "protect", ["people.protect"], no, protect,
            by=by, known_by=self.row_of(app), cover=COVER, reason="Somebody is looking for her.",
        )  # fmt: skip
        app.her.is_protected = app.her.is_protected or done is not None

    def second_word(self, app: App, asker: Staff, second: Staff, ask: Any, asked: str, *, says_yes: bool) -> bool:
        """Let one ask and another answer; herself and whoever does not work there are refused."""
        can = self.only(app.her.is_protected, ChangedMeanwhileError)
        reveal = self.act(asked, [asked], can, ask, by=asker, known_by=self.row_of(app), reason="She has called.")
        if reveal is None:
            return False
        assert isinstance(reveal, Reveal)
        lifts = ask is ask_to_lift
        for nobody in (asker, self.staff("other", app.division)):
            self.act("approve", [], self.only(allowed=False), approve_reveal, by=nobody, reveal=reveal)
        if not says_yes:
            self.act("refuse", ["people.refuse_reveal"], None, refuse_reveal, by=second, reveal=reveal)
            return False
        wanted = ["people.approve_reveal", *(["people.lift_protection"] if lifts else [])]
        self.act("approve", wanted, None, approve_reveal, by=second, reveal=reveal)
        # Whoever leads reads that somebody was revealed, and ticks it off.
        Task.objects.filter(target_id=reveal.pk, kind=TaskKind.REVEALED).update(done_at=self.now, done_by="tests")
        return True

    @only_if(lambda self: any(one.her.is_protected for one in self.book.apps))
    @move(which=WHICH, national_asks=st.booleans(), says_yes=st.booleans())
    def her_protection_is_to_be_lifted(self, which: int, national_asks: bool, says_yes: bool) -> None:
        app = self._known(which, protected=True)
        assert app is not None
        two = [self.staff("own", app.division), self.staff("national", app.division)]
        asker, second = reversed(two) if national_asks else two
        if self.second_word(app, asker, second, ask_to_lift, "people.ask_to_lift", says_yes=says_yes):
            app.her.is_protected = False

    # Erased ----------------------------------------------------------------------------------------------------------

    def _ends(self, her: Her) -> list[str]:
        book, wanted = self.book, ["audit.redact", "privacy.erase"]
        props = [one for one in book.props if one.is_open and her in {one.mentee.her, one.mentor.her}]
        pairs = [one for one in book.pairs if one.is_running and her in {one.mentee.her, one.mentor.her}]
        wanted += ["matching.withdraw"] * len(props) + ["partnerships.close"] * len(pairs)
        wanted += ["intake.rest"] * len(self._rest_as_settled(her))
        for app in book.apps:
            if app.her is her and app.is_open:
                wanted += ["intake.withdraw", *(["intake.cancel_interview"] if app.booked else [])]
        gone = {one.mentee for one in pairs if one.mentee.her is her}
        left = [one for one in book.places if one.her is her and one.ended_on is None and one not in gone]
        return wanted + ["intake.end_enrolment"] * len(left)

    def _rest_as_settled(self, her: Her) -> list[tuple[Place, date]]:
        """Return the mentors with whom a rest was settled when she goes, each with its last day."""
        return [
            (pair.mentor, pair.ending.rests_until)
            for pair in self.book.pairs
            if pair.is_running and pair.mentee.her is her and pair.ending is not None
            if pair.ending.mentor_next == "rests" and pair.ending.rests_until is not None
            if self.rests(pair.mentor, pair.ending)
        ]

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=st.sampled_from(("national", "national", "own", "other")), has_word=st.booleans())
    def she_is_erased(self, which: int, who: str, has_word: bool) -> None:
        app = self.pick(self.book.apps, which)
        assert app is not None
        her, by = app.her, self.staff(who, app.division)
        if her.is_protected and has_word:
            self.second_word(
                app, self.staff("national", app.division), self.staff("own", app.division), ask_to_erase,
                "people.ask_to_erase", says_yes=True,
            )  # fmt: skip
        no = self.only(who == "national" and (has_word or not her.is_protected))
        wanted, person = self._ends(her), Person.objects.get(pk=her.pk)
        if not self.act("erase", wanted, no, erase, by=by, person=person, reason=Reason.ASKED):
            return
        for prop in self.book.props:
            if prop.is_open and her in {prop.mentee.her, prop.mentor.her}:
                prop.state = _S.WITHDRAWN
        for mentor, until in self._rest_as_settled(her):
            mentor.rests_until = until
        for pair in self.book.pairs:
            if pair.is_running and her in {pair.mentee.her, pair.mentor.her}:
                self.closed(pair, waits_again=pair.mentor.her is her)
        self.book.forget(her)

    # The hours -------------------------------------------------------------------------------------------------------

    @move(days=st.integers(1, 12))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)

    @only_if(lambda self: any(one.state == PartnershipState.CLOSED for one in self.book.pairs))
    @move()
    def a_quarter_goes_by(self) -> None:
        """So long that somebody is asked how it goes since."""
        self.now += timedelta(days=92)
        self.the_program_does_its_round()

    @move()
    def the_program_does_its_round(self) -> None:
        """Expire, ask, remind, rename: all that comes round by itself."""
        by, book = self.program(), self.book
        late = [one for one in book.props if one.is_holding and one.is_late(self.today)]
        self.act("expire", ["matching.expire"] * len(late), None, expire_proposals, by=by)
        for prop in late:
            prop.state = _S.EXPIRED
        self.act("ask after", [], None, ask_after_meetings, by=by)
        asked = [
            one
            for one in book.places
            if one.ended_on is None and one.is_asked_first and one.asked_on is None
            if one.rests_until is not None and one.rests_until <= self.today
        ]
        self.act("ask whether back", ["intake.ask_whether_back"] * len(asked), None, ask_whether_back, by=by)
        for place in asked:
            place.asked_on = self.today
            if place.role == Role.MENTEE:
                place.last_word_on = self.today
        self.act("call", [], None, call_those_who_do_not_answer, by=by)
        # Each letter has its own entry beside the reminder's.
        self.expected += 2 * remind_of_interviews(by=by)
        self.expected += self._renamed_again()
        self._night()
        self.run_jobs()

    def _night(self) -> None:
        """Look after the pairs: what is due with each, who is asked, and what has come of it."""
        by, entries = self.program(), self.entries()
        while not ask_for_talks(by=by):
            pass
        look_for_signs(by=by)
        if see_to_afterwards(by=by):
            self.count("ask afterwards")
        see_to_letters(by=by)
        ask_both_sides(by=by)
        self.expected += self.entries() - entries

    def _renamed_again(self) -> int:
        """Hide what was written since of protected people, such as a place that is an interview's too."""
        last = self.entries()
        rename_again(by=self.program())
        new = list(Entry.objects.order_by("-pk").values_list("act", "object_id")[: self.entries() - last])
        protected = {str(one.pk) for one in self.book.people if one.is_protected}
        assert {act for act, _of in new} <= {"people.hide_words"}
        assert {of for _act, of in new} <= protected
        return len(new)

    @move()
    def letters_leave(self) -> None:
        """Deliver what is due: to nobody who is gone, and to nobody who does not want it."""
        before = set(Letter.objects.filter(state=LetterState.SENT).values_list("pk", flat=True))
        posted = len(mail.outbox)
        entries = self.entries()
        deliver_due_letters(by=self.program())
        self.expected += self.entries() - entries
        people = {person_key(one.pk): one for one in self.book.people}
        for letter in Letter.objects.filter(state=LetterState.SENT).exclude(pk__in=before):
            her = people.get(letter.recipient)
            if her is None:
                assert letter.recipient.startswith("draft:"), letter.recipient
                continue
            assert not her.is_erased
            assert her.way == "email"
            assert not (her.refuses and TEMPLATES[letter.event].kind == Kind.NEWS)
        for sent in mail.outbox[posted:]:
            told = f"{sent.subject}\n{sent.body}"
            for her in self.book.people:
                is_to_her = her.email in sent.to
                assert not (is_to_her and her.is_erased)
                if her.is_protected or her.is_erased or not is_to_her:
                    assert her.canary not in told.lower()
