"""Searches: begun with a brief that tells of nobody, sent, looked after, closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import ContactPerson, Enrolment
from mentornet.messaging.services import LetterTo, queue_letters
from mentornet.people.queries import in_use
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from mentornet.sourcing.briefs import Brief, Widened, widened
from mentornet.sourcing.enums import (
    SEARCH_STEPS,
    AskingState,
    ClosedBecause,
    ProspectState,
    SearchState,
)
from mentornet.sourcing.models import Asking, Prospect, Search
from mentornet.sourcing.queries import (
    askable_contacts,
    askable_prospects,
    open_search_for,
    settled_searches,
    unsent_in_vain,
    waits_in,
)
from mentornet.sourcing.recipients import prospect_key
from mentornet.sourcing.rules import may_discard, may_do_by_itself, may_search, may_send, may_work_on_search
from mentornet.sourcing.services.experts import who_writes, why_her

ASKED: Final = "search_asked"
REMINDED: Final = "search_waiting"
EXPERT_ASKED: Final = "expert_asked"
REMIND_AFTER: Final = timedelta(days=5)
LONGEST: Final = timedelta(days=90)
"""No search waits longer for its answers: by then another one is due."""
KEPT_AFTER: Final = timedelta(days=365)
"""For how long an expert's name is kept after she was last written to, unless she says that she may be asked."""
TOO_NARROW: Final = _(
    "Fewer women wait by now, and the brief would tell too much of them. Close this search, and begin another."
)
TOO_FEW: Final = _(
    "Fewer than three women wait here: whatever a search said would tell of them. Call a contact person instead, and "
    "say no more than that you are looking for mentors."
)


def _lock(search: Search) -> Search:
    """Return the row as it is now, held until the transaction ends."""
    locked = Search.objects.select_for_update(of=("self",)).select_related("mentee__person", "division", "programme")
    found = locked.filter(pk=search.pk).first()
    if found is None:
        raise ChangedMeanwhileError(_("Somebody else has thrown this search away."))
    return found


def _check_due(by: Actor, due_on: date) -> None:
    if due_on <= by.today:
        raise ValidationError({"due_on": _("Choose a day after today.")})
    if due_on > by.today + LONGEST:
        raise ValidationError({"due_on": _("That is too far ahead: choose a day within three months.")})


def _write_brief(search: Search, found: Widened, *, keep: Sequence[dict[str, object]] = ()) -> None:
    brief = found.brief
    search.occupation, search.language, search.meeting = brief.occupation, brief.language, brief.meeting
    search.topics, search.times, search.fits = brief.topics, brief.times, found.fits
    search.steps = [*keep, *(asdict(step) for step in found.steps)]


@transaction.atomic
def begin_search(
    *,
    by: Staff,
    division: Division,
    programme: Programme,
    brief: Brief,
    due_on: date,
    mentee: Enrolment | None = None,
) -> Search:
    """Begin a search, for a waiting woman or for a profile. Nobody is asked yet.

    The brief is widened until it fits three waiting women of the division; how stands in ``steps``.

    Raises:
        NotAllowedError: not the actor's division, or she waits no longer.
        RefusedError: too few women wait for any brief to be anonymous.
        ValidationError: a part of the brief or the day cannot be.
    """
    require(may_search(by, mentee, division.pk))
    _check_due(by, due_on)
    if mentee is not None and open_search_for(mentee) is not None:
        raise ChangedMeanwhileError(_("There is a search for her already. Go on with that one."))
    found = widened(brief, waits_in(division.pk))
    if not found.is_anonymous:
        raise RefusedError(TOO_FEW)
    search = Search(
        division=division,
        programme=programme,
        mentee=mentee,
        owner_id=by.user_id,
        due_on=due_on,
        created_at=by.at,
    )
    _write_brief(search, found)
    search.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            search.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("There is a search for her already. Go on with that one.")) from error
    record(by=by, act="sourcing.begin_search", of=search, division_id=division.pk, detail={"fits": search.fits})
    return search


@transaction.atomic
def widen_again(*, by: Staff, search: Search, without: Iterable[str] = ()) -> Search:
    """Count again who waits, and widen the brief where it would tell of somebody; or leave out more by hand.

    Only before it is sent: what has been sent is what was sent.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: it has been sent.
        RefusedError: too few women wait by now.
    """
    search = _lock(search)
    require(may_discard(by, search))
    left_out = set(without)
    brief = search.brief
    brief = Brief(
        occupation="" if "occupation" in left_out else brief.occupation,
        language="" if "language" in left_out else brief.language,
        topics=() if "topics" in left_out else brief.topics,
        times=() if "times" in left_out else brief.times,
        meeting="" if "meeting" in left_out else brief.meeting,
    )
    found = widened(brief, waits_in(search.division_id))
    if not found.is_anonymous:
        raise RefusedError(TOO_FEW)
    _write_brief(search, found, keep=search.steps)
    search.full_clean(validate_unique=False, validate_constraints=False)
    search.save()
    record(by=by, act="sourcing.widen", of=search, division_id=search.division_id, detail={"fits": search.fits})
    return search


