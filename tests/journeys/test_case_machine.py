"""The whole case, from the public form to the erasure, in any order and by several at once, against a model.

What may happen is drawn; the model says whether the product must do it or refuse it, and after every step all tables
are compared with the model. ``MENTORNET_TEST_JOURNEYS`` is how many runs there are: few here, many in a soak, which
draws others every time.
"""

from __future__ import annotations

import inspect
import os
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from pytest_django import Settings

from journeys.case_acting import WHICH
from journeys.case_ending_rules import HOW, MENTEE, MENTOR, Endings, asked_about_the_end
from journeys.case_matching_rules import Matching
from journeys.case_model import Pair
from journeys.case_pair_rules import Pairs
from journeys.case_safety_rules import Safety
from mentornet.common.answers import ALLOWED
from mentornet.divisions.staff import Staff
from mentornet.followup.services import afterwards
from mentornet.intake import rules as intake_rules
from mentornet.intake.enums import ApplicationState
from mentornet.intake.services import enrolments, places
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.services.endings import closing
from mentornet.partnerships.services.pairs import free_both
from mentornet.people.enums import Role
from mentornet.privacy.services import erasing

pytestmark = pytest.mark.django_db
RUNS: Final = int(os.environ.get("MENTORNET_TEST_JOURNEYS", "0"))
MOST_AHEAD: Final = 24
"""How many natural steps cases may have come before anything is drawn."""
MOVES: Final = {name: one for name, one in inspect.getmembers(Safety) if hasattr(one, "given")}
LATER: Final = frozenset(MOVES) & (set(dir(Endings)) - set(dir(Matching)))
"""What happens once two are a pair: drawn more often, since few runs come as far."""
AT_THE_END: Final = frozenset(MOVES) & (set(dir(Endings)) - set(dir(Pairs)))
ACTS: Final = (
    "apply", "book", "interview", "confirm", "approved", "brief", "protect", "erase", "leave", "resume",
    "propose", "answer herself", "take down", "expire", "withdraw proposal",
    "tell meeting", "fill in", "sign", "agree anew", "extend", "pause", "go on", "ask to end",
    "begin an ending", "call an ending off", "exit talk", "settle contact", "settle next", "close", "reopen",
    "close: planned", "close: unplanned", "close: one_sided", "close: safety",
    "after it: old_place", "after it: from_now", "after it: leaves", "rest after an ending", "come back",
    "ask afterwards", "propose again", "rematch",
)  # fmt: skip
REFUSALS: Final = (
    "propose", "answer herself", "take down", "erase", "sign", "pause", "begin an ending", "exit talk",
    "settle contact", "settle next", "close", "reopen", "call an ending off",
)  # fmt: skip
DONE: Final = frozenset((*ACTS, *(f"{act} refused" for act in REFUSALS)))
"""What must have happened, or been refused, at least once in all runs together: else they prove little."""


