"""Two divisions with one object of each kind in them, and everybody whose requests are crossed with all addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from factories.django_rows import (
    AT,
    PASSWORD,
    TODAY,
    give_role,
    make_application,
    make_division,
    make_enrolment,
    make_person,
    make_profile,
    make_programme,
    make_user,
    saved,
)
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import user_key
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.imports.models import Batch, File
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Enrolment, Interview, SavedSearch
from mentornet.learning.models import Chapter, ChapterText
from mentornet.matching.enums import Channel, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.people.enums import Role as Part
from mentornet.people.models import Avoidance
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from pairing.terms import CRITERIA

HERE: Final = "here"
ELSEWHERE: Final = "elsewhere"
CHAPTER: Final = "what-a-mentor-is"
"""A chapter of the mentees' handbook."""
SECRET: Final = "JBSWY3DPEHPK3PXP"
"""Everybody's second factor."""


@dataclass
class Place:
    """A division with its people, and what leads to each of its objects.

    Attributes:
        objects: by the name of a URL's argument; by ``url name/argument`` where one address needs another one.
        canaries: a value found nowhere else, by column: all that only casework may see.
        restricted: the columns among them each reading of which is audited.
        names: last names that nobody elsewhere has.
    """

    division: Division
    staff: User
    objects: dict[str, UUID | int] = field(default_factory=dict)
    canaries: dict[str, str] = field(default_factory=dict)
    restricted: frozenset[str] = frozenset({"intake.Interview.coordinator_only", "people.Avoidance.reason"})
    names: tuple[str, ...] = ()

    @property
    def secrets(self) -> dict[str, str]:
        """The canaries each reading of which is audited."""
        return {column: value for column, value in self.canaries.items() if column in self.restricted}


class _Words:
    """Draws a word for each column, known to the place as a canary."""

    def __init__(self, tag: str, canaries: dict[str, str]) -> None:
        self.tag, self.canaries = tag, canaries

    def __call__(self, column: str) -> str:
        word = f"kanarie{self.tag}{column.replace('.', '').replace('_', '').lower()}"
        self.canaries[column] = word
        return word

    def email(self) -> str:
        self.canaries["people.Person.email"] = f"kanarie{self.tag}@example.org"
        return self.canaries["people.Person.email"]

    def phone(self, number: str) -> str:
        self.canaries["people.Person.phone"] = number
        return number


