"""Making two rows of one woman one, two again within thirty days, and remembering that two women are two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Max, ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.accounts.services.sessions import end_sessions_of
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System, user_key
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import stamp
from mentornet.common.patience import is_busy
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import HiddenPerson
from mentornet.divisions.queries import staff_at_work
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services.hiding import hide
from mentornet.people.models import Avoidance, Person
from mentornet.people.services import end_what_was_sent, hold_people, keep_apart, letters_go_to, restamp
from mentornet.people.ways_in import end_ways_in
from mentornet.privacy.doubles import in_order
from mentornet.privacy.journal import Journal, Undone, undo
from mentornet.privacy.merge_choices import GONE, LOGIN, SIDES, choices_of, mark_of_two
from mentornet.privacy.merge_rules import UNDONE_WITHIN, in_the_way, may_merge, may_undo
from mentornet.privacy.models import Merge, NotTheSame
from mentornet.privacy.queries import divisions_that_know, is_erased
from mentornet.privacy.services import joining

MOST_TRIES: Final = 4
"""How often a merge begins anew when somebody adds to what is about one of the two at the very moment."""
_TWO: Final = 2
_SAID_OF_BOTH: Final = _("It was said while she and another one stood here as one.")
_NO_WAY: Final = _(
    "Something that the program does not know how to merge leads to one of the two. Nothing has changed."
)


@beyond_division(reason="what either row leads to goes over, whichever division has it; who may is asked of all")
def merge_people(
    *, by: Staff, kept: Person, gone: Person, chosen: Mapping[str, str], reason: str, seen: str = ""
) -> Merge:
    """Make two rows one: everything that leads to ``gone`` leads to ``kept``, and the row of ``gone`` is no more.

    Where the two say the same thing otherwise, ``chosen`` says by the names of the choices whose word counts. Whom
    either of them must not meet, what either objects to or has taken back, whom either is hidden from: all of that
    holds. Links and codes that were sent to the one who goes open nothing any more. What was done is kept for thirty
    days, so that it can be undone.

    ``seen`` is the mark of both as the actor saw them (:func:`.merge_choices.mark_of_two`).

    Raises:
        NotAllowedError: another division knows one of them.
        ChangedMeanwhileError: somebody else has merged or changed one of them meanwhile, or is at work on her.
        RefusedError: something stands in the way.
        ValidationError: no reason was given.
    """
    for left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                merge = _merge_now(by, kept, gone, chosen, reason, seen)
                _ask_the_database()
        except ProtectedError as error:
            # Twice the same: it has not come at this moment.
            if left < MOST_TRIES - 1:
                raise RefusedError(_NO_WAY) from error
        except (IntegrityError, OperationalError) as error:
            _again_or_refuse(error, left)
        else:
            return merge
    raise AssertionError


def _ask_the_database() -> None:
    """Let what is asked at the end be asked now, while its answer can still become a sentence or another try.

    The embedded database has one writer: nothing comes between.
    """
    if connection.features.has_select_for_update:
        connection.check_constraints()


def _again_or_refuse(error: IntegrityError | OperationalError, left: int) -> None:
    """Let it be tried once more: somebody has added a row of hers that was not seen yet, and it is seen now.

    Raises:
        ChangedMeanwhileError: no try is ``left``.
        OperationalError: the database has another trouble than that others are at work.
    """
    if isinstance(error, OperationalError) and not is_busy(error):
        raise error
    if not left:
        raise ChangedMeanwhileError(
            _("Others are at work on what is known of one of the two. Nothing has changed. Try again in a minute.")
        ) from error


def _merge_now(by: Staff, kept: Person, gone: Person, chosen: Mapping[str, str], reason: str, seen: str) -> Merge:
    if kept.pk == gone.pk:
        raise RefusedError(_("This is one row. Choose another one to lay beside it."))
    known_in = divisions_that_know(kept.pk) | divisions_that_know(gone.pk)
    require(may_merge(by, [kept, gone], known_in))
    hold_people([kept.pk, gone.pk], may_be_gone=True)
    if connection.features.has_select_for_update:
        both = Enrolment.objects.select_for_update().filter(person__in=[kept.pk, gone.pk])
        list(both.order_by("pk").values_list("pk"))
    found = Person.objects.select_related("user").in_bulk([kept.pk, gone.pk])
    if len(found) < _TWO or any(is_erased(one) for one in found.values()):
        raise ChangedMeanwhileError(_("One of the two is not here any more. Somebody has merged or erased her."))
    kept, gone = found[kept.pk], found[gone.pk]
    # A division may have come to know one of them while this waited.
    require(may_merge(by, [kept, gone], divisions_that_know(kept.pk) | divisions_that_know(gone.pk)))
    if seen and seen != mark_of_two(kept, gone):
        raise ChangedMeanwhileError(_("One of the two has changed meanwhile. Look at both again, and choose anew."))
    if ways := in_the_way(kept, gone, by.today):
        raise RefusedError(ways[0])
    settled = _settled(kept, gone, chosen)
    merge = Merge(
        person=kept,
        gone_id=gone.pk,
        reason=reason.strip(),
        merged_by=by.key,
        author_name=by.name,
        undo_until=by.today + UNDONE_WITHIN,
        created_at=_after_all_others(by, kept, gone),
    )
    merge.full_clean(exclude=["person", "steps"])
    end_ways_in(by=by, person=gone)
    before, book = letters_go_to(kept), Journal()
    merge.gone_user_id = _lay_together(book, by, kept, gone, settled)
    kept = Person.objects.select_related("user").get(pk=kept.pk)
    merge.person, merge.steps = kept, book.steps
    merge.save(force_insert=True)
    end_what_was_sent(by=by, person=kept, before=before)
    restamp(by=by, people=[kept])
    # Of both: whatever asks what has happened since, such as the undoing of an import, finds it by either key.
    for person in (kept, gone):
        record(by=by, act="people.merge", of=person, detail={"rows": sum(book.told().values())})
    return merge


def _after_all_others(by: Staff, kept: Person, gone: Person) -> datetime:
    """Return when it is done: later than what was merged into either, though its actor came to the desk earlier.

    The last one is undone first, and this tells which that is.
    """
    latest = Merge.objects.filter(person__in=[kept, gone]).aggregate(latest=Max("created_at"))["latest"]
    return by.at if latest is None else max(by.at, latest + timedelta(microseconds=1))


def _settled(kept: Person, gone: Person, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return whose word counts in each thing; what is not chosen, or cannot be, is as the program would have it."""
    settled = {}
    for choice in choices_of(kept, gone):
        side = choice.default if choice.is_fixed else chosen.get(choice.name, choice.default)
        if side not in SIDES:
            raise ValidationError(_("Choose one of the two."))
        settled[choice.name] = side
    return settled


