"""Reads of searches, of who can be asked, and of what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from mentornet.common.actors import Actor
from mentornet.common.ordering import folded
from mentornet.common.reach import Reach
from mentornet.divisions.queries import hidden_from_anybody
from mentornet.divisions.rules import seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import visible_contact_persons
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import ApplicationDraft, ContactPerson, Enrolment
from mentornet.intake.queries import waiting_mentees
from mentornet.intake.rules import in_divisions
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance
from mentornet.people.participants import Participant
from mentornet.people.queries import in_use
from mentornet.sourcing.briefs import FEWEST, Waits, fitting, is_of_field
from mentornet.sourcing.enums import EMPTIED, HELPS, AskingState, ProspectState, SearchState
from mentornet.sourcing.models import Asking, Found, Prospect, ProspectList, Search
from mentornet.sourcing.rules import visible

_DANISH: Final = "da"
AT_ONCE: Final = 500

# Waiting women, as a brief counts them --------------------------------------------------------------------------------


def waits_in(division_id: UUID, programme_id: UUID | None = None) -> list[Waits]:
    """Return who waits in a division, or there in one programme, as far as a brief may state it. Three queries.

    Whoever is hidden from one of the staff is not counted: how many a brief fits is shown to all who work there. A
    brief may be wider for it, and never tells more.
    """
    rows = waiting_mentees(Reach([division_id], hidden_from_anybody())).prefetch_related("person__languages")
    if programme_id is not None:
        rows = rows.filter(programme_id=programme_id)
    return [waits_of(one) for one in rows]


def tells_of_nobody_in(search: Search) -> bool:
    """Tell whether a search's brief fits enough women of its own programme for that to be told beside it."""
    return fitting(search.brief, waits_in(search.division_id, search.programme_id)) >= FEWEST


def waits_of(mentee: Enrolment) -> Waits:
    """Return what is known of a waiting woman, as far as a brief may state it."""
    profile = mentee.profile
    return Waits(
        person_id=mentee.person_id,
        occupation=profile.occupation,
        languages=frozenset(skill.code for skill in mentee.person.languages.all()) - {_DANISH},
        topics=frozenset(profile.topics or ()),
        times=frozenset(profile.availability or ()),
        meeting=frozenset(profile.meeting or ()),
    )


# Searches -------------------------------------------------------------------------------------------------------------


def asked_and_seen(by: Actor, path: str = "") -> Q:
    """Return which askings somebody sees; ``path`` leads to them. An expert is hidden from nobody."""
    contact = f"{path}contact__person_id"
    hidden = by.hidden if isinstance(by, Staff) else frozenset()
    return Q(**{f"{contact}__isnull": True}) | ~Q(**{f"{contact}__in": hidden}) if hidden else Q()


def visible_searches(by: Actor) -> QuerySet[Search]:
    """Return the searches of the actor's divisions: those that go on first, the nearest day first."""
    seen = asked_and_seen(by, "askings__")
    return (
        Search.objects.filter(visible(by))
        .select_related("division", "programme", "mentee__person", "mentee__coordinator", "owner")
        .annotate(
            asked=Count("askings", filter=seen, distinct=True),
            answered=Count("askings", filter=seen & Q(askings__state=AskingState.ANSWERED), distinct=True),
            helping=Count("askings", filter=seen & Q(askings__reply__in=HELPS), distinct=True),
            written=Count("askings__found", filter=_come_and_seen(by, "askings__found__"), distinct=True),
        )
        .order_by(F("closed_on").desc(nulls_first=True), "due_on", "created_at", "pk")
    )


