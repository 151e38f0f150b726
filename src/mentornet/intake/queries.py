"""Reads of intake: the waiting list, the mentor bank, and whose rows somebody sees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Replace

from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import Actor, user_key
from mentornet.common.ordering import folded, in_danish
from mentornet.common.reach import shown
from mentornet.intake.enums import OPEN_STATES, ContactPersonState
from mentornet.intake.models import Application, ContactPerson, Decision, Enrolment, Interview, SavedSearch, Wish
from mentornet.intake.rules import visible
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.known_by import sealed_alike
from mentornet.people.models import Person, Profile, ProtectedIdentity, Reveal
from mentornet.people.participants import Participant
from mentornet.people.queries import NOT_ERASED, in_use, not_objecting

SAME_DIGITS: Final = 8
"""A Danish number without its country code."""
_USER: Final = user_key("")


def visible_applications(by: Actor) -> QuerySet[Application]:
    """Return the applications of the actor's divisions, each with its person, programme and division."""
    return Application.objects.filter(visible(by)).select_related("person", "programme", "division")


def visible_people(by: Actor) -> QuerySet[Person]:
    """Return the people whom the actor's divisions know through an application, by first name; nobody erased."""
    known = Person.objects.filter(NOT_ERASED, _with(Application.objects.filter(visible(by))))
    return known.order_by("sort_key", "pk")


def protected_alike(person: Person, division_id: UUID) -> list[UUID]:
    """Return who of a division's protected people somebody may be: for the program alone, which tells a lead."""
    here = {"division_id": division_id, "person": OuterRef("person")}
    known = Q(Exists(Application.objects.filter(**here))) | Q(Exists(ContactPerson.objects.filter(**here)))
    return sealed_alike(person, ProtectedIdentity.objects.filter(known).exclude(person=person))


def visible_enrolments(by: Actor) -> QuerySet[Enrolment]:
    """Return the enrolments of the actor's divisions, past ones too."""
    return Enrolment.objects.filter(visible(by)).select_related(
        "person", "profile", "programme", "division", "coordinator"
    )


def visible_interviews(by: Actor) -> QuerySet[Interview]:
    """Return the interviews of the actor's divisions."""
    return Interview.objects.filter(visible(by, "application__")).select_related("application__person", "interviewer")


def applications_to_decide(by: Actor) -> QuerySet[Application]:
    """Return what has come in and is not decided, the oldest first."""
    return visible_applications(by).filter(state__in=OPEN_STATES).order_by("received_on", "created_at")


def waiting_mentees(divisions: Collection[UUID]) -> QuerySet[Enrolment]:
    """Return the waiting list: approved mentees with nothing promised or active, the longest wait first.

    Whoever has asked that her data rest keeps her place, and stands on no list meanwhile.
    """
    return (
        Enrolment.objects.filter(
            in_use("person"),
            shown(divisions, "person"),
            role=Role.MENTEE,
            division_id__in=divisions,
            ended_on__isnull=True,
            promised=0,
            active=0,
        )
        .select_related("person", "profile", "programme", "division", "coordinator")
        .order_by(F("since").asc(nulls_last=True), "created_at", "pk")
    )


def in_the_bank(today: date) -> Q:
    """Return what makes a mentor's enrolment part of the bank: briefed, a place left, in use, not resting, not gone."""
    return (
        Q(role=Role.MENTOR, ended_on__isnull=True, briefed_on__isnull=False)
        & Q(capacity__gt=F("promised") + F("active"))
        & ~resting(today)
        & in_use("person")
    )


def resting(today: date) -> Q:
    """Return what makes somebody rest on a day: it is not over, or she is to be asked and has not said that it is."""
    return Q(resting_until__isnull=False) & (Q(resting_until__gt=today) | Q(returns_when_asked=True))


