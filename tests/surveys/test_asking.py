"""Who is asked what when: due rules by a clock, once for each occasion, one reminder, and then silence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import pytest
import time_machine
from django.utils import timezone

from factories.django_rows import AT, TODAY
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Restriction
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.surveys.dues import Due, months_after
from mentornet.surveys.enums import Aim, AskState
from mentornet.surveys.models import Ask, Questionnaire
from mentornet.surveys.services import answer, ask_both_sides, ask_by_hand, ask_due, let_go, remind
from partnerships.sides import acting
from racing import DONE, at_once
from signing import CountQueries
from surveys.conftest import MakePair, program

pytestmark = pytest.mark.django_db
Shipped = dict[str, Questionnaire]
DAY: Final = timedelta(days=1)
BEGUN: Final = TODAY - 60 * DAY
"""So long ago that a check-in is due, and no question of a month."""


def on(day: date) -> datetime:
    """Return a morning."""
    return datetime.combine(day, time(9), tzinfo=timezone.get_current_timezone())


def asked(pair: Partnership, key: str) -> list[tuple[date, str, str]]:
    rows = Ask.objects.filter(partnership=pair, questionnaire__key=key).order_by("due_on", "side")
    return list(rows.values_list("due_on", "side", "occasion"))


# The rule alone -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


@pytest.mark.parametrize(
    ("due", "days", "last", "expected"),
    [
        (Due(every_days=30), 29, None, ""),
        (Due(every_days=30), 30, None, f"after:{TODAY}"),
        (Due(every_days=30), 59, 30, ""),
        (Due(every_days=30), 60, 30, f"after:{TODAY + 30 * DAY}"),
        (Due(months=(1, 3)), 30, None, ""),
        (Due(months=(1, 3)), 31, None, "month:1"),
        (Due(months=(1, 3)), 52, None, "month:1"),
        # Too late for the first month: it is not made up for.
        (Due(months=(1, 3)), 53, None, ""),
        (Due(months=(1, 3)), 40, 31, ""),
        (Due(months=(1, 3)), 92, 31, "month:3"),
        (Due(), 400, None, ""),
        (Due(at_end=True), 400, None, ""),
    ],
)
def test_rule_of_a_running_pair(due: Due, days: int, last: int | None, expected: str) -> None:
    last_on = None if last is None else TODAY + last * DAY
    occasion = due.occasion(today=TODAY + days * DAY, begun_on=TODAY, last_on=last_on, closed_on=None)
    assert occasion == expected


@pytest.mark.parametrize(
    ("days", "last", "is_asked"), [(0, None, True), (14, -3, True), (15, None, False), (3, 0, False)]
)
def test_rule_at_the_end(days: int, last: int | None, is_asked: bool) -> None:
    last_on = None if last is None else TODAY + last * DAY
    due = Due(months=(1,), at_end=True)
    occasion = due.occasion(today=TODAY + days * DAY, begun_on=TODAY - 90 * DAY, last_on=last_on, closed_on=TODAY)
    assert occasion == (f"end:{TODAY}" if is_asked else "")
    assert Due(every_days=7).occasion(today=TODAY, begun_on=TODAY - 90 * DAY, last_on=None, closed_on=TODAY) == ""


def test_programme_says_how_often() -> None:
    by_care = Due(by_care=True)
    assert by_care.under(Care(check_in_days=14), Aim.CHECK_IN) == Due(every_days=14)
    assert by_care.under(Care(check_in_days=0), Aim.CHECK_IN).is_by_hand
    assert by_care.under(Care(scale_months=(2,)), Aim.QUALITY) == Due(months=(2,), at_end=True)
    assert Due(every_days=5).under(Care(check_in_days=14), Aim.CHECK_IN) == Due(every_days=5)


# Two years of a pair --------------------------------------------------------------------------------------------------


def test_two_years_of_a_pair(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(TODAY)
    for number in range(730):
        ask_both_sides(by=program(on(TODAY + number * DAY)))
    check_ins = asked(pair, "check-in")
    days = [day for day, side, _occasion in check_ins if side == Role.MENTEE]
    assert days == [TODAY + 30 * (number + 1) * DAY for number in range(24)]
    assert [day for day, side, _occasion in check_ins if side == Role.MENTOR] == days
    scale = asked(pair, "quality")
    assert [(day, occasion) for day, side, occasion in scale if side == Role.MENTEE] == [
        (months_after(TODAY, 1), "month:1"),
        (months_after(TODAY, 3), "month:3"),
    ]
    # One letter for each, one reminder for each, and the silence stands.
    assert Letter.objects.filter(event="questions_asked").count() == len(check_ins) + len(scale)
    assert Letter.objects.filter(event="questions_waiting").count() == len(check_ins) + len(scale)
    # The last one is ten days old, and still waits.
    assert Ask.objects.filter(state=AskState.OPEN).count() == 2
    assert Ask.objects.filter(state=AskState.SILENT).count() == len(check_ins) + len(scale) - 2


def test_pause_asks_nobody_and_what_was_missed_is_not_made_up_for(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(TODAY)
    rows = Partnership.objects.filter(pk=pair.pk)
    rows.update(state=PartnershipState.PAUSED)
    for days in range(70):
        assert ask_both_sides(by=program(on(TODAY + days * DAY))) == 0
    rows.update(state=PartnershipState.ACTIVE)
    assert ask_due(by=program(on(TODAY + 70 * DAY))) == 2
    assert {occasion for _day, _side, occasion in asked(pair, "check-in")} == {f"after:{TODAY}"}
    assert asked(pair, "quality") == []


def test_pause_is_not_reminded_in(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    assert ask_due(by=program()) == 2
    Partnership.objects.filter(pk=pair.pk).update(state=PartnershipState.PAUSED)
    assert remind(by=program(AT + 6 * DAY)) == 0
    Partnership.objects.filter(pk=pair.pk).update(state=PartnershipState.ACTIVE)
    assert remind(by=program(AT + 6 * DAY)) == 2


@pytest.mark.parametrize(("reason", "count"), [(ClosingReason.GOAL, 2), (ClosingReason.SAFETY, 0)])
def test_end_is_asked_about_unless_for_safety(reason: str, count: int, make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(TODAY - 400 * DAY)
    Partnership.objects.filter(pk=pair.pk).update(
        state=PartnershipState.CLOSED, closed_on=TODAY - 3 * DAY, closing_reason=reason
    )
    assert ask_due(by=program()) == count
    assert ask_due(by=program(AT + DAY)) == 0
    assert [occasion for _day, _side, occasion in asked(pair, "quality")] == [f"end:{TODAY - 3 * DAY}"] * count
    assert asked(pair, "check-in") == []


def test_nobody_is_asked_before_they_have_begun(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(TODAY - 100 * DAY)
    Partnership.objects.filter(pk=pair.pk).update(state=PartnershipState.MATCHED, first_met_on=None, agreement_on=None)
    assert ask_due(by=program()) == 0


def test_whose_data_rest_is_not_asked_and_the_other_is(
    make_pair: MakePair, shipped: Shipped, coordinator: Staff
) -> None:
    pair = make_pair(BEGUN)
    Restriction.objects.create(
        person=pair.mentor.person, reason="She asked.", restricted_by="system:tests", created_at=AT
    )
    assert ask_due(by=program()) == 1
    assert [side for _day, side, _occasion in asked(pair, "check-in")] == [Role.MENTEE]


def test_programmes_own_stands_instead(make_pair: MakePair, shipped: Shipped, programme: Programme) -> None:
    make_pair(BEGUN)
    general = shipped["check-in"]
    version = general.versions.get()
    own = Questionnaire.objects.create(
        key="ours", programme=programme, aim=Aim.CHECK_IN, due={"every_days": 10}, created_at=AT
    )
    # Written, and not published: it does not count yet.
    assert ask_due(by=program()) == 2
    Ask.objects.all().delete()
    version.pk = None
    version.id, version.questionnaire = own.pk, own
    version.save(force_insert=True)
    assert ask_due(by=program()) == 2
    assert set(Ask.objects.values_list("questionnaire__key", flat=True)) == {"ours"}
    own.closed_on = TODAY
    own.save()
    assert ask_due(by=program()) == 2
    assert set(Ask.objects.values_list("questionnaire__key", flat=True)) == {"ours", "check-in"}


def test_care_of_the_newest_version_counts(make_pair: MakePair, shipped: Shipped, programme: Programme) -> None:
    make_pair(TODAY - 20 * DAY)
    assert ask_due(by=program()) == 0
    ProgrammeVersion.objects.filter(programme=programme).update(care_settings={"check_in_days": 20})
    assert ask_due(by=program()) == 2
    ProgrammeVersion.objects.filter(programme=programme).update(care_settings={"check_in_days": 0})
    assert ask_due(by=program(AT + 20 * DAY)) == 2, "what the first month is like, and no check-in"


# Once -----------------------------------------------------------------------------------------------------------------


def test_asking_twice_asks_once_and_writes_once(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    assert ask_due(by=program()) == 2
    assert ask_due(by=program()) == 0
    letters = Letter.objects.filter(event="questions_asked")
    assert {letter.recipient for letter in letters} == {
        f"person:{pair.mentee.person_id}", f"person:{pair.mentor.person_id}"
    }  # fmt: skip
    # One entry for the pair, which names the questionnaire and nobody.
    entry = Entry.objects.get(act="surveys.ask")
    assert (entry.object_id, entry.detail) == (str(pair.pk), {"questionnaire": "check-in"})
    # The letters wait for the day's hour, and say only what to make.
    assert {letter.values["link"] for letter in letters} == {f"survey:{ask.pk}" for ask in Ask.objects.all()}


def test_one_reminder_then_silence(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    mentee = Ask.objects.select_related("partnership").get(side=Role.MENTEE)
    answer(by=acting(pair, "mentee"), ask=mentee, question="going", given=["4"])
    assert remind(by=program(AT + 4 * DAY)) == 0
    assert remind(by=program(AT + 5 * DAY)) == 1
    assert remind(by=program(AT + 6 * DAY)) == 0
    assert Letter.objects.get(event="questions_waiting").recipient == f"person:{pair.mentor.person_id}"
    assert let_go(by=program(AT + 20 * DAY)) == 0
    assert let_go(by=program(AT + 21 * DAY)) == 1
    states = dict(Ask.objects.values_list("side", "state"))
    # What she has begun is hers, as far as she came.
    assert states == {"mentee": AskState.ANSWERED, "mentor": AskState.SILENT}


def test_next_asking_ends_the_one_before(make_pair: MakePair, shipped: Shipped, programme: Programme) -> None:
    ProgrammeVersion.objects.filter(programme=programme).update(care_settings={"check_in_days": 7, "scale_months": []})
    make_pair(TODAY - 7 * DAY)
    ask_due(by=program())
    assert ask_due(by=program(AT + 7 * DAY)) == 2
    assert sorted(Ask.objects.filter(side="mentor").values_list("due_on", "state")) == [
        (TODAY, AskState.SILENT),
        (TODAY + 7 * DAY, AskState.OPEN),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(make_pair: MakePair, shipped: Shipped) -> None:
    for _ in range(3):
        make_pair(BEGUN)
    by = program()
    assert at_once(*[lambda: ask_due(by=by)] * 4)[DONE] == 4
    assert Ask.objects.count() == Letter.objects.filter(event="questions_asked").count() == 6
    later = program(AT + 6 * DAY)
    assert at_once(*[lambda: remind(by=later)] * 4)[DONE] == 4
    assert Letter.objects.filter(event="questions_waiting").count() == 6


def test_queries_do_not_grow_with_the_pairs(
    make_pair: MakePair, shipped: Shipped, django_assert_num_queries: CountQueries
) -> None:
    make_pair(BEGUN)
    with django_assert_num_queries(17):
        assert ask_due(by=program()) == 2
    Ask.objects.all().delete()
    for _ in range(2):
        make_pair(BEGUN)
    with django_assert_num_queries(17):
        assert ask_due(by=program()) == 6
    later = program(AT + 6 * DAY)
    with django_assert_num_queries(9):
        assert remind(by=later) == 6


def test_other_letters_of_the_day_go_with_it(make_pair: MakePair, shipped: Shipped) -> None:
    make_pair(BEGUN)
    with time_machine.travel(AT):
        ask_due(by=program())
    asked_now = Letter.objects.filter(event="questions_asked")
    assert {timezone.localtime(one.send_after).time() for one in asked_now} == {time(16)}


def test_only_ones_own_division_is_asked_by_hand(
    make_pair: MakePair, shipped: Shipped, national_lead: Staff, other_division: Division, coordinator: Staff
) -> None:
    make_pair(TODAY - 5 * DAY)
    make_pair(TODAY - 5 * DAY, of=other_division, by=national_lead)
    assert ask_by_hand(by=national_lead, questionnaire=shipped["quality"]) == 4
    assert ask_by_hand(by=national_lead, questionnaire=shipped["quality"]) == 0