def searches_by_state(searches: QuerySet[Search]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(searches.order_by().values_list("state").annotate(count=Count("pk", distinct=True)))


def open_search_for(mentee: Enrolment) -> Search | None:
    """Return the search for a waiting woman that is not closed."""
    return Search.objects.filter(mentee=mentee).exclude(state=SearchState.CLOSED).first()


def askings_of(by: Actor, search: Search) -> list[Asking]:
    """Return who was asked, the latest answer first; nobody who is hidden from whoever reads it."""
    return list(
        Asking.objects.filter(asked_and_seen(by), search=search)
        .select_related("contact__person", "prospect", "search")
        .order_by(F("answered_at").desc(nulls_last=True), "asked_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody whom a search has brought, and how far she has come.

    Attributes:
        enrolment: what her application has become, if anything.
        pair: her partnership with the woman for whom was searched, if the two are one; else any other of hers.
        is_for_her: it is with that woman.
    """

    found: Found
    enrolment: Enrolment | None
    pair: Partnership | None
    is_for_her: bool


def _come_and_seen(by: Actor, path: str = "") -> Q:
    """Return who has sent an application, of those whom somebody sees; ``path`` leads to whom a search has brought."""
    sent = Q(**{f"{path}application__isnull": False}) & in_divisions(by, f"{path}application__")
    return sent & seen_by(by, f"{path}application__person")


def came_of(search: Search, by: Actor) -> list[Came]:
    """Return who has sent an application through a search, the first one first. Three queries.

    Who has chosen another division is that division's: here nobody reads who she is.
    """
    rows = list(
        Found.objects.filter(_come_and_seen(by), asking__search=search)
        .select_related("application__person", "asking__contact__person", "asking__prospect")
        .order_by("began_on", "created_at", "pk")
    )
    places = {
        one.application_id: one
        for one in Enrolment.objects.filter(application__in=[row.application_id for row in rows])
    }
    pairs: dict[UUID, Partnership] = {}
    for pair in Partnership.objects.filter(mentor__in=list(places.values())).order_by("created_at", "pk"):
        known = pairs.get(pair.mentor_id)
        if known is None or (pair.mentee_id == search.mentee_id and known.mentee_id != search.mentee_id):
            pairs[pair.mentor_id] = pair
    found = []
    for row in rows:
        place = None if row.application_id is None else places.get(row.application_id)
        pair_of = None if place is None else pairs.get(place.pk)
        is_for_her = pair_of is not None and search.mentee_id is not None and pair_of.mentee_id == search.mentee_id
        found.append(Came(row, place, pair_of, is_for_her))
    return found


@dataclass(frozen=True, slots=True)
class Begun:
    """Those who have begun to write through a search, and stand in no list of it yet.

    Attributes:
        writing: have not sent it.
        sent: have sent it a moment ago: the program notes it within minutes (:func:`sent_through`).
    """

    writing: int
    sent: int

    def __bool__(self) -> bool:
        return bool(self.writing or self.sent)


def begun_through(search: Search, by: Actor) -> Begun:
    """Return how many have begun to write through a search, as of this moment. One query."""
    drafts = ApplicationDraft.objects.filter(pk=OuterRef("draft_key"), submitted_at__isnull=False)
    begun = Found.objects.filter(asking__search=search, application__isnull=True)
    counts = begun.annotate(is_sent=Exists(drafts), is_seen=Exists(drafts.filter(seen_by(by, "person")))).aggregate(
        writing=Count("pk", filter=Q(is_sent=False)), sent=Count("pk", filter=Q(is_seen=True))
    )
    return Begun(**counts)


# Who can be asked -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Askable:
    """Whom one can ask.

    Attributes:
        is_of_field: she knows people in the field that the brief names.
    """

    whom: ContactPerson | Prospect
    is_of_field: bool


def askable_contacts(by: Actor, search: Search) -> list[Askable]:
    """Return the contact persons who can be asked, those who know the field first.

    Nobody who was asked already, whose data rest, or who must not meet the woman for whom is searched: also a brief
    that tells of nobody is not sent to her.
    """
    rows = (
        visible_contact_persons(by)
        .filter(in_use("person"), division_id=search.division_id, state=ContactPersonState.CONFIRMED)
        .exclude(pk__in=Asking.objects.filter(search=search, contact__isnull=False).values("contact_id"))
    )
    if search.mentee is not None:
        her = search.mentee.person_id
        apart = Avoidance.objects.filter(Q(person_id=her) | Q(other_id=her))
        keys = {key for pair in apart.values_list("person_id", "other_id") for key in pair} | {her}
        rows = rows.exclude(person_id__in=keys)
    found = [Askable(one, is_of_field(search.brief, one.groups or ())) for one in rows]
    return sorted(found, key=lambda one: not one.is_of_field)


MOST_EXPERTS: Final = 50
MOST_A_YEAR: Final = 4
"""So often an expert is asked within a year: “a few times”, as she reads it on her page."""
_A_YEAR: Final = timedelta(days=365)


def askable_prospects(by: Actor, search: Search) -> list[Askable]:
    """Return the experts of the brief's field who can be asked, those who have said that they may be first.

    Nobody who was asked as often already, in whichever searches, as is promised to her at most.
    """
    lately = (
        Asking.objects.filter(prospect__isnull=False, asked_at__gt=by.at - _A_YEAR).order_by().values("prospect_id")
    )
    rows = (
        visible_prospects(by)
        .filter(division_id=search.division_id)
        .exclude(email="")
        .exclude(occupation="")
        .exclude(pk__in=Asking.objects.filter(search=search, prospect__isnull=False).values("prospect_id"))
        .exclude(pk__in=lately.annotate(count=Count("pk")).filter(count__gte=MOST_A_YEAR).values("prospect_id"))
        .order_by(F("state").desc(), "created_at", "pk")
    )
    field = search.occupation
    if field:
        parts = [field[:length] for length in range(1, len(field))]
        rows = rows.filter(Q(occupation__startswith=field) | Q(occupation__in=parts))
    return [Askable(one, is_of_field=True) for one in rows[:MOST_EXPERTS]]


# Whoever was asked ----------------------------------------------------------------------------------------------------

_WITH: Final = ("search__division", "search__programme", "contact__person", "prospect")


def asking_by_id(asking_id: UUID) -> Asking | None:
    """Return what a link opens."""
    return Asking.objects.filter(pk=asking_id).select_related(*_WITH).first()


def asking_by_code(code: str) -> Asking | None:
    """Return the asking whose address was passed on."""
    return Asking.objects.filter(code=code).select_related(*_WITH).first() if code else None


def own_askings(by: Participant) -> QuerySet[Asking]:
    """Return in which searches somebody was asked as a contact person, what waits for her first."""
    return (
        Asking.objects.filter(contact__person_id=by.person_id)
        .select_related(*_WITH)
        .order_by(F("answered_at").asc(nulls_first=True), "-asked_at", "pk")
    )


def own_open_asking(by: Participant) -> Asking | None:
    """Return the first search that waits for her answer."""
    waiting = own_askings(by).filter(state=AskingState.ASKED, search__state=SearchState.OPEN)
    return waiting.first()


@dataclass(frozen=True, slots=True)
class LedTo:
    """What somebody's help has led to: numbers alone, never who.

    Attributes:
        asked, answered: in how many searches she was asked, and has answered.
        begun: how many have begun to write to us through her.
        written: how many of them have sent it.
        mentors: how many of these have a place as a mentor, or have had one.
        paired: how many waiting women have got one of them as their mentor.
    """

    asked: int
    answered: int
    begun: int
    written: int
    mentors: int
    paired: int

    @property
    def is_anything(self) -> bool:
        """Whether there is something to tell."""
        return self.asked > 0


def led_to(contacts: Iterable[ContactPerson]) -> LedTo:
    """Return what the help of a contact person has led to, in all her divisions: three queries."""
    askings = Asking.objects.filter(contact__in=list(contacts))
    counts = askings.aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(state=AskingState.ANSWERED)))
    people = Found.objects.filter(asking__in=askings).aggregate(
        begun=Count("pk"),
        written=Count("pk", filter=Q(application__isnull=False)),
        mentors=Count("pk", filter=Q(application__enrolment__role=Role.MENTOR)),
    )
    paired = (
        Partnership.objects.filter(mentor__application__found_by__asking__in=askings)
        .exclude(state=PartnershipState.CLOSED, first_met_on__isnull=True)
        .values("mentee__person_id")
        .distinct()
        .count()
    )
    return LedTo(**counts, **people, paired=paired)


# What is looked at by itself ------------------------------------------------------------------------------------------


def settled_searches() -> QuerySet[Search]:
    """Return the searches that go on though the woman for whom they are no longer waits."""
    over = Q(mentee__active__gt=0) | Q(mentee__ended_on__isnull=False)
    return Search.objects.filter(over, state=SearchState.OPEN).select_related("mentee").order_by("pk")


def unsent_in_vain() -> QuerySet[Search]:
    """Return the searches that nobody has sent, though the woman for whom they are no longer waits."""
    over = Q(mentee__active__gt=0) | Q(mentee__ended_on__isnull=False)
    return Search.objects.filter(over, state=SearchState.DRAFT).order_by("pk")


def sent_through() -> list[tuple[UUID, UUID]]:
    """Return what has been sent through a search and is not noted yet: draft and application, some hundreds at once."""
    begun = Found.objects.filter(application__isnull=True).values("draft_key")
    sent = ApplicationDraft.objects.filter(pk__in=begun, application__isnull=False).order_by("submitted_at", "pk")
    rows = sent.values_list("pk", "application_id")[:AT_ONCE]
    return list(rows)


# Experts --------------------------------------------------------------------------------------------------------------


def visible_prospects(by: Actor) -> QuerySet[Prospect]:
    """Return the experts of the actor's divisions of whom something is kept."""
    return (
        Prospect.objects.filter(in_divisions(by))
        .exclude(state__in=EMPTIED)
        .select_related("division")
        .order_by("search_text", "pk")
    )


def prospects_found(prospects: QuerySet[Prospect], *, text: str = "", occupation: str = "") -> QuerySet[Prospect]:
    """Return those of some experts who work in a field, and of whom every word of a text says something."""
    for word in folded(text).split():
        prospects = prospects.filter(search_text__contains=word)
    return prospects.filter(occupation__startswith=occupation) if occupation else prospects


def prospects_by_state(prospects: QuerySet[Prospect]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(prospects.order_by().values_list("state").annotate(count=Count("pk")))


def prospect_by_id(prospect_id: UUID) -> Prospect | None:
    """Return whom a link is for; ``None`` once nothing of her is kept."""
    there = Prospect.objects.filter(pk=prospect_id).exclude(state__in=EMPTIED)
    return there.select_related("division").first()


def own_lists(by: Staff) -> QuerySet[ProspectList]:
    """Return the lists that somebody has brought in herself and not yet taken over."""
    mine = ProspectList.objects.filter(in_divisions(by), made_by=by.key, taken_at__isnull=True)
    return mine.select_related("division").exclude(rows=[])


def overdue_prospects() -> QuerySet[Prospect]:
    """Return the experts of whom something is kept, the first whose time is over first."""
    return Prospect.objects.exclude(state__in=EMPTIED).order_by("keep_until", "pk")


NOT_YET_TOLD: Final = (ProspectState.NEW,)
