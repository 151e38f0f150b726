"""Experts: told honestly who we are, asked, ended for ever when they say no, and deleted when their time is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import close_links
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.ledger import LedgerEntry
from mentornet.common.ordering import folded
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Division
from mentornet.divisions.queries import organisation
from mentornet.messaging.models import Letter
from mentornet.messaging.services import LetterTo, queue_letters
from mentornet.people.models import ProtectedIdentity
from mentornet.sourcing.enums import EMPTIED, PROSPECT_STEPS, AskingState, ProspectState
from mentornet.sourcing.known_again import CannotOpenError, digests, key_now, known_by, sealed_anew
from mentornet.sourcing.models import Asking, OptOut, OptOutKey, Prospect
from mentornet.sourcing.noting import noted, said_no_by
from mentornet.sourcing.queries import overdue_prospects
from mentornet.sourcing.recipients import prospect_key
from mentornet.sourcing.rules import may_do_by_itself, may_say_no, may_say_yes, may_write_to
from reference import occupations

INVITED: Final = "expert_invited"
TELL_WITHIN: Final = timedelta(days=30)
"""Whoever has not been told by then that we have her name is deleted (Article 14 of the regulation: within a month)."""
KEPT_UNTOLD: Final = TELL_WITHIN
KEPT_AFTER: Final = timedelta(days=365)
KEPT_WILLING: Final = timedelta(days=2 * 365)
"""For how long she may be asked who has said that she may."""
_FOUND_IN: Final = ("da", "en")
"""In which languages kinds of work are typed."""


def searched(prospect: Prospect) -> str:
    """Return what somebody is found by: her name first, and what her kind of work is called."""
    kinds = " ".join(occupations.title(prospect.occupation, one) for one in _FOUND_IN) if prospect.occupation else ""
    return folded(f"{prospect.name} {prospect.field_words} {prospect.regions} {prospect.email} {kinds}")[:700]


def _lock(prospect: Prospect) -> Prospect:
    found = Prospect.objects.select_for_update(of=("self",)).filter(pk=prospect.pk).first()
    if found is None or not found.is_there:
        raise ChangedMeanwhileError(_("Nothing is kept of her any more."))
    return found


def who_writes(office: Division) -> dict[str, str]:
    """Return what each letter to an expert says of us: who we are, who answers for her data, and how to reach us.

    Raises:
        RefusedError: nobody has said how whoever answers for her data is reached.
    """
    network = organisation()
    # By mail first, and to whoever has been named for it; the office's telephone beside it.
    address = network.data_protection_email or network.email or office.email
    reach = ", ".join(one for one in (address, office.phone or network.phone) if one)
    if not reach:
        raise RefusedError(
            _(
                "The letter tells whom to ask about one's data, and neither an e-mail address nor a telephone of the "
                "office is known. Add one in the set-up first."
            )
        )
    return {
        "network": network.name,
        "office": office.name,
        "controller": network.legal_name or network.name,
        "reach": reach,
    }


def why_her(prospect: Prospect) -> dict[str, str]:
    """Return what it says of where we have her name from, and why we may keep it."""
    return {"source": prospect.source, "ground": prospect.basis}


@transaction.atomic
def invite(*, by: Actor, prospect: Prospect) -> Prospect:
    """Write to an expert who we are, where we have her name from, what we ask, and how she says no.

    Raises:
        NotAllowedError: not the actor's division, or she has said no.
        ChangedMeanwhileError: she has been written to already.
        RefusedError: she has no address, or we have not said how we are reached.
    """
    prospect = _lock(prospect)
    require(may_write_to(by, prospect))
    if not prospect.email:
        raise RefusedError(_("We have no address of hers."))
    told = Prospect.objects.filter(pk=prospect.pk, state=ProspectState.NEW)
    if not told.update(state=ProspectState.TOLD, told_at=by.at, keep_until=by.today + KEPT_AFTER):
        raise ChangedMeanwhileError(_("She has been written to already. She is not asked twice."))
    prospect.refresh_from_db()
    queue_letters(
        by=by,
        event=INVITED,
        letters=[
            LetterTo(
                recipient=prospect_key(prospect.pk),
                values={
                    "link": f"{Purpose.EXPERT.value}:{prospect.pk}",
                    **who_writes(prospect.division),
                    **why_her(prospect),
                },
                about_id=prospect.pk,
                division_id=prospect.division_id,
            )
        ],
    )
    record(by=by, act="sourcing.invite_expert", of=prospect, division_id=prospect.division_id)
    return prospect


@transaction.atomic
def invite_several(*, by: Actor, prospects: Iterable[Prospect]) -> int:
    """Invite those of some experts who have not been written to. Returns how many letters were written.

    Raises:
        NotAllowedError: one of them is of another division.
    """
    fresh = [one for one in prospects if one.state == ProspectState.NEW and one.email]
    for one in fresh:
        invite(by=by, prospect=one)
    return len(fresh)


@transaction.atomic
def say_yes(*, by: Actor, prospect: Prospect) -> Prospect:
    """Note that an expert may be asked from now on, as she herself has said. Said twice, it is one yes.

    Raises:
        NotAllowedError: somebody else says it, or nothing is kept of her.
    """
    prospect = _lock(prospect)
    require(may_say_yes(by, prospect))
    prospect.state, prospect.keep_until = ProspectState.WILLING, by.today + KEPT_WILLING
    prospect.save(update_fields=["state", "keep_until"])
    record(by=by, act="sourcing.expert_willing", of=prospect, division_id=prospect.division_id)
    return prospect


@beyond_division(reason="who has said no to one division has said it to all")
def shut_out(*, by: Actor, prospect: Prospect) -> None:
    """End it for ever: what is kept of her is emptied, and she is known again by hashes that tell nobody who she is.

    No later list brings her back, from whichever division it comes; nor does an older backup. When this returns, both
    the database and the ledger have it on the disk.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: nothing is kept of her already.
        OSError: the ledger cannot be written; nothing was done.
        RefusedError: a restore is not finished.
        RuntimeError: there is a transaction around, which could take it back after the ledger has it.
    """
    with noted(by) as noting:
        prospect = _lock(prospect)
        require(may_say_no(by, prospect))
        try:
            key = key_now(by.at)
        except CannotOpenError:
            # No list can be brought in either: what is kept of her goes all the same.
            end_expert(by=by, prospect=prospect, state=ProspectState.OUT)
            return
        hers = digests(key, name=prospect.name, email=prospect.email, phone=prospect.phone)
        _keep_out(by, hers)
        noting.said_no(hers)
        end_expert(by=by, prospect=prospect, state=ProspectState.OUT)
        # Other divisions may have her too, from a list of their own.
        _end_all(by, key, hers)


def _keep_out(by: Actor, hers: Iterable[str]) -> None:
    rows = [OptOut(digest=one, since=by.today, created_at=by.at) for one in sorted(hers)]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)


def _end_all(by: Actor, key: bytes, hers: Collection[str]) -> int:
    there = Prospect.objects.exclude(state__in=EMPTIED).select_for_update(of=("self",)).order_by("pk")
    known = set(hers)
    theirs = [one for one in there if known & digests(key, name=_name_of(one), email=one.email, phone=one.phone)]
    for one in theirs:
        end_expert(by=by, prospect=one, state=ProspectState.OUT)
    return len(theirs)


def _name_of(expert: Prospect) -> str:
    # Whoever has said herself that she may be asked is not ended by a namesake's no: she has an address of her own.
    return "" if expert.state == ProspectState.WILLING else expert.name


@transaction.atomic
def shut_out_again(*, by: System, entries: Iterable[LedgerEntry]) -> int:
    """End again whoever has said no by a ledger and is here: an older backup has brought her back.

    Where the hashes' key cannot be opened nobody is known by them, and no list can be brought in. Returns how many
    experts were ended.
    """
    require(may_do_by_itself(by))
    hers = said_no_by(entries)
    if not hers:
        return 0
    _keep_out(by, hers)
    try:
        return _end_all(by, key_now(by.at), hers)
    except CannotOpenError:
        return 0


def end_expert(*, by: Actor, prospect: Prospect, state: ProspectState) -> None:
    """Empty all that is kept of an expert; whoever calls has asked whether that may be."""
    assert PROSPECT_STEPS.may(prospect.state, state)
    empty: dict[str, Any] = dict.fromkeys(Prospect.COLUMNS, "") | {"languages": ()}
    Prospect.objects.filter(pk=prospect.pk).update(state=state, ended_on=by.today, language="da", **empty)
    # With her address and where we had her name from; whatever was still to leave does not.
    Letter.objects.filter(recipient=prospect_key(prospect.pk)).delete()
    for asking in Asking.objects.filter(prospect=prospect).order_by("pk"):
        close_links(by=by, purpose=Purpose.SEARCH, subject=str(asking.pk))
    Asking.objects.filter(prospect=prospect, state=AskingState.ASKED).update(state=AskingState.SILENT)
    close_links(by=by, purpose=Purpose.EXPERT, subject=str(prospect.pk))
    record(
        by=by, act="sourcing.end_expert", of=prospect, division_id=prospect.division_id, detail={"state": state.value}
    )


def forget_protected(by: Actor, person_id: UUID) -> None:
    """Empty whatever lists of experts say of somebody who has become protected: it would lead to her."""
    identity = ProtectedIdentity.objects.filter(person_id=person_id).first()
    if identity is None:
        return
    hers = known_by(identity.name, identity.email, identity.phone)
    there = Prospect.objects.exclude(state__in=EMPTIED).select_for_update(of=("self",)).order_by("pk")
    for one in there:
        if hers & known_by(one.name, one.email, one.phone):
            end_expert(by=by, prospect=one, state=ProspectState.GONE)


def forget_reached_at(*, by: System, marks: Collection[tuple[str, str]]) -> None:
    """Empty the experts who are reached at one of these addresses or numbers: whoever has them is being erased.

    Not by the name: a namesake takes no part in that.
    """
    there = Prospect.objects.exclude(state__in=EMPTIED).select_for_update(of=("self",)).order_by("pk")
    for one in there if marks else ():
        if not known_by("", one.email, one.phone).isdisjoint(marks):
            end_expert(by=by, prospect=one, state=ProspectState.GONE)


# What comes round -----------------------------------------------------------------------------------------------------


def forget_overdue(*, by: System) -> int:
    """Empty the experts whose time is over: those who were never told about us within a month, and the others later.

    Returns how many.
    """
    require(may_do_by_itself(by))
    over = list(overdue_prospects().filter(keep_until__lte=by.today))
    return sum(_forget(by, one, by.today) for one in over)


@transaction.atomic
def _forget(by: System, prospect: Prospect, today: date) -> bool:
    still = Prospect.objects.select_for_update(of=("self",)).exclude(state__in=EMPTIED)
    found = still.filter(pk=prospect.pk, keep_until__lte=today).first()
    if found is None:
        return False
    end_expert(by=by, prospect=found, state=ProspectState.GONE)
    return True


@transaction.atomic
def seal_key_anew(*, by: System) -> bool:
    """Seal the key of the hashes anew where it was sealed with a former secret key. Returns whether it was."""
    require(may_do_by_itself(by))
    row = OptOutKey.objects.select_for_update().first()
    try:
        anew = None if row is None else sealed_anew(row.sealed)
    except CannotOpenError:
        return False
    if row is None or anew is None:
        return False
    row.sealed = anew
    row.save(update_fields=["sealed"])
    record(by=by, act="sourcing.reseal", of=row)
    return True
