"""Who has been trained, what vouches for applicants, when they can be met, and what they have agreed to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils import translation

from mentornet.accounts.models import User
from mentornet.common.actors import user_key
from mentornet.common.holidays import is_holiday
from mentornet.demo.entry import Case
from mentornet.demo.shared_texts import NO_TIME_SUITS
from mentornet.demo.world import DAY, Coworker, Office, World
from mentornet.divisions.models import Division
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import (
    NEEDED_CONSENTS,
    OPTIONAL_CONSENTS,
    ApplicationState,
    Applying,
    ConfirmationWay,
    ConsentHow,
    ConsentPurpose,
    InterviewWay,
    ReferenceState,
    WayIn,
)
from mentornet.intake.models import (
    Application,
    Consent,
    ConsentText,
    ContactPerson,
    Enrolment,
    Interview,
    InterviewOffer,
    InterviewSlot,
    ProfileConfirmation,
    Reference,
)
from mentornet.intake.models.slots import USUAL_MINUTES
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Module, ModuleProgress, ReadReceipt
from mentornet.learning.queries import chapters, modules
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.programmes.enums import ReferenceKind

AGREED_FOR: Final = 550
"""What applicants have agreed to is known of those of the last so many days, and of all who still take part."""
REFERENCES_FOR: Final = 400
ASKED_FOR: Final = 200
"""Profiles are read by those they are about since so many days."""
AHEAD: Final = 14
STARTS: Final = (time(9), time(10), time(11), time(13), time(14), time(15, 30))
ASKED_TO_CHOOSE: Final = 6
REFERENCES: Final = (
    (ReferenceKind.PERSON, "en tidligere leder"),
    (ReferenceKind.WORK, ""),
    (ReferenceKind.PERSON, "formand for den lokale forening"),
    (ReferenceKind.CRIMINAL_RECORD, ""),
)
STOOD_BEFORE: Final[Sequence[Mapping[str, object]]] = (
    {"hours_per_month": 8.0},
    {"interests": ["strikning"]},
    {"occupation_title": "assistent"},
    {"topics": ["network"], "months": 6.0},
)
"""What stood in a profile before she corrected it."""
LANGUAGES: Final = ("da", "en", "ar", "fa", "uk")


class Readiness:
    """Gets people ready to be met and matched, as far as each has come."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("readiness")
        self.interviews: dict[UUID, Interview] = {row.application_id: row for row in world.made(Interview)}
        self._texts: dict[tuple[ConsentPurpose, str], ConsentText] = {}
        self._texts_of = {role: modules(role, "da") for role in Role}
        self.refused: list[InterviewOffer] = []
        self.corrected: list[ProfileConfirmation] = []

    # What they agree to -----------------------------------------------------------------------------------------------

    def agree_all(self) -> None:
        """Keep what applicants have agreed to, with the words that they have read."""
        world = self.world
        still = {row.application_id for row in world.made(Enrolment) if row.ended_on is None}
        first = world.ago(AGREED_FOR)
        seen: set[UUID] = set()
        for application in world.made(Application):
            if application.person_id in seen or (application.pk not in still and application.received_on < first):
                continue
            seen.add(application.person_id)
            office = next(one for one in world.offices if one.division is application.division)
            heard_by: Coworker | None = None
            if application.way_in == WayIn.DESK or (not application.way_in and world.chance(0.3)):
                heard_by = world.coworker(office, application.received_on)
            for purpose in self._purposes(Applying(application.role)):
                self._agree(application.person, purpose, application.created_at, heard_by)
        for contact in world.made(ContactPerson):
            if contact.person_id not in seen:
                for purpose in self._purposes(Applying.CONTACT_PERSON):
                    self._agree(contact.person, purpose, contact.created_at, None)

    def _purposes(self, role: Applying) -> list[ConsentPurpose]:
        # Letters about events were asked about once; who agreed then can still take it back.
        free = (ConsentPurpose.EVENTS, *OPTIONAL_CONSENTS[role])
        optional = [purpose for purpose in free if self.world.chance(0.6)]
        return [*NEEDED_CONSENTS[role], *optional]

    def _agree(self, person: Person, purpose: ConsentPurpose, at: datetime, heard_by: Coworker | None) -> None:
        world = self.world
        world.add(
            Consent(
                id=world.key(),
                created_at=at,
                person=person,
                purpose=purpose,
                text=self._text(purpose, person.language),
                given_at=at,
                how=ConsentHow.HEARD if heard_by else ConsentHow.HERSELF,
                heard_by=heard_by.key if heard_by else "",
                heard_by_name=heard_by.user.name if heard_by else "",
            )
        )

    def _text(self, purpose: ConsentPurpose, language: str) -> ConsentText:
        """Return the words of today: the program's own, of which nobody has changed a version yet."""
        if (purpose, language) not in self._texts:
            with translation.override(language):
                words = str(CONSENT_WORDS[purpose])
            digest = hashlib.sha256(words.encode()).hexdigest()
            same = ConsentText.objects.filter(purpose=purpose, language=language)
            # Somebody may have begun to apply on the still empty network.
            self._texts[purpose, language] = same.filter(hash=digest).first() or self.world.add(
                ConsentText(
                    id=self.world.key(),
                    created_at=self.world.at(self.world.ago(2_600)),
                    purpose=purpose,
                    language=language,
                    number=same.count() + 1,
                    text=words,
                    hash=digest,
                )
            )
        return self._texts[purpose, language]

    # Training ---------------------------------------------------------------------------------------------------------

    def train(self, cases: Collection[Case]) -> None:
        """Let mentors who are briefed have done the modules, and some of the others half of them."""
        world = self.world
        parts = [text.module for text in self._texts_of[Role.MENTOR]]
        done: set[UUID] = set()
        for case in sorted(cases, key=lambda case: case.enrolment.briefed_on is None):
            enrolment, person = case.enrolment, case.human.person
            if enrolment.role != Role.MENTOR or enrolment.ended_on is not None or person.pk in done:
                continue
            done.add(person.pk)
            at_meeting = world.chance(0.7)
            if enrolment.briefed_on is not None:
                last = enrolment.briefed_on
                for number, module in enumerate(parts):
                    on = (
                        last
                        if at_meeting
                        else max(
                            case.human.profiles[Role.MENTOR].created_at.date(),
                            last - (len(parts) - 1 - number) * 2 * DAY,
                        )
                    )
                    self._attend(case, module, on, at_meeting=at_meeting, is_last=number == len(parts) - 1)
            elif world.chance(0.6):
                # Half-way; of some a question of the next part is answered too.
                approved_on = enrolment.created_at.astimezone(world.zone).date()
                for number, module in enumerate(parts[: world.random.randint(1, len(parts) - 1)]):
                    on = min(approved_on + (2 + 3 * number) * DAY, world.today - DAY)
                    self._attend(case, module, max(on, approved_on), at_meeting=False, is_last=False)

    def learn(self, cases: Collection[Case]) -> None:
        """Let most mentees who have a mentor have done their short course."""
        world = self.world
        for case in {case.enrolment.pk: case for case in cases if case.enrolment.active}.values():
            if world.chance(0.75):
                on = case.enrolment.created_at.astimezone(world.zone).date()
                for text in self._texts_of[Role.MENTEE]:
                    on = min(on + world.days(1, 12), world.today - DAY)
                    self._attend(case, text.module, on, at_meeting=False, is_last=False)

    def _attend(self, case: Case, module: Module, on: date, *, at_meeting: bool, is_last: bool) -> None:
        world, person = self.world, case.human.person
        at = world.at(on, (16, 20))
        if not at_meeting:
            marks = next(text.marks() for text in self._texts_of[Role(module.role)] if text.module == module)
            world.add(ModuleProgress(module=module, person=person, right=sorted(marks), changed_at=at))
        world.add(
            Attendance(
                module=module,
                person=person,
                way=Way.ATTENDED if at_meeting else Way.READ,
                on=on,
                brought_in=is_last,
                told_by=case.owner.key if at_meeting else person_key(person.pk),
                created_at=at,
            )
        )

    def read(self, cases: Collection[Case]) -> None:
        """Let those who are in a partnership have read some of their handbook."""
        world = self.world
        texts = {role: {code: chapters(role, code) for code in LANGUAGES} for role in Role}
        for case in {case.enrolment.pk: case for case in cases}.values():
            enrolment, person = case.enrolment, case.human.person
            if not enrolment.active or not world.chance(0.55):
                continue
            mine = texts[Role(enrolment.role)][person.language]
            on = enrolment.created_at.astimezone(world.zone).date()
            for text in mine[: world.random.randint(1, 5)]:
                on = min(on + world.days(1, 20), world.today - DAY)
                world.add(
                    ReadReceipt(
                        chapter=text.chapter,
                        person=person,
                        language=text.language,
                        number=text.number,
                        read_at=world.at(on, (19, 23)),
                        is_told=True,
                    )
                )

    # Interviews -------------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Put the coordinators' free times of the coming two weeks into the plan, around what is booked."""
        world = self.world
        taken: dict[UUID, list[tuple[datetime, datetime]]] = {}
        for interview in sorted(self.interviews.values(), key=lambda row: (row.at, row.pk)):
            if interview.place == "på telefonen":
                interview.way = InterviewWay.TELEPHONE
            if interview.held_at is not None or interview.application.state != ApplicationState.BOOKED:
                continue
            interview.booked_at = interview.created_at
            spans = taken.setdefault(interview.interviewer_id, [])
            if self._is_free(spans, interview.at, interview.ends_at):
                spans.append((interview.at, interview.ends_at))
                place = "" if interview.way == InterviewWay.TELEPHONE else interview.place
                self._slot(
                    interview.application.division, interview.interviewer, interview.at, interview.way, place,
                    interview.application,
                )  # fmt: skip
        for office in world.offices:
            for coworker in office.staff:
                if coworker.works_on(world.today) and not coworker.is_guest:
                    self._free_times(office, coworker, taken.setdefault(coworker.user.pk, []))
        self._offer()

    def _is_free(self, spans: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime) -> bool:
        return all(end <= since or until <= start for since, until in spans)

    def _free_times(self, office: Office, coworker: Coworker, spans: list[tuple[datetime, datetime]]) -> None:
        world = self.world
        days = [world.today + number * DAY for number in range(1, AHEAD + 1)]
        workdays = [day for day in days if day.weekday() < 5 and not is_holiday(day)]
        by_telephone = world.random.randrange(len(workdays))
        for number, day in enumerate(workdays):
            for clock in sorted(world.random.sample(STARTS, 2)) if world.chance(0.6) else ():
                start = datetime.combine(day, clock, tzinfo=world.zone)
                end = start + timedelta(minutes=USUAL_MINUTES)
                if self._is_free(spans, start, end):
                    spans.append((start, end))
                    is_call = number == by_telephone
                    self._slot(
                        office.division, coworker.user, start,
                        InterviewWay.TELEPHONE if is_call else InterviewWay.IN_PERSON,
                        "" if is_call else office.division.address, None,
                    )  # fmt: skip

    def _slot(
        self,
        division: Division,
        interviewer: User,
        start: datetime,
        way: str,
        place: str,
        application: Application | None,
    ) -> None:
        world = self.world
        world.add(
            InterviewSlot(
                id=world.key(),
                created_at=world.at(world.ago(world.random.randint(1, 9)), (9, 15)),
                division=division,
                interviewer=interviewer,
                starts_at=start,
                place=place,
                way=way,
                application=application,
            )
        )

    def _offer(self) -> None:
        """Send some applicants the times; none of them suits one."""
        world = self.world
        waiting = [row for row in world.made(Application) if row.state == ApplicationState.RECEIVED]
        for number, application in enumerate(waiting[:ASKED_TO_CHOOSE]):
            office = next(one for one in world.offices if one.division is application.division)
            on = max(application.received_on, world.ago(world.random.randint(1, 3)))
            by, at = world.coworker(office, on), world.at(on, (11, 15))
            at = max(at, application.created_at + timedelta(minutes=30))
            offer = world.add(
                InterviewOffer(
                    id=world.key(),
                    created_at=at,
                    application=application,
                    offered_at=at,
                    offered_by=by.key,
                    author_name=by.user.name,
                )
            )
            if number == 1:
                offer.refused_at, offer.words = at + timedelta(hours=4), NO_TIME_SUITS
                self.refused.append(offer)

    # References, and profiles that are read ---------------------------------------------------------------------------

    def vouch(self) -> None:
        """Ask for references of mentors, and note which were seen."""
        world = self.world
        for application in world.made(Application):
            if application.role != Role.MENTOR or application.received_on < world.ago(REFERENCES_FOR):
                continue
            interview = self.interviews.get(application.pk)
            if interview is None or not world.chance(0.7):
                continue
            heard_on = min(interview.at.astimezone(world.zone).date(), world.today - DAY)
            kind, words = world.one(REFERENCES)
            reference = Reference(
                id=world.key(),
                created_at=world.at(max(heard_on, application.received_on), (15, 16)),
                application=application,
                kind=kind,
                words=words,
                author_name=interview.interviewer.name,
            )
            if application.state == ApplicationState.APPROVED:
                if world.chance(0.08):
                    reference.state = ReferenceState.WAIVED
                    reference.reason = "Har været mentor hos os før. Vi kender hende."
                else:
                    reference.state, reference.seen_on = ReferenceState.SEEN, heard_on
                    reference.seen_by = user_key(interview.interviewer_id)
            world.add(reference)

    def confirm(self) -> None:
        """Ask those approved lately whether their profile is right: most have said so, a few have corrected it."""
        world = self.world
        for application in world.made(Application):
            interview = self.interviews.get(application.pk)
            if (
                interview is None
                or interview.held_at is None
                or application.state not in {ApplicationState.APPROVED, ApplicationState.INTERVIEWED}
            ):
                continue
            held_on = interview.held_at.astimezone(world.zone).date()
            if held_on < world.ago(ASKED_FOR) or not world.chance(0.6):
                continue
            at = interview.held_at + timedelta(hours=1)
            row = world.add(
                ProfileConfirmation(
                    id=world.key(),
                    created_at=at,
                    application=application,
                    asked_at=at,
                    asked_by=user_key(interview.interviewer_id),
                    author_name=interview.interviewer.name,
                )
            )
            read_on = held_on + world.days(1, 9)
            if read_on < world.today and world.chance(0.85):
                row.confirmed_at = world.at(read_on, (18, 22))
                row.way = ConfirmationWay.TOLD if world.chance(0.2) else ConfirmationWay.PAGE
                row.language = application.person.language
            if row.way == ConfirmationWay.PAGE and world.chance(0.14):
                row.corrected = dict(world.one(STOOD_BEFORE))
                assert row.confirmed_at is not None
                if held_on < world.ago(14):
                    row.seen_at, row.seen_by = row.confirmed_at + timedelta(hours=15), row.asked_by
                else:
                    self.corrected.append(row)
