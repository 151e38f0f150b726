"""Reads of thoughts of one's own, letters to the mentor, certificates and thanks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from mentornet.accounts.models import User
from mentornet.divisions.queries import leads_of, national_leads
from mentornet.divisions.rules import seen_by
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ABOUT_A_PARTNER, OPEN, UNDER_WAY, ImpactState
from mentornet.followup.impact_words import Draft, Facts, tells_too_much
from mentornet.followup.models import Certificate, Concern, ImpactLetter, LetterWish, Reflection, TenureThanks
from mentornet.followup.value_rules import RUNS_FOR, is_long_enough
from mentornet.intake.models import Enrolment
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance
from mentornet.partnerships.enums import CameOfIt, PartnershipState
from mentornet.partnerships.models import Goal, GoalStep, Introduction, Meeting, Partnership
from mentornet.partnerships.queries import blameless, safe, visible_partnerships
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.queries import who_is_restricted

MOST_YEARS: Final = 15
LATE: Final = timedelta(days=30)
"""So long after its day a letter is still prepared: the program may have stood still."""
FEWEST_MEETINGS: Final = 2
SHOWN_FOR: Final = timedelta(days=30)
"""So long something new stands on her first page."""
THANKED_WITHIN: Final = timedelta(days=45)


# Thoughts of one's own ------------------------------------------------------------------------------------------------


def reflections_of(by: Participant, partnership: Partnership) -> QuerySet[Reflection]:
    """Return somebody's own thoughts, the newest first: nobody else's, for nobody else."""
    own = Reflection.objects.filter(partnership=partnership, person_id=by.person_id)
    return own.order_by("-created_at", "-pk")


def shared_reflections(by: Staff, partnership: Partnership) -> QuerySet[Reflection]:
    """Return the thoughts of two that they have shared with their coordinators, the newest first."""
    theirs = visible_partnerships(by).filter(pk=partnership.pk).values("pk")
    shared = Reflection.objects.filter(partnership__in=theirs, shared_at__isnull=False)
    return shared.select_related("person").order_by("-shared_at", "-pk")


def stands_in_letter(reflection: Reflection) -> bool:
    """Tell whether a thought stands in a letter that has been sent."""
    sent = ImpactLetter.objects.filter(partnership_id=reflection.partnership_id, state=ImpactState.SENT)
    given = reflection.for_letter_at
    return given is not None and sent.filter(approved_at__gte=given).exists()


# Letters to the mentor ------------------------------------------------------------------------------------------------


def facts_between(partnership: Partnership, since: date, until: date) -> Facts:
    """Return what the two have done in a time; goals whose words tell who they are count, and are not quoted."""
    return facts_of([(partnership, since, until)])[partnership.pk]


def facts_of(times: Collection[tuple[Partnership, date, date]]) -> dict[UUID, Facts]:
    """Return what the two of each pair have done, each in a time of its own. As many queries for one as for many."""
    within = {pair.pk: (since, until) for pair, since, until in times}
    if not within:
        return {}
    whole = (min(since for since, _until in within.values()), max(until for _since, until in within.values()))

    def rows(found: QuerySet[Any], *names: str) -> dict[UUID, list[Any]]:
        """Return the rows of each pair that lie in its own time: the pair's key and the day come first."""
        by_pair: dict[UUID, list[Any]] = {key: [] for key in within}
        for key, day, *values in found.values_list(*names):
            if within[key][0] <= day <= within[key][1]:
                by_pair[key].append(values)
        return by_pair

    met = rows(Meeting.objects.filter(partnership__in=within, on__range=whole), "partnership_id", "on", "minutes")
    goals = rows(
        Goal.objects.filter(partnership__in=within, reached_on__range=whole).order_by("reached_on", "pk"),
        *("partnership_id", "reached_on", "words"),
    )
    steps = rows(
        GoalStep.objects.filter(goal__partnership__in=within, done_on__range=whole),
        *("goal__partnership_id", "done_on"),
    )
    doors = rows(
        Introduction.objects.filter(partnership__in=within, on__range=whole), "partnership_id", "on", "came_of_it"
    )
    found = {}
    for pair, _since, _until in times:
        names, came = last_names_of(pair), {one for (one,) in doors[pair.pk]}
        found[pair.pk] = Facts(
            met=len(met[pair.pk]),
            minutes=sum(minutes or 0 for (minutes,) in met[pair.pk]),
            goals=tuple(words for (words,) in goals[pair.pk] if not tells_too_much(words, names)),
            goals_reached=len(goals[pair.pk]),
            steps=len(steps[pair.pk]),
            doors=len(doors[pair.pk]),
            came_of_it=tuple(one.value for one in CameOfIt if one in came and one != CameOfIt.NOTHING_YET),
        )
    return found


