"""The whole case, from the public form to the erasure, in any order and by several at once, against a model.

What may happen is drawn; the model says whether the product must do it or refuse it, and after every step all tables
are compared with the model. ``MENTORNET_TEST_JOURNEYS`` is how many runs there are: few here, many in a soak, which
draws others every time.
"""

from __future__ import annotations

import inspect
import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from pytest_django import Settings

from journeys.case_acting import WHICH
from journeys.case_safety_rules import Safety
from mentornet.common.answers import ALLOWED
from mentornet.intake import rules as intake_rules
from mentornet.intake.enums import ApplicationState
from mentornet.intake.services import enrolments, places
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.people.enums import Role
from mentornet.privacy.services import erasing

pytestmark = pytest.mark.django_db
RUNS: Final = int(os.environ.get("MENTORNET_TEST_JOURNEYS", "0"))
MOVES: Final = {name: one for name, one in inspect.getmembers(Safety) if hasattr(one, "given")}
DONE: Final = frozenset(
    {
        "apply", "book", "interview", "confirm", "approved", "brief", "propose", "answer herself", "take down",
        "fill in", "sign", "tell meeting", "close", "pause", "protect", "erase", "leave", "resume", "expire",
        "withdraw proposal", "propose refused", "answer herself refused", "take down refused", "erase refused",
    }
)  # fmt: skip
"""What must have happened, or been refused, at least once in all runs together: else they prove little."""


class Case(Safety):
    """All that may happen, and a hand that leads cases on so that runs reach their end."""

    seen: ClassVar[Counter[str]] = Counter()

    @initialize(meets_first=st.booleans(), ready=st.sampled_from((0, 2, 4, 4, 4)))
    def begin(self, meets_first: bool, ready: int) -> None:
        self.open_programme(meets_first=meets_first)
        for number, role in enumerate([Role.MENTOR, Role.MENTEE, Role.MENTOR, Role.MENTEE][:ready]):
            app = self.apply(role, self.there if number == 3 else self.here)
            by = self.staff("own", app.division)
            self.talk(app, by)
            self.decision(app, by, ApplicationState.APPROVED)
            if role == Role.MENTOR:
                self.briefing(self.book.places[-1], by)
            # Of two equal waits the first one approved comes first: nobody else has the very same moment.
            self.now += timedelta(minutes=1)

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        may = [name for name, one in MOVES.items() if not hasattr(one, "only_if") or one.only_if(self)]
        name = data.draw(st.sampled_from([*["a_case_goes_on"] * (len(may) // 2), *may]), label="what")
        if name == "a_case_goes_on":
            self.lead_on(data.draw(WHICH))
        else:
            MOVES[name](self, **data.draw(st.fixed_dictionaries(MOVES[name].given)))

    def lead_on(self, which: int) -> None:
        """Take one case a natural step further."""
        steps = [*self._before(), *self._between(), *self._within(which)]
        if steps:
            act, *given = steps[which % len(steps)]
            act(*given)

    def _before(self) -> list[tuple[Callable[..., None], *tuple[Any, ...]]]:
        steps: list[tuple[Callable[..., None], *tuple[Any, ...]]] = []
        for app in self.book.apps:
            by = self.staff("own", app.division)
            if app.state == ApplicationState.RECEIVED:
                steps.append((self.book_talk, app, by))
            elif app.state == ApplicationState.BOOKED:
                steps.append((self.talk, app, by))
            elif app.state == ApplicationState.INTERVIEWED and self.book.current(app.her) is None:
                steps.append((self.decision, app, by, ApplicationState.APPROVED))
        unbriefed = (one for one in self.book.places if one.role == Role.MENTOR and not one.is_briefed)
        return [*steps, *((self.briefing, one, self.staff("own", one.division)) for one in unbriefed)]

    def _between(self) -> list[tuple[Callable[..., None], *tuple[Any, ...]]]:
        book, steps = self.book, list[tuple[Callable[..., None], *tuple[Any, ...]]]()
        bank, waiting = book.bank(self.divisions, self.today), book.waiting(self.divisions)
        for mentee in (one for one in book.places if one.pk in waiting and not one.is_resting(self.today)):
            by = self.staff("national", mentee.division)
            free = (one for one in book.places if one.pk in bank and not book.knew_each_other(mentee, one))
            steps += [(self.choose, mentee, mentor, by) for mentor in free]
        for prop in book.props:
            if prop.state == ProposalState.TO_MEET:
                steps.append((self.met, prop, self.staff("own", prop.mentee.division)))
            elif prop.round is not None and not prop.is_late(self.today):
                for side in Side:
                    if (side, prop.round) not in prop.answers:
                        steps.append((self.answer, prop, side, Reply.YES, self.herself(prop.side(side).her)))
        return steps

    def _within(self, which: int) -> list[tuple[Callable[..., None], *tuple[Any, ...]]]:
        steps: list[tuple[Callable[..., None], *tuple[Any, ...]]] = []
        for pair in self.book.pairs:
            if pair.state in {PartnershipState.ACTIVE, PartnershipState.PAUSED}:
                by = self.staff("own", pair.mentee.division)
                steps.append((self.closes, pair, by, ClosingReason.GOAL, which % 2 == 1))
            elif pair.state == PartnershipState.MATCHED:
                steps += [(self.tells, pair, Side.MENTEE)] if pair.first_met_on is None else []
                steps += [(self.fills_in, pair, Side.MENTEE)] if not pair.version else []
                steps += [(self.signs, pair, side) for side in Side if pair.version and side not in pair.signed]
        return steps

    def teardown(self) -> None:
        self.seen.update(self.seen_to)
        super().teardown()


def run(*, runs: int, drawn_anew: bool = False) -> None:
    """Run the machine; a failure is made small only in a soak, where there is time for it."""
    Case.seen.clear()
    run_state_machine_as_test(
        Case,
        settings=profile(
            max_examples=runs,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=not drawn_anew,
            print_blob=True,
            phases=[Phase.generate, *([Phase.shrink] if drawn_anew else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


def test_cases_agree_with_the_model() -> None:
    run(runs=RUNS or 30, drawn_anew=bool(RUNS))
    missing = DONE - set(Case.seen)
    assert not missing, missing


# Negative controls: a guard is taken away, and the machine sees it --------------------------------------------------


def test_a_place_that_nobody_lets_go_of_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "release", lambda **_: None)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8)


def test_an_end_that_leaves_its_tasks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "finish", lambda **_: 0)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8)


def test_a_rule_that_lets_the_other_division_in_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_rules, "may_work_in", lambda *_: ALLOWED)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=14)


def test_an_erasure_that_leaves_her_rows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "redact", lambda **_: 0)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=14)


def test_a_capacity_that_nobody_guards_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "may_set_capacity", lambda *_: ALLOWED)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=22)
