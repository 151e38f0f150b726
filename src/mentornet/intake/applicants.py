"""Reads of what people write to us: drafts, consents, open intakes, referral links, contact persons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode
from mentornet.agenda.models import Task
from mentornet.common.actors import Actor
from mentornet.common.ordering import folded, in_danish
from mentornet.divisions.models import Division
from mentornet.divisions.queries import open_divisions
from mentornet.intake.enums import ApplicationState, Applying, ContactPersonState
from mentornet.intake.models import (
    Application,
    ApplicationDraft,
    Consent,
    ContactPerson,
    Enrolment,
    IntakeWindow,
    Referral,
)
from mentornet.intake.rules import visible
from mentornet.messaging.models import COULD_NOT_LEAVE, Letter, LetterState
from mentornet.messaging.recipients import look_up
from mentornet.messaging.ways import channel_of
from mentornet.people.enums import ContactWay, Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import open_programmes_in

_ANY: Final = "en"


# Intakes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Intake:
    """Whether a division takes in one role of one programme.

    Attributes:
        programme: none for contact persons.
        reason: by language code; empty while it is open.
        since: the day of the last change; ``None`` where nobody has ever changed it.
    """

    division: Division
    role: str
    programme: Programme | None
    is_open: bool
    reason: Mapping[str, str]
    since: date | None

    def reason_in(self, language: str) -> tuple[str, str]:
        """Return the reason and the language it is in: the reader's, or the next best."""
        return text_in(self.reason, language)


def intakes(divisions: Collection[Division], on: date, *, role: str = "") -> list[Intake]:
    """Return every intake of these divisions, of one role or of all: three queries."""
    keys = [division.pk for division in divisions]
    changed = {
        (window.division_id, window.role, window.programme_id): window
        for window in IntakeWindow.objects.filter(division_id__in=keys)
    }
    programmes = list(open_programmes_in(keys, on))
    roles = [role] if role else list(Applying.values)
    found = []
    for division in divisions:
        own = [one for one in programmes if one.division_id in {None, division.pk}]
        for name in roles:
            for programme in [None] if name == Applying.CONTACT_PERSON else own:
                window = changed.get((division.pk, name, programme.pk if programme else None))
                is_open = window is None or window.is_open
                found.append(
                    Intake(
                        division=division,
                        role=name,
                        programme=programme,
                        is_open=is_open,
                        reason={} if window is None or is_open else window.reason,
                        since=window.since if window else None,
                    )
                )
    return found


def open_intakes(on: date, *, role: str = "") -> list[Intake]:
    """Return the intakes of all divisions that are open on a day, themselves open or not."""
    return intakes(list(open_divisions(on)), on, role=role)


def closed_windows(on: date, *, role: str = "", division_id: UUID | None = None) -> list[IntakeWindow]:
    """Return the closed intakes of open divisions and programmes: one query."""
    open_now = Q(division__closed_on__isnull=True) | Q(division__closed_on__gt=on)
    runs = Q(programme__isnull=True) | Q(programme__closed_on__isnull=True) | Q(programme__closed_on__gt=on)
    found = IntakeWindow.objects.filter(open_now, runs, is_open=False, division__opened_on__lte=on)
    if role:
        found = found.filter(role=role)
    if division_id is not None:
        found = found.filter(division_id=division_id)
    return list(found.select_related("division", "programme").order_by(in_danish("division__name"), "role", "pk"))


