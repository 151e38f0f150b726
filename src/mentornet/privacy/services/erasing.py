"""Erasing somebody for good, once; and again on every older backup that is restored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mentornet.audit.queries import NOTHING_EMPTIED, emptied_by, naming
from mentornet.audit.services import record, redact
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.ledger import (
    PERSON,
    LedgerEntry,
    Step,
    Writer,
    hashed,
    held,
    ledger_path,
    read_ledger,
    unsettled,
)
from mentornet.common.patience import is_busy
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.entrance import works_here
from mentornet.people.enums import RevealKind
from mentornet.people.models import Person
from mentornet.people.noting import settle_protection
from mentornet.people.recipients import person_key
from mentornet.people.services import hold_people
from mentornet.privacy.due import due_on
from mentornet.privacy.enums import Kept, Reason
from mentornet.privacy.hers import Hers, find_hers, is_hers, known_as
from mentornet.privacy.models import Erasure, Merge
from mentornet.privacy.queries import OPEN_PROPOSALS, divisions_that_know, is_erased
from mentornet.privacy.rules import is_not_held, may_erase
from mentornet.privacy.services.emptying import empty_rows, new_keys
from mentornet.privacy.services.ending import end_everything
from mentornet.privacy.services.second_words import use_second_word
from mentornet.privacy.services.traces import (
    forget_in_bundles,
    forget_in_imports,
    forget_in_jobs,
    forget_in_sealed,
    forget_in_sessions,
)

MOST_TRIES: Final = 4
"""How often an erasure begins anew when somebody adds to what is about her at the very moment."""
_JOB: Final = "privacy.erase"
_KINDS: Final = (PERSON,)


class _MovedOnError(Exception):
    """Something of hers has moved on since it was looked at: it is looked at anew."""


def erase(*, by: Actor, person: Person, reason: Reason | str) -> Erasure:
    """Erase somebody: nothing of her is left but numbers, and nothing takes it back.

    What runs ends first, by the services that end it otherwise. Then the rows about her go or are emptied, as the field
    registry says, and what stays for the counts gets new keys. Her sign-in, her sessions, links, letters and drafts go;
    the audit's entries about her are emptied, and its chain stands. When this returns, both the database and the ledger
    have it on the disk.

    Raises:
        NotAllowedError: the actor does not lead every division that knows her.
        ChangedMeanwhileError: she has been erased already, or somebody was at work on something of hers all the time.
        RefusedError: somebody holds her back; the program asks because her time is over, and it is not, or something
            of hers is still open.
        OSError: the ledger cannot be written; nothing has been erased.
        RuntimeError: there is a transaction around, which could take it back after the ledger has it.
    """
    return _erase(by, person, Reason(reason), None)


def replay(*, by: System, entries: Iterable[LedgerEntry]) -> int:
    """Erase again whoever a ledger names and who is here: an older backup has brought her back.

    Entries that this installation's own ledger does not hold yet are added to it. Letters to others that follow from it
    are not sent a second time. Returns how many people were erased.

    Raises:
        As :func:`erase`.
    """
    wanted = {entry.key: entry for entry in entries if entry.kind == PERSON}
    with held(ledger_path()) as ledger:
        known = {entry.key for entry in read_ledger(ledger.path) if entry.kind == PERSON}
        ledger.write(Step.BEGUN, [entry for key, entry in wanted.items() if key not in known])
        # Those too of which it did not say yet whether they were carried out: they are now.
        ledger.write(Step.DONE, [entry for entry in unsettled(ledger.path, _KINDS) if entry.key in wanted])
    found = [
        (wanted[key], pk)
        for pk in Person.objects.exclude(search_text="").values_list("pk", flat=True).iterator()
        if (key := hashed(person_key(pk))) in wanted
    ]
    for entry, pk in found:
        _erase(by, Person(pk=pk), Reason.ASKED, entry)
    return len(found)


def settle_ledger(*, by: System) -> int:
    """Say of each erasure that was begun whether it was carried out, and the same of protection.

    The program died before it could. Returns how many were settled.

    Raises:
        LedgerError: the ledger cannot be read.
        OSError: the ledger cannot be written.
    """
    settled = settle_protection(by=by)
    if not unsettled(ledger_path(), _KINDS):
        return settled
    # Whoever erases holds the ledger until the database has answered: what is open now, nobody is at work on.
    with held(ledger_path()) as ledger:
        return settled + _settle(ledger)


def _settle(ledger: Writer) -> int:
    begun = unsettled(ledger.path, _KINDS)
    done = set(Erasure.objects.filter(key__in=[entry.key for entry in begun]).values_list("key", flat=True))
    ledger.write(Step.DONE, [entry for entry in begun if entry.key in done])
    ledger.write(Step.VOID, [entry for entry in begun if entry.key not in done])
    return len(begun)


@beyond_division(reason="an erasure leaves nothing of her in any division")
def _erase(by: Actor, person: Person, reason: Reason, again: LedgerEntry | None) -> Erasure:
    # Before any row of the database is held: two who erase wait for each other here, and never in a circle.
    with held(ledger_path()) as ledger:
        _settle(ledger)
        for left in reversed(range(MOST_TRIES)):
            try:
                erasure = _erase_now(by, person, reason, again, ledger)
            except (IntegrityError, OperationalError, _MovedOnError) as error:
                _settle(ledger)
                if isinstance(error, OperationalError) and not is_busy(error):
                    raise
                # Somebody has added a row about her that was not seen yet: it is seen now.
                if not left:
                    raise ChangedMeanwhileError(
                        _("Others are at work on what is known of her. Nothing has been erased. Try again in a minute.")
                    ) from error
            except BaseException:
                _settle(ledger)
                raise
            else:
                _settle(ledger)
                return erasure
    raise AssertionError


def _erase_now(by: Actor, person: Person, reason: Reason, again: LedgerEntry | None, ledger: Writer) -> Erasure:
    with transaction.atomic(durable=True):
        found = Person.objects.filter(pk=person.pk).select_related("user").first()
        if found is None or is_erased(found):
            if Merge.objects.filter(gone_id=person.pk, undone_at__isnull=True).exists():
                # Not erased at all: whoever asked for it must not believe so.
                raise ChangedMeanwhileError(
                    _(
                        "She has not been erased: this row of hers was made one with another one meanwhile. Open her "
                        "page anew, and erase her there."
                    )
                )
            raise ChangedMeanwhileError(_("She has been erased already."))
        require(may_erase(by, found, divisions_that_know(found.pk)))
        use_second_word(by, found, RevealKind.ERASE)
        if reason is Reason.OVER and isinstance(by, System) and again is None:
            _hold_all(found)
            _ask_whether_over(by, found)
        as_program = System(_JOB, by.at)
        before = set(_letters_of(find_hers(found)))
        try:
            end_everything(by=as_program, person=found)
        except RefusedError as error:
            raise _MovedOnError from error
        _hold_all(found)
        if isinstance(by, Staff):
            # Asked before as well; from here on nobody can hold her back without waiting for what becomes of her.
            require(is_not_held(by, found))
        hers = find_hers(found)
        erasure = _note(by, hers, reason, again, ledger)
        formers = _note_former(erasure, hers) if again is None else []
        _forget(as_program, found, hers, erasure.number, before if again is None else set(_letters_of(hers)))
        _note_emptied(erasure)
        record(by=by, act="privacy.erase", of=erasure, detail={"number": erasure.number, "reason": str(reason)})
        if again is None:
            # The last thing before the database says yes.
            ledger.write(Step.BEGUN, [_entry_of(one) for one in (erasure, *formers)])
        else:
            # Other rows than where she was erased first: an older backup holds fewer.
            ledger.write(Step.DONE, [replace(again, emptied=erasure.emptied)])
    return erasure


def _letters_of(hers: Hers) -> list[UUID]:
    return list(hers.rows.get(Letter, ()))


def _hold_all(person: Person) -> None:
    """Keep everything of hers as it is: nobody adds to it, or moves it, before the transaction ends.

    In the order in which those lock who answer a proposal: first it, or the pair, then the people, then their places.

    Raises:
        _MovedOnError: something was begun with her since what ran was ended.
    """
    if connection.features.has_select_for_update:
        for model in (Proposal, Partnership):
            list(model.objects.select_for_update().filter(is_hers(model, person.pk)).order_by("pk").values_list("pk"))
        hold_people([person.pk], may_be_gone=True)
        if not Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"):
            # Erased, or made one with another row: what it was is said when she is looked at anew.
            raise _MovedOnError
        list(Enrolment.objects.select_for_update().filter(person=person).order_by("pk").values_list("pk"))
    begun = Proposal.objects.filter(is_hers(Proposal, person.pk), state__in=OPEN_PROPOSALS)
    if begun.exists() or Enrolment.objects.filter(person=person, ended_on__isnull=True).exists():
        raise _MovedOnError


def _ask_whether_over(by: System, person: Person) -> None:
    """Ask once more of somebody who is held as she is: a round of a night may have read hours ago that she goes.

    Raises:
        RefusedError: she is held back, protected or restricted, something of hers is open, or her time is not over.
    """
    due = due_on(by.today, among=[person.pk])
    if person.pk not in due.people:
        raise RefusedError(due.kept.get(person.pk, Kept.OPEN).label)


def _note(by: Actor, hers: Hers, reason: Reason, again: LedgerEntry | None, ledger: Writer) -> Erasure:
    at: datetime = by.at if again is None else again.at
    latest = Erasure.objects.aggregate(number=Max("number"))["number"] or 0
    number = max(latest + 1, ledger.next_number())
    if again is not None and not Erasure.objects.filter(number=again.number).exists():
        number = again.number
    erasure = Erasure(number=number, at=at, key=hashed(person_key(hers.person_id)), reason=reason, erased_by=by.key)
    erasure.full_clean()
    erasure.save(force_insert=True)
    return erasure


def _note_former(erasure: Erasure, hers: Hers) -> list[Erasure]:
    """Note the rows that were made one with hers: an older backup, in which they are two, is to bring back neither."""
    noted = []
    for number, one in enumerate(hers.former, start=erasure.number + 1):
        former = Erasure(
            number=number,
            at=erasure.at,
            key=hashed(person_key(one)),
            reason=erasure.reason,
            erased_by=erasure.erased_by,
            emptied=NOTHING_EMPTIED,
        )
        if Erasure.objects.filter(key=former.key).exists():
            continue
        former.full_clean()
        former.save(force_insert=True)
        noted.append(former)
    return noted


def _entry_of(erasure: Erasure) -> LedgerEntry:
    return LedgerEntry(erasure.number, erasure.at, erasure.key, erasure.kind, erasure.emptied)


def _note_emptied(erasure: Erasure) -> None:
    """Keep which entries of the audit this erasure has emptied: others, emptied past it, show (:mod:`.redactions`)."""
    erasure.emptied = emptied_by(erasure.number).get(erasure.number, NOTHING_EMPTIED)
    erasure.save(update_fields=["emptied"])


def _forget(by: System, person: Person, hers: Hers, number: int, letters: set[UUID]) -> None:
    """Delete and empty all that is about her. ``letters``: those that stood before what ran was ended.

    What was written to others since stays and leaves: it tells them that something has ended, and of nobody by name.
    """
    user = person.user
    if user is not None and works_here(user):
        # She works here as well: how she signs in as one of the staff is not a participant's.
        for model in list(hers.rows):
            if model._meta.label in {"accounts.User", "accounts.SignInSession"}:
                del hers.rows[model]
        hers.user_id = user = None
    theirs = [key for key in hers.rows.get(Letter, ()) if key not in letters and not _is_to_her(key, hers)]
    hers.rows[Letter] = [key for key in hers.rows.get(Letter, ()) if key not in theirs]
    ids, renamed = hers.ids(), new_keys(hers)
    forget_in_bundles(key for key in hers.rows[Letter])
    forget_in_imports(by=by, person=person, ids=ids, former=hers.former)
    redact(by=by, entries=naming({str(one) for one in ids} | hers.own_keys()), number=number)
    names = [text for one in known_as(person) for text in (one.name, one.email, one.phone)]
    forget_in_sealed(hers, person)
    empty_rows(hers, renamed)
    forget_in_sessions(ids, names)
    forget_in_jobs(ids)


def _is_to_her(key: UUID, hers: Hers) -> bool:
    return Letter.objects.filter(pk=key, recipient__in=hers.own_keys()).exists()
