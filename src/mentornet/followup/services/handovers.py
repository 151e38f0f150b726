"""Handing cases to colleagues, with all that is to be done in them, and taking it back exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.queries import HER_OWN
from mentornet.agenda.services import ask_today, finish
from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.reach import rows_about, without_hidden
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Division
from mentornet.divisions.queries import organisation, staff_at_work, staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import OPEN, Addressee, Passed
from mentornet.followup.models import Concern, HandedOn, Handover
from mentornet.followup.queries import cases_of
from mentornet.followup.rules import is_kept_from, may_hand_over, may_read, may_take_handover_back
from mentornet.intake.models import Enrolment, Interview, InterviewSlot
from mentornet.messaging.queries import letters_about
from mentornet.messaging.services import call_back_letters, queue_letter
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.recipients import person_key

OF_TALKS: Final = (Kind.INTERVIEW, Kind.DECIDE)
"""Tasks that belong to whoever has the talk: they go with it."""
LETTER: Final = "new_coordinator"


@dataclass(slots=True)
class Share:
    """What one colleague receives."""

    staff: Staff
    user: User
    places: list[Enrolment] = field(default_factory=list)
    talks: list[UUID] = field(default_factory=list)
    tasks: list[UUID] = field(default_factory=list)
    words: list[UUID] = field(default_factory=list)

    @property
    def people(self) -> set[UUID]:
        """Whose cases they are."""
        return {place.person_id for place in self.places}

    @property
    def mentees(self) -> set[UUID]:
        """The places of mentees: a pair belongs to her coordinator."""
        return {place.pk for place in self.places if place.role == Role.MENTEE}

    @property
    def is_seen(self) -> bool:
        """There is something of which a list may tell; that somebody has told something in confidence is not."""
        return bool(self.places or self.talks or self.tasks)

    def things(self) -> Iterable[tuple[Passed, UUID]]:
        """Yield all that passes to her."""
        yield from ((Passed.PLACE, place.pk) for place in self.places)
        yield from ((Passed.TALK, key) for key in self.talks)
        yield from ((Passed.TASK, key) for key in self.tasks)
        yield from ((Passed.WORD, key) for key in self.words)


@transaction.atomic
def hand_over_cases(
    *,
    by: Staff,
    former: User,
    receivers: Sequence[User],
    division: Division,
    places: Collection[UUID] | None = None,
    with_talks: bool = False,
    writes: bool = True,
    note: str = "",
) -> list[Handover]:
    """Give a coordinator's cases in a division to colleagues there, as many to each, with what is to be done in them.

    A pair goes to one of them where that can be. Whoever must not be seen by a colleague is not given to her, nor whom
    she has a partnership with: what can be given to nobody of them stays where it is. Each gets a task that leads to
    her list.

    Args:
        by: who hands over.
        former: whose cases they are; she may have left.
        receivers: colleagues of the division.
        division: where.
        places: the keys of these cases only; all of them, with her other tasks, without.
        with_talks: the interviews that are booked with her as well, and what is to be decided.
        writes: the people are written to, each once, who looks after them now.
        note: for the colleagues.

    Raises:
        NotAllowedError: they are neither her own cases, nor does she lead the division.
        ValidationError: nobody to give them to, or somebody who does not work there.
        ChangedMeanwhileError: one of these cases is no longer hers.
        RefusedError: nothing of hers can be given to these colleagues.
    """
    require(may_hand_over(by, former.pk, division.pk))
    chosen = {one.pk: one for one in receivers}
    at_work = set(staff_at_work(by.today, [division.pk]).filter(pk__in=chosen).values_list("pk", flat=True))
    if not chosen or former.pk in chosen or at_work != set(chosen):
        raise ValidationError({"receivers": _("Choose colleagues who work in this division.")})
    shares = [Share(staff_member(one, by.at), one) for one in chosen.values()]
    held = _held(by, former, division, places)
    _spread(held, shares)
    _add_talks(former, division, shares, given=with_talks, everything=places is None)
    _add_tasks(former, division, shares, with_talks=with_talks, everything=places is None)
    _add_words(former, division, shares, everything=places is None)
    made = [_pass_on(by, former, division, share, note=note, writes=writes) for share in shares if share.is_seen]
    if not made:
        raise RefusedError(_("Nothing of hers can be given to these colleagues. Choose somebody else."))
    return made


def _held(by: Staff, former: User, division: Division, places: Collection[UUID] | None) -> list[Enrolment]:
    """Return her cases, held until the end: of two who hand them over at once, the second finds them given."""
    hers = cases_of(by, former.pk, division.pk)
    if places is not None:
        hers = hers.filter(pk__in=places)
    keys = sorted(hers.values_list("pk", flat=True))
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "division")
    still = list(locked.filter(pk__in=keys, coordinator=former, ended_on__isnull=True).order_by("pk"))
    if places is not None and len(still) != len(set(places)):
        raise ChangedMeanwhileError(_("One of these cases is no longer hers. Look at the list again."))
    # Those who have waited longest first: what is spread is spread fairly.
    return sorted(still, key=lambda one: (one.role != Role.MENTEE, one.since or one.created_at.date(), one.pk))


def _spread(places: Iterable[Enrolment], shares: Sequence[Share]) -> None:
    """Give each case to whoever has the fewest so far of those who may see her; a pair together where it can be."""
    kept = list(places)
    keys = [one.pk for one in kept]
    running = Partnership.objects.filter(Q(mentor__in=keys) | Q(mentee__in=keys), state__in=RUNNING)
    paired: dict[UUID, set[UUID]] = defaultdict(set)
    people: dict[UUID, set[UUID]] = {one.pk: {one.person_id} for one in kept}
    columns = ("mentor_id", "mentee_id", "mentor__person_id", "mentee__person_id")
    for mentor, mentee, *two in running.values_list(*columns):
        paired[mentor].add(mentee)
        paired[mentee].add(mentor)
        # Whoever looks after one of the two hears of the other: neither goes to whom one of them is hidden from.
        for one in {mentor, mentee} & people.keys():
            people[one] |= set(two)
    # Pairs first, the mentees before their mentors: who is alone evens out what they leave.
    kept.sort(key=lambda one: (one.pk not in paired, one.role != Role.MENTEE))
    for place in kept:
        free = [one for one in shares if one.staff.hidden.isdisjoint(people[place.pk])]
        # One person with two places has one coordinator.
        hers = [one for one in free if place.person_id in one.people]
        beside = [one for one in free if not paired.get(place.pk, set()).isdisjoint(one.mentees)]
        if receiver := min(hers or beside or free, key=lambda one: len(one.places), default=None):
            receiver.places.append(place)


def _add_talks(former: User, division: Division, shares: Sequence[Share], *, given: bool, everything: bool) -> None:
    """Give the interviews that are booked with her to whoever has nothing else at that hour."""
    booked = Interview.objects.filter(
        interviewer=former, application__division=division, held_at__isnull=True, cancelled_at__isnull=True
    ).select_related("application")
    for talk in booked.order_by("at", "pk") if given else ():
        person = talk.application.person_id
        may_see = [one for one in shares if person not in one.staff.hidden]
        hers = [one for one in may_see if person in one.people]
        if not hers and not everything:
            continue
        for receiver in sorted(hers or may_see, key=lambda one: len(one.talks)):
            slots = InterviewSlot.objects.filter(application=talk.application, interviewer=former)
            if _is_busy(receiver.user, talk):
                continue
            receiver.talks += [talk.pk, *slots.values_list("pk", flat=True)]
            break


def _is_busy(user: User, talk: Interview) -> bool:
    slots = InterviewSlot.objects.filter(interviewer=user, withdrawn_at__isnull=True, starts_at=talk.at)
    talks = Interview.objects.filter(interviewer=user, at=talk.at, held_at__isnull=True, cancelled_at__isnull=True)
    return slots.exists() or talks.exists()


def _open_tasks(former: User, division: Division) -> QuerySet[Task]:
    tasks = Task.objects.filter(owner_id=former.pk, division_id=division.pk, done_at__isnull=True)
    return tasks.exclude(kind__in=HER_OWN)


def _about(people: Collection[UUID]) -> frozenset[UUID]:
    return frozenset(rows_about(people).get(Task._meta.label, frozenset()))


def _add_tasks(
    former: User, division: Division, shares: Sequence[Share], *, with_talks: bool, everything: bool
) -> None:
    """Give what is open about somebody to whoever receives her; a pair's to whoever receives the mentee."""
    tasks = _open_tasks(former, division)
    given = {key for share in shares for key in share.talks}
    hers = Interview.objects.filter(pk__in=given).values("application_id")
    if not with_talks:
        tasks = tasks.exclude(kind__in=OF_TALKS)
    gone = {place.pk for share in shares for place in share.places}
    stay = Enrolment.objects.filter(coordinator=former, division=division, role=Role.MENTEE).exclude(pk__in=gone)
    staying = _about(set(stay.values_list("person_id", flat=True)))
    taken: set[UUID] = set()
    for role in (Role.MENTEE, Role.MENTOR):
        for share in shares:
            about = _about({place.person_id for place in share.places if place.role == role}) - taken
            if role == Role.MENTOR:
                about -= staying
            found = _seen(tasks.filter(pk__in=about), share)
            share.tasks += found
            taken |= set(found)
    for share in shares:
        mine = Interview.objects.filter(pk__in=share.talks).values("application_id")
        found = _seen(tasks.filter(kind__in=OF_TALKS, target_id__in=mine).exclude(pk__in=taken), share)
        share.tasks += found
        taken |= set(found)
    if not everything:
        return
    left = tasks.exclude(pk__in=taken | staying)
    booked = left.filter(kind=Kind.INTERVIEW, words__has_key="time").exclude(target_id__in=hers)
    for task in left.exclude(pk__in=booked.values("pk")).order_by("due_on", "pk"):
        for share in sorted(shares, key=lambda one: len(one.tasks)):
            if found := _seen(Task.objects.filter(pk=task.pk), share):
                share.tasks += found
                break