def text_in(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return a text and the language it is in: the reader's, or the next best."""
    for code in (language, _ANY, "da"):
        if texts.get(code):
            return texts[code], code
    return "", language


def takes_in(*, division_id: UUID, role: str, programme_id: UUID | None) -> bool:
    """Tell whether a division takes in a role of a programme now."""
    closed = IntakeWindow.objects.filter(division_id=division_id, role=role, is_open=False)
    where = Q(programme__isnull=True) if programme_id is None else Q(programme_id=programme_id)
    return not closed.filter(where).exists()


# Drafts -------------------------------------------------------------------------------------------------------------


def open_draft(draft_id: UUID, on: date) -> ApplicationDraft | None:
    """Return a draft that can be gone on with, or whose sending can still be looked at; ``None`` when it is over."""
    return (
        ApplicationDraft.objects.filter(pk=draft_id, expires_on__gt=on)
        .select_related("programme", "division", "referral", "application", "person")
        .first()
    )


def code_waiting_for(draft: ApplicationDraft, at: datetime) -> OneTimeCode | None:
    """Return the latest code that was sent to the writer of a draft and can still be given back."""
    asked = OneTimeCode.objects.filter(purpose=Purpose.DRAFT, subject=str(draft.pk), used_at__isnull=True)
    return asked.filter(expires_at__gt=at).order_by("-created_at").first()


def cannot_come(challenge: OneTimeCode) -> bool:
    """Tell whether a code's letter could not leave, or cannot by the way that its reader has chosen."""
    channel, _problem = channel_of(look_up(challenge.recipient))
    letters = Letter.objects.filter(recipient=challenge.recipient, values__code=str(challenge.pk))
    return channel is None or letters.filter(state__in=COULD_NOT_LEAVE).exists()


def expired_drafts(on: date) -> QuerySet[ApplicationDraft]:
    """Return the drafts whose month is over."""
    return ApplicationDraft.objects.filter(expires_on__lte=on)


def known_people(draft: ApplicationDraft) -> QuerySet[Person]:
    """Return who has this very name and is reached where a code has just reached the writer of a draft.

    Only who has not said that she is reached in another way: whoever else reads her letters could take her place then,
    and be written to instead of her. Who wants only a call is nobody's to be by a letter.
    """
    if not draft.is_confirmed:
        return Person.objects.none()
    is_mail = "@" in draft.confirmed
    column = "email__iexact" if is_mail else "phone"
    ways = ["", ContactWay.EMAIL if is_mail else ContactWay.TEXT]
    open_ones = Q(**{column: draft.confirmed}, search_text=folded(draft.name))
    # A protected one writes her own name, as it stood before it was sealed.
    sealed = Q(
        **{f"identity__{column}": draft.confirmed},
        identity__first_name__iexact=draft.first_name,
        identity__last_name__iexact=draft.last_name,
    )
    return Person.objects.filter(open_ones | sealed, contact_way__in=ways)


# Consents -----------------------------------------------------------------------------------------------------------


def consents_of(person_id: UUID) -> QuerySet[Consent]:
    """Return what somebody has agreed to, with the words, what she took back too; the newest first."""
    return Consent.objects.filter(person_id=person_id).select_related("text").order_by("-given_at", "purpose")


# Whoever sends people to us -----------------------------------------------------------------------------------------


def referral_by_code(code: str) -> Referral | None:
    """Return the link that a code belongs to."""
    return Referral.objects.filter(code=code).first()


@dataclass(frozen=True, slots=True)
class Came:
    """How many came through a link: numbers only, never who."""

    written: int
    taken_part: int


def came_through(referral: Referral) -> Came:
    """Return how many have written to us through a link, and how many of them take part or have done."""
    applications = Application.objects.filter(referred_by=referral)
    written = applications.values("person_id").distinct().count()
    contacts = ContactPerson.objects.filter(referred_by=referral).count()
    part = Enrolment.objects.filter(application__referred_by=referral).values("person_id").distinct().count()
    return Came(written + contacts, part)


def may_share(by: Participant) -> bool:
    """Tell whether somebody is a mentor or a confirmed contact person: they have referral links."""
    mentors = Enrolment.objects.filter(person_id=by.person_id, role=Role.MENTOR, ended_on__isnull=True)
    return mentors.exists() or is_contact_person(by)


def is_contact_person(by: Participant) -> bool:
    """Tell whether somebody is a confirmed contact person."""
    return ContactPerson.objects.filter(person_id=by.person_id, state=ContactPersonState.CONFIRMED).exists()


def visible_contact_persons(by: Actor) -> QuerySet[ContactPerson]:
    """Return the contact persons of the actor's divisions, who has just written first; nobody erased."""
    return (
        ContactPerson.objects.filter(visible(by))
        .exclude(person__search_text="")
        .select_related("person", "division", "referred_by__person")
        .order_by(F("confirmed_on").desc(nulls_first=True), "asked_on", "pk")
    )


def contact_persons_by_state(contacts: QuerySet[ContactPerson]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(contacts.order_by().values_list("state").annotate(count=Count("pk")))


# Of an applicant, for herself ---------------------------------------------------------------------------------------


def application_of(by: Participant, application_id: UUID) -> Application | None:
    """Return her own application; ``None`` for anybody else's."""
    return (
        Application.objects.filter(person_id=by.person_id, pk=application_id)
        .select_related("person", "programme", "division")
        .first()
    )


def contact_of(by: Participant, contact_id: UUID) -> ContactPerson | None:
    """Return what she herself has written to us as a contact person; ``None`` for anybody else's."""
    mine = ContactPerson.objects.filter(person_id=by.person_id, pk=contact_id)
    return mine.select_related("person", "division").first()


def own_contacts(by: Participant) -> QuerySet[ContactPerson]:
    """Return where she is a contact person, or has offered to be one, the newest first."""
    mine = ContactPerson.objects.filter(person_id=by.person_id).exclude(state=ContactPersonState.LEFT)
    return mine.select_related("division").order_by("-asked_on", "pk")


def next_word_on(application: Application | ContactPerson) -> date | None:
    """Return by when somebody is to do something about an application; ``None`` where nothing is due."""
    return (
        Task.objects.filter(target_id=application.pk, done_at__isnull=True)
        .order_by("due_on")
        .values_list("due_on", flat=True)
        .first()
    )


def pre_registered_by_intake(division_id: UUID) -> dict[tuple[str, UUID | None], int]:
    """Return how many wait for each intake of a division to open, by role and programme."""
    waiting = Application.objects.filter(division_id=division_id, state=ApplicationState.PRE_REGISTERED).order_by()
    return {(role, key): count for role, key, count in
            waiting.values_list("role", "programme_id").annotate(count=Count("pk"))}  # fmt: skip


def pre_registered(by: Actor) -> QuerySet[Application]:
    """Return who waits for an intake to open, the oldest first."""
    return (
        Application.objects.filter(visible(by), state=ApplicationState.PRE_REGISTERED)
        .select_related("person", "programme", "division")
        .order_by("received_on", "created_at", "pk")
    )


def enrolment_of(application: Application) -> Enrolment | None:
    """Return what an application has become; ``None`` before it is approved."""
    return Enrolment.objects.filter(application=application).first()


def last_written_on(application: Application | ContactPerson) -> date | None:
    """Return the day of the last letter about an application, or about the place it has led to."""
    keys = [application.pk]
    if isinstance(application, Application):
        keys += Enrolment.objects.filter(application=application).values_list("pk", flat=True)
    sent = Letter.objects.filter(about_id__in=keys, state=LetterState.SENT).order_by("-sent_at").first()
    return timezone.localdate(sent.sent_at) if sent is not None and sent.sent_at is not None else None