@transaction.atomic
def send_search(
    *, by: Staff, search: Search, contacts: Iterable[ContactPerson] = (), prospects: Iterable[Prospect] = ()
) -> list[Asking]:
    """Ask contact persons and experts: a letter to each, with her own link. More can be asked later.

    Who waits is counted once more: a brief that fits fewer than three by now is not sent to anybody.

    Raises:
        NotAllowedError: not the actor's division, or the search is closed.
        ChangedMeanwhileError: the brief fits fewer than three women by now, or somebody cannot be asked any more.
        ValidationError: nobody was chosen, or the day is over.
    """
    search = _lock(search)
    require(may_send(by, search))
    whom: list[ContactPerson | Prospect] = [*contacts, *prospects]
    if not whom:
        raise ValidationError(_("Choose somebody to ask."), code="nobody")
    _check_due(by, search.due_on)
    recounted = widened(search.brief, waits_in(search.division_id))
    if (recounted.steps or not recounted.is_anonymous) and search.state == SearchState.OPEN:
        # What was sent stays as it was sent.
        raise ChangedMeanwhileError(TOO_NARROW)
    if recounted.steps or not recounted.is_anonymous:
        raise ChangedMeanwhileError(
            _("Fewer women wait by now, and the brief would tell too much of them. Widen it, and look at it again.")
        )
    known = {one.whom.pk for one in askable_contacts(by, search)} | {
        one.whom.pk for one in askable_prospects(by, search)
    }
    if any(one.pk not in known for one in whom):
        raise ChangedMeanwhileError(_("One of them cannot be asked any more. Look at the list again."))
    askings = [_asking(by, search, one) for one in whom]
    for one in askings:
        one.full_clean(validate_unique=False, validate_constraints=False)
    Asking.objects.bulk_create(askings)
    is_first = search.state == SearchState.DRAFT
    search.fits = recounted.fits
    search.state, search.sent_at = SearchState.OPEN, search.sent_at or by.at
    search.full_clean(validate_unique=False, validate_constraints=False)
    search.save()
    _write(by, ASKED, search, [one for one in askings if one.contact is not None])
    _write(by, EXPERT_ASKED, search, [one for one in askings if one.prospect is not None])
    _note_told(by, [one.prospect for one in askings if one.prospect is not None])
    record(
        by=by,
        act="sourcing.send_search" if is_first else "sourcing.ask_more",
        of=search,
        division_id=search.division_id,
        detail={"asked": len(askings), "fits": search.fits},
    )
    return askings


def _asking(by: Actor, search: Search, whom: ContactPerson | Prospect) -> Asking:
    if isinstance(whom, ContactPerson):
        return Asking(search=search, contact=whom, asked_at=by.at, created_at=by.at)
    return Asking(search=search, prospect=whom, asked_at=by.at, created_at=by.at)


def _write(by: Actor, event: str, search: Search, askings: Collection[Asking]) -> None:
    us = who_writes(search.division) if any(one.prospect is not None for one in askings) else {}
    queue_letters(
        by=by,
        event=event,
        letters=[
            LetterTo(
                recipient=_recipient(one),
                values={
                    "link": f"search:{one.pk}",
                    "day": search.due_on.isoformat(),
                    **(us | why_her(one.prospect) if one.prospect is not None else {}),
                },
                about_id=one.pk,
                division_id=search.division_id,
            )
            for one in askings
        ],
    )


def _recipient(asking: Asking) -> str:
    if asking.contact is not None:
        return person_key(asking.contact.person_id)
    assert asking.prospect is not None
    return prospect_key(asking.prospect.pk)


def _note_told(by: Actor, prospects: Sequence[Prospect]) -> None:
    """Note that experts have been told who we are and where we have their names from: it stands in the letter."""
    there = Prospect.objects.filter(pk__in=[one.pk for one in prospects])
    there.filter(state=ProspectState.NEW).update(state=ProspectState.TOLD, told_at=by.at)
    # Who has said that she may be asked is kept as long as she was told then.
    there.filter(state=ProspectState.TOLD).update(keep_until=by.today + KEPT_AFTER)


# While it goes on -----------------------------------------------------------------------------------------------------


@transaction.atomic
def move_due(*, by: Staff, search: Search, due_on: date) -> Search:
    """Give a search that goes on another day. Whoever has not answered may be reminded once more.

    Raises:
        NotAllowedError: not the actor's division, or the search is closed.
        ValidationError: the day cannot be.
    """
    search = _lock(search)
    require(may_send(by, search))
    _check_due(by, due_on)
    search.due_on = due_on
    search.save(update_fields=["due_on"])
    Asking.objects.filter(search=search, state=AskingState.ASKED).update(reminded_at=None)
    finish(by=by, target_id=search.pk, kinds=[Kind.SEARCH_DUE])
    record(by=by, act="sourcing.move_due", of=search, division_id=search.division_id)
    return search


