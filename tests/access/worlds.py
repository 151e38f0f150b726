"""Two divisions with one object of each kind in them, and everybody whose requests are crossed with all addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from access.rows import (
    add_absence,
    add_asked,
    add_batch,
    add_breach,
    add_enrolment,
    add_handover,
    add_interview,
    add_interviews,
    add_loan,
    add_merge,
    add_proposal,
    add_rights,
    add_shortages,
    add_sign_in,
    add_talk,
)
from access.rows_of_meeting import add_matching_meeting
from access.rows_of_pair import add_concern, add_together
from access.rows_of_search import add_search
from entering import make_participant_user, make_passkey
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
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import user_key
from mentornet.divisions.models import Division, HiddenPerson, MeetingPlace, Role, StaffRole
from mentornet.intake.enums import ApplicationState, WishKind
from mentornet.intake.models import (
    ApplicationDraft,
    ContactPerson,
    IntakeLimit,
    Interview,
    SavedSearch,
    Wish,
)
from mentornet.learning.models import Chapter, ChapterText, Module, ModuleText
from mentornet.messaging.models import Letter, LetterText
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.people.enums import RevealKind
from mentornet.people.enums import Role as Part
from mentornet.people.models import Avoidance, Person, Reveal
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme

OWN_CRITERION: Final = {
    "key": "children", "names": {"en": "Has small children"}, "kind": "yes-no", "compared": "same", "wishes": "both",
    "weight": 5.0, "neutral": 0.5,
}  # fmt: skip
HERE: Final = "here"
ELSEWHERE: Final = "elsewhere"
CHAPTER: Final = "what-a-mentor-is"
"""A chapter of the mentees' handbook."""
MODULE: Final = "you-and-your-mentor"
"""A part of the mentees' training."""
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
        mentee: to her there is an open proposal.
        mentor: she has a running partnership.
    """

    division: Division
    staff: User
    objects: dict[str, UUID | int] = field(default_factory=dict)
    canaries: dict[str, str] = field(default_factory=dict)
    restricted: frozenset[str] = frozenset(
        {
            *("intake.Interview.coordinator_only", "people.Avoidance.reason", "intake.Wish.words"),
            *("followup.Concern.words", "followup.Talk.thought"),
        }
    )
    names: tuple[str, ...] = ()
    mentee: Person | None = None
    mentor: Person | None = None

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


def build_place(
    tag: str,
    programme: Programme,
    *,
    last_name: str,
    phone: str,
    staff: User | None = None,
    beside: Place | None = None,
) -> Place:
    """Make a division with somebody in each state and one object of each kind, with a canary in each guarded column.

    With ``beside``, all these people are known to that place's division, and looked after by its coordinator.
    """
    division = beside.division if beside else make_division(f"Division {tag}")
    user = beside.staff if beside else staff
    user = user or make_user(f"Staff {tag}", email=f"staff.{tag}@example.org", password=PASSWORD)
    held = (
        StaffRole.objects.get(user=user, division=division) if beside else give_role(user, Role.COORDINATOR, division)
    )
    place = Place(division=division, staff=user, names=(last_name,))
    word = _Words(tag, place.canaries)
    local = make_programme(f"Programme {tag}", division=division, customs=[OWN_CRITERION])
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
        add_enrolment(role, division, programme, last_name, user, promised=1) for role in (Part.MENTEE, Part.MENTOR)
    ]
    active = [
        add_enrolment(role, division, programme, last_name, user, active=1) for role in (Part.MENTEE, Part.MENTOR)
    ]
    apart = saved(
        Avoidance(
            person=amina,
            other=active[1].person,
            reason=word("people.Avoidance.reason"),
            created_at=AT,
            created_by=user_key(user.pk),
        )
    )
    held_talk = add_interview(mentee.application, user, word)
    applied = make_application(
        Part.MENTEE, division, person=make_person("Cilla", last_name), programme=programme,
        state=ApplicationState.BOOKED, heard_through=word("intake.Application.heard_through"),
        reference=word("intake.Application.reference"),
    )  # fmt: skip
    make_profile(applied.person, Part.MENTEE)
    saved(
        Interview(application=applied, at=AT + timedelta(days=2), interviewer=user, created_at=AT, place="The office")
    )
    proposal = add_proposal(promised, division, programme, user, word)
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
    # What letters say is the same in all divisions.
    LetterText.objects.get_or_create(
        event="proposal_ended",
        language="en",
        number=1,
        defaults={
            "subject": "A message for you",
            "body": "It is closed: %(day)s.",
            "sms": "It is closed: %(day)s.",
            "written_by": user_key(user.pk),
            "author_name": user.name,
            "created_at": AT,
        },
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
    batch = add_batch(division, programme, user, last_name)
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
        "question_id": proposal.questions.get().pk,
        "place_id": saved(MeetingPlace(division=division, name=f"Library {tag}", created_at=AT)).pk,
        "partnership_id": partnership.pk,
        "meeting_id": meeting.pk,
        "note_id": note.pk,
        "talk_id": add_talk(partnership, user, word).pk,
        "concern_id": add_concern(active, division, user, word).pk,
        **add_together(partnership, meeting),
        "import_id": batch.pk,
        "batch_id": batch.pk,
        "letter_id": letter.pk,
        "programme_id": local.pk,
        "division_id": division.pk,
        "breach_id": add_breach(division, user).pk,
        **add_rights(promised[0].person, division, user, word),
        "draft_id": saved(
            ApplicationDraft(
                role=Part.MENTEE,
                first_name="Esma",
                created_at=AT,
                changed_at=AT,
                expires_on=TODAY + timedelta(days=30),
            )
        ).pk,
        "contact_id": saved(
            ContactPerson(
                person=make_person("Frida", last_name),
                division=division,
                field_words="Hospitals",
                asked_on=TODAY,
                created_at=AT,
            )
        ).pk,
        "portal:application/application_id": promised[0].application_id,
        "portal:application_withdraw/application_id": promised[0].application_id,
        **add_interviews(promised[0].person, division, programme, user, days=4 if beside else 3),
        "role_id": held.pk,
        "task_id": task.pk,
        "limit_id": saved(
            IntakeLimit(
                division=division, programme=local, most=9, does="suggest", changed_by="system:tests", created_at=AT
            ),
            exclude=("step_on", "rests_until"),
        ).pk,
        **add_search(mentee, active[1].person, division, user, word),
        "search_id": search.pk,
        "wish_id": saved(
            Wish(person=amina, division=division, kind=WishKind.APART, words=word("intake.Wish.words"), created_at=AT)
        ).pk,
        "portal:training_here/enrolment_id": promised[0].pk,
        "portal:module/enrolment_id": promised[0].pk,
        **add_asked(partnership, local, word),
        "portal:rest/enrolment_id": promised[0].pk,
        "portal:rest_end/enrolment_id": promised[0].pk,
        "portal:return/enrolment_id": promised[0].pk,
        "portal:places/enrolment_id": active[1].pk,
        "hidden_id": saved(
            HiddenPerson(
                user=make_user(f"Kept away {tag}"),
                person_id=amina.pk,
                reason=word("divisions.HiddenPerson.reason"),
                set_by=user_key(user.pk),
                created_at=AT,
            ),
            exclude=("lifted_at",),
        ).pk,
        "reveal_id": saved(
            Reveal(
                person=amina,
                division=division,
                kind=RevealKind.SEE,
                reason="A reason.",
                asked_by=user.pk,
                asker_name=user.name,
                created_at=AT,
            )
        ).pk,
        **add_shortages(division, local),
        "handover_id": add_handover(division, user, active[0], word).pk,
        "double_id": promised[0].person_id,
        "merge_id": add_merge(amina, user).pk,
        "loan_id": add_loan(division, (mentee, mentor), user, word).pk,
        "absence_id": add_absence(user, word, after=400 if beside else 0).pk,
        **add_matching_meeting(division, programme, user, (mentee, mentor), word),
        "passkey_id": make_passkey(make_participant_user(promised[0].person)).pk,
        "sign_in_id": add_sign_in(make_participant_user(promised[0].person), f"{tag}-hers").pk,
        "desk:reader_let_on/user_id": user.pk,
        "desk:handover_new/user_id": user.pk,
        "desk:pack_all/user_id": user.pk,
        "desk:session_end/sign_in_id": add_sign_in(user, f"{tag}-staff").pk,
    }
    place.mentee, place.mentor = promised[0].person, active[1].person
    return place


# Whose requests are crossed -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A personal link that somebody holds, with or without having given the one-time code."""

    purpose: Purpose
    subject: str
    person: Person
    code: bool


