"""The other jobs of a night for running pairs: questions to both sides, signs, letters, thanks, alarms, and afterwards.

Imported once Django has been set up. Each is measured as it is, once more (nothing is left to be done), and, of a few
pairs, with one pair in a part: that is row by row, the same work in transactions of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, Final

from django.utils import timezone

from bench.measure import Figures
from bench.running_pairs import make_pairs
from factories.django_rows import make_division, make_programme
from mentornet.accounts.models import User
from mentornet.common.actors import System
from mentornet.common.bulk import count_anew
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.followup import services, sign_queries
from mentornet.followup.models import Afterwards, CadenceRun, Concern
from mentornet.followup.services import afterwards, letters, nights, thanks
from mentornet.partnerships.models import Partnership
from mentornet.surveys import services as surveys
from mentornet.surveys.services import asking

WORDS_A_THOUSAND: Final = 10
"""So many quiet words lie untaken for each thousand pairs."""
READERS: Final = 10
PARTS: Final[tuple[ModuleType, ...]] = (nights, asking, sign_queries, afterwards, letters, thanks)


def _cadence(by: System) -> int:
    while not services.ask_for_talks(by=by):
        pass
    return CadenceRun.objects.latest("night").looked_at


def _signs(by: System) -> int:
    found = services.look_for_signs(by=by)
    return found.new + found.gone


JOBS: Final[dict[str, Callable[[System], int]]] = {
    "calls asked for": _cadence,
    "questions to both sides": lambda by: surveys.ask_both_sides(by=by),
    "early signs": _signs,
    "letters to mentors": lambda by: services.see_to_letters(by=by),
    "thanks for the years": lambda by: services.thank_for_years(by=by),
    "alarms": lambda by: services.sound_alarms(by=by),
    "questions afterwards": lambda by: services.see_to_afterwards(by=by),
}
FIRST: Final = next(iter(JOBS))


def _fill(count: int, at: datetime) -> None:
    """Write pairs that were matched a year ago today, so that much is due of each."""
    division = make_division()
    users = [User.objects.create_user(email=f"bench{number}@example.org", name="Bench") for number in range(READERS)]
    since = timezone.localdate(at)
    for user in users:
        StaffRole.objects.create(user=user, role=Role.COORDINATOR, division=division, since=since, created_at=at)
    make_pairs(
        count,
        divisions=[division],
        programme=make_programme("Job og sprog"),
        owners=[user.pk for user in users],
        at=at,
        meet=True,
    )
    a_year_ago = since.replace(year=since.year - 1) if (since.month, since.day) != (2, 29) else since - timedelta(366)
    Partnership.objects.update(matched_on=a_year_ago)
    _tell(division, max(1, count * WORDS_A_THOUSAND // 1_000), at)


def _tell(division: Division, count: int, at: datetime) -> None:
    pairs = Partnership.objects.select_related("mentee").order_by("pk")[:count]
    Concern.objects.bulk_create(
        Concern(
            raised_by_id=pair.mentee.person_id, partnership=pair, division=division, about="partner",
            addressee="coordinator", coordinator_id=pair.mentee.coordinator_id, words="Bench.",
            created_at=at - timedelta(days=8),
        )
        for pair in pairs
    )  # fmt: skip


def _end_all(at: datetime) -> None:
    """Let all pairs have ended, and both of each be asked how it goes since."""
    today = timezone.localdate(at)
    Partnership.objects.update(
        state="closed", closed_on=today - timedelta(days=90), closing_reason="time", paused_until=None
    )
    rows: list[Any] = [
        Afterwards(partnership_id=key, side=side, month=3, due_on=today, created_at=at)
        for key in Partnership.objects.order_by("pk").values_list("pk", flat=True)
        for side in ("mentee", "mentor")
    ]
    Afterwards.objects.bulk_create(rows, batch_size=1_000)


def measure(count: int, *, one_by_one: bool) -> Figures:
    """Fill a database, and do each job once, and once more."""
    at = timezone.now().replace(hour=12)
    _fill(count, at)
    count_anew()
    if one_by_one:
        for module in PARTS:
            vars(module)["AT_ONCE"] = 1
    found = {}
    for name, job in JOBS.items():
        if name == "questions afterwards":
            _end_all(at)
            count_anew()
        by = System("bench", at)
        start = time.perf_counter()
        done = job(by)
        taken = time.perf_counter() - start
        if name == FIRST:
            CadenceRun.objects.all().delete()
        start = time.perf_counter()
        again = job(by)
        found[name] = {
            "done": done,
            "seconds": taken,
            "again": time.perf_counter() - start,
            # The round for calls says how many it has looked at; that it changes nothing is measured by itself.
            "more": 0 if name == FIRST else again,
        }
    return {"pairs": count, "jobs": found}