def last_names_of(partnership: Partnership) -> list[str]:
    """Return the last names of the two, as they stand here: a protected person's stands nowhere."""
    return [partnership.mentee.person.last_name, partnership.mentor.person.last_name]


def draft_of(letter: ImpactLetter) -> Draft:
    """Return a letter as it would be now: what is ticked and not left out, her words, and thoughts given to it."""
    pair = letter.partnership
    sides = {pair.mentee.person_id: Role.MENTEE, pair.mentor.person_id: Role.MENTOR}
    names = last_names_of(pair)
    thoughts: dict[str, list[str]] = {}
    given = Reflection.objects.filter(partnership=pair, for_letter_at__isnull=False, person_id__in=sides)
    # Once: what stood in an earlier letter stands in no later one.
    for one in given.filter(created_at__date__gte=letter.since).order_by("created_at", "pk"):
        if not tells_too_much(one.text, names):
            thoughts.setdefault(sides[one.person_id], []).append(one.text)
    return Draft(
        since=letter.since,
        until=letter.until,
        facts=facts_between(pair, letter.since, letter.until),
        chosen=frozenset(letter.chosen or ()) - left_out_by_mentor(pair),
        words=letter.words,
        thoughts=thoughts,
    )


def left_out_by_mentor(partnership: Partnership) -> set[str]:
    """Return the facts that the mentor wants in no letter."""
    wishes = LetterWish.objects.filter(partnership=partnership, side=Role.MENTOR)
    return {fact for wish in wishes for fact in wish.leaves_out or ()}


def letters_due(today: date) -> QuerySet[Partnership]:
    """Return the pairs whose year is round, or who have just ended, and that have no letter for it yet.

    Those that run and are not paused, or have ended without harm; who have met; and of whom neither wants none.
    """
    began = Coalesce("matched_on", "first_met_on")
    year_round = Q(pk__in=[])
    for years in range(1, MOST_YEARS + 1):
        last = years_before(today, years)
        year_round |= Q(began__gt=last - LATE, began__lte=last)
    runs = Q(state=PartnershipState.ACTIVE) & year_round
    ended = Q(state=PartnershipState.CLOSED, closed_on__gt=today - LATE, closed_on__lte=today)
    ended &= safe()
    known = ImpactLetter.objects.filter(partnership=OuterRef("pk"))
    recent = known.filter(Q(state__in=UNDER_WAY) | Q(due_on__gt=today - LATE))
    none = LetterWish.objects.filter(partnership=OuterRef("pk"), wants_none=True)
    meetings = Meeting.objects.filter(partnership=OuterRef("pk")).order_by().values("partnership")
    return (
        Partnership.objects.annotate(began=began)
        .filter(runs | ended)
        .filter(~Exists(recent), ~Exists(none))
        .annotate(met=meetings.annotate(count=Count("pk")).values("count"))
        .filter(met__gte=FEWEST_MEETINGS)
        .select_related("mentee__person", "mentor__person")
        .order_by("pk")
    )


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def letters_in(state: ImpactState) -> QuerySet[ImpactLetter]:
    """Return the letters in a state, with the two, the oldest first."""
    return (
        ImpactLetter.objects.filter(state=state)
        .select_related("partnership__mentee__person", "partnership__mentor__person", "partnership__division")
        .order_by("due_on", "pk")
    )


def is_any_letter_open() -> bool:
    """Tell whether a letter is under way at all."""
    return ImpactLetter.objects.filter(state__in=UNDER_WAY).exists()


def to_be_asked_now(letters: Collection[ImpactLetter]) -> set[UUID]:
    """Return about which letters the mentee can be asked now, from what stands of the two; three queries.

    Not while she has told something in confidence about whom she works with: nobody is asked for thanks then. Why a
    letter waits is told to nobody. Nor once one of the two has been erased: there is nobody to write to, or to thank.
    """
    pairs = {letter.partnership_id: letter.partnership for letter in letters}
    people = {side.person_id for pair in pairs.values() for side in (pair.mentee, pair.mentor)}
    rest = who_is_restricted(people)
    none = LetterWish.objects.filter(partnership__in=pairs, wants_none=True)
    silent = set(none.values_list("partnership_id", flat=True))
    told = Concern.objects.filter(raised_by__in={pair.mentee.person_id for pair in pairs.values()}, state__in=OPEN)
    waiting = {
        pair.pk
        for person_id, partnership_id, about in told.values_list("raised_by_id", "partnership_id", "about")
        for pair in pairs.values()
        if pair.mentee.person_id == person_id and (about in ABOUT_A_PARTNER or partnership_id == pair.pk)
    }
    return {
        letter.pk
        for letter in letters
        if _stands(pair := letter.partnership)
        and pair.pk not in silent | waiting
        and not rest & {pair.mentee.person_id, pair.mentor.person_id}
    }