def mentor_bank(divisions: Collection[UUID], today: date) -> QuerySet[Enrolment]:
    """Return the mentor bank, the longest idle first."""
    return (
        Enrolment.objects.filter(in_the_bank(today), shown(divisions, "person"), division_id__in=divisions)
        .select_related("person", "profile", "programme", "division", "coordinator")
        .order_by(F("since").asc(nulls_last=True), "created_at", "pk")
    )


def people_ever_and_now(today: date) -> tuple[int, int]:
    """Return how many people have ever been enrolled, in whichever role, and how many are on a day.

    Without those who object to being counted, and those whose data rest.
    """
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    counted = Enrolment.objects.filter(in_use("person"), not_objecting("person", ObjectionPurpose.STATISTICS))
    counts = counted.aggregate(
        ever=Count("person_id", distinct=True), now=Count("person_id", distinct=True, filter=current)
    )
    return counts["ever"], counts["now"]


def current_enrolments(*, programme_id: UUID, divisions: Collection[UUID], role: Role) -> QuerySet[Enrolment]:
    """Return everybody enrolled in a programme now, whether free or not."""
    return Enrolment.objects.filter(
        shown(divisions, "person"),
        programme_id=programme_id,
        division_id__in=divisions,
        role=role,
        ended_on__isnull=True,
    )


def sums_of_stamps(*enrolments: QuerySet[Enrolment], roles: Collection[Role]) -> tuple[tuple[int, int, int], ...]:
    """Return counts and sums by which a reader tells whether anything has changed in these enrolments: one query.

    With them the sum of *all* profiles in these roles, read from an index instead of one by one through the enrolments:
    a change of somebody else's costs the reader a look at the stamps, and no more.
    """
    parts = [
        rows.order_by()
        .annotate(part=Value(number))
        .values("part")
        .annotate(count=Count("*"), total=Sum("stamp"))
        .values_list("part", "count", "total")
        for number, rows in enumerate([*enrolments, Profile.objects.filter(role__in=roles)])
    ]
    return tuple(sorted(parts[0].union(*parts[1:], all=True)))


def people_found(by: Actor, text: str) -> QuerySet[Person]:
    """Return visible people whose names hold every word of ``text``, or whose address or telephone does."""
    found = visible_people(by)
    for word in folded(text).split():
        found = found.filter(Q(search_text__contains=word) | Q(email__istartswith=word) | Q(phone__contains=word))
    return found


def kept_searches(user_id: UUID, page: str) -> QuerySet[SavedSearch]:
    """Return the searches that somebody keeps on a page, by name."""
    return SavedSearch.objects.filter(user_id=user_id, page=page).order_by(in_danish("name"))


def applications_of_person(by: Actor, person_id: UUID) -> QuerySet[Application]:
    """Return a person's visible applications, the newest first."""
    return visible_applications(by).filter(person_id=person_id).order_by("-received_on", "-created_at")


def enrolments_of_people(by: Actor, person_ids: Collection[UUID]) -> QuerySet[Enrolment]:
    """Return the visible enrolments of these people, current ones first, then the newest."""
    return (
        visible_enrolments(by)
        .filter(person_id__in=person_ids)
        .order_by(F("ended_on").desc(nulls_first=True), "-created_at", "pk")
    )


def open_applications_of_people(by: Actor, person_ids: Collection[UUID]) -> QuerySet[Application]:
    """Return the undecided visible applications of these people."""
    return applications_to_decide(by).filter(person_id__in=person_ids)


def interviews_of(applications: Collection[UUID]) -> QuerySet[Interview]:
    """Return the interviews of these applications, the newest first, without what is for coordinators only.

    Those notes are read by ``services.interviews.read_coordinator_only``, which records the reading. Whether there
    are any stands in ``has_notes``.
    """
    return (
        Interview.objects.filter(application_id__in=applications)
        .select_related("interviewer")
        .annotate(has_notes=Case(When(coordinator_only="", then=Value(False)), default=Value(True)))
        .defer("coordinator_only")
        .order_by("-at", "-created_at")
    )