def build_place(tag: str, programme: Programme, *, last_name: str, phone: str, staff: User | None = None) -> Place:
    """Make a division with somebody in each state and one object of each kind, with a canary in each guarded column."""
    division = make_division(f"Division {tag}")
    user = staff or make_user(f"Staff {tag}", email=f"staff.{tag}@example.org", password=PASSWORD)
    held = give_role(user, Role.COORDINATOR, division)
    place = Place(division=division, staff=user, names=(last_name,))
    word = _Words(tag, place.canaries)
    local = make_programme(f"Programme {tag}", division=division)
    since = {"since": TODAY - timedelta(days=40), "coordinator": user}

    amina = make_person(
        "Amina",
        last_name,
        email=word.email(),
        phone=word.phone(phone),
        safe_contact=word("people.Person.safe_contact"),
        postcode="5000",
        birth_year=1990,
        area="Odense",
    )
    mentee = make_enrolment(
        Part.MENTEE,
        division,
        person=amina,
        programme=programme,
        enrolment=since,
        wishes=word("people.Profile.wishes"),
        sector=word("people.Profile.sector"),
        topics=("cv", "network"),
    )
    mentor = make_enrolment(
        Part.MENTOR, division, person=make_person("Bodil", last_name), programme=programme, enrolment=since,
        topics=("cv", "network"),
    )  # fmt: skip
    promised = [
        _enrolled(role, division, programme, last_name, user, promised=1) for role in (Part.MENTEE, Part.MENTOR)
    ]
    active = [_enrolled(role, division, programme, last_name, user, active=1) for role in (Part.MENTEE, Part.MENTOR)]
    apart = saved(
        Avoidance(
            person=amina,
            other=active[1].person,
            reason=word("people.Avoidance.reason"),
            created_at=AT,
            created_by=user_key(user.pk),
        )
    )
    held_talk = _interview(mentee.application, user, word)
    applied = make_application(
        Part.MENTEE, division, person=make_person("Cilla", last_name), programme=programme,
        state=ApplicationState.BOOKED, heard_through=word("intake.Application.heard_through"),
        reference=word("intake.Application.reference"),
    )  # fmt: skip
    make_profile(applied.person, Part.MENTEE)
    saved(
        Interview(application=applied, at=AT + timedelta(days=2), interviewer=user, created_at=AT, place="The office")
    )
    proposal = _proposal(promised, division, programme, user, word)
    partnership = saved(
        Partnership(
            mentee=active[0],
            mentor=active[1],
            division=division,
            state=PartnershipState.ACTIVE,
            matched_on=TODAY - timedelta(days=60),
            first_met_on=TODAY - timedelta(days=50),
            imported_reason=word("partnerships.Partnership.imported_reason"),
            created_at=AT,
        )
    )
    meeting = saved(
        Meeting(partnership=partnership, on=TODAY - timedelta(days=50), told_by=user_key(user.pk), created_at=AT)
    )
    note = saved(
        Note(
            partnership=partnership,
            text=word("partnerships.Note.text"),
            written_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
    letter = saved(
        Letter(
            recipient=person_key(amina.pk),
            event="word_from_waiting_list",
            values={"day": "2026-03-20"},
            about_id=mentee.pk,
            division_id=division.pk,
            queued_by=user_key(user.pk),
            send_after=AT + timedelta(minutes=1),
            created_at=AT,
        )
    )
    task = saved(
        Task(
            kind=Kind.PROPOSAL_ENDED,
            target_id=proposal.pk,
            division_id=division.pk,
            owner_id=user.pk,
            due_on=TODAY,
            snooze_reason=word("agenda.Task.snooze_reason"),
            words={"mentee": "Amina", "mentor": "Bodil"},
            created_at=AT,
        ),
        exclude=("owner_id", "snoozed_until", "done_at"),
    )
    search = saved(SavedSearch(user=user, page="bank", name=f"Search {tag}", query="q=Bodil", created_at=AT))
    batch = _batch(division, programme, user, last_name)
    place.objects = {
        "person_id": amina.pk,
        "mentee_id": mentee.pk,
        "mentor_id": mentor.pk,
        "enrolment_id": mentee.pk,
        "application_id": applied.pk,
        "interview_id": held_talk.pk,
        "avoidance_id": apart.pk,
        "proposal_id": proposal.pk,
        "answer_id": proposal.answers.get().pk,
        "partnership_id": partnership.pk,
        "meeting_id": meeting.pk,
        "note_id": note.pk,
        "import_id": batch.pk,
        "batch_id": batch.pk,
        "letter_id": letter.pk,
        "programme_id": local.pk,
        "division_id": division.pk,
        "role_id": held.pk,
        "task_id": task.pk,
        "search_id": search.pk,
    }
    return place


def _enrolled(
    role: Part, division: Division, programme: Programme, last_name: str, user: User, **places: int
) -> Enrolment:
    name = {Part.MENTEE: "Dalia", Part.MENTOR: "Edith"}[role]
    return make_enrolment(
        role, division, person=make_person(name, last_name), programme=programme,
        enrolment={"coordinator": user, "since": TODAY - timedelta(days=90), **places},
    )  # fmt: skip


def _interview(application: Application, user: User, word: _Words) -> Interview:
    return saved(
        Interview(
            application=application,
            at=AT - timedelta(days=41),
            held_at=AT - timedelta(days=41),
            place="The library",
            interviewer=user,
            shareable=word("intake.Interview.shareable"),
            coordinator_only=word("intake.Interview.coordinator_only"),
            created_at=AT,
        )
    )


def _proposal(two: list[Enrolment], division: Division, programme: Programme, user: User, word: _Words) -> Proposal:
    proposal = saved(
        Proposal(
            mentee=two[0],
            mentor=two[1],
            division=division,
            version=programme.versions.get(),
            state=ProposalState.SENT,
            reason=word("matching.Proposal.reason"),
            chosen_by=user_key(user.pk),
            author_name=user.name,
            score=7_000,
            bars={name: [0.1, 0.5, 0.2] for name in (*(criterion.value for criterion in CRITERIA), "waiting")},
            sentences={"en": ["Both want the same."], "da": ["Begge vil det samme."]},
            rank=1,
            ranked=1,
            meets_first=False,
            sent_at=AT - timedelta(days=3),
            expires_on=TODAY + timedelta(days=7),
            created_at=AT,
        )
    )
    saved(
        ProposalAnswer(
            proposal=proposal,
            side=Side.MENTOR,
            round=Round.PROPOSAL,
            reply=Reply.YES,
            note=word("matching.ProposalAnswer.note"),
            channel=Channel.PHONE,
            taken_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
    return proposal


def _batch(division: Division, programme: Programme, user: User, last_name: str) -> Batch:
    batch = saved(
        Batch(
            division=division,
            programme=programme,
            user=user,
            created_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
    saved(
        File(
            batch=batch,
            subject="mentees",
            name=f"{last_name}.csv",
            rows=1,
            content=f"name\n{last_name}\n".encode(),
            created_at=AT,
        )
    )
    return batch


# Whose requests are crossed -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Both places and everybody who asks."""

    here: Place
    elsewhere: Place
    users: Mapping[str, User | None]

    def place(self, name: str) -> Place:
        """Return a place by its name."""
        return self.here if name == HERE else self.elsewhere


def with_second_factor(user: User) -> User:
    """Set up somebody's second factor."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def _held(role: Role, division: Division | None, since: date, until: date | None = None, **fields: Any) -> User:
    user = make_user(f"{role} {since}", password=PASSWORD, **fields)
    saved(StaffRole(user=user, role=role, division=division, since=since, until=until, created_at=AT))
    return with_second_factor(user)


def build_world() -> World:
    """Make two divisions that run one programme, and one user for each role and each way of not having one."""
    programme = make_programme("Mentor network")
    chapter = saved(Chapter(role=Part.MENTEE, slug=CHAPTER, position=1, created_at=AT))
    written: dict[str, Any] = {"number": 1, "written_at": AT, "written_by": "system:tests"}
    text = {"title": "What is a mentor?", "summary": "Somebody beside you.", "body": "## She listens\n\nAnd asks."}
    saved(ChapterText(chapter=chapter, language="en", situations=["What is a mentor?"], **text, **written))
    here = build_place(HERE, programme, last_name="Herby", phone="+4561000001")
    elsewhere = build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    long_ago, day = TODAY - timedelta(days=400), timedelta(days=1)
    before = make_user("Before second factor", password=PASSWORD)
    give_role(before, Role.COORDINATOR, here.division)
    return World(
        here=here,
        elsewhere=elsewhere,
        users={
            "anonymous": None,
            "coordinator here": with_second_factor(here.staff),
            "coordinator elsewhere": with_second_factor(elsewhere.staff),
            "division lead here": _held(Role.DIVISION_LEAD, here.division, long_ago),
            "national lead": _held(Role.NATIONAL_LEAD, None, long_ago),
            "administrator": _held(Role.ADMINISTRATOR, None, long_ago),
            "no role": with_second_factor(make_user("Without a role", password=PASSWORD)),
            "before second factor": before,
            "disabled": _held(Role.COORDINATOR, here.division, long_ago, is_active=False),
            "role ended yesterday": _held(Role.COORDINATOR, here.division, long_ago, TODAY - day),
            "role ends today": _held(Role.COORDINATOR, here.division, long_ago, TODAY),
            "role begins tomorrow": _held(Role.COORDINATOR, here.division, TODAY + day),
        },
    )