def _lay_together(book: Journal, by: Staff, kept: Person, gone: Person, settled: Mapping[str, str]) -> UUID | None:
    joining.join_places(book, by, kept, gone, settled)
    joining.join_applications(book, by, kept, gone)
    joining.join_profiles(book, by, kept, gone, settled)
    joining.join_languages(book, kept, gone)
    joining.join_consents(book, by, kept, gone)
    joining.join_rests(book, kept, gone)
    joining.join_contacts(book, by, kept, gone)
    joining.join_links(book, kept, gone)
    joining.join_differences(book, kept, gone)
    joining.carry_over(book, kept, gone)
    joining.carry_keys_over(book, gone.pk, kept.pk, joining.keys_of(gone, kept))
    gone_user = _join_sign_in(book, by, kept, gone, settled)
    joining.join_person(book, kept, gone, settled)
    book.drop(Person, gone.pk)
    return gone_user


def _join_sign_in(book: Journal, by: Staff, kept: Person, gone: Person, settled: Mapping[str, str]) -> UUID | None:
    """Let her sign in as the one user that was chosen; return the key of the one that goes, if there are two."""
    if gone.user_id is None:
        return None
    theirs, own = gone.user, kept.user
    book.set(Person, gone.pk, user_id=None)
    if own is None:
        book.set(Person, kept.pk, user_id=gone.user_id)
        return None
    assert theirs is not None
    goes = theirs
    if settled.get(LOGIN) == GONE:
        book.set(Person, kept.pk, user_id=theirs.pk)
        goes = own
    stays = own if goes is theirs else theirs
    end_sessions_of(by=by, user=goes)
    joining.carry_keys_over(
        book, goes.pk, stays.pk, {user_key(goes.pk): user_key(stays.pk), str(goes.pk): str(stays.pk)}
    )
    book.drop(User, goes.pk)
    return goes.pk


@beyond_division(reason="what went over goes back, whichever division has it; who may is asked of all")
def unmerge_people(*, by: Staff, merge: Merge) -> Undone:
    """Make two of one again: everything goes back where it was; what has come since stays with the one who was kept.

    What somebody has changed since stays as it is, and is told in what is returned. What hangs on a place goes back
    with the place.

    Raises:
        NotAllowedError: another division knows her, the thirty days are over, or it is no longer the last merge.
        ChangedMeanwhileError: somebody else has undone it, or she is not here any more, or others are at work on her.
        RefusedError: what has come since stands in the way.
    """
    for left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                return _unmerge_now(by, merge)
        except OperationalError as error:
            _again_or_refuse(error, left)
    raise AssertionError