def _seen(tasks: QuerySet[Task], share: Share) -> list[UUID]:
    """Return those of some tasks that are about nobody whom the receiver must not see."""
    return sorted(without_hidden(tasks, share.staff.casework).values_list("pk", flat=True))


@beyond_division(reason="whom a quiet word is kept from is known by partnerships of every division")
def _add_words(former: User, division: Division, shares: Sequence[Share], *, everything: bool) -> None:
    """Let what was told in confidence go with the case, to whoever may read it; of this no page and no count tells.

    What the receiver must not read stays where it is: whoever leads the division reads it. So does what is kept from
    whose cases they are: she does not choose who reads it.
    """
    told = Concern.objects.filter(
        coordinator=former, division=division, addressee=Addressee.COORDINATOR, state__in=OPEN
    ).select_related("partnership")
    for concern in told.order_by("created_at", "pk"):
        if is_kept_from(former.pk, concern):
            continue
        pair = concern.partnership
        hers = [
            one
            for one in shares
            if (pair.mentee_id in one.mentees if pair is not None else concern.raised_by_id in one.people)
        ]
        if hers:
            asked = hers
        elif everything and pair is None:
            asked = list(shares)
        else:
            continue
        for share in asked:
            concern.coordinator_id = share.user.pk
            if may_read(share.staff, concern):
                share.words.append(concern.pk)
                break


