"""The machine's ground: two divisions, three at the desk, a clock, and how an act is done, refused and looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import time_machine
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from matching.pairs import jobs_run

from factories.django_rows import AT, make_division, make_programme, make_staff
from journeys import case_looking as looking
from journeys.case_model import EXPIRY_DAYS, Book, Her
from mentornet.accounts.models import PersonalLink
from mentornet.audit.models import Entry
from mentornet.audit.queries import verify_chain
from mentornet.audit.services import seal_entries
from mentornet.common.actors import Actor, System, Visitor
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.matching.bank import forget
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.services import install_agreement_texts
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from mentornet.surveys.services import install_questionnaires

T = TypeVar("T")
Row = TypeVar("Row")
No = type[Exception]

WHO: Final = st.sampled_from(("own", "own", "own", "national", "other"))
"""Who at the desk does it: the coordinator of the division, the national lead, the coordinator of the other one."""
WHICH: Final = st.integers(0, 15)
AFTER_SHE_HAS_GONE: Final = frozenset({"thanks", "how_are_you", "questions_asked", "questions_waiting", "impact_asked"})
"""Letters to who has left with the end of her partnership: thanks, and how it was, and how it goes since."""
OWN_WORK: Final = frozenset({"system:matching.by_themselves", "system:intake.keep_back_letters"})
"""What the program does as part of somebody's act."""


Move = Callable[..., None]


def move(**given: st.SearchStrategy[Any]) -> Callable[[Move], Move]:
    """Mark what may happen next, and what is drawn for it.

    One rule of the machine draws among all that may happen now. As rules of their own most would be switched off in
    most runs, and few of these would come as far as a partnership.
    """

    def marked(function: Move) -> Move:
        function.given = given  # type: ignore[attr-defined]
        return function

    return marked


def only_if(test: Callable[[Any], object]) -> Callable[[Move], Move]:
    """Mark when it may happen."""

    def marked(function: Move) -> Move:
        function.only_if = test  # type: ignore[attr-defined]
        return function

    return marked