def _unmerge_now(by: Staff, merge: Merge) -> Undone:
    hold_people([merge.person_id], may_be_gone=True)
    held = Merge.objects.select_for_update(of=("self",)).select_related("person__user").filter(pk=merge.pk).first()
    if held is None:
        raise ChangedMeanwhileError(_("She has been erased meanwhile, and with her what was kept for undoing this."))
    if not held.stands:
        raise ChangedMeanwhileError(_("Somebody has undone this already."))
    kept = held.person
    hold_people([kept.pk])
    require(may_undo(by, held, kept, divisions_that_know(kept.pk)))
    before = letters_go_to(kept)
    try:
        with transaction.atomic():
            undone = undo(held.steps)
            connection.check_constraints()
    except IntegrityError as error:
        raise RefusedError(
            _(
                "What has come since stands in the way, such as a new application for the same programme. Take that "
                "back first, then undo the merge."
            )
        ) from error
    Merge.objects.filter(pk=held.pk).update(undone_at=by.at, undone_by=by.key, undone_name=by.name, steps=[])
    two = list(Person.objects.select_related("user").filter(pk__in=[kept.pk, held.gone_id]))
    _hold_for_both(by, held, two)
    for person in two:
        # Of a name that was corrected since one part may be the former again.
        person.set_name_keys()
        person.save(update_fields=Person.NAME_KEYS)
        end_what_was_sent(by=by, person=person, before=before)
    restamp(by=by, people=two)
    Enrolment.objects.filter(person__in=two).update(stamp=stamp())
    for person in two:
        record(by=by, act="people.unmerge", of=person)
    return undone


def _hold_for_both(by: Staff, merge: Merge, two: Sequence[Person]) -> None:
    """Let what has been said since to keep her safe hold for both: nobody knows of which of the two it was said.

    Whom she must not meet, and who of the staff must not see her. For which of the two it need not be, each page lets
    it be taken back.
    """
    since = merge.created_at
    both = {one.pk: one for one in two}
    apart = Avoidance.objects.filter(Q(person__in=both) | Q(other__in=both), created_at__gt=since).order_by("pk")
    for kept_apart in list(apart.select_related("person", "other")):
        for one in two:
            if kept_apart.person_id in both and kept_apart.other_id != one.pk:
                keep_apart(by=by, person=one, other=kept_apart.other, reason=kept_apart.reason)
            elif kept_apart.other_id in both and kept_apart.person_id != one.pk:
                keep_apart(by=by, person=kept_apart.person, other=one, reason=kept_apart.reason)
    at_work = {one.pk for one in staff_at_work(by.today)}
    hidden = HiddenPerson.objects.filter(person_id__in=both, created_at__gt=since, lifted_at__isnull=True)
    for row in list(hidden.filter(user__in=at_work).order_by("pk").select_related("user")):
        for one in two:
            hide(by=by, person=one, user=row.user, reason=row.reason or str(_SAID_OF_BOTH))


@transaction.atomic
def say_not_the_same(*, by: Staff, one: Person, other: Person) -> NotTheSame:
    """Remember that two who look like one are two women: nobody is asked again. Saying it twice is once.

    Raises:
        NotAllowedError: another division knows one of them.
        ChangedMeanwhileError: they have been merged meanwhile.
    """
    require(may_merge(by, [one, other], divisions_that_know(one.pk) | divisions_that_know(other.pk)))
    hold_people([one.pk, other.pk], may_be_gone=True)
    first, second = in_order(one.pk, other.pk)
    if Person.objects.filter(pk__in=[first, second]).count() < len({first, second}):
        raise ChangedMeanwhileError(_("One of the two is not here any more. Somebody has merged or erased her."))
    row, is_new = NotTheSame.objects.get_or_create(
        one_id=first,
        other_id=second,
        defaults={"noted_by": by.key, "author_name": by.name, "created_at": by.at},
    )
    if is_new:
        for person in (one, other):
            record(by=by, act="people.not_the_same", of=person)
    return row


@transaction.atomic
def take_not_the_same_back(*, by: Staff, row: NotTheSame) -> None:
    """Take it back that two are two women: they are shown as likely doubles again.

    Raises:
        NotAllowedError: another division knows one of them.
    """
    known_in = divisions_that_know(row.one_id) | divisions_that_know(row.other_id)
    require(may_merge(by, [row.one, row.other], known_in))
    for person in (row.one, row.other):
        record(by=by, act="people.maybe_the_same", of=person)
    row.delete()


def has_old_steps(at: date) -> bool:
    """Tell whether anything is kept for an undoing whose time is over."""
    return Merge.objects.filter(undo_until__lt=at).exclude(steps=[]).exists()


def forget_old_steps(*, by: System) -> int:
    """Delete what was kept for undoing merges whose thirty days are over. Returns how many."""
    return Merge.objects.filter(undo_until__lt=by.today).exclude(steps=[]).update(steps=[])


def forget_steps_of(by: Actor, person_id: UUID) -> None:
    """Delete what is kept for an undoing of somebody who has just been protected: it tells who she is."""
    del by
    Merge.objects.filter(person_id=person_id).update(steps=[])