def _pass_on(by: Staff, former: User, division: Division, share: Share, *, note: str, writes: bool) -> Handover:
    handover = Handover(
        former=former, receiver=share.user, division=division, count=len(share.people), note=note.strip(),
        has_written=writes and bool(share.places), made_by=by.key, author_name=by.name, created_at=by.at,
    )  # fmt: skip
    handover.full_clean()
    handover.save(force_insert=True)
    HandedOn.objects.bulk_create(
        [HandedOn(handover=handover, kind=kind, target_id=key, created_at=by.at) for kind, key in share.things()]
    )
    if _move(share, former.pk, share.user.pk) != len(share.places):
        raise ChangedMeanwhileError(_("One of these cases is no longer hers. Look at the list again."))
    record_all(
        entry_of(by=by, act="intake.hand_over", of=place, division_id=place.division_id) for place in share.places
    )
    _record_words(by, share.words)
    record(by=by, act="followup.hand_over", of=handover, division_id=division.pk, detail={"count": handover.count})
    ask_today(
        by=by,
        kind=Kind.HANDOVER,
        target_id=handover.pk,
        division_id=division.pk,
        owner_id=share.user.pk,
        words={"who": former.name},
    )
    if handover.has_written:
        _write(by, share.places, share.user, division)
    return handover