class Ground(RuleBasedStateMachine):
    """Each run in a transaction of its own, rolled back at its end; the clock moves on with every step.

    Attributes:
        refused: how many acts the model forbade; all were.
        expected: how many audit entries there must be at the end.
    """

    def __init__(self) -> None:
        super().__init__()
        forget()
        mail.outbox = []
        self.atomic = transaction.atomic()
        # As in any test, so that what must be durable may be done within.
        self.atomic._from_testcase = True  # type: ignore[attr-defined]
        self.atomic.__enter__()
        self.now: datetime = AT
        self.book = Book()
        self.refused = self.people_made = self.interviews = 0
        self.seen_to = dict[str, int]()
        self.letters_seen, self.gone = set[Any](), set[str]()
        self.folder = Path(settings.DATA_FOLDER)
        here, there = make_division("Odense"), make_division("Aarhus")
        self.here, self.there = here.pk, there.pk
        self.desk = {
            here.pk: make_staff(StaffRole.COORDINATOR, here, name="Inger Holm"),
            there.pk: make_staff(StaffRole.COORDINATOR, there, name="Karen Lund"),
        }
        self.national = make_staff(StaffRole.NATIONAL_LEAD, name="Lise Bro")
        install_agreement_texts(by=System("tests", AT))
        install_questionnaires(by=System("tests", AT))
        self.meets_first = False
        self.programme: Programme | None = None
        self.expected = Entry.objects.count()

    def open_programme(self, *, meets_first: bool) -> None:
        self.meets_first = meets_first
        self.programme = make_programme("Mentor network", meets_first=meets_first, expiry_days=EXPIRY_DAYS)

    # Who and what ----------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return System("tests", self.now).today

    @property
    def divisions(self) -> list[Any]:
        return [self.here, self.there]

    def staff(self, who: str, division: Any) -> Staff:
        other = self.there if division == self.here else self.here
        chosen = {"own": self.desk[division], "other": self.desk[other], "national": self.national}[who]
        return replace(chosen, at=self.now)

    def herself(self, her: Her) -> Participant:
        return Participant(person_id=her.pk, name=Person.objects.get(pk=her.pk).name, at=self.now)

    def program(self) -> System:
        return System("tests", self.now)

    def visitor(self) -> Visitor:
        return Visitor(self.now)

    @staticmethod
    def pick(rows: Sequence[Row], which: int, likely: Callable[[Row], bool] = lambda _row: True) -> Row | None:
        """Choose a row: mostly one of those that something can be done with, and now and then any."""
        some = [row for row in rows if likely(row)]
        if which % 4 != 3 and some:
            return some[(which // 4) % len(some)]
        return rows[which % len(rows)] if rows else None

    # Acting ----------------------------------------------------------------------------------------------------------

    def act(
        self, name: str, wanted: Sequence[str], no: No | None, service: Callable[..., T], /, *, by: Actor, **given: Any
    ) -> T | None:
        """Do what the model allows, with exactly these entries in the audit; or see it refused, and nothing changed."""
        last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
        letters = dict(Letter.objects.values_list("pk", "state"))
        links = set(PersonalLink.objects.filter(closed_at__isnull=True).values_list("pk", flat=True))
        before = looking.fingerprint(self.folder) if no else ""
        try:
            made = service(by=by, **given)
        except (RefusedError, ValidationError) as error:
            # What is refused, and how, is what is tested here; ``pytest.raises`` knows no "perhaps".
            assert no is not None, f"{name}: refused, though the model allows it: {error}"  # noqa: PT017
            assert isinstance(error, no), f"{name}: {error!r} instead of {no}"  # noqa: PT017
            assert looking.fingerprint(self.folder) == before, f"{name}: refused, and yet something has changed"
            self.refused += 1
            self.count(f"{name} refused")
            return None
        assert no is None, f"{name}: done, though the model forbids it"
        self.count(name)
        self._check_entries(name, wanted, by, last, letters, links)
        return made

    def count(self, name: str) -> None:
        """Note that something has happened, by its name."""
        self.seen_to[name] = self.seen_to.get(name, 0) + 1

    def _check_entries(
        self, name: str, wanted: Sequence[str], by: Actor, last: int, letters: dict[Any, str], links: set[Any]
    ) -> None:
        entries = list(Entry.objects.filter(pk__gt=last).values_list("act", "actor"))
        self.expected += len(entries)
        acts = Counter(act for act, _actor in entries)
        now = dict(Letter.objects.values_list("pk", "state"))
        # An erasure takes letters away, and gives others new keys: their entries are its own.
        if "privacy.erase" not in wanted:
            back = sum(now[key] == LetterState.TAKEN_BACK != state for key, state in letters.items())
            closed = PersonalLink.objects.filter(pk__in=links, closed_at__isnull=False).count()
            queued = {
                "messaging.queue_letter": len(now.keys() - letters.keys()),
                "messaging.call_back_letter": back,
                "accounts.close_link": closed,
            }
            assert {act: acts.pop(act, 0) for act in queued} == queued, name
            assert {actor for _act, actor in entries} <= {by.key} | OWN_WORK, name
        else:
            acts = Counter(
                {act: count for act, count in acts.items() if not act.startswith(("messaging.", "accounts."))}
            )
        assert acts == Counter(wanted), name

    def only(self, allowed: bool, no: No = NotAllowedError) -> No | None:
        return None if allowed else no

    def run_jobs(self) -> None:
        """Let the worker do what was asked for, at the machine's own hour."""
        with time_machine.travel(self.now, tick=False):
            jobs_run()

    # Looking ---------------------------------------------------------------------------------------------------------

    @invariant()
    def the_tables_agree_with_the_model(self) -> None:
        looking.check_states(self.book)
        looking.check_capacity()
        looking.check_lists(self.book, self.divisions, self.today)
        looking.check_tasks(self.book)
        looking.check_endings(self.book)
        looking.check_after(self.book)
        looking.check_waiting_are_promised(self.book)
        self._check_who_is_written_to()
        found = looking.where_found(self.book.people, self.folder)
        assert found == [], found
        assert Entry.objects.count() == self.expected
        self.now += timedelta(minutes=1)

    def _check_who_is_written_to(self) -> None:
        """Who had left before, and has not come back, gets no new letter but about what was."""
        gone = {person_key(one.pk) for one in self.book.people if self.book.has_gone(one)}
        new = Letter.objects.exclude(pk__in=self.letters_seen)
        for pk, recipient, event in list(new.values_list("pk", "recipient", "event")):
            self.letters_seen.add(pk)
            assert recipient not in gone & self.gone or event in AFTER_SHE_HAS_GONE, event
        self.gone = gone

    def teardown(self) -> None:
        try:
            seal_entries(by=self.program())
            report = verify_chain()
            assert report.ok, report
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            forget()
