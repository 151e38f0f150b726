"""A programme that is changed while a meeting is open, and its own criteria weighed in the meeting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from matching.meeting_rows import Four, decide, make_mentor, pairs_of, ready, run_of

from factories.customs import a_custom
from factories.django_rows import make_staff
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.changes import are_judged_alike, turned
from mentornet.matching.enums import MeetingAct, Outcome, RunCause
from mentornet.matching.models import MatchingMeeting, MeetingRun, Proposal
from mentornet.matching.services.meeting_runs import settings_of
from mentornet.matching.whole import settings_read
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.programmes.services import change_programme
from mentornet.programmes.validators import CRITERIA
from reference.customs import Custom, written_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

SAME = services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True)
CHILDREN = a_custom("children", weight=40.0)


def ask(programme: Programme, *customs: Custom) -> None:
    change_customs(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        customs=written_all(customs),
        author_name="Lead",
        reason="We have seen it help.",
    )


def change(programme: Programme, **settings: Any) -> None:
    change_programme(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        settings=settings,
        author_name="Lead",
        reason="We have seen it help.",
    )


def answered(people: Sequence[Any], key: str, *answers: bool) -> None:
    for one, answer in zip(people, answers, strict=True):
        profile = one.profile
        profile.answers = {**profile.answers, key: answer}
        profile.stamp += 99
        profile.save()


@pytest.fixture
def with_children(division: Division, programme: Programme, four: Four, coordinator: Staff) -> MatchingMeeting:
    """The own criterion draws the other way than the ten."""
    ask(programme, CHILDREN)
    answered(four, "children", True, False, False, True)
    return ready(coordinator, programme, [division])


def weigh(by: Staff, meeting: MatchingMeeting, **own: float) -> MeetingRun:
    meeting.refresh_from_db()
    return services.change_settings(
        by=by,
        meeting=meeting,
        seen=meeting.settings_number,
        weights=meeting.weights,
        floor=meeting.floor,
        borrows=False,
        own_weights=own,
    )


# Weighed in the meeting -----------------------------------------------------------------------------------------------


def test_an_own_criterion_is_weighed_in_the_meeting_and_computed_again(
    coordinator: Staff, with_children: MatchingMeeting, programme: Programme, four: Four
) -> None:
    nothing = weigh(coordinator, with_children, children=0)
    assert pairs_of(with_children, nothing) == {four[0].pk: four[2].pk, four[1].pk: four[3].pk}
    heavy = weigh(coordinator, with_children, children=900)
    assert pairs_of(with_children, heavy) == {four[0].pk: four[3].pk, four[1].pk: four[2].pk}
    with_children.refresh_from_db()
    assert with_children.own_weights == {"children": 900}
    # The programme is as it was.
    assert current_version(programme.pk).own == (CHILDREN,)
    policy = settings_read(heavy.settings).policy
    assert policy.customs[0].weight == pytest.approx(0.9)
    assert sum(policy.weights.values()) + policy.customs[0].weight == pytest.approx(1)
    assert len(set(MeetingRun.objects.values_list("fingerprint", flat=True))) == 3
    for run in MeetingRun.objects.select_related("snapshot"):
        assert services.replay_run(by=coordinator, meeting=with_children, run=run) == SAME, run.number
    # The control: a run whose stored weight somebody has changed is found out.
    heavy.settings["customs"][0]["weight"] = 0.5
    heavy.save()
    told = services.replay_run(by=coordinator, meeting=with_children, run=heavy)
    assert not told.has_same_inputs


def test_what_weighs_as_the_programme_says_is_not_the_meetings_own(
    coordinator: Staff, with_children: MatchingMeeting
) -> None:
    weigh(coordinator, with_children, children=50)
    weigh(coordinator, with_children, children=40)
    with_children.refresh_from_db()
    assert with_children.own_weights == {}
    # Not given, it stays as it was.
    weigh(coordinator, with_children, children=50)
    weigh(coordinator, with_children)
    with_children.refresh_from_db()
    assert with_children.own_weights == {"children": 50}


@pytest.mark.parametrize("own", [{"other": 1}, {"children": -1}, {"children": float("nan")}, {"children": 2_000_000}])
def test_a_weight_that_is_none_is_refused(
    coordinator: Staff, with_children: MatchingMeeting, own: dict[str, float]
) -> None:
    with pytest.raises(ValidationError):
        weigh(coordinator, with_children, **own)
    assert MeetingRun.objects.count() == 1


def test_a_hard_rule_of_the_programme_has_no_weight(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    ask(programme, a_custom("drives", is_rule=True, weight=0.0))
    meeting = ready(coordinator, programme, [division])
    with pytest.raises(ValidationError):
        weigh(coordinator, meeting, drives=10)


# Changed outside ------------------------------------------------------------------------------------------------------

Act = Callable[[Programme], None]


def of_weights(programme: Programme) -> None:
    change(programme, weights=current_version(programme.pk).weights | {"occupation": 0.9})


def of_floor(programme: Programme) -> None:
    change(programme, floor=Decimal("0.10"))


def of_an_own_criterion(programme: Programme) -> None:
    ask(programme, CHILDREN)


def of_a_criterion_without_weight(programme: Programme) -> None:
    ask(programme, a_custom("children", weight=0.0))


def of_a_rule(programme: Programme) -> None:
    ask(programme, a_custom("drives", is_rule=True, weight=0.0))


def of_something_else(programme: Programme) -> None:
    change(programme, expiry_days=25)


@pytest.mark.parametrize(
    ("act", "is_alike"),
    [
        (of_weights, False),
        (of_an_own_criterion, False),
        (of_a_criterion_without_weight, True),
        (of_a_rule, True),
        (of_floor, True),
        (of_something_else, True),
    ],
)
def test_a_programme_that_was_changed_counts_from_the_next_run_and_is_told_of(
    coordinator: Staff, meeting: MatchingMeeting, programme: Programme, act: Act, is_alike: bool
) -> None:
    before = run_of(meeting)
    act(programme)
    after = services.solve_again(by=coordinator, meeting=meeting)
    assert after.cause == RunCause.PROGRAMME
    assert (before.settings["version"], after.settings["version"], after.settings["others"]) == (1, 2, False)
    assert are_judged_alike(before.settings, after.settings) == is_alike
    meeting.refresh_from_db()
    assert (meeting.version.number, meeting.act) == (2, MeetingAct.DATA)
    # Whoever had the settings before her is told that they are others.
    assert meeting.settings_number == 1
    assert services.replay_run(by=coordinator, meeting=meeting, run=after) == SAME


def test_people_changed_alone_are_told_as_such(
    coordinator: Staff, division: Division, programme: Programme, meeting: MatchingMeeting
) -> None:
    before = run_of(meeting)
    make_mentor(division, programme)
    after = services.solve_again(by=coordinator, meeting=meeting)
    assert after.cause == RunCause.DATA
    assert "others" not in after.settings
    assert are_judged_alike(before.settings, after.settings)
    make_mentor(division, programme)
    of_floor(programme)
    both = services.solve_again(by=coordinator, meeting=meeting)
    assert (both.cause, both.settings["others"]) == (RunCause.PROGRAMME, True)


def test_what_a_meeting_has_set_itself_stays_and_the_rest_follows(
    coordinator: Staff, meeting: MatchingMeeting, programme: Programme
) -> None:
    own = meeting.weights | {"pace": 0.9}
    services.change_settings(by=coordinator, meeting=meeting, seen=0, weights=own, floor=meeting.floor, borrows=False)
    change(programme, weights=current_version(programme.pk).weights | {"occupation": 0.9}, floor=Decimal("0.2"))
    services.solve_again(by=coordinator, meeting=meeting)
    meeting.refresh_from_db()
    assert (meeting.weights, meeting.floor) == (own, Decimal("0.2"))
    other = ready(coordinator, programme, [meeting.sits.get().division])
    of_weights_again = current_version(programme.pk).weights | {"occupation": 0.5}
    change(programme, weights=of_weights_again)
    services.solve_again(by=coordinator, meeting=other)
    other.refresh_from_db()
    assert other.weights == of_weights_again


def test_nothing_is_weighed_otherwise_beside_a_programme_that_was_changed(
    coordinator: Staff, with_children: MatchingMeeting, programme: Programme
) -> None:
    weigh(coordinator, with_children, children=50)
    ask(programme)
    with pytest.raises(ChangedMeanwhileError, match="The programme was changed meanwhile"):
        weigh(coordinator, with_children, children=60)
    run = services.solve_again(by=coordinator, meeting=with_children)
    with_children.refresh_from_db()
    # It is asked no more: nothing of it stays, and of forgotten answers nobody is told to be another.
    assert (with_children.own_weights, run.settings["others"]) == ({}, False)
    assert settings_of(with_children).policy.customs == ()


def test_nothing_is_sent_by_a_programme_that_was_changed_before_the_set_is_found_anew(
    coordinator: Staff, meeting: MatchingMeeting, programme: Programme, four: Four
) -> None:
    decide(coordinator, meeting, four[0], outcome=Outcome.PROPOSE, mentor=four[2])
    answered(four, "drives", True, False, False, True)
    ask(programme, a_custom("drives", is_rule=True, weight=0.0))
    sent = services.send_decided(by=coordinator, meeting=meeting)
    assert (sent.count, sent.is_programme) == (0, True)
    assert not Proposal.objects.exists()
    meeting.refresh_from_db()
    # The rule stands between the two who were decided, and is named.
    assert [one.pair for one in services.contradictions(by=coordinator, meeting=meeting)] == [
        (str(four[0].pk), str(four[2].pk))
    ]
    sent = services.send_decided(by=coordinator, meeting=meeting)
    assert sent.changed is None
    assert [one.mentee_id for one in sent.refused] == [four[0].pk]


def test_a_lock_after_the_programme_was_changed_says_that_another_version_counts(
    coordinator: Staff, meeting: MatchingMeeting, programme: Programme, four: Four
) -> None:
    of_weights(programme)
    run = services.tie_pair(by=coordinator, meeting=meeting, mentee=four[0], mentor=four[3], kind="lock")
    assert (run.cause, run.settings["version"]) == (RunCause.LOCK, 2)


def test_what_two_policies_differ_in() -> None:
    base = {
        "weights": dict.fromkeys(CRITERIA, 0.1),
        "neutral": dict.fromkeys(CRITERIA, 0.5),
        "customs": [],
        "floor": 3500,
        "min_language": "B1",
        "waiting_bonus": 0.02,
        "waiting_days": 365,
        "borrows": False,
    }
    one = settings_read(base).policy
    assert turned(one, one) == type(turned(one, one))()
    assert turned(one, settings_read(base | {"floor": 4000}).policy).floor
    assert turned(one, settings_read(base | {"min_language": "A2"}).policy).others
    # Half of everything for a new criterion leaves the ten as they are among themselves.
    shared = base | {
        "weights": dict.fromkeys(CRITERIA, 0.05),
        "customs": written_all([a_custom("children", weight=0.5)]),
    }
    other = settings_read(shared).policy
    told = turned(one, other)
    assert ([custom.key for custom in told.new], told.weights, told.others) == (["children"], False, False)
    assert [custom.key for custom in turned(other, one).gone] == ["children"]