def _move(share: Share, before: UUID, after: UUID) -> int:
    """Give all of a share from one to another, where it still belongs to the one; return how many places that was."""
    moved = Enrolment.objects.filter(pk__in=[one.pk for one in share.places], coordinator_id=before).update(
        coordinator_id=after
    )
    for model in (Interview, InterviewSlot):
        model._default_manager.filter(pk__in=share.talks, interviewer_id=before).update(interviewer_id=after)
    Task.objects.filter(pk__in=share.tasks, owner_id=before).update(owner_id=after)
    Concern.objects.filter(pk__in=share.words, coordinator_id=before).update(coordinator_id=after)
    return moved


def _record_words(by: Actor, keys: Collection[UUID]) -> None:
    for concern in Concern.objects.filter(pk__in=keys):
        record(by=by, act="followup.pass_on", of=concern, division_id=concern.division_id)


def _write(by: Staff, places: Iterable[Enrolment], coordinator: User, division: Division) -> None:
    """Write to each once who looks after her now; without a telephone nobody is told to call."""
    phone = division.phone or organisation().phone
    if not phone:
        return
    once: Mapping[UUID, Enrolment] = {place.person_id: place for place in places}
    for place in once.values():
        queue_letter(
            by=by,
            recipient=person_key(place.person_id),
            event=LETTER,
            values={"coordinator": coordinator.name, "phone": phone},
            about_id=place.pk,
            division_id=division.pk,
        )


@transaction.atomic
def take_handover_back(*, by: Staff, handover: Handover) -> int:
    """Give back what a handover has passed on: all as it was before, with what has come to be done since.

    What has gone to somebody else meanwhile stays there. Letters that have not left are taken back; to whom they have
    reached it is written who looks after her again. Returns how many cases it was.

    Raises:
        NotAllowedError: neither hers, nor does she lead the division; or its three days are over.
        ChangedMeanwhileError: somebody else has just done so.
    """
    require(may_take_handover_back(by, handover))
    taken = Handover.objects.filter(pk=handover.pk, taken_back_at__isnull=True)
    if not taken.update(taken_back_at=by.at, taken_back_by=by.key):
        raise ChangedMeanwhileError(_("This handover has been taken back already."))
    keys: dict[str, list[UUID]] = defaultdict(list)
    for kind, key in HandedOn.objects.filter(handover=handover).values_list("kind", "target_id"):
        keys[kind].append(key)
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "division")
    still = locked.filter(pk__in=keys[Passed.PLACE], coordinator_id=handover.receiver_id).order_by("pk")
    share = Share(
        staff_member(handover.former, by.at), handover.former, list(still), keys[Passed.TALK], keys[Passed.TASK],
        keys[Passed.WORD],
    )  # fmt: skip
    since = Task.objects.filter(
        pk__in=_about(share.people), owner_id=handover.receiver_id, division_id=handover.division_id,
        done_at__isnull=True, created_at__gte=handover.created_at,
    ).exclude(kind__in=[*HER_OWN, Kind.HANDOVER])  # fmt: skip
    share.tasks += since.values_list("pk", flat=True)
    _move(share, handover.receiver_id, handover.former_id)
    record_all(
        entry_of(by=by, act="intake.hand_over", of=place, division_id=place.division_id) for place in share.places
    )
    _record_words(by, share.words)
    record(by=by, act="followup.take_handover_back", of=handover, division_id=handover.division_id)
    finish(by=by, target_id=handover.pk, kinds=[Kind.HANDOVER])
    letters = letters_about(keys[Passed.PLACE]).filter(event=LETTER, created_at=handover.created_at)
    reached = {letter.about_id for letter in call_back_letters(by=by, letters=letters)}
    _write(by, [one for one in share.places if one.pk in reached], handover.former, handover.division)
    handover.refresh_from_db()
    return len(share.people)
