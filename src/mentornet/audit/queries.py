"""Reading the audit, and asking whether it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from mentornet.audit.chain import is_signed
from mentornet.audit.enums import Fault
from mentornet.audit.models import Entry, Head
from mentornet.common.reach import PERSON, Reach

REDACT: Final = "audit.redact"
"""The act that tells how many entries an erasure has emptied."""

_GUARDED: Final[set[str]] = set()
_PAGE: Final = 2_000
_WORD: Final = re.compile(r"[\w:.@+-]+")


def keep_off_lists(object_type: str) -> None:
    """Keep what happens to rows of a kind off every list by division: even that there is such a row tells too much."""
    _GUARDED.add(object_type)


def entries_about(objects: Iterable[models.Model]) -> models.QuerySet[Entry]:
    """Return what happened to these rows, newest first."""
    wanted = Q(pk__in=[])
    by_type: dict[str, list[str]] = {}
    for one in objects:
        by_type.setdefault(one._meta.label, []).append(str(one.pk))
    for object_type, ids in by_type.items():
        wanted |= Q(object_type=object_type, object_id__in=ids)
    return Entry.objects.filter(wanted).order_by("-at", "-pk")


def entries_in(entries: models.QuerySet[Entry], divisions: Collection[UUID]) -> models.QuerySet[Entry]:
    """Return those entries that belong to these divisions, or to none; never any that is kept off lists."""
    mine = Q(division_id__in=divisions) | Q(division_id__isnull=True)
    return without_hidden_in(entries.filter(mine).exclude(object_type__in=_GUARDED), divisions)


def without_hidden_in(entries: models.QuerySet[Entry], reach: object) -> models.QuerySet[Entry]:
    """Leave out what is about people whom the holder of a reach must not see, and what they have done."""
    if not isinstance(reach, Reach):
        return entries
    about = Q(actor__in=[f"{PERSON}:{one}" for one in reach.hidden])
    for label, keys in reach.rows.items():
        about |= Q(object_type=label, object_id__in=[str(key) for key in keys])
    return entries.exclude(about)


def naming(keys: Collection[str]) -> Q:
    """Return which entries name one of these keys, as the actor, as the object or anywhere in their detail.

    It reads every detail there is, whatever the number of keys: for erasing somebody, not for a page. A bare number is
    looked for among the objects alone.
    """
    wanted = {key for key in keys if not key.isdecimal()}
    details = Entry.objects.exclude(detail={}).values_list("pk", "detail").order_by("pk").iterator(_PAGE)
    found = [key for key, detail in details if not wanted.isdisjoint(_words(detail))]
    return Q(actor__in=keys) | Q(object_id__in=keys) | Q(pk__in=found)


def _words(detail: object) -> set[str]:
    """Return what stands in a detail, word by word; of ``person:…`` both all of it and its parts."""
    whole = _WORD.findall(json.dumps(detail))
    return {*whole, *(part for word in whole for part in word.split(":"))}


# The chain ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How long the chain is, and its last seal: enough to show later whether anything up to there was changed."""

    sealed: int
    seal: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a head as it is written down: ``1234:ab12…``.

        Raises:
            ValueError: it is none.
        """
        sealed, _, seal = text.strip().partition(":")
        if not (sealed.isascii() and sealed.isdigit()) or bool(seal) != bool(int(sealed)):
            raise ValueError(text)
        return cls(int(sealed), seal)

    def __str__(self) -> str:
        return f"{self.sealed}:{self.seal}"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first thing that does not fit.

    Attributes:
        position: its place in the chain; unknown when it is not an entry of the chain.
        entry: the key of the row in which it shows, where there is one.
    """

    what: Fault
    position: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What :func:`verify_chain` has found.

    Attributes:
        sealed: how many sealed entries were found in order, from the first.
        unsealed: how many entries were still to be sealed.
        redacted: how many entries an erasure has emptied.
    """

    sealed: int
    unsealed: int
    redacted: int
    first_fault: ChainFault | None

    @property
    def ok(self) -> bool:
        """Tell whether everything fits."""
        return self.first_fault is None


def chain_head() -> ChainHead:
    """Return the head of the chain, to be written down elsewhere: in a log, or beside a backup."""
    head = Head.objects.filter(pk=Head.ONLY).values_list("sealed", "seal").first()
    return ChainHead(*head) if head else ChainHead(0, "")


def is_to_be_sealed() -> bool:
    """Tell whether entries have been written that are not sealed yet."""
    return Entry.objects.filter(position=None).exists()


def head_is_signed(head: Head, *, former: bool = True) -> bool:
    """Tell whether a head is signed with this installation's secret key; with ``former``, or with a former one."""
    return is_signed(head.mark, sealed=head.sealed, seal=head.seal, adopted_through=head.adopted_through, former=former)


