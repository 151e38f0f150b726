"""What the program does by night for many: as many questions to the database for one as for many, part by part.

Each job is cut short in the middle and run again, and run twice: what it does, it does once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.running_pairs import make_pairs
from factories.django_rows import AT, TODAY, make_user
from followup.value_pairs import A_YEAR_AGO
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import Wanted, ask_for, ask_for_several
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.followup.models import Afterwards, ImpactLetter, TenureThanks
from mentornet.followup.services import afterwards, letters, see_to_afterwards, see_to_letters, thank_for_years, thanks
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
PART: Final = 50
MANY: Final = 200
BY: Final = System("tests", AT)
Pairs = Callable[[int], list[Partnership]]


@pytest.fixture
def pairs(division: Division, programme: Programme) -> Pairs:
    """Make pairs that were matched a year ago today, are active, and have met."""

    def make(count: int) -> list[Partnership]:
        if count:
            owner = make_user("Nina Bro")
            make_pairs(count, divisions=[division], programme=programme, owners=[owner.pk], at=AT, meet=True)
        Partnership.objects.update(
            matched_on=A_YEAR_AGO, state="active", paused_until=None, closed_on=None, closing_reason=""
        )
        return list(Partnership.objects.all())

    return make


# What there is to be done, and what has been done ---------------------------------------------------------------------


def to_be_asked(some: Iterable[Partnership]) -> None:
    _afterwards(some, state="planned")


def to_be_reminded(some: Iterable[Partnership]) -> None:
    _afterwards(some, state="asked", asked_at=AT - 8 * DAY)


def to_be_called(some: Iterable[Partnership]) -> None:
    _afterwards(some, state="asked", asked_at=AT - 15 * DAY, reminded_at=AT - 8 * DAY)


def _afterwards(some: Iterable[Partnership], **facts: Any) -> None:
    Partnership.objects.update(state="closed", closed_on=TODAY - 90 * DAY, closing_reason="time")
    Afterwards.objects.bulk_create(
        Afterwards(partnership=pair, side="mentee", month=3, due_on=TODAY - 16 * DAY, created_at=AT, **facts)
        for pair in some
    )


def to_be_prepared(some: Iterable[Partnership]) -> None:
    del some


def to_be_sent(some: Iterable[Partnership]) -> None:
    _letters(some, state="approved", asked_at=AT - 3 * DAY, approved_at=AT - 2 * DAY, texts={"da": "Kære"})


def to_lapse(some: Iterable[Partnership]) -> None:
    _letters(some, state="asked", asked_at=AT - 30 * DAY, answer_by=TODAY - DAY, words="Mine")


def _letters(some: Iterable[Partnership], **facts: Any) -> None:
    due: dict[str, Any] = {"due_on": TODAY - 5 * DAY, "since": A_YEAR_AGO, "until": TODAY - 5 * DAY}
    ImpactLetter.objects.bulk_create(
        ImpactLetter(partnership=pair, occasion="year", created_at=AT, **due, **facts) for pair in some
    )


def followed_up() -> Counter[Any]:
    return Counter(Afterwards.objects.values_list("state", "reminded_at"))


def written() -> Counter[Any]:
    return Counter(ImpactLetter.objects.values_list("state", "words"))


def thanked() -> Counter[Any]:
    return Counter(TenureThanks.objects.values_list("years"))


@dataclass(frozen=True, slots=True)
class Job:
    """A job by night.

    Attributes:
        run: does it.
        where: the module that says how many make a part.
        ready: makes what is due of pairs.
        state: what stands, to be compared.
        event: the letter that is written for each; empty where none is.
        act: what the audit keeps of each; empty where nothing is.
        dies_at: a function of the module that is called once for each part, after something has been changed.
    """

    run: Callable[..., int]
    where: Any
    ready: Callable[[Iterable[Partnership]], None]
    state: Callable[[], Counter[Any]]
    event: str
    act: str
    dies_at: str


_AFTER: Final = (see_to_afterwards, afterwards)
_LETTERS: Final = (see_to_letters, letters)
JOBS: Final = {
    "asked": Job(*_AFTER, to_be_asked, followed_up, "how_are_you", "followup.ask_afterwards", "_tell"),
    "reminded": Job(*_AFTER, to_be_reminded, followed_up, "how_are_you", "", "_write"),
    "called": Job(*_AFTER, to_be_called, followed_up, "", "followup.no_answer_afterwards", "_tell"),
    "prepared": Job(*_LETTERS, to_be_prepared, written, "impact_asked", "followup.ask_for_letter", "_write"),
    "sent": Job(*_LETTERS, to_be_sent, written, "impact_sent", "followup.send_letter", "_write"),
    "lapsed": Job(*_LETTERS, to_lapse, written, "", "followup.lapse_letter", "record_all"),
    "thanked": Job(
        thank_for_years, thanks, to_be_prepared, thanked, "tenure_thanks", "followup.thank_for_years", "queue_letters"
    ),
}  # fmt: skip


@pytest.fixture(params=JOBS)
def job(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Job:
    found = JOBS[request.param]
    monkeypatch.setattr(found.where, "AT_ONCE", PART)
    return found


def queries_of(job: Job) -> int:
    with CaptureQueriesContext(connection) as queries:
        job.run(by=BY)
    return len(queries)


def test_as_many_queries_for_one_as_for_fifty_and_for_two_hundred_four_times_as_many(job: Job, pairs: Pairs) -> None:
    counts: dict[int, int] = {}
    for more in (0, 1, 2, MANY - 3):
        some = pairs(more)
        for rows in (Letter, Task, Afterwards, ImpactLetter, TenureThanks):
            rows.objects.all().delete()
        job.ready(some)
        counts[len(some)] = queries_of(job)
        assert Letter.objects.filter(event=job.event).count() == (len(some) if job.event else 0)
    one_part = counts[1] - counts[0]
    assert one_part > 0
    assert counts[3] == counts[1]
    # Four whole parts; what is asked before the first and after the last is asked once more at most for each.
    assert counts[MANY] <= counts[0] + (MANY // PART) * (one_part + 2) + 2


def test_killed_in_the_middle_and_run_again_each_is_done_once(
    job: Job, pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    job.ready(pairs(PART + 5))
    before, real, called = job.state(), getattr(job.where, job.dies_at), list[int]()

    def dies_in_the_second_part(*args: Any, **kwargs: Any) -> Any:
        called.append(1)
        if len(called) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(job.where, job.dies_at, dies_in_the_second_part)
    with pytest.raises(KeyboardInterrupt):
        job.run(by=BY)
    monkeypatch.setattr(job.where, job.dies_at, real)
    half = job.state()
    assert half not in (before, Counter())
    assert Letter.objects.count() == (PART if job.event else 0)
    assert job.run(by=BY) > 0
    whole = job.state()
    assert whole != half
    assert sum(whole.values()) == PART + 5
    assert len(whole) == 1
    assert Letter.objects.filter(event=job.event).count() == (PART + 5 if job.event else 0)
    if job.act:
        assert Entry.objects.filter(act=job.act).count() == PART + 5
    # And once more: nothing is left to be done.
    assert job.run(by=BY) == 0
    assert job.state() == whole


def test_several_tasks_are_asked_for_as_one_is(division: Division) -> None:
    one, other = (Wanted(make_user().pk, division.pk, None, {"name": name}) for name in ("Amina", "Sara"))
    first = ask_for(by=BY, kind=Kind.FOLLOW_UP, target_id=one.target_id, division_id=division.pk, due_on=TODAY)
    ask_for_several(by=BY, kind=Kind.FOLLOW_UP, due_on=TODAY + DAY, wanted=[one, other])
    ask_for_several(by=BY, kind=Kind.FOLLOW_UP, due_on=TODAY + DAY, wanted=[])
    rows = {task.target_id: (task.due_on, task.words) for task in Task.objects.all()}
    assert rows == {one.target_id: (TODAY + DAY, {"name": "Amina"}), other.target_id: (TODAY + DAY, {"name": "Sara"})}
    assert Task.objects.filter(pk=first.pk).exists()
