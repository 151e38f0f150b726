"""From the public form to the waiting list and the bank; rest and return; the end, and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import strategies as st

from journeys.case_acting import WHICH, WHO, Ground, move, only_if
from journeys.case_model import App, Her, Place
from mentornet.accounts.models import User
from mentornet.accounts.services.codes import code_of
from mentornet.audit.models import Entry
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import NOTED_REASONS, ApplicationState, ConsentPurpose, EndReason
from mentornet.intake.models import Application, ApplicationDraft, Enrolment
from mentornet.intake.services.applications import decide, receive_application, withdraw_application
from mentornet.intake.services.briefing import take_briefing_back
from mentornet.intake.services.confirmations import note_confirmed
from mentornet.intake.services.consents import text_in_force
from mentornet.intake.services.drafts import answer_step, ask_contact_code, begin_draft, confirm_contact
from mentornet.intake.services.enrolments import (
    brief,
    end_enrolment,
    give_word,
    rest,
    resume_enrolment,
    set_capacity,
)
from mentornet.intake.services.interviews import book_interview, cancel_interview, record_interview
from mentornet.intake.services.resting import come_back, rest_until_asked
from mentornet.intake.services.sending import submit_draft
from mentornet.intake.services.waiting import note_why
from mentornet.people.enums import Role
from mentornet.programmes.queries import current_version

MOST_PEOPLE: Final = 7
_A = ApplicationState
SENT: Final = (
    "people.register", "people.write_profile", "people.write_languages", "intake.receive", "intake.consent",
    "intake.consent", "intake.draft_submit",
)  # fmt: skip


class Intake(Ground):
    """Applications and enrolments."""

    @staticmethod
    def row_of(app: App) -> Application:
        return Application.objects.select_related("person", "programme", "division").get(pk=app.pk)

    @staticmethod
    def enrolment(place: Place) -> Enrolment:
        return Enrolment.objects.select_related("person", "programme", "division").get(pk=place.pk)

    def in_division(self, by: Actor, division: Any) -> bool:
        return isinstance(by, Staff) and division in by.casework

    # Writing to us ---------------------------------------------------------------------------------------------------

    def written(self, role: Role, division: Any, her: Her | None = None) -> ApplicationDraft:
        """Fill in the public form to its end, with a code that reaches her."""
        self.people_made += her is None
        number = self.people_made
        by, canary = self.visitor(), f"kanari{number:03}x"
        draft = begin_draft(by=by, role=role, language="da")
        columns = {
            "division": Division.objects.get(pk=division),
            "programme": self.programme,
            "first_name": f"{canary.title()}a",
            "last_name": f"{canary.title()}b",
            "email": f"{canary}@example.net",
            "phone": f"7151{number:04}",
            "safe_contact": f"Ask for {canary.title()}a",
            "contact_way": "email",
        }
        draft = answer_step(by=by, draft=draft, step="contact", columns=columns)
        consents = {
            purpose.value: {
                "text": str(text_in_force(by=by, purpose=purpose, language="da").pk), "at": by.at.isoformat()
            }
            for purpose in (ConsentPurpose.HANDLING, ConsentPurpose.INTRODUCTION)
        }  # fmt: skip
        given: dict[str, dict[str, Any]] = {
            "programme": {"eligible": "yes"},
            "languages": {"skills": [["da", "B2"]]},
            "life": {"birth_year": 1990, "area": f"{canary.title()}b", "postcode": "5000"},
            "times": {"availability": ["mon-evening"]},
            "meeting": {"meeting": ["in person", "online"]},
            "words": {"about": f"I am {canary.title()}a {canary.title()}b.", "wishes": f"{canary.title()}a hopes."},
            "consents": consents,
        }
        for step, answers in given.items():
            draft = answer_step(by=by, draft=draft, step=step, answers=answers)
        challenge = ask_contact_code(by=by, draft=draft)
        assert confirm_contact(by=by, draft=draft, challenge=challenge, code=code_of(challenge))
        draft.refresh_from_db()
        return draft

    def apply(self, role: Role, division: Any) -> App:
        draft = self.written(role, division)
        self.expected = self.entries()
        email, phone = draft.email, draft.phone
        sent = self.act("apply", SENT, None, submit_draft, by=self.visitor(), draft=draft)
        assert sent is not None
        assert sent.application is not None
        her = Her(sent.application.person_id, f"kanari{self.people_made:03}x", email, phone, role)
        her.ids.add(draft.pk)
        self.book.people.append(her)
        app = App(sent.application.pk, her, division, self.today)
        self.book.apps.append(app)
        return app

    @only_if(lambda self: len(self.book.people) < MOST_PEOPLE)
    @move(role=st.sampled_from(Role), there=st.booleans())
    def somebody_writes_to_us(self, role: Role, there: bool) -> None:
        self.apply(role, self.there if there else self.here)

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO)
    def she_wants_to_come_again(self, which: int, who: str) -> None:
        app = self.pick(self.book.apps, which, lambda one: not one.is_open and self.book.current(one.her) is None)
        assert app is not None
        row, by = self.row_of(app), self.staff(who, app.division)
        again = any(one.is_open and one.her is app.her for one in self.book.apps)
        no = self.only(self.in_division(by, app.division)) or self.only(not again, ValidationError)
        made = self.act(
            "apply again", ["intake.receive"], no, receive_application,
            by=by, programme=row.programme, division=row.division, role=app.her.role, person=row.person,
        )  # fmt: skip
        if made is not None:
            self.book.apps.append(App(made.pk, app.her, app.division, self.today))

    # Interview and decision ------------------------------------------------------------------------------------------

    def book_talk(self, app: App, by: Staff, days: int = 3) -> None:
        self.interviews += 1
        at = self.now + timedelta(days=days, hours=self.interviews)
        no = self.only(self.in_division(by, app.division) and app.state in {_A.RECEIVED, _A.BOOKED})
        done = self.act(
            "book", ["intake.book_interview"], no, book_interview, by=by, application=self.row_of(app), at=at,
            place="The library", interviewer=User.objects.get(pk=by.user_id),
        )  # fmt: skip
        if done is not None:
            app.state, app.booked = _A.BOOKED, at

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO, days=st.integers(0, 9))
    def an_interview_is_booked(self, which: int, who: str, days: int) -> None:
        app = self.pick(self.book.apps, which, lambda one: one.state in {_A.RECEIVED, _A.BOOKED})
        assert app is not None
        self.book_talk(app, self.staff(who, app.division), days)

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO, by_herself=st.booleans())
    def an_interview_is_cancelled(self, which: int, who: str, by_herself: bool) -> None:
        app = self.pick(self.book.apps, which, lambda one: one.state == _A.BOOKED)
        assert app is not None
        by: Actor = self.herself(app.her) if by_herself else self.staff(who, app.division)
        no = None if by_herself else self.only(self.in_division(by, app.division))
        no = no or self.only(app.state == _A.BOOKED, ChangedMeanwhileError)
        if no is None and by_herself:
            assert app.booked is not None
            no = self.only(self.today < timezone.localdate(app.booked))
        if self.act("cancel", ["intake.cancel_interview"], no, cancel_interview, by=by, application=self.row_of(app)):
            app.state, app.booked = _A.RECEIVED, None

    def talk(self, app: App, by: Staff) -> None:
        no = self.only(self.in_division(by, app.division) and app.state in {_A.RECEIVED, _A.BOOKED})
        done = self.act(
            "interview", ["intake.record_interview"], no, record_interview, by=by, application=self.row_of(app),
            interviewer=User.objects.get(pk=by.user_id), shareable="Wants to work.", coordinator_only="Tired.",
        )  # fmt: skip
        if done is not None:
            app.state, app.booked = _A.INTERVIEWED, None

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO)
    def an_interview_is_held(self, which: int, who: str) -> None:
        app = self.pick(self.book.apps, which, lambda one: one.state in {_A.RECEIVED, _A.BOOKED})
        assert app is not None
        self.talk(app, self.staff(who, app.division))

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO)
    def her_profile_is_confirmed(self, which: int, who: str) -> None:
        app = self.pick(self.book.apps, which, lambda one: one.state == _A.INTERVIEWED)
        assert app is not None
        by, row = self.staff(who, app.division), self.row_of(app)
        no = self.only(self.in_division(by, app.division) and app.state in {_A.INTERVIEWED, _A.APPROVED})
        seen = row.person.profiles.get(role=app.her.role).stamp
        self.act(
            "confirm", ["people.write_profile", "people.write_languages", "intake.confirm_profile"], no, note_confirmed,
            by=by, application=row, author_name=by.name, seen=seen,
        )  # fmt: skip

    def decision(self, app: App, by: Staff, outcome: ApplicationState, capacity: int = 1) -> None:
        can = app.state == _A.INTERVIEWED or (outcome == _A.DECLINED and app.is_open)
        no = self.only(self.in_division(by, app.division) and can)
        if no is None and outcome == _A.APPROVED:
            no = self.only(self.book.current(app.her) is None, ValidationError)
        done = self.act(
            str(outcome), ["intake.decide"], no, decide, by=by, application=self.row_of(app), outcome=outcome,
            reason="We have talked.", author_name=by.name, capacity=capacity,
        )  # fmt: skip
        if done is None:
            return
        app.state, app.booked = outcome, None
        if outcome == _A.APPROVED:
            is_mentee = app.her.role == Role.MENTEE
            row = Enrolment.objects.get(application=app.pk)
            self.book.places.append(
                Place(
                    row.pk, app.her, app.division, 1 if is_mentee else capacity,
                    since=app.received_on if is_mentee else self.today, made=self.now, last_word_on=self.today,
                )
            )  # fmt: skip
            app.her.was_enrolled = True

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO, yes=st.sampled_from((True, True, False)), capacity=st.integers(0, 3))
    def an_application_is_decided(self, which: int, who: str, yes: bool, capacity: int) -> None:
        app = self.pick(self.book.apps, which, lambda one: one.state == _A.INTERVIEWED)
        assert app is not None
        self.decision(app, self.staff(who, app.division), _A.APPROVED if yes else _A.DECLINED, capacity)

    @only_if(lambda self: self.book.apps)
    @move(which=WHICH, who=WHO, by_herself=st.booleans())
    def an_application_is_withdrawn(self, which: int, who: str, by_herself: bool) -> None:
        app = self.pick(self.book.apps, which, lambda one: one.is_open)
        assert app is not None
        by: Actor = self.herself(app.her) if by_herself else self.staff(who, app.division)
        no = self.only((by_herself or self.in_division(by, app.division)) and app.is_open)
        if self.act("withdraw", ["intake.withdraw"], no, withdraw_application, by=by, application=self.row_of(app)):
            app.state, app.booked = _A.WITHDRAWN, None

    # Enrolled --------------------------------------------------------------------------------------------------------

    def briefing(self, place: Place, by: Staff) -> None:
        can = place.role == Role.MENTOR and not place.is_briefed
        no = self.only(self.in_division(by, place.division) and can)
        if self.act("brief", ["intake.brief"], no, brief, by=by, enrolment=self.enrolment(place), on=self.today):
            place.is_briefed = True

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO)
    def a_mentor_is_briefed(self, which: int, who: str) -> None:
        place = self.pick(self.book.places, which, lambda one: one.role == Role.MENTOR and not one.is_briefed)
        assert place is not None
        self.briefing(place, self.staff(who, place.division))

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO)
    def a_briefing_is_taken_back(self, which: int, who: str) -> None:
        place = self.pick(self.book.places, which, lambda one: one.is_briefed)
        assert place is not None
        by, book = self.staff(who, place.division), self.book
        is_free = not book.promised(place) and not book.active(place) and place.ended_on is None
        no = self.only(self.in_division(by, place.division))
        no = no or self.only(place.is_briefed and is_free, ChangedMeanwhileError)
        done = self.act(
            "take briefing back", ["intake.take_briefing_back"], no, take_briefing_back,
            by=by, enrolment=self.enrolment(place),
        )  # fmt: skip
        place.is_briefed = place.is_briefed and done is None

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO, by_letter=st.booleans())
    def she_hears_that_she_still_waits(self, which: int, who: str, by_letter: bool) -> None:
        place = self.pick(self.book.places, which, lambda one: one.role == Role.MENTEE and one.ended_on is None)
        assert place is not None
        by = self.staff(who, place.division)
        can = place.role == Role.MENTEE and place.ended_on is None and not self.book.active(place)
        no = self.only(self.in_division(by, place.division) and can)
        no = no or self.only(not by_letter or place.last_word_on != self.today, ChangedMeanwhileError)
        done = self.act(
            "give word", ["intake.give_word"], no, give_word,
            by=by, enrolment=self.enrolment(place), by_letter=by_letter,
        )  # fmt: skip
        if done is not None:
            place.last_word_on = self.today

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO, reason=st.sampled_from(("", *NOTED_REASONS)))
    def a_coordinator_notes_why_she_waits(self, which: int, who: str, reason: str) -> None:
        place = self.pick(self.book.places, which, lambda one: one.role == Role.MENTEE and one.ended_on is None)
        assert place is not None
        by = self.staff(who, place.division)
        is_free = not self.book.promised(place) and not self.book.active(place)
        can = place.role == Role.MENTEE and place.ended_on is None and is_free
        no = self.only(self.in_division(by, place.division) and can)
        self.act(
            "note why", ["intake.note_why"], no, note_why,
            by=by, enrolment=self.enrolment(place), reason=reason, words="A word",
        )  # fmt: skip

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO, days=st.integers(0, 20))
    def a_coordinator_notes_a_rest(self, which: int, who: str, days: int) -> None:
        place = self.pick(self.book.places, which, lambda one: one.role == Role.MENTOR and one.ended_on is None)
        assert place is not None
        by, until = self.staff(who, place.division), self.today + timedelta(days=days) if days else None
        no = self.only(self.in_division(by, place.division) and place.role == Role.MENTOR and place.ended_on is None)
        entry = "intake.rest" if until else "intake.wake"
        if self.act("rest", [entry], no, rest, by=by, enrolment=self.enrolment(place), until=until):
            place.wake()
            place.rests_until = until

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO, days=st.integers(1, 20), by_herself=st.booleans())
    def she_rests(self, which: int, who: str, days: int, by_herself: bool) -> None:
        place = self.pick(self.book.places, which, lambda one: one.ended_on is None and not self.book.promised(one))
        assert place is not None
        by: Actor = self.herself(place.her) if by_herself else self.staff(who, place.division)
        is_bound = place.role == Role.MENTEE and (self.book.active(place) or self.book.promised(place))
        can = place.ended_on is None and not is_bound
        no = self.only((by_herself or self.in_division(by, place.division)) and can)
        until = self.today + timedelta(days=days)
        done = self.act(
            "rest until asked", ["intake.rest"], no, rest_until_asked,
            by=by, enrolment=self.enrolment(place), until=until, note="A break.",
        )  # fmt: skip
        if done is not None:
            place.rests_until, place.is_asked_first, place.asked_on = until, True, None

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO, by_herself=st.booleans())
    def she_comes_back(self, which: int, who: str, by_herself: bool) -> None:
        place = self.pick(self.book.places, which, lambda one: one.rests_until is not None)
        assert place is not None
        by: Actor = self.herself(place.her) if by_herself else self.staff(who, place.division)
        no = self.only((by_herself or self.in_division(by, place.division)) and place.ended_on is None)
        wanted = ["intake.wake"] if place.rests_until is not None else []
        if self.act("come back", wanted, no, come_back, by=by, enrolment=self.enrolment(place)):
            place.wake()

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO, capacity=st.integers(0, 4), by_herself=st.booleans())
    def she_can_have_more_or_fewer(self, which: int, who: str, capacity: int, by_herself: bool) -> None:
        place = self.pick(self.book.places, which, lambda one: one.role == Role.MENTOR)
        assert place is not None
        by: Actor = self.herself(place.her) if by_herself else self.staff(who, place.division)
        bound = self.book.promised(place) + self.book.active(place)
        most = max(place.capacity, bound + 1) if by_herself else capacity
        no = self.only((by_herself or self.in_division(by, place.division)) and capacity <= most)
        no = no or self.only(place.role == Role.MENTOR and capacity >= bound, RefusedError)
        done = self.act(
            "capacity", ["intake.set_capacity"], no, set_capacity,
            by=by, enrolment=self.enrolment(place), capacity=capacity,
        )  # fmt: skip
        if done is not None:
            place.capacity = capacity

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO)
    def she_leaves(self, which: int, who: str) -> None:
        waiting = self.book.waiting(self.divisions)
        place = self.pick(self.book.places, which, lambda one: one.pk in waiting)
        assert place is not None
        by = self.staff(who, place.division)
        is_free = not self.book.promised(place) and not self.book.active(place)
        no = self.only(self.in_division(by, place.division) and place.ended_on is None and is_free)
        done = self.act(
            "leave", ["intake.end_enrolment"], no, end_enrolment,
            by=by, enrolment=self.enrolment(place), reason=EndReason.MOVED,
        )  # fmt: skip
        if done is not None:
            place.ended_on = self.today

    @only_if(lambda self: self.book.places)
    @move(which=WHICH, who=WHO)
    def she_was_not_to_leave(self, which: int, who: str) -> None:
        place = self.pick(self.book.places, which, lambda one: one.ended_on is not None)
        assert place is not None
        by, current = self.staff(who, place.division), self.book.current(place.her)
        no = self.only(self.in_division(by, place.division))
        no = no or self.only(current in {None, place}, RefusedError)
        no = no or self.only(place.ended_on is not None, ChangedMeanwhileError)
        done = self.act(
            "resume", ["intake.resume_enrolment"], no, resume_enrolment, by=by, enrolment=self.enrolment(place)
        )
        if done is not None:
            place.ended_on = None

    def version(self) -> int:
        assert self.programme is not None
        return current_version(self.programme.pk).number

    @staticmethod
    def entries() -> int:
        return Entry.objects.count()