def verify_chain(*, noted: ChainHead | None = None, unsigned: bool = False) -> ChainReport:
    """Read all entries and compute all of the chain again, in pages: the memory it needs does not grow.

    It may run while others write, and while entries are sealed. It stops at the first fault. What it cannot see is a
    chain that somebody has put back as it was some time ago, head and all: ``noted``, a head that was written down
    elsewhere later than that, shows it.

    Args:
        noted: the chain has to lead through this head.
        unsigned: the head's signature is not looked at, since the secret key was lost.
    """
    walk = _Walk(noted if noted and noted.sealed else None)
    fault = walk.run(unsigned=unsigned) or _unsealed_fault(walk.adopted_through) or _redaction_fault()
    return ChainReport(
        sealed=walk.position,
        unsealed=Entry.objects.filter(position=None).count(),
        redacted=Entry.objects.filter(redaction__isnull=False).count(),
        first_fault=fault,
    )


class _Walk:
    """The way along the chain, from the first entry to the head."""

    def __init__(self, noted: ChainHead | None) -> None:
        self.noted = noted
        self.position = 0
        self.seal = ""
        self.adopted_through = 0

    def run(self, *, unsigned: bool) -> ChainFault | None:
        while True:
            head = Head.objects.filter(pk=Head.ONLY).first()
            self.adopted_through = head.adopted_through if head else 0
            if head is None or head.sealed <= self.position:
                return self._at_the_end(head, unsigned=unsigned)
            # While this goes on more are sealed: the head is read anew until nothing is left.
            for entry in self._entries(head.sealed):
                if fault := self._step(entry):
                    return fault
            if self.position < head.sealed:
                return ChainFault(Fault.MISSING, self.position + 1)

    def _entries(self, end: int) -> Iterator[Entry]:
        while page := list(
            Entry.objects.filter(position__gt=self.position, position__lte=end).order_by("position")[:_PAGE]
        ):
            yield from page

    def _step(self, entry: Entry) -> ChainFault | None:
        position, found = self.position + 1, entry.position
        if found != position:
            return ChainFault(Fault.MISSING, position)
        if entry.sealed_after(self.seal, position) != entry.seal:
            return ChainFault(Fault.UNFIT, position, entry.pk)
        if not _says_what_it_said(entry):
            return ChainFault(Fault.CHANGED if entry.commitment else Fault.FOREIGN, position, entry.pk)
        if self.noted and self.noted.sealed == position and self.noted.seal != entry.seal:
            return ChainFault(Fault.NOT_NOTED, position, entry.pk)
        self.position, self.seal = position, entry.seal
        return None

    def _at_the_end(self, head: Head | None, *, unsigned: bool) -> ChainFault | None:
        beyond = Entry.objects.filter(Q(position__gt=self.position) | Q(position=0)).order_by("position")
        first = beyond.values_list("position", "pk").first()
        if head is None:
            # None is there before the first round of sealing.
            return ChainFault(Fault.NO_HEAD) if self.position or first else self._not_reached()
        if head.seal != self.seal:
            return ChainFault(Fault.UNFIT, self.position)
        if not unsigned and not head_is_signed(head):
            return ChainFault(Fault.UNKNOWN_KEY)
        if first is not None and chain_head().sealed == head.sealed:
            return ChainFault(Fault.BEYOND, *first)
        return self._not_reached()

    def _not_reached(self) -> ChainFault | None:
        if self.noted and self.noted.sealed > self.position:
            return ChainFault(Fault.NOT_NOTED, self.noted.sealed)
        return None