@dataclass(frozen=True)
class World:
    """Both places and everybody who asks.

    Attributes:
        users: of the staff, by role.
        participants: signed in at their own door.
        holders: not signed in; what the link opens.
    """

    here: Place
    elsewhere: Place
    users: Mapping[str, User | None]
    participants: Mapping[str, Person] = field(default_factory=dict)
    holders: Mapping[str, Link] = field(default_factory=dict)

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


def build_world(finish: Callable[[Place], None] | None = None) -> World:
    """Make two divisions that run one programme, and one user for each role and each way of not having one.

    With ``finish``, each place is handed to it as soon as its rows stand, before anybody signs in.
    """
    programme = make_programme("Mentor network")
    chapter = saved(Chapter(role=Part.MENTEE, slug=CHAPTER, position=1, created_at=AT))
    written: dict[str, Any] = {"number": 1, "written_at": AT, "written_by": "system:tests"}
    text = {"title": "What is a mentor?", "summary": "Somebody beside you.", "body": "## She listens\n\nAnd asks."}
    saved(ChapterText(chapter=chapter, language="en", situations=["What is a mentor?"], **text, **written))
    module = saved(Module(role=Part.MENTEE, slug=MODULE, position=1, minutes=20, created_at=AT))
    question = {"text": "Who decides?", "answers": ["You", "We"], "right": 0, "why": "It is your life."}
    saved(ModuleText(module=module, language="en", questions=[question], **text, **written))
    here = build_place(HERE, programme, last_name="Herby", phone="+4561000001")
    if finish is not None:
        finish(here)
    elsewhere = build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    if finish is not None:
        finish(elsewhere)
    long_ago, day = TODAY - timedelta(days=400), timedelta(days=1)
    assert here.mentee is not None
    assert here.mentor is not None
    promised = f"{here.objects['proposal_id']}:{here.mentee.pk}"
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
            "data-protection officer": _held(Role.DATA_PROTECTION_OFFICER, None, long_ago),
            "no role": with_second_factor(make_user("Without a role", password=PASSWORD)),
            "before second factor": before,
            "disabled": _held(Role.COORDINATOR, here.division, long_ago, is_active=False),
            "role ended yesterday": _held(Role.COORDINATOR, here.division, long_ago, TODAY - day),
            "role ends today": _held(Role.COORDINATOR, here.division, long_ago, TODAY),
            "role begins tomorrow": _held(Role.COORDINATOR, here.division, TODAY + day),
        },
        participants={
            "mentee here": here.mentee,
            "mentor here": here.mentor,
            "contact person": make_person("Dina", "Herby"),
        },
        holders={
            "link holder": Link(Purpose.PROPOSAL, promised, here.mentee, code=True),
            "link holder without code": Link(Purpose.PROPOSAL, promised, here.mentee, code=False),
        },
    )
