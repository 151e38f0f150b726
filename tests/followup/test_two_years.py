"""A pair's life by the clock, and the years after it: what the program asks for on which day, and nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import pytest
from django.db import transaction

from factories.django_rows import AT, TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.moments import months_later
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Afterwards, CadenceRun, EarlySign, ImpactLetter, TenureThanks
from mentornet.intake.models import Enrolment
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Agreement, Closure, Partnership
from mentornet.partnerships.services import fill_in, install_agreement_texts, record_meeting, sign
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.surveys.models import Ask
from mentornet.surveys.services import answer, ask_both_sides, install_questionnaires
from partnerships.couples import make_couple
from partnerships.endings import fill_in_ending
from partnerships.sides import TERMS, acting

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
MET: Final = 20
"""On which day the two meet for the first time; from then on every second week."""


@dataclass(slots=True)
class Life:
    """One pair, its coordinator, and a diary of what came up on which day since the match.

    Attributes:
        diary: what was asked of whom, with the day on which it was due, or the letter was written.
    """

    pair: Partnership
    coordinator: Staff
    diary: list[tuple[int, str]] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)

    def by(self, day: int) -> Staff:
        return replace(self.coordinator, at=AT + day * DAY)

    def now(self) -> Partnership:
        rows = Partnership.objects.select_related("mentee__person", "mentor__person", "division")
        return rows.get(pk=self.pair.pk)

    # The nights ------------------------------------------------------------------------------------------------------

    def night(self, day: int) -> None:
        """Do all that comes round by itself; where something came of it, do it again: nothing does any more."""
        evening = counts()
        self._jobs(day)
        morning = counts()
        if morning != evening:
            CadenceRun.objects.all().delete()
            self._jobs(day)
            assert counts() == morning, f"day {day}: something was made twice"
            self._note()

    @staticmethod
    def _jobs(day: int) -> None:
        on = TODAY + day * DAY
        by = System("night", datetime.combine(on, time(3, 30), AT.tzinfo))
        while not services.ask_for_talks(by=by):
            pass
        services.look_for_signs(by=by)
        ask_both_sides(by=by)
        services.see_to_afterwards(by=by)
        services.see_to_letters(by=by)
        services.thank_for_years(by=by)

    def _note(self) -> None:
        open_tasks = Task.objects.filter(done_at__isnull=True)
        # Never more than one open of a kind about one thing, whoever is late.
        assert max(Counter(open_tasks.values_list("kind", "target_id")).values(), default=0) <= 1
        for task in open_tasks.exclude(pk__in=self.seen).order_by("due_on", "kind"):
            self.seen.add(task.pk)
            why = f" ({task.words['why']})" if task.kind == Kind.CONTACT else ""
            self.diary.append(((task.due_on - TODAY).days, f"{task.kind}{why}"))
        sides = {f"person:{getattr(self.pair, role).person_id}": role for role in Role}
        for letter in Letter.objects.exclude(pk__in=self.seen).order_by("event", "recipient"):
            self.seen.add(letter.pk)
            if letter.event != "partnership_begun":
                day = (letter.created_at.date() - TODAY).days
                self.diary.append((day, f"{letter.event} to the {sides[letter.recipient]}{self._about(letter)}"))

    @staticmethod
    def _about(letter: Letter) -> str:
        assert letter.about_id is not None
        ask = Ask.objects.filter(pk=letter.about_id).select_related("questionnaire").first()
        if ask is not None:
            return f" ({ask.questionnaire.aim}, {ask.occasion.partition(':')[0]})"
        after = Afterwards.objects.filter(pk=letter.about_id).first()
        return f" (month {after.month})" if after is not None else ""

    # The days --------------------------------------------------------------------------------------------------------

    def day(self, day: int) -> None:
        """They meet every second week; whoever is asked answers; the coordinator calls on the day."""
        by, on = self.by(day), TODAY + day * DAY
        if day >= MET and (day - MET) % 14 == 0:
            record_meeting(by=by, partnership=self.now(), on=on)
        if day == MET:
            self._agree(day)
        for ask in Ask.objects.filter(state="open").select_related("version", "questionnaire"):
            key = ask.version.questions[0]["key"]
            answer(by=acting(self.now(), ask.side, by.at), ask=ask, question=key, given=["4"])
        if Task.objects.filter(kind=Kind.CONTACT, done_at__isnull=True, due_on__lte=on).exists():
            services.log_talk(by=by, partnership=self.now(), on=on, with_whom="both")

    def _agree(self, day: int) -> None:
        moment = AT + day * DAY
        terms = {**TERMS, "months": "12"}
        fill_in(by=acting(self.now(), "mentor", moment), partnership=self.now(), terms=terms, seen=0)
        agreement = Agreement.objects.get(partnership=self.pair.pk)
        for side in Role:
            who = acting(self.now(), side, moment)
            sign(by=who, agreement=agreement, name=who.name, language="da")

    def close(self, day: int) -> None:
        by = self.by(day)
        closure = fill_in_ending(by, self.now(), "planned", mentee="leaves", mentor="ready")
        services.close_partnership(by=by, closure=Closure.objects.get(pk=closure.pk), on=by.today, reason="goal")


def counts() -> dict[str, int]:
    """Return how many rows there are of all that a night can make."""
    made = (Task, Ask, Letter, Afterwards, ImpactLetter, TenureThanks, EarlySign, Entry)
    return {model.__name__: model._default_manager.count() for model in made} | {
        "open": Task.objects.filter(done_at__isnull=True).count()
    }


@pytest.fixture
def life(coordinator: Staff, division: Division, programme: Programme) -> Life:
    """A pair that is matched today, at eight in the morning."""
    install_questionnaires(by=System("shipped", AT))
    install_agreement_texts(by=System("shipped", AT))
    couple = make_couple(coordinator, division, programme, matched_on=TODAY)
    Enrolment.objects.filter(pk=couple.mentee_id).update(coordinator_id=coordinator.user_id)
    return Life(couple, coordinator)


def live(life: Life, days: range, nights: Collection[int]) -> None:
    for day in days:
        if day in nights:
            life.night(day)
        life.day(day)


def both(day: int, what: str, about: str) -> list[tuple[int, str]]:
    return [(day, f"{what} to the {side} ({about})") for side in Role]


UNTIL: Final = MET + 365
"""The day until which they have agreed, and on which they part: twelve months after both have signed."""

LIVED: Final = [
    # Called within 48 hours; not met by the fourteenth day.
    (2, "contact (first)"),
    (14, "not_met"),
    # Twice in a month until they have known each other for one: once it is Good Friday, and the Tuesday after Easter.
    (17, "contact (month)"),
    (36, "contact (month)"),
    (51, "contact (month)"),
    # Monthly, or on the Monday after; then, half a year after they met, quarterly.
    *((day, "contact (usual)") for day in (81, 112, 142, 172, 203, 233)),
    (324, "contact (settled)"),
    # Thirty days before the end, or on the Monday after.
    (357, "ending"),
    # The one has written the agreement; the other one is told.
    (MET, "agreement_ready to the mentee"),
    # Both are asked every thirty days how it goes, since they have begun; at one month, three, and the end the scale.
    *(one for day in range(MET + 30, UNTIL, 30) for one in both(day, "questions_asked", "check_in, after")),
    *both(51, "questions_asked", "quality, month"),
    *both(112, "questions_asked", "quality, month"),
    # The mentee is asked for the letter of the year, and the mentor is thanked for it.
    (365, "impact_asked to the mentee"),
    (365, "tenure_thanks to the mentor"),
    # They part.
    *((UNTIL, f"thanks to the {side}") for side in Role),
    *both(UNTIL + 1, "questions_asked", "quality, end"),
    *both(UNTIL + 6, "questions_waiting", "quality, end"),
    # A month after the letter of the year that of the end: never two at once.
    (395, "impact_asked to the mentee"),
]


def after(month: int) -> tuple[int, list[tuple[int, str]]]:
    """Return the day on which both are asked so many months after the end, and what comes of their silence."""
    day = (months_later(TODAY + UNTIL * DAY, month) - TODAY).days
    asked = [one for days in (0, 7) for one in both(day + days, "how_are_you", f"month {month}")]
    return day, [*asked, *[(day + 21, "follow_up")] * 2]


def test_a_pairs_life_and_the_two_years_after_it(life: Life) -> None:
    """Each night that makes something is done twice, and makes nothing more."""
    # Every night while it is new, and as it ends; between them every fifth one, to spare time.
    live(life, range(1, UNTIL), {*range(131), *range(130, 355, 5), *range(355, UNTIL)})
    life.day(UNTIL)
    life.close(UNTIL)
    expected = list(LIVED)
    for day in range(UNTIL + 1, UNTIL + 16):
        life.night(day)
    for month in (3, 6, 12, 24):
        due, comes = after(month)
        expected += comes
        for days in (-1, 0, 1, 7, 14, 15, 16):
            life.night(due + days)
    # And by then she has been a mentor for three years.
    expected.append((after(24)[0] - 1, "tenure_thanks to the mentor"))
    assert sorted(life.diary) == sorted(expected)
    # Whoever meets and answers is no early sign; who was silent afterwards is called, and nobody else.
    assert not EarlySign.objects.exists()
    assert set(Task.objects.filter(done_at__isnull=True).values_list("kind", flat=True)) == {Kind.FOLLOW_UP}
    assert set(Afterwards.objects.values_list("state", flat=True)) == {"no_answer"}


def test_a_worker_that_was_asleep_catches_up_and_nothing_piles_up(life: Life) -> None:
    """Ten nights without the worker: what it has missed comes at once, each thing once, and life is as it was."""
    asleep = range(45, 55)
    lives: list[tuple[list[tuple[int, str]], list[tuple[str, date]]]] = []
    for nights in (set(range(70)), set(range(70)) - set(asleep)):
        life.diary.clear()
        life.seen.clear()
        with transaction.atomic():
            live(life, range(1, 60), nights)
            tasks = Task.objects.filter(done_at__isnull=True).values_list("kind", "due_on")
            lives.append((sorted(life.diary), sorted(tasks)))
            transaction.set_rollback(True)
    (awake, open_then), (slept, open_now) = lives
    assert open_now == open_then
    missed = [(day, what) for day, what in awake if what.startswith("questions_asked") and day in asleep]
    assert missed == [*both(50, "questions_asked", "check_in, after"), *both(51, "questions_asked", "quality, month")]
    # The question of the month comes upon the first night; so does the other one, and each of them once.
    assert slept == sorted({*awake} - {*missed} | {(asleep.stop, what) for _day, what in missed})