def booked_interview(application: Application) -> Interview | None:
    """Return the interview that is booked and still to be held."""
    return interviews_of([application.pk]).filter(held_at__isnull=True, cancelled_at__isnull=True).first()


def decisions_on(applications: Collection[UUID]) -> QuerySet[Decision]:
    """Return the decisions on these applications, the newest first."""
    return Decision.objects.filter(application_id__in=applications).order_by("-created_at")


def counts_by_application_state(applications: QuerySet[Application]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(applications.order_by().values_list("state").annotate(count=Count("pk")))


def applications_found(applications: QuerySet[Application], text: str) -> QuerySet[Application]:
    """Return the applications of people whose names hold every word of ``text``."""
    for word in folded(text).split():
        applications = applications.filter(person__search_text__contains=word)
    return applications


def where_they_stand(by: Actor, *, role: str = "", division_id: UUID | None = None) -> dict[str, Q]:
    """Return, by a short name, what makes people stand somewhere: open applications and current enrolments.

    All conditions are about visible rows of the same role and division, where these are given.
    """
    place = visible(by)
    if role:
        place &= Q(role=role)
    if division_id is not None:
        place &= Q(division_id=division_id)
    applications = Application.objects.filter(place)
    enrolments = Enrolment.objects.filter(place)
    current = enrolments.filter(ended_on__isnull=True)
    mentors = current.filter(role=Role.MENTOR)
    applied = _among(applications.filter(state__in=OPEN_STATES))
    return {
        "": _with(applications),
        "applied": applied,
        "waiting": _among(current.filter(in_use("person"), role=Role.MENTEE, promised=0, active=0)),
        "in_bank": _with(current.filter(in_the_bank(by.today))),
        "proposed": _among(current.filter(promised__gt=0)),
        "paired": _among(current.filter(active__gt=0)),
        "not_briefed": _among(mentors.filter(briefed_on__isnull=True)),
        "resting": _among(current.filter(resting(by.today))),
        "left": _among(enrolments) & ~_among(current) & ~applied,
    }


def _among(rows: QuerySet[Application] | QuerySet[Enrolment]) -> Q:
    # One list of keys, made once: asked person by person, the embedded database may read the whole division each time.
    return Q(pk__in=rows.values("person_id"))


def _with(rows: QuerySet[Application] | QuerySet[Enrolment]) -> Q:
    # Where nearly everybody is meant, a page is found by walking along the order of names. Each is looked up in
    # an index made for it (…_who of both tables); a list of keys would have to be sorted for every page.
    return Q(Exists(rows.filter(person_id=OuterRef("pk"))))


def alike_people(by: Actor, *, name: str, email: str, phone: str) -> QuerySet[Person]:
    """Return visible people who may be the same: equal name, address or last eight digits of the telephone."""
    same = Q(search_text=folded(name)) if folded(name) else Q(pk__in=[])
    if email:
        same |= Q(email__iexact=email)
    digits = "".join(sign for sign in phone if sign.isdigit())
    people = visible_people(by)
    if len(digits) >= SAME_DIGITS:
        bare: Any = F("phone")
        for sign in (" ", "-", ".", "(", ")"):
            bare = Replace(bare, Value(sign), Value(""))
        people = people.annotate(bare_phone=bare)
        same |= Q(bare_phone__endswith=digits[-SAME_DIGITS:])
    return people.filter(same)


def names_of(keys: Collection[str]) -> dict[str, str]:
    """Return the names of staff by the keys under which they have acted; others are missing."""
    ids = [UUID(key.removeprefix(_USER)) for key in keys if key.startswith(_USER)]
    return {user_key(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")}


# Of a participant, for herself -------------------------------------------------------------------------------------


def own_enrolments(by: Participant) -> QuerySet[Enrolment]:
    """Return her enrolments, current ones first, then the newest."""
    return (
        Enrolment.objects.filter(person_id=by.person_id)
        .select_related("person", "profile", "programme", "division", "coordinator")
        .order_by(F("ended_on").desc(nulls_first=True), "-created_at", "pk")
    )


def own_places(by: Participant) -> QuerySet[Enrolment]:
    """Return her enrolments as :func:`own_enrolments` does, without profile and coordinator: every first page asks."""
    return own_enrolments(by).select_related(None).select_related("person", "programme", "division")


def own_open_applications(by: Participant) -> QuerySet[Application]:
    """Return her applications that are not decided, the newest first."""
    return (
        Application.objects.filter(person_id=by.person_id, state__in=OPEN_STATES)
        .select_related("programme", "division")
        .order_by("-created_at", "pk")
    )


def own_applications(by: Participant) -> QuerySet[Application]:
    """Return all her applications."""
    return Application.objects.filter(person_id=by.person_id).order_by("created_at", "pk")


def has_open_proposal(by: Participant) -> bool:
    """Tell whether a place of hers is held by a proposal."""
    return Enrolment.objects.filter(person_id=by.person_id, promised__gt=0).exists()


def case_of(by: Participant) -> Enrolment | Application | ContactPerson | None:
    """Return what her office knows her by: what she is now, or else what she once was or wanted to be.

    An application that was declined or taken back is enough: her data lie there, and she may ask about them.
    """
    enrolment = own_enrolments(by).first()
    if enrolment is not None and enrolment.ended_on is None:
        return enrolment
    application = own_open_applications(by).first()
    if application is not None:
        return application
    contacts = ContactPerson.objects.filter(person_id=by.person_id).select_related("division")
    contact = contacts.order_by("-asked_on", "pk").first()
    if contact is not None and contact.state != ContactPersonState.LEFT:
        return contact
    closed = Application.objects.filter(person_id=by.person_id).select_related("programme", "division")
    return enrolment or closed.order_by("-received_on", "-created_at", "pk").first() or contact


def only_helps(by: Participant) -> bool:
    """Tell whether she is a contact person and never wanted to be one of a pair: no talk and no training are hers."""
    hers = Q(person_id=by.person_id)
    if not ContactPerson.objects.filter(hers).exists():
        return False
    return not (Enrolment.objects.filter(hers).exists() or Application.objects.filter(hers).exists())


def own_open_wishes(by: Participant) -> QuerySet[Wish]:
    """Return what she has asked for and nobody has seen to yet."""
    return Wish.objects.filter(person_id=by.person_id, settled_at__isnull=True).order_by("created_at", "pk")


def visible_reveals(by: Actor) -> QuerySet[Reveal]:
    """Return what has been asked about protected people in the actor's divisions, the latest first."""
    return Reveal.objects.filter(visible(by)).select_related("person", "division").order_by("-created_at", "pk")


def visible_wishes(by: Actor) -> QuerySet[Wish]:
    """Return the wishes of the actor's divisions without their words, which :func:`read_wish` reads and records."""
    return Wish.objects.filter(visible(by)).select_related("person", "division").defer("words")


def rests_over(today: date) -> QuerySet[Enrolment]:
    """Return who is to be asked by a day whether she is back."""
    return Enrolment.objects.filter(
        in_use("person"),
        ended_on__isnull=True,
        returns_when_asked=True,
        return_asked_on__isnull=True,
        resting_until__lte=today,
    ).order_by("resting_until", "pk")


def asked_in_vain(asked_by: date) -> QuerySet[Enrolment]:
    """Return who was asked by a day, has not answered, and nobody is to call yet."""
    called = Task.objects.filter(kind=Kind.RETURN, done_at__isnull=True).values("target_id")
    return (
        Enrolment.objects.filter(in_use("person"), ended_on__isnull=True, return_asked_on__lte=asked_by)
        .exclude(pk__in=called)
        .select_related("person")
        .order_by("return_asked_on", "pk")
    )