def _stands(pair: Partnership) -> bool:
    people = (pair.mentee.person, pair.mentor.person)
    runs_or_ended = pair.state in {PartnershipState.ACTIVE, PartnershipState.CLOSED}
    return runs_or_ended and pair.is_safe and all(person.search_text for person in people)


def letters_of(by: Participant, partnerships: Collection[Partnership]) -> list[ImpactLetter]:
    """Return the letters that are there for one of the two: to her who is asked, and to whom they were sent.

    The mentee sees what waits for her and what was sent; the mentor what was sent, and nothing of any other.
    """
    found = ImpactLetter.objects.filter(safe("partnership__"), partnership__in=partnerships)
    mine = Q(partnership__mentee__person=by.person_id, state__in=[*UNDER_WAY[1:], ImpactState.SENT])
    sent = Q(partnership__mentor__person=by.person_id, state=ImpactState.SENT)
    return list(
        found.filter(mine | sent)
        .select_related("partnership__mentee__person", "partnership__mentor__person")
        .order_by("-due_on", "pk")
    )


def letters_new_to(by: Participant) -> list[ImpactLetter]:
    """Return what her first page tells of: letters that wait for her, and those sent to her within a month."""
    mine = Enrolment.objects.filter(person_id=by.person_id).values("pk")
    waits = Q(partnership__mentee__in=mine, state=ImpactState.ASKED, answer_by__gte=by.today)
    came = Q(partnership__mentor__in=mine, state=ImpactState.SENT, sent_at__gt=by.at - SHOWN_FOR)
    return list(
        ImpactLetter.objects.filter(waits | came, safe("partnership__"))
        .select_related("partnership__mentee__person", "partnership__mentor__person")
        .order_by("due_on", "pk")
    )


def wish_of(partnership: Partnership, side: Role) -> LetterWish | None:
    """Return what one of the two has said about letters; ``None`` where she has said nothing."""
    return LetterWish.objects.filter(partnership=partnership, side=side).first()


# Certificates ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Served:
    """What somebody has done in a role, over all partnerships that count.

    Attributes:
        until: when the last of them ended; nothing while one runs.
        modules: names of the training modules that she has gone through.
    """

    role: Role
    division_id: UUID
    since: date
    until: date | None
    partnerships: int
    meetings: int
    minutes: int
    modules: tuple[str, ...]

    @property
    def facts(self) -> dict[str, object]:
        """What is kept of it with a certificate."""
        return {
            "partnerships": self.partnerships,
            "meetings": self.meetings,
            "hours": round(self.minutes / 60),
            "modules": list(self.modules),
        }


def served(person_id: UUID, role: Role | str, today: date) -> Served | None:
    """Return what somebody has done in a role; ``None`` where there is nothing to certify yet.

    A partnership counts that has met and has ended, or has run for three months; one that ends for safety does for
    whom it is not about: what she has done is hers.
    """
    pairs = [
        pair
        for pair in Partnership.objects.filter(blameless(role), **{f"{role}__person_id": person_id})
        .annotate(met=Count("meetings"), minutes=Sum("meetings__minutes"), first=Min("meetings__on"))
        .filter(met__gt=0)
        .order_by("created_at", "pk")
        if is_long_enough(pair.first_met_on or pair.first, today, has_ended=pair.state == PartnershipState.CLOSED)
    ]
    if not pairs:
        return None
    runs = any(pair.state != PartnershipState.CLOSED for pair in pairs)
    ends = [pair.closed_on for pair in pairs if pair.closed_on is not None]
    done = Attendance.objects.filter(person_id=person_id, module__role=role).exclude(way=Way.WAIVED)
    return Served(
        role=Role(role),
        division_id=pairs[-1].division_id,
        since=min(pair.matched_on or pair.first for pair in pairs),
        until=None if runs or not ends else max(ends),
        partnerships=len(pairs),
        meetings=sum(pair.met for pair in pairs),
        minutes=sum(pair.minutes or 0 for pair in pairs),
        modules=tuple(done.order_by("module__position").values_list("module__slug", flat=True)),
    )