class Case(Safety):
    """All that may happen, and a hand that leads cases on so that runs reach their end."""

    seen: ClassVar[Counter[str]] = Counter()
    likely: ClassVar[Collection[str]] = ()
    ahead: ClassVar[int] = MOST_AHEAD

    @initialize(
        meets_first=st.sampled_from((False, False, True)),
        ready=st.sampled_from((0, 2, 3, 4, 4)),
        far=st.lists(WHICH, max_size=MOST_AHEAD, min_size=0)
        | st.lists(WHICH, max_size=MOST_AHEAD, min_size=MOST_AHEAD),
    )
    def begin(self, meets_first: bool, ready: int, far: list[int]) -> None:
        """Begin with nothing, or with some who are ready, or with cases that have come some steps already."""
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
        for which in far[: self.ahead]:
            self.lead_on(which)
            self.now += timedelta(hours=7)

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        may = [name for name, one in MOVES.items() if not hasattr(one, "only_if") or one.only_if(self)]
        often = [name for name in may if name in LATER] * 2 + [name for name in may if name in self.likely] * 8
        name = data.draw(st.sampled_from([*["a_case_goes_on"] * len(may), *may, *often]), label="what")
        if name == "a_case_goes_on":
            self.lead_on(data.draw(WHICH))
        else:
            MOVES[name](self, **data.draw(st.fixed_dictionaries(MOVES[name].given)))

    def lead_on(self, which: int) -> None:
        """Take one case a natural step further."""
        steps = [*self._before(), *self._between(), *self._within(which), *self._and_back(which)]
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

    def _and_back(self, which: int) -> list[tuple[Callable[..., None], *tuple[Any, ...]]]:
        """What takes a step back: rarely, so that cases come further."""
        book, steps = self.book, list[tuple[Callable[..., None], *tuple[Any, ...]]]()
        if which % 8 == 6:
            # Who was a pair once is not proposed to each other again.
            two = ((one.mentee, one.mentor) for one in book.pairs if book.current(one.mentee.her))
            steps += [(self.choose, *both, self.staff("national", both[0].division)) for both in two]
        if which % 8 == 1 and any(one.rests_until is not None and one.ended_on is None for one in book.places):
            steps.append((self.she_comes_back, which, "own", False))
        if which % 8 == 3 and any(one.ended_on is not None for one in book.places):
            steps.append((self.she_was_not_to_leave, which, "own"))
        if which == 9 and any(one.is_holding for one in book.props):
            steps.append((self.a_proposal_is_withdrawn, which, "own"))
        return steps

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
                        # The one answers herself, the other one on the telephone.
                        by = self.staff("own", prop.mentee.division)
                        who = self.herself(prop.mentee.her) if side == Side.MENTEE else by
                        steps.append((self.answer, prop, side, Reply.YES, who))
        return steps

    def _within(self, which: int) -> list[tuple[Callable[..., None], *tuple[Any, ...]]]:
        steps: list[tuple[Callable[..., None], *tuple[Any, ...]]] = []
        for number, pair in enumerate(self.book.pairs):
            by = self.staff("own", pair.mentee.division)
            match pair.state:
                case PartnershipState.MATCHED:
                    steps += [(self.tells, pair, Side.MENTEE)] if pair.first_met_on is None else []
                    steps += [(self.fills_in, pair, Side.MENTEE)] if not pair.version else []
                    steps += [(self.signs, pair, side) for side in Side if pair.version and side not in pair.signed]
                case PartnershipState.ACTIVE:
                    steps.append(self._under_way(pair, by, number + which))
                case PartnershipState.PAUSED:
                    steps.append((self.goes_on, pair, self.herself(pair.mentor.her)))
                case PartnershipState.CLOSING:
                    steps.append(self._about_to_end(pair, by, number + which))
                case PartnershipState.CLOSED:
                    steps += [(self.is_taken_back, pair, by)] if which % 5 == 4 else []
                    steps += [(self.a_quarter_goes_by,)] if which % 5 == 3 else []
        return steps

    def _under_way(self, pair: Pair, by: Staff, which: int) -> tuple[Callable[..., None], *tuple[Any, ...]]:
        unsigned = [side for side in Side if side not in pair.signed]
        if unsigned:
            return self.signs, pair, unsigned[0]
        if which % 3 == 0 and not pair.has_paused:
            return self.pauses, pair, by, 5
        if which % 3 == 1 and pair.version == 1:
            return self.fills_in, pair, Side.MENTOR
        if which % 8 == 5:
            assert pair.agreed_until is not None
            return self.goes_on_longer, pair, by, pair.agreed_until + timedelta(days=60)
        if which % 8 == 2:
            return self.wants_to_end, pair, Side.MENTEE
        how = HOW[(which // 3 + len(self.book.pairs)) % len(HOW)]
        return self.begins_to_end, pair, by, how, "mentor" if how in {"one_sided", "safety"} else ""

    def _about_to_end(self, pair: Pair, by: Staff, which: int) -> tuple[Callable[..., None], *tuple[Any, ...]]:
        ending = pair.ending
        assert ending is not None
        if not ending.talks and which % 8 == 7:
            return self.calls_off, pair, by
        if not ending.talks:
            return self.talks_at_the_end, pair, by, "mentee", "held", "time"
        if not ending.rule:
            return self.settles_contact, pair, by, "none" if ending.how == "safety" else "office"
        if not ending.mentee_next:
            mentee = MENTEE[which % len(MENTEE)]
            return self.settles_next, pair, by, mentee, MENTOR[which % 3]
        return self.ends, pair, by, "goal" if ending.how == "planned" else "time"

    def teardown(self) -> None:
        self.seen.update(self.seen_to)
        super().teardown()


def run(*, runs: int, drawn_anew: bool = False, likely: Collection[str] = (), ahead: int = MOST_AHEAD) -> None:
    """Run the machine; a failure is made small only in a soak, where there is time for it.

    Args:
        runs: how many.
        drawn_anew: other ones each time.
        likely: what is drawn more often than by itself.
        ahead: how many steps cases may have come at most before anything is drawn.
    """
    assert set(likely) <= set(MOVES)
    Case.likely, Case.ahead = likely, ahead
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


def resume_once() -> None:
    """Let somebody leave, and take it back: among all that may happen it is drawn rarely, and refused mostly."""
    case = Case()
    try:
        case.begin(meets_first=False, ready=2, far=[])
        MOVES["she_leaves"](case, which=0, who="own")
        case.the_tables_agree_with_the_model()
        MOVES["she_was_not_to_leave"](case, which=0, who="own")
        case.the_tables_agree_with_the_model()
    finally:
        case.teardown()


def test_cases_agree_with_the_model() -> None:
    Case.seen.clear()
    run(runs=RUNS or 24, drawn_anew=bool(RUNS))
    run(runs=RUNS or 14, drawn_anew=bool(RUNS), likely=AT_THE_END)
    resume_once()
    missing = sorted(DONE - set(Case.seen))
    assert not missing, f"never reached: {missing}; reached: {dict(sorted(Case.seen.items()))}"


# Negative controls: a guard is taken away, and the machine sees it --------------------------------------------------


def test_a_place_that_nobody_lets_go_of_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "release", lambda **_: None)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8, likely=("a_proposal_is_withdrawn",), ahead=2)