def _says_what_it_said(entry: Entry) -> bool:
    """Tell whether an entry says what it has committed to; one that was emptied, whether it is empty."""
    if entry.redaction is not None:
        return not (entry.actor or entry.object_id or entry.division_id or entry.detail or entry.nonce)
    return bool(entry.says() == entry.commitment)


def _unsealed_fault(adopted_through: int) -> ChainFault | None:
    """Return the first entry that waits to be sealed and does not say what it said when it was written."""
    last = 0
    while page := list(Entry.objects.filter(position=None, pk__gt=last).order_by("pk")[:_PAGE]):
        for entry in page:
            last = entry.pk
            if not entry.commitment and last <= adopted_through:
                continue
            if not _says_what_it_said(entry):
                return ChainFault(Fault.CHANGED if entry.commitment else Fault.FOREIGN, None, entry.pk)
    return None


def _redaction_fault() -> ChainFault | None:
    """Return the first emptied entry of an erasure that has emptied more, or fewer, than the audit tells of.

    One statement sees one state of the table, also while somebody is being erased.
    """
    told: Counter[int] = Counter()
    emptied: Counter[int] = Counter()
    of_both = Entry.objects.filter(Q(redaction__isnull=False) | Q(act=REDACT))
    for redaction, object_id, detail in of_both.values_list("redaction", "object_id", "detail").iterator(_PAGE):
        if redaction is not None:
            emptied[redaction] += 1
        elif object_id.isdecimal() and isinstance(detail.get("entries"), int):
            told[int(object_id)] += detail["entries"]
    wrong = min((number for number in told | emptied if told[number] != emptied[number]), default=None)
    if wrong is None:
        return None
    first = Entry.objects.filter(redaction=wrong).order_by("position").values_list("position", "pk").first()
    return ChainFault(Fault.REDACTION, *(first or ()))


NOTHING_EMPTIED: Final = "0:"


def emptied_by(*numbers: int) -> dict[int, str]:
    """Return what each erasure has emptied, of all or of these: how many entries, and a hash of which.

    An entry is named by its key, which its seal holds: no other entry can take its place. One statement sees one state
    of the table.
    """
    found: dict[int, tuple[int, Any]] = {}
    rows = Entry.objects.filter(redaction__isnull=False)
    if numbers:
        rows = rows.filter(redaction__in=numbers)
    for redaction, key in rows.order_by("redaction", "pk").values_list("redaction", "pk").iterator(_PAGE):
        number = int(redaction or 0)
        count, digest = found.get(number) or (0, hashlib.sha256(b"mentornet emptied 1"))
        digest.update(f":{key}".encode())
        found[number] = (count + 1, digest)
    return {number: f"{count}:{digest.hexdigest()}" for number, (count, digest) in found.items()}


def first_emptied_by(number: int) -> ChainFault:
    """Return that the entries of an erasure should not have been emptied, by the first of them."""
    first = Entry.objects.filter(redaction=number).order_by("position").values_list("position", "pk").first()
    return ChainFault(Fault.NO_ERASURE, *(first or ()))


_ALSO: Final[list[Callable[[], ChainFault | None]]] = []


def also_verify(check: Callable[[], ChainFault | None]) -> None:
    """Let the audit be held against what an app above keeps, whenever all of it is verified."""
    if check not in _ALSO:
        _ALSO.append(check)


def verify_all(*, noted: ChainHead | None = None, unsigned: bool = False) -> ChainReport:
    """Verify the chain, and then hold the audit against what others keep."""
    report = verify_chain(noted=noted, unsigned=unsigned)
    if not report.ok:
        return report
    return replace(report, first_fault=next((fault for check in _ALSO if (fault := check()) is not None), None))


def entries_off_guard(entries: models.QuerySet[Entry]) -> models.QuerySet[Entry]:
    """Return those entries that are not kept off lists."""
    return entries.exclude(object_type__in=_GUARDED)