@transaction.atomic
def close_search(*, by: Actor, search: Search, because: ClosedBecause | str) -> Search:
    """Close a search: nobody is asked or reminded any more, and the addresses that were passed on lead on no longer.

    Whoever has begun to write goes on; what was found stays.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: it was not sent, or is closed already.
    """
    search = _lock(search)
    require(may_work_on_search(by, search))
    if not SEARCH_STEPS.may(search.state, SearchState.CLOSED):
        raise ChangedMeanwhileError(_("This search is closed already."))
    search.state, search.closed_on, search.closed_because = SearchState.CLOSED, by.today, str(because)
    search.full_clean(validate_unique=False)
    search.save()
    Asking.objects.filter(search=search, state=AskingState.ASKED).update(state=AskingState.SILENT)
    finish(by=by, target_id=search.pk)
    record(
        by=by, act="sourcing.close_search", of=search, division_id=search.division_id, detail={"because": str(because)}
    )
    return search


@transaction.atomic
def reopen_search(*, by: Staff, search: Search) -> Search:
    """Take back that a search was closed: it goes on where it was.

    Raises:
        NotAllowedError: not the actor's division, or the woman for whom it is no longer waits.
        ChangedMeanwhileError: it is open, or there is another search for her.
    """
    search = _lock(search)
    require(may_work_on_search(by, search))
    require(may_search(by, search.mentee, search.division_id))
    if search.state != SearchState.CLOSED:
        raise ChangedMeanwhileError(_("This search goes on already."))
    if search.mentee is not None and open_search_for(search.mentee) is not None:
        raise ChangedMeanwhileError(_("There is a search for her already. Go on with that one."))
    search.state, search.closed_on, search.closed_because = SearchState.OPEN, None, ""
    search.full_clean(validate_unique=False, validate_constraints=False)
    search.save()
    Asking.objects.filter(search=search, state=AskingState.SILENT).update(state=AskingState.ASKED)
    record(by=by, act="sourcing.reopen_search", of=search, division_id=search.division_id)
    return search


@transaction.atomic
def discard_search(*, by: Actor, search: Search) -> None:
    """Throw away a search that nobody has sent; nothing stays of it.

    Raises:
        NotAllowedError: not the actor's division, or it has been sent.
    """
    search = _lock(search)
    require(may_discard(by, search))
    record(by=by, act="sourcing.discard_search", of=search, division_id=search.division_id)
    search.delete()


# What comes round -----------------------------------------------------------------------------------------------------


def look_after_searches(*, by: System) -> int:
    """Close what is settled, remind once whoever has not answered, and ask the coordinator when a day has come.

    Returns how many letters were written. Done twice, it does nothing more.
    """
    require(may_do_by_itself(by))
    for search in settled_searches():
        close_search(by=by, search=search, because=ClosedBecause.MATCHED)
    for search in unsent_in_vain():
        discard_search(by=by, search=search)
    _ask_about_due(by)
    return _remind(by)


@transaction.atomic
def _ask_about_due(by: System) -> None:
    for search in Search.objects.filter(state=SearchState.OPEN, due_on__lte=by.today).order_by("pk"):
        askings = Asking.objects.filter(search=search)
        ask_for(
            by=by,
            kind=Kind.SEARCH_DUE,
            target_id=search.pk,
            division_id=search.division_id,
            due_on=search.due_on,
            owner_id=search.owner_id,
            words={
                "asked": askings.count(),
                "answered": askings.filter(state=AskingState.ANSWERED).count(),
            },
        )


@transaction.atomic
def _remind(by: System) -> int:
    """Remind contact persons once, and experts only where they have said that they may be asked."""
    waiting = (
        Asking.objects.filter(
            state=AskingState.ASKED,
            reminded_at__isnull=True,
            asked_at__lte=by.at - REMIND_AFTER,
            search__state=SearchState.OPEN,
            search__due_on__gt=by.today,
        )
        .select_for_update(of=("self",))
        .select_related("search", "contact", "prospect")
        .order_by("pk")
    )
    contacts = [
        one
        for one in waiting.filter(in_use("contact__person"), contact__isnull=False)
        if one.contact is not None and one.contact.left_on is None
    ]
    experts = list(waiting.filter(prospect__state=ProspectState.WILLING))
    for some in (contacts, experts):
        Asking.objects.filter(pk__in=[one.pk for one in some]).update(reminded_at=by.at)
        for one in some:
            _write(by, REMINDED if one.contact is not None else EXPERT_ASKED, one.search, [one])
    return len(contacts) + len(experts)
