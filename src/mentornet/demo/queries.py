"""Whether this database is a demonstration, and who can be looked over the shoulder in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, When

from mentornet.accounts.models import User
from mentornet.common.row_scope import beyond_division
from mentornet.demo.models import DemoNetwork
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.intake.queries import waiting_mentees
from mentornet.learning.models import Attendance
from mentornet.matching.enums import ProposalState, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import GoalStep, Introduction, Partnership, PlannedMeeting
from mentornet.people.models import Person


@dataclass(frozen=True, slots=True)
class SignInChoice:
    """Somebody of the staff whom a visitor may be by one click.

    Attributes:
        held: her roles.
        works_in: the names of the divisions in which she works; none for the national ones.
    """

    user: User
    held: tuple[Role, ...]
    works_in: tuple[str, ...]

    @property
    def roles(self) -> str:
        """Her roles in words."""
        return ", ".join(str(role.label) for role in self.held)

    @property
    def divisions(self) -> str:
        """Her divisions in words."""
        return ", ".join(self.works_in)


def demo_network() -> DemoNetwork | None:
    """Return the mark of a demonstration, if the database is one."""
    return DemoNetwork.objects.first()


def is_demo_database() -> bool:
    """Tell whether everybody in this database is made up."""
    return DemoNetwork.objects.exists()


def holds_real_data() -> bool:
    """Tell whether there are people, or staff, who are not the demo's."""
    with beyond_division(reason="whether anybody is real is asked of all rows"):
        return not is_demo_database() and (Person.objects.exists() or User.objects.exists())


def needs_reload(today: date) -> bool:
    """Tell whether the demo network is missing, or was loaded for another day: its dates would be stale."""
    network = demo_network()
    return network is None or network.loaded_on != today


def letters_of_demo() -> QuerySet[Letter]:
    """Return all letters, newest first: nobody here exists, so anybody may read them. Of real people, none."""
    letters = Letter.objects.order_by("-created_at", "-id")
    return letters if is_demo_database() else letters.none()


def sign_in_choices() -> list[SignInChoice]:
    """Return one or two of the staff for each role; a coordinator where the waiting list is longest comes first.

    Three queries, however many staff there are; nobody, unless the database is a demonstration.
    """
    network = demo_network()
    if network is None:
        return []
    today = network.loaded_on
    held = list(
        StaffRole.objects.filter(Q(until__isnull=True) | Q(until__gt=today), since__lte=today, user__is_active=True)
        .select_related("user", "division")
        .order_by("created_at", "pk")
    )
    divisions = {role.division_id for role in held if role.division_id is not None}
    waiting: dict[UUID | None, int] = dict(
        waiting_mentees(divisions)
        .order_by()
        .select_related(None)
        .values_list("division_id")
        .annotate(number=Count("pk"))
    )
    by_user: dict[UUID, list[StaffRole]] = {}
    for role in held:
        by_user.setdefault(role.user_id, []).append(role)

    def length(role: StaffRole) -> tuple[int, str]:
        return -waiting.get(role.division_id, 0), role.user.name

    chosen: list[UUID] = []
    for wanted, most in (
        (Role.COORDINATOR, 2),
        (Role.DIVISION_LEAD, 1),
        (Role.NATIONAL_LEAD, 1),
        (Role.ADMINISTRATOR, 1),
        (Role.DATA_PROTECTION_OFFICER, 1),
    ):
        found = sorted((role for role in held if role.role == wanted), key=length)
        seen: set[UUID | None] = set()
        for role in found:
            # The second coordinator is of another division than the first.
            if len(seen) < most and role.division_id not in seen and role.user_id not in chosen:
                seen.add(role.division_id)
                chosen.append(role.user_id)
    return [
        SignInChoice(
            user=by_user[user_id][0].user,
            held=tuple(dict.fromkeys(Role(role.role) for role in by_user[user_id])),
            works_in=tuple(role.division.name for role in by_user[user_id] if role.division is not None),
        )
        for user_id in chosen
    ]


class ParticipantKind(StrEnum):
    """What a participant of the demonstration is waiting for, or has."""

    ASKED = "asked"
    """A mentee who has not answered a proposal."""
    MENTOR = "mentor"
    """A mentor with a running partnership."""
    MENTEE = "mentee"
    """Her mentee."""
    WAITING = "waiting"
    """A mentee on the waiting list."""
    TRAINING = "training"
    """A mentor who has to finish her training before she is in the bank."""
    CONTACT = "contact"
    """A contact person, who is neither mentee nor mentor."""


