"""What somebody asks about her data: received, given more time, answered, taken back. She is told of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import case_of
from mentornet.messaging.services import queue_letter
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.people.services import hold_people
from mentornet.privacy.enums import Outcome, RequestKind, RequestWay
from mentornet.privacy.models import Request
from mentornet.privacy.queries import is_carried_out
from mentornet.privacy.request_rules import (
    ANSWER_WITHIN,
    latest_extension,
    may_answer,
    may_extend,
    may_take_down,
    may_take_request_back,
)

_BETWEEN: Final = "\n\n"
_NOT_YET: Final[Mapping[RequestKind, str | Promise]] = {
    RequestKind.ACCESS: _("No copy has been made for her since she asked. It is made first, then she is told."),
    RequestKind.RESTRICTION: _("Her data do not rest yet. Let them rest first, then tell her."),
    RequestKind.OBJECTION: _("Nothing that she says no to has been noted yet. Note it first, then tell her."),
    RequestKind.ERASURE: _("She is not erased yet. Her request closes by itself once she is."),
}


@transaction.atomic
def ask_about_data(*, by: Participant, kind: RequestKind | str, words: str = "") -> Request:
    """Ask, on her own page. What she adds to an open request of the same kind stands beneath it, in whichever office.

    Raises:
        RefusedError: no office knows her.
        ValidationError: the words are too long, or there is no such kind.
    """
    case = case_of(by)
    if case is None:
        raise RefusedError(_("No office has your case now. Call us, and we help you."))
    owner = case.coordinator_id if isinstance(case, Enrolment) else None
    person = case.person
    return _receive(by, person, case.division_id, RequestKind(kind), RequestWay.PORTAL, words, by.today, owner)


@transaction.atomic
def take_request_down(
    *,
    by: Staff,
    person: Person,
    division_id: UUID,
    kind: RequestKind | str,
    way: RequestWay | str,
    words: str,
    received_on: date,
) -> Request:
    """Take down what somebody has asked by letter, telephone or face to face. Twice in one division is once.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: the day lies ahead, or is too long ago to be answered in time.
    """
    require(may_take_down(by, person.pk, division_id))
    if received_on > by.today:
        raise ValidationError({"received_on": _("This day is still to come.")})
    return _receive(by, person, division_id, RequestKind(kind), RequestWay(way), words, received_on, None)


def _receive(
    by: Actor,
    person: Person,
    division_id: UUID,
    kind: RequestKind,
    way: RequestWay,
    words: str,
    received_on: date,
    owner_id: UUID | None,
) -> Request:
    words = words.strip()
    # Twice at once: the later one waits, and finds what the other has made.
    hold_people([person.pk])
    standing = Request.objects.filter(person=person, kind=kind, closed_at__isnull=True)
    if not isinstance(by, Participant):
        # What another division was asked is not this one's to see, nor to write in.
        standing = standing.filter(division_id=division_id)
    request = standing.select_for_update(of=("self",)).order_by("created_at", "pk").first()
    if request is not None:
        return _add(request, words)
    request = Request(
        person=person,
        division_id=division_id,
        kind=kind,
        way=way,
        words=words,
        received_on=received_on,
        due_on=received_on + ANSWER_WITHIN,
        taken_by=by.key,
        created_at=by.at,
    )
    request.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        # The same button pressed twice: the other request has just made it.
        return Request.objects.get(person=person, division_id=division_id, kind=kind, closed_at__isnull=True)
    _put_on_today(by, request, owner_id)
    _write(by, request, "request_received")
    record(
        by=by,
        act="privacy.receive_request",
        of=request,
        division_id=division_id,
        detail={"kind": str(kind), "way": str(way)},
    )
    return request


def _add(request: Request, words: str) -> Request:
    if words and words not in request.words.split(_BETWEEN):
        request.words = _BETWEEN.join(part for part in (request.words, words) if part)
        request.full_clean(validate_constraints=False)
        request.save(update_fields=["words"])
    return request


def _put_on_today(by: Actor, request: Request, owner_id: UUID | None = None) -> None:
    ask_for(
        by=by,
        kind=Kind.REQUEST,
        target_id=request.pk,
        division_id=request.division_id,
        due_on=request.due_on,
        owner_id=owner_id,
        words={"name": request.person.name},
    )


def _write(by: Actor, request: Request, event: str) -> None:
    queue_letter(
        by=by,
        recipient=person_key(request.person_id),
        event=event,
        values={} if event == "request_answered" else {"day": request.due_on.isoformat()},
        about_id=request.pk,
        division_id=request.division_id,
    )


@transaction.atomic
def extend_request(*, by: Staff, request: Request, until: date, reason: str) -> Request:
    """Give a request more time, once, and tell her until when and why.

    Raises:
        NotAllowedError: not the actor's division, it is closed, was extended before, or the first month is over.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: no reason, or a day that is too early or too late.
    """
    require(may_extend(by, request))
    if not request.due_on < until <= latest_extension(request):
        raise ValidationError({"until": _("Choose a day after the first one, and at most two months later.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Write why it takes longer. She reads it.")})
    request.due_on, request.extended_on, request.extension_reason = until, by.today, reason.strip()
    request.full_clean(validate_constraints=False)
    open_still = Request.objects.filter(pk=request.pk, closed_at__isnull=True, extended_on__isnull=True)
    if not open_still.update(due_on=until, extended_on=by.today, extension_reason=request.extension_reason):
        raise ChangedMeanwhileError(_("Somebody else has worked on this request meanwhile. Look at it again."))
    _put_on_today(by, request)
    _write(by, request, "request_extended")
    record(by=by, act="privacy.extend_request", of=request, division_id=request.division_id)
    return request


@transaction.atomic
def close_request(*, by: Staff, request: Request, outcome: Outcome | str, answer: str) -> Request:
    """Say what was done, or why it was refused. She gets a letter, and reads the answer on her own page.

    Raises:
        NotAllowedError: not the actor's division, or it is closed.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: nothing is told to her, there is no such outcome, or she would be told that it was done while
            it was not.
    """
    require(may_answer(by, request))
    if outcome == Outcome.DONE and is_carried_out(request) is False:
        raise ValidationError({"outcome": _NOT_YET[RequestKind(request.kind)]})
    if not answer.strip():
        raise ValidationError({"answer": _("Write what she is told.")})
    _close(by, request, Outcome(outcome), answer.strip())
    _write(by, request, "request_answered")
    return request


@transaction.atomic
def take_request_back(*, by: Participant, request: Request) -> Request:
    """Take back what one has asked, while nobody has answered.

    Raises:
        NotAllowedError: it is not hers, or has been answered.
        ChangedMeanwhileError: it has been answered at this moment.
    """
    require(may_take_request_back(by, request))
    _close(by, request, Outcome.TAKEN_BACK, "")
    return request


def close_with_erasure(*, by: System, person: Person) -> int:
    """Close what an erased person had asked: nothing of it is left to be done. She is written to no more."""
    open_still = list(Request.objects.filter(person=person, closed_at__isnull=True).order_by("pk"))
    for request in open_still:
        _close(by, request, Outcome.DONE, "")
    return len(open_still)


def _close(by: Actor, request: Request, outcome: Outcome, answer: str) -> None:
    request.outcome, request.answer, request.closed_at, request.closed_by = outcome, answer, by.at, by.key
    request.full_clean(validate_constraints=False)
    open_still = Request.objects.filter(pk=request.pk, closed_at__isnull=True)
    if not open_still.update(outcome=outcome, answer=answer, closed_at=by.at, closed_by=by.key):
        raise ChangedMeanwhileError(_("Somebody else has worked on this request meanwhile. Look at it again."))
    finish(by=by, target_id=request.pk, kinds=[Kind.REQUEST])
    record(
        by=by,
        act="privacy.close_request",
        of=request,
        division_id=request.division_id,
        detail={"outcome": str(outcome)},
    )
