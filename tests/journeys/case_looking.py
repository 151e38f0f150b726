"""What the tables say, read without the services: compared with the model after every step."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from journeys.case_model import Book, Her, as_rows
from mentornet.agenda.models import Kind, Task
from mentornet.followup.after_states import AfterState
from mentornet.followup.enums import UNDER_WAY, Occasion
from mentornet.followup.models import Afterwards, ImpactLetter
from mentornet.intake.enums import OPEN_STATES
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.queries import mentor_bank, people_ever_and_now, waiting_mentees
from mentornet.matching.enums import HOLDING, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import RUNNING, PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.surveys.enums import AskState
from mentornet.surveys.models import Ask
from privacy.canaries import everything, forms

OUTLIVES: Final = frozenset({Kind.PROPOSAL_ENDED})
"""What is asked for because something has ended."""
SEALED_TABLE: Final = ProtectedIdentity._meta.db_table


def fingerprint(folder: Path) -> str:
    """Return a mark of all that is kept anywhere: each row of each table, and each file."""
    mark = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            mark.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    for path in sorted(folder.rglob("*")):
        mark.update(path.read_bytes() if path.is_file() else b"")
    return mark.hexdigest()


@cache
def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def _stored(erased: Collection[UUID]) -> Iterator[tuple[UUID, tuple[Any, ...]]]:
    for pk, person, *told in Application.objects.values_list("pk", "person_id", "state", "received_on"):
        if person not in erased:
            yield pk, tuple(told)
    for pk, person, *told in Enrolment.objects.values_list(
        "pk", "person_id", "capacity", "promised", "active", "since", "briefed_on", "ended_on", "resting_until",
        "returns_when_asked", "return_asked_on", "last_word_on",
    ):  # fmt: skip
        if person not in erased:
            told[4] = told[4] is not None
            yield pk, tuple(told)
    answers: dict[UUID, list[tuple[str, str, str]]] = {}
    for proposal, *answer in ProposalAnswer.objects.values_list("proposal_id", "side", "round", "reply"):
        answers.setdefault(proposal, []).append((answer[0], answer[1], answer[2]))
    for pk, one, other, *told in Proposal.objects.values_list(
        "pk", "mentee__person_id", "mentor__person_id", "state", "expires_on", "meeting_on", "met_on"
    ):
        if not {one, other} & set(erased):
            yield pk, (*told, sorted(answers.get(pk, [])))
    for pk, one, other, *told in Partnership.objects.values_list(
        "pk", "mentee__person_id", "mentor__person_id", "state", "matched_on", "first_met_on", "agreement_on",
        "agreed_until", "closed_on", "stopped_on",
    ):  # fmt: skip
        if not {one, other} & set(erased):
            yield pk, (*told[:-1], told[-1] is not None)


def check_states(book: Book) -> None:
    """Every row says what the model says; what is left of the erased has ended, and is counted."""
    erased = set(Person.objects.filter(search_text="").values_list("pk", flat=True))
    assert len(erased) == sum(one.is_erased for one in book.people)
    assert dict(_stored(erased)) == dict(as_rows(book))
    with_erased = Partnership.objects.filter(mentee__person__in=erased) | Partnership.objects.filter(
        mentor__person__in=erased
    )
    states = list(with_erased.values_list("state", flat=True))
    assert states == ["closed"] * book.closed_with_erased
    assert not Enrolment.objects.filter(person__in=erased, ended_on__isnull=True).exists()
    assert not Application.objects.filter(person__in=erased, state__in=OPEN_STATES).exists()
    opened = Proposal.objects.filter(state__in=["draft", *HOLDING])
    assert not opened.filter(mentee__person__in=erased).exists()
    assert not opened.filter(mentor__person__in=erased).exists()


def check_capacity() -> None:
    """Counted from the proposals and partnerships themselves: the counters are right, and nobody is promised twice."""
    held, taken = Counter[UUID](), Counter[UUID]()
    for pair in Proposal.objects.filter(state__in=HOLDING).values_list("mentee_id", "mentor_id"):
        held.update(pair)
    running = list(
        Partnership.objects.filter(state__in=RUNNING).values_list(
            "mentee_id", "mentor_id", "mentee__person_id", "mentor__person_id"
        )
    )
    for mentee, mentor, *_people in running:
        taken.update((mentee, mentor))
    most = Counter[tuple[UUID, str]]()
    for pk, person, role, capacity, promised, active, ended_on in Enrolment.objects.values_list(
        "pk", "person_id", "role", "capacity", "promised", "active", "ended_on"
    ):
        assert (promised, active) == (held[pk], taken[pk])
        assert held[pk] + taken[pk] <= capacity
        assert ended_on is None or not held[pk] + taken[pk]
        if ended_on is None:
            most[person, role] += capacity
    roles = Counter(key for _one, _other, mentee, mentor in running for key in ((mentee, "mentee"), (mentor, "mentor")))
    assert all(count <= most[key] for key, count in roles.items())


def check_lists(book: Book, divisions: Collection[UUID], today: date) -> None:
    """The waiting list is in order, the bank holds whom it should, and the counts are right."""
    for some in ([one] for one in divisions):
        assert list(waiting_mentees(some).values_list("pk", flat=True)) == book.waiting(some)
        assert set(mentor_bank(some, today).values_list("pk", flat=True)) == book.bank(some, today)
    assert list(waiting_mentees(divisions).values_list("pk", flat=True)) == book.waiting(divisions)
    assert people_ever_and_now(today) == book.ever_and_now()


def check_tasks(book: Book) -> None:
    """Nobody is asked to do anything about what has ended, or is not there."""
    going: set[UUID] = {one.pk for one in book.apps if one.is_open}
    going |= {one.pk for one in book.places if one.ended_on is None}
    going |= {one.pk for one in book.props if one.is_open} | {one.pk for one in book.pairs if one.is_running}
    going |= set(Reveal.objects.values_list("pk", flat=True))
    # How it goes since is asked of those whose partnership has ended, and of nobody who goes on.
    since = Afterwards.objects.filter(partnership__state=PartnershipState.CLOSED)
    going |= set(since.filter(state__in=[AfterState.ASKED, AfterState.NO_ANSWER]).values_list("pk", flat=True))
    # Left out: that she still waits. She may leave, or be erased on the other side, while we are asked to choose again,
    # and today nothing takes that back (reported); whoever ticks it off is not misled by it.
    waits = {one.pk for one in book.props if not one.is_open}
    left = [
        (kind, target)
        for kind, target in Task.objects.filter(done_at__isnull=True).values_list("kind", "target_id")
        if target not in (waits if kind in OUTLIVES else going)
    ]
    assert left == []


def check_endings(book: Book) -> None:
    """One ending stands where the model has one, and says what it says; the others were taken back."""
    stands = Closure.objects.filter(undone_at__isnull=True)
    said = {
        (side["closure__partnership_id"], side["side"]): (side["talk"], side["reason"])
        for side in ClosureSide.objects.filter(closure__in=stands).values(
            "closure__partnership_id", "side", "talk", "reason"
        )
    }
    found = {
        one.partnership_id: (
            one.scenario, one.closed_at is not None, one.later_contact, one.keeps_apart, one.mentee_next,
            one.mentor_next, one.mentor_rests_until,
        )
        for one in stands
    }  # fmt: skip
    for pair in book.pairs:
        ending = pair.ending
        assert found.pop(pair.pk, None) == (
            None
            if ending is None
            else (
                ending.how, pair.closed_on is not None, ending.rule, ending.apart, ending.mentee_next,
                ending.mentor_next, ending.rests_until,
            )
        )  # fmt: skip
        for side in Side:
            now = None if ending is None else ending.talks.get(side, ("", ""))
            assert said.get((pair.pk, str(side))) == now
    # What is left is of pairs with somebody who has been erased.
    left = Partnership.objects.filter(pk__in=found)
    assert all(not (one.mentee.person.search_text and one.mentor.person.search_text) for one in left)


def check_after(book: Book) -> None:
    """Whoever goes on is asked nothing about the end, and nobody is thanked or asked whose ending was for safety."""
    ended = {one.pk for one in book.pairs if one.state == PartnershipState.CLOSED}
    safe = {one.pk for one in book.pairs if not (one.ending is not None and one.ending.how == "safety")}
    mine = {one.pk for one in book.pairs}
    waits: dict[str, QuerySet[Any]] = {
        "afterwards": Afterwards.objects.exclude(state__in=[AfterState.CANCELLED, AfterState.ANSWERED]),
        "asked": Ask.objects.filter(occasion__startswith="end:", state__in=[AskState.OPEN, AskState.BEGUN]),
        "letter": ImpactLetter.objects.filter(occasion=Occasion.END, state__in=UNDER_WAY),
    }
    for what, rows in waits.items():
        pairs = set(rows.filter(partnership__in=mine).values_list("partnership_id", flat=True))
        assert pairs <= ended, what
        assert what == "afterwards" or pairs <= safe, what
    thanked = Letter.objects.filter(event="thanks").values("about_id")
    assert not Closure.objects.filter(pk__in=thanked, scenario="safety").exists()


def check_waiting_are_promised(book: Book) -> None:
    """Whoever waits without a proposal is promised to hear from us, or is asked whether she is back."""
    promised = set(Task.objects.filter(done_at__isnull=True, kind=Kind.PROMISE).values_list("target_id", flat=True))
    asked = {one.pk for one in book.places if one.asked_on is not None}
    due = set(Enrolment.objects.filter(word_due_on__isnull=False).values_list("pk", flat=True))
    waiting = set(book.waiting({one.division for one in book.places}))
    assert waiting - asked - promised == set()
    assert waiting - due == set()


def where_found(people: Collection[Her], folder: Path) -> list[tuple[str, str]]:
    """Return where somebody protected or erased stands, besides a sealed identity."""
    wanted: dict[str, bool] = {}
    for her in people:
        if her.is_erased or her.is_protected:
            wanted |= dict.fromkeys((her.canary.lower(), her.phone), her.is_erased)
        if her.is_erased:
            wanted |= dict.fromkeys(forms(her.ids), True)
    if not wanted:
        return []
    seen = set()
    for where, text in everything(folder):
        lowered = text.lower()
        seen |= {
            (where, one) for one, is_erased in wanted.items() if one in lowered and (is_erased or where != SEALED_TABLE)
        }
    return sorted(seen)
