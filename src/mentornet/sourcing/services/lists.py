"""Lists of experts: checked as a whole, looked at, taken over. With one fault nothing is kept of any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError, require
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.sourcing.enums import EMPTIED, LegalBasis
from mentornet.sourcing.known_again import CannotOpenError, digests, key_now
from mentornet.sourcing.models import OptOut, Prospect, ProspectList
from mentornet.sourcing.rules import may_do_by_itself, may_keep_experts, may_take_over
from mentornet.sourcing.services.experts import KEPT_UNTOLD, searched
from reference.experts import ExpertsFile, read_experts
from reference.faults import UnusableFilesError
from reference.sheets import Source

LISTS_LAST: Final = timedelta(days=1)
OLDEST: Final = timedelta(days=3 * 365)
"""What somebody has agreed to longer ago is no ground to write to her now."""
NO_KEY: Final = _(
    "It cannot be told who has said no: the key was made with another secret key. Nobody is brought in. "
    "Ask whoever looks after the program."
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A list that was checked.

    Attributes:
        found: the list, to be looked at and taken over; ``None`` where nobody in it is to be brought in.
        file: what was read, with its notices.
        left_out: the rows of those who have said no, or are on the division's list already.
    """

    found: ProspectList | None
    file: ExpertsFile
    left_out: tuple[int, ...]


@transaction.atomic
def check_list(
    *, by: Staff, division: Division, file: Source, basis: LegalBasis | str, source: str, obtained_on: date
) -> Checked:
    """Read a list of experts, and keep it for a day to be looked at. With one fault nothing is kept.

    Left out, and kept nowhere, is whoever has said no to any division, and whoever is on the division's list already.
    Nobody is compared with those who take part: else a list of one row would tell who is here.

    Raises:
        NotAllowedError: not the actor's division.
        UnusableFilesError: with every fault of the file.
        ValidationError: where the list comes from is missing, or its day cannot be.
        RefusedError: it cannot be told who has said no.
    """
    require(may_keep_experts(by, division.pk))
    source = " ".join(source.split())
    _check_origin(by, source, obtained_on)
    read = read_experts(file)
    if read.faults:
        raise UnusableFilesError(read.faults)
    kept, left_out = _sifted(by, division, read.rows)
    if not kept:
        return Checked(None, read, left_out)
    found = ProspectList(
        division=division,
        basis=LegalBasis(basis).value,
        source=source,
        obtained_on=obtained_on,
        file_name=read.name[:200],
        rows=kept,
        count=len(kept),
        left_out=len(left_out),
        made_by=by.key,
        created_at=by.at,
    )
    found.full_clean()
    found.save(force_insert=True)
    record(
        by=by,
        act="sourcing.check_list",
        of=found,
        division_id=division.pk,
        detail={"experts": found.count, "left_out": found.left_out},
    )
    return Checked(found, read, left_out)


def _check_origin(by: Staff, source: str, obtained_on: date) -> None:
    if not source:
        raise ValidationError({"source": _("Say where the list comes from: each of them reads it.")})
    if obtained_on > by.today:
        raise ValidationError({"obtained_on": _("Choose a day that has been.")})
    if obtained_on < by.today - OLDEST:
        raise ValidationError({"obtained_on": _("The list is too old: ask for a new one.")})


def _sifted(
    by: Staff, division: Division, rows: Iterable[tuple[int, dict[str, Any]]]
) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
    """Return the rows that may be kept, and the numbers of the others."""
    try:
        key = key_now(by.at)
    except CannotOpenError as error:
        raise RefusedError(NO_KEY) from error
    rows = list(rows)
    marks = {number: digests(key, **_marks(said)) for number, said in rows}
    every = {one for some in marks.values() for one in some}
    gone = set(OptOut.objects.filter(digest__in=every).values_list("digest", flat=True))
    here = {
        email.casefold()
        for email in Prospect.objects.filter(division=division)
        .exclude(state__in=EMPTIED)
        .values_list("email", flat=True)
    }
    kept, left_out = [], []
    for number, said in rows:
        if gone & marks[number] or str(said["email"]).casefold() in here:
            left_out.append(number)
        else:
            kept.append(said)
    return kept, tuple(left_out)


def _marks(said: dict[str, Any]) -> dict[str, str]:
    return {name: str(said.get(name, "")) for name in ("name", "email", "phone")}


@transaction.atomic
def take_over(*, by: Staff, found: ProspectList) -> int:
    """Take a list over. Nobody is written to by this; whoever has said no meanwhile is left out. Returns how many.

    Raises:
        NotAllowedError: somebody else's list, or it is taken over or too old.
        RefusedError: it cannot be told who has said no.
    """
    found = ProspectList.objects.select_for_update(of=("self",)).select_related("division").get(pk=found.pk)
    require(may_take_over(by, found))
    rows, _left_out = _sifted(by, found.division, enumerate(found.rows))
    experts = [_expert(by, found, said) for said in rows]
    for one in experts:
        one.full_clean(validate_unique=False, validate_constraints=False)
    Prospect.objects.bulk_create(experts, batch_size=500)
    found.rows, found.taken_at, found.count = [], by.at, len(experts)
    found.save(update_fields=["rows", "taken_at", "count"])
    record(
        by=by,
        act="sourcing.take_over_list",
        of=found,
        division_id=found.division_id,
        detail={"experts": len(experts)},
    )
    return len(experts)


def _expert(by: Staff, found: ProspectList, said: dict[str, Any]) -> Prospect:
    expert = Prospect(
        division=found.division,
        name=said["name"],
        email=said["email"],
        phone=said.get("phone", ""),
        field_words=said.get("title", ""),
        occupation=said.get("occupation", ""),
        regions=said.get("region", ""),
        basis=found.basis,
        source=found.source,
        obtained_on=found.obtained_on,
        keep_until=by.today + KEPT_UNTOLD,
        created_at=by.at,
    )
    expert.languages = tuple(said.get("languages", ()))
    expert.search_text = searched(expert)
    return expert


@transaction.atomic
def discard_list(*, by: Staff, found: ProspectList) -> None:
    """Throw a list away without taking it over: nothing of it is kept.

    Raises:
        NotAllowedError: somebody else's list, or it is taken over already.
    """
    found = ProspectList.objects.select_for_update(of=("self",)).get(pk=found.pk)
    require(may_take_over(by, found))
    record(by=by, act="sourcing.discard_list", of=found, division_id=found.division_id)
    found.delete()


def forget_old_lists(*, by: System) -> int:
    """Delete what nobody has taken over within a day. Returns how many lists."""
    require(may_do_by_itself(by))
    old = ProspectList.objects.filter(taken_at__isnull=True, created_at__lte=by.at - LISTS_LAST)
    return old.delete()[0]