def is_led_to_certificates(person_id: UUID, today: date) -> bool:
    """Tell whether somebody has met for as long as a certificate takes, in any role.

    Whom an ending for safety is about is led there like everybody whose partnership has ended, and reads there that
    there is no certificate yet: that nothing leads there would tell her that it was stopped on her account.
    One query, since her first page asks.
    """
    hers = Q()
    for role in Role:
        hers |= Q(**{f"{role}__person_id": person_id})
    met = Partnership.objects.filter(hers).annotate(first=Min("meetings__on")).filter(first__isnull=False)
    since = met.annotate(since=Coalesce("first_met_on", "first"))
    return since.filter(Q(state=PartnershipState.CLOSED) | Q(since__lte=today - RUNS_FOR)).exists()


def code_hash(code: str) -> str:
    """Return what is kept of the number on a certificate."""
    return hashlib.sha256(code.encode()).hexdigest()


def certificate_by_number(code: str) -> Certificate | None:
    """Return the certificate with a number as it stands on the paper; ``None`` where there is none."""
    return Certificate.objects.filter(code_hash=code_hash(code)).first()


def certificates_of(person_id: UUID) -> QuerySet[Certificate]:
    """Return somebody's certificates, the newest first."""
    return Certificate.objects.filter(person_id=person_id).order_by("-issued_on", "-created_at")


def signer_of(division_id: UUID, on: date, *, is_protected: bool = False) -> str:
    """Return whose name stands beneath a certificate: who leads the division, or the network for a protected person."""
    users = national_leads(on) if is_protected else leads_of(division_id, on)
    names = dict(User.objects.filter(pk__in=users).values_list("pk", "name"))
    return next((names[one] for one in users if one in names), "")


# Thanks for the years -------------------------------------------------------------------------------------------------


def mentors_since(first: date, last: date) -> QuerySet[Enrolment]:
    """Return the places of mentors who are still here and whose first partnership as a mentor began in a time."""
    earlier = Partnership.objects.filter(mentor__person=OuterRef("person"))
    return (
        Enrolment.objects.filter(role=Role.MENTOR, ended_on__isnull=True)
        .annotate(began=Min("person__enrolments__partnerships_as_mentor__matched_on"))
        .filter(Exists(earlier), began__gt=first, began__lte=last)
        .select_related("person")
        .order_by("created_at", "pk")
    )


def to_thank(by: Staff) -> QuerySet[TenureThanks]:
    """Return whom the divisions can thank with a call: those not called yet first, then the newest."""
    return (
        TenureThanks.objects.filter(
            seen_by(by, "person"), division_id__in=by.casework, reached_on__gt=by.today - THANKED_WITHIN
        )
        .select_related("person", "division")
        .order_by(F("called_at").asc(nulls_first=True), "-reached_on", "pk")
    )


def thanked_lately(by: Participant) -> TenureThanks | None:
    """Return the thanks that stand on her own page: for a month after the day."""
    mine = TenureThanks.objects.filter(person_id=by.person_id, reached_on__gt=by.today - SHOWN_FOR)
    return mine.order_by("-years").first()


def to_stand_alone(person: Person) -> QuerySet[Certificate]:
    """Return the certificates that stay valid when somebody is erased."""
    return Certificate.objects.filter(person=person, outlives=True, withdrawn_at__isnull=True)


# The page of a pair ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfPair:
    """What its coordinators see of what a pair has of it: numbers, and nothing of what waits for her.

    Attributes:
        letters: that were sent.
        certificates: of either of the two, that are valid.
        shared: thoughts that they have shared.
    """

    letters: int
    last_sent_at: datetime | None
    certificates: int
    shared: int


def value_of(partnership: Partnership) -> OfPair:
    """Return what a pair has of it; one query."""
    people = (partnership.mentee.person_id, partnership.mentor.person_id)
    valid = Certificate.objects.filter(person_id__in=people, withdrawn_at__isnull=True).order_by()
    shared = Reflection.objects.filter(partnership=partnership, shared_at__isnull=False).order_by()
    sent = ImpactLetter.objects.filter(partnership=partnership, state=ImpactState.SENT).order_by()
    letters, last, certificates, thoughts = (
        Partnership.objects.filter(pk=partnership.pk)
        .values_list(
            Subquery(_counted(sent)),
            Subquery(sent.order_by("-sent_at").values("sent_at")[:1]),
            Subquery(_counted(valid)),
            Subquery(_counted(shared)),
        )
        .get()
    )
    return OfPair(letters or 0, last, certificates or 0, thoughts or 0)


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values("count")
    return counted