@dataclass(frozen=True, slots=True)
class ParticipantChoice:
    """A participant whose own pages a visitor may see by one click.

    Attributes:
        kind: why she is shown.
    """

    person: Person
    kind: ParticipantKind


def participant_choices() -> list[ParticipantChoice]:
    """Return one participant of each kind, who can be written to; nobody, unless the database is a demonstration.

    Of several the one whose pages show most.
    """
    network = demo_network()
    if network is None:
        return []
    asked = (
        Proposal.objects.filter(state=ProposalState.SENT)
        .exclude(answers__side=Side.MENTEE)
        .exclude(mentee__person__email="")
        .select_related("mentee__person")
        .order_by(_last_if(Q(mentee__person__language__in=("da", "en"))), "sent_at", "pk")
        .first()
    )
    running = _richest_pair(network)
    waiting = (
        waiting_mentees(Division.objects.values_list("pk", flat=True))
        .exclude(person__email="")
        .select_related("person")
        .order_by("since", "pk")
        .first()
    )
    found: list[ParticipantChoice] = []
    if asked is not None:
        found.append(ParticipantChoice(asked.mentee.person, ParticipantKind.ASKED))
    if running is not None:
        found.append(ParticipantChoice(running.mentor.person, ParticipantKind.MENTOR))
        found.append(ParticipantChoice(running.mentee.person, ParticipantKind.MENTEE))
    if waiting is not None:
        found.append(ParticipantChoice(waiting.person, ParticipantKind.WAITING))
    others = ((ParticipantKind.TRAINING, _half_trained()), (ParticipantKind.CONTACT, _contact_person()))
    return found + [ParticipantChoice(person, kind) for kind, person in others if person is not None]


def _last_if(condition: Q) -> Case:
    """Return an order in which those of whom a condition holds come last."""
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _has(rows: QuerySet[Any]) -> Q:
    """Return the condition that there are such rows."""
    return Q(Exists(rows))


def _richest_pair(network: DemoNetwork) -> Partnership | None:
    """Return a partnership with something planned, goals, an agreement in two languages, and a door that opened."""
    ours = OuterRef("pk")
    planned = PlannedMeeting.objects.filter(
        partnership=ours, called_off_at__isnull=True, at__date__gt=network.loaded_on
    )
    return (
        Partnership.objects.filter(state=PartnershipState.ACTIVE)
        .exclude(mentee__person__email="")
        .exclude(mentor__person__email="")
        .select_related("mentee__person", "mentor__person")
        .order_by(
            _last_if(~_has(planned)),
            _last_if(~_has(GoalStep.objects.filter(goal__partnership=ours, done_on__isnull=False))),
            _last_if(~_has(Attendance.objects.filter(person=OuterRef("mentee__person")))),
            _last_if(Q(mentee__person__language__in=("da", "en"))),
            _last_if(~_has(Introduction.objects.filter(partnership=ours))),
            "-matched_on",
            "pk",
        )
        .first()
    )


def _half_trained() -> Person | None:
    """Return a mentor who has begun her training and not finished it."""
    begun = Attendance.objects.filter(person=OuterRef("person"))
    enrolment = (
        Enrolment.objects.filter(Exists(begun), role="mentor", ended_on__isnull=True, briefed_on__isnull=True)
        .exclude(person__email="")
        .select_related("person")
        .order_by("-created_at", "pk")
        .first()
    )
    return enrolment.person if enrolment is not None else None


def _contact_person() -> Person | None:
    """Return a contact person who is nothing else, and whose help in a search has led to somebody."""
    contact = (
        ContactPerson.objects.filter(
            ~Exists(Application.objects.filter(person=OuterRef("person"))), state=ContactPersonState.CONFIRMED
        )
        .exclude(person__email="")
        .select_related("person")
        .annotate(
            found=Count("askings__found", distinct=True), sent=Count("person__referral__applications", distinct=True)
        )
        .order_by("-found", "-sent", "confirmed_on", "pk")
        .first()
    )
    return contact.person if contact is not None else None