def test_an_end_that_leaves_its_tasks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "finish", lambda **_: 0)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8, likely=("she_leaves",), ahead=0)


def test_a_rule_that_lets_the_other_division_in_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_rules, "may_work_in", lambda *_: ALLOWED)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8)


def test_an_erasure_that_leaves_her_rows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "redact", lambda **_: 0)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8, likely=("she_is_erased",))


def test_an_ending_that_leaves_what_was_to_be_done_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "finish", lambda **_: 0)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8, likely=("an_ending_is_closed",))


def test_an_old_place_that_is_lost_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgets(*given: Any, on: date, **_since: Any) -> None:
        free_both(*given, mentee_since=on, on=on)

    monkeypatch.setattr(closing, "free_both", forgets)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=8, likely=("an_ending_is_closed",))


def reopen_once() -> None:
    """Lead one case to an ending, let the night ask about it, and take the ending back: drawn, few runs come so far."""
    case = Case()
    try:
        case.begin(meets_first=False, ready=2, far=[])
        for _step in range(MOST_AHEAD):
            if any(pair.state == PartnershipState.CLOSED for pair in case.book.pairs):
                break
            case.lead_on(0)
            case.the_tables_agree_with_the_model()
        (pair,) = case.book.pairs
        assert pair.state == PartnershipState.CLOSED
        MOVES["the_program_does_its_round"](case)
        assert asked_about_the_end(pair), "the night has asked nothing"
        case.is_taken_back(pair, case.staff("own", pair.mentee.division))
        case.the_tables_agree_with_the_model()
    finally:
        case.teardown()


def test_a_question_about_an_end_that_was_none_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    reopen_once()
    monkeypatch.setattr(afterwards, "_ask_nothing_about_the_end", lambda *_: None)
    with pytest.raises(AssertionError):
        reopen_once()


def test_a_capacity_that_nobody_guards_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "may_set_capacity", lambda *_: ALLOWED)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(runs=10, likely=("she_can_have_more_or_fewer",), ahead=10)
