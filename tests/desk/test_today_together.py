"""Why each thing is there; several at once; the week; the caseload: counts agree with the lists that they open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any, Final
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from conftest import MakeStaff
from factories.django_rows import AT, TODAY, make_application, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, snooze
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup.cadence import Why
from mentornet.followup.models import CadenceRun, Talk
from mentornet.intake.models import Enrolment, Interview
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.programmes.models import Programme
from mentornet.programmes.services import change_programme
from partnerships.couples import make_couple
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
DAY: Final = timedelta(days=1)
WORDS: Final = {
    "mentee": "Amina",
    "mentor": "Karen",
    "name": "Amina",
    "who": "Karen",
    "count": 2,
    "helping": 1,
    "not_now": 2,
    "answered": 3,
    "asked": 4,
    "division": "Odense",
    "programme": "Mentor network",
}
MakePair = Callable[..., Partnership]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def make_pair(coordinator: Staff, division: Division, programme: Programme) -> MakePair:
    def make(owner: Staff | None = coordinator) -> Partnership:
        couple = make_couple(
            coordinator, division, programme, matched_on=TODAY - 40 * DAY, first_met_on=TODAY - 30 * DAY
        )
        Enrolment.objects.filter(pk=couple.mentee_id).update(coordinator_id=owner.user_id if owner else None)
        return Partnership.objects.get(pk=couple.pk)

    return make


def wait(
    by: Staff, target: Any, kind: Kind = Kind.CONTACT, on: date = TODAY, owner: Staff | None = None, **words: object
) -> Task:
    return ask_for(
        by=by, kind=kind, target_id=getattr(target, "pk", target), division_id=min(by.casework), due_on=on,
        owner_id=owner.user_id if owner else None, words=WORDS | words,
    )  # fmt: skip


def rows(page: str) -> int:
    return len(re.findall(r"<li[^>]* data-row", page))


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        (Kind.CONTACT, {"why": Why.FIRST, "hours": 48}, "Matched, and both are called within 48 hours."),
        (
            Kind.CONTACT,
            {"why": Why.USUAL, "since": (TODAY - 34 * DAY).isoformat(), "every": 30},
            "Last talked 34 days ago; agreed: every 30 days.",
        ),
        (
            Kind.CONTACT,
            {"why": Why.MONTH, "since": (TODAY - DAY).isoformat(), "every": 15},
            "Last talked 1 day ago; in the first month every 15 days.",
        ),
        (
            Kind.CONTACT,
            {"why": Why.SETTLED, "since": (TODAY - 95 * DAY).isoformat(), "every": 91},
            "Last talked 95 days ago; they are settled: every 91 days.",
        ),
        (
            Kind.CONTACT,
            {"why": Why.AGREED, "since": (TODAY - 9 * DAY).isoformat()},
            "Last talked 9 days ago; this day was agreed then.",
        ),
        (
            Kind.CALL_WANTED,
            {"why": Why.TRIED, "since": (TODAY - 2 * DAY).isoformat()},
            "Called 2 days ago, and nobody answered.",
        ),
        (
            Kind.CONTACT,
            {"why": Why.UNKNOWN, "since": (TODAY - 7 * DAY).isoformat()},
            "Here since 7 days, and no talk is noted yet.",
        ),
        (Kind.CONTACT, {}, "It is time to hear how it goes."),
        (Kind.NOT_MET, {"since": (TODAY - 15 * DAY).isoformat()}, "Matched 15 days ago; most have met by now."),
        (Kind.ENDING, {"until": "2026-04-01"}, "They have agreed until 1 April 2026."),
        (Kind.PROTECT, {}, "She may be in danger."),
    ],
)
def test_each_row_says_why_it_is_there(
    kind: Kind, words: dict[str, Any], sentence: str, desk: Client, coordinator: Staff
) -> None:
    wait(coordinator, uuid4(), kind, **words)
    assert sentence in text(desk.get(reverse("desk:today")).content.decode())


def test_no_kind_stands_there_without_a_reason(desk: Client, coordinator: Staff) -> None:
    for kind in Kind:
        wait(coordinator, uuid4(), kind, owner=coordinator)
    page = desk.get(reverse("desk:today")).content.decode()
    shown = re.findall(r"<li[^>]* data-row.*?</li>", page, re.DOTALL)
    assert [text(row) for row in shown if "task-reason" not in row] == []
    assert len(shown) == len(Kind)


# Several at once ------------------------------------------------------------------------------------------------------


def together(desk: Client, tasks: list[Task], **typed: str) -> Any:
    return desk.post(reverse("desk:tasks_together"), {"task": [str(task.pk) for task in tasks], **typed}, follow=True)


def test_several_are_put_off_for_one_reason(desk: Client, coordinator: Staff) -> None:
    tasks = [wait(coordinator, uuid4(), Kind.DECIDE) for _number in range(3)]
    page = desk.get(reverse("desk:tasks_together"), {"task": [str(task.pk) for task in tasks[:2]]}).content.decode()
    assert "2 things" in page
    until = (TODAY + 4 * DAY).isoformat()
    wrong = together(desk, tasks[:2], do="put_off", until=until, reason=" ")
    assert wrong.status_code == 422
    past = together(desk, tasks[:2], do="put_off", until=TODAY.isoformat(), reason="Ferie")
    assert "Choose a day after today." in past.content.decode()
    done = together(desk, tasks[:2], do="put_off", until=until, reason="Ferie").content.decode()
    assert "2 things are put off. They come back on 6 March 2026." in done
    assert rows(done) == 1
    assert set(Task.objects.values_list("snooze_reason", flat=True)) == {"", "Ferie"}
    noted = Entry.objects.filter(act="agenda.put_off").values_list("object_id", "actor", "detail")
    assert sorted(noted, key=str) == sorted(
        ((str(task.pk), coordinator.key, {"kind": "decide", "until": until}) for task in tasks[:2]), key=str
    )


def test_what_is_done_with_one_task_is_on_the_record_as_with_many(desk: Client, coordinator: Staff) -> None:
    task = wait(coordinator, uuid4(), Kind.PROPOSAL_ENDED)
    until = (TODAY + 4 * DAY).isoformat()
    for name in ("task_snooze", "task_wake", "task_done", "task_untick"):
        desk.post(reverse(f"desk:{name}", args=[task.pk]), {"until": until, "reason": "Ferie"})
    noted = Entry.objects.filter(object_id=str(task.pk)).order_by("pk")
    assert list(noted.values_list("act", flat=True)) == [
        "agenda.put_off", "agenda.wake", "agenda.tick_off", "agenda.untick",
    ]  # fmt: skip
    # Nothing is noted of what has not come about, nor what was written.
    assert "Ferie" not in str(list(noted.values("detail")))
    desk.post(reverse("desk:task_snooze", args=[task.pk]), {"until": TODAY.isoformat(), "reason": "Ferie"})
    assert noted.count() == 4


def test_several_are_handed_to_a_colleague_as_far_as_she_may_see_them(
    client: Client, sign_in: SignIn, make_staff: MakeStaff, division: Division, other_division: Division,
    national_lead: Staff,
) -> None:  # fmt: skip
    colleague = make_staff(Role.COORDINATOR, division)
    desk = sign_in(client, national_lead)
    here, there = wait(national_lead, uuid4(), Kind.DECIDE), wait(national_lead, uuid4(), Kind.DECIDE)
    Task.objects.filter(pk=here.pk).update(division_id=division.pk)
    Task.objects.filter(pk=there.pk).update(division_id=other_division.pk)
    page = together(desk, [here, there], do="hand_on", user=str(colleague.user_id)).content.decode()
    assert "1 thing is on the list of" in page
    assert "1 stays where it was" in page
    assert Task.objects.get(pk=here.pk).owner_id == colleague.user_id
    assert Task.objects.get(pk=there.pk).owner_id is None
    entry = Entry.objects.get(act="agenda.hand_over")
    assert (entry.object_id, entry.division_id, entry.actor) == (str(here.pk), division.pk, national_lead.key)
    assert entry.detail == {"kind": "decide", "to": colleague.key}
    refused = together(desk, [there], do="hand_on", user=str(colleague.user_id))
    assert refused.status_code == 422
    assert "She does not work with the people in any of these." in text(refused.content.decode())


@pytest.mark.parametrize("kind", [Kind.REVEAL, Kind.REVEALED, Kind.RETENTION, Kind.HELD_BACK])
def test_what_watches_over_a_colleague_is_not_handed_to_her(
    client: Client, sign_in: SignIn, make_staff: MakeStaff, division: Division, coordinator: Staff, kind: Kind
) -> None:
    colleague = make_staff(Role.COORDINATOR, division)
    watch = wait(coordinator, uuid4(), kind, owner=coordinator)
    refused = together(sign_in(client, coordinator), [watch], do="hand_on", user=str(colleague.user_id))
    assert refused.status_code == 422
    assert Task.objects.get(pk=watch.pk).owner_id == coordinator.user_id


def test_several_calls_are_noted_with_one_date(desk: Client, coordinator: Staff, make_pair: MakePair) -> None:
    pairs = [make_pair() for _number in range(3)]
    calls, other = [wait(coordinator, pair) for pair in pairs], wait(coordinator, uuid4(), Kind.DECIDE)
    page = together(desk, [*calls[:2], other], do="talked", on=(TODAY - DAY).isoformat()).content.decode()
    assert "Noted: you have talked with 2 pairs." in text(page)
    assert rows(page) == 2
    assert set(Talk.objects.values_list("partnership_id", "on", "with_whom")) == {
        (pair.pk, TODAY - DAY, "both") for pair in pairs[:2]
    }
    early = together(desk, [calls[2]], do="talked", on=(TODAY - 60 * DAY).isoformat())
    assert "They were matched after that day." in early.content.decode()
    assert together(desk, [other], do="talked", on=TODAY.isoformat()).status_code == 422


def test_nothing_ticked_and_another_divisions_tasks_lead_back(
    desk: Client, other_coordinator: Staff, coordinator: Staff
) -> None:
    theirs = wait(other_coordinator, uuid4(), Kind.DECIDE)
    for given in ([], [theirs]):
        page = together(desk, given, do="put_off", until=(TODAY + DAY).isoformat(), reason="x").content.decode()
        assert "Tick what you want to do something with first." in page
    assert Task.objects.get(pk=theirs.pk).snoozed_until is None
    assert desk.get(reverse("desk:tasks_together"), {"task": "no key"}).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_several_at_once_ask_as_much(
    count: int, desk: Client, coordinator: Staff, django_assert_num_queries: CountQueries
) -> None:
    keys = [str(wait(coordinator, uuid4(), Kind.DECIDE).pk) for _number in range(count)]
    desk.get(reverse("desk:tasks_together"), {"task": keys})
    with django_assert_num_queries(7):
        desk.get(reverse("desk:tasks_together"), {"task": keys})


# The week -------------------------------------------------------------------------------------------------------------


def week(desk: Client, **query: str) -> str:
    return desk.get(reverse("desk:week"), query).content.decode()


def test_a_week_shows_what_falls_on_its_days(
    desk: Client, coordinator: Staff, make_pair: MakePair, division: Division, programme: Programme
) -> None:
    wait(coordinator, uuid4(), Kind.DECIDE, TODAY)
    put_off = wait(coordinator, uuid4(), Kind.CHANGED, TODAY)
    snooze(by=coordinator, task=put_off, until=TODAY + 3 * DAY, reason="Ferie")
    wait(coordinator, uuid4(), Kind.DECIDE, TODAY + 7 * DAY)
    wait(coordinator, uuid4(), Kind.DECIDE, TODAY - DAY)
    Talk.objects.create(
        partnership=make_pair(), on=TODAY - 9 * DAY, next_call_on=TODAY + 2 * DAY, with_whom="both",
        written_by=coordinator.key, author_name="Inger", created_at=AT,
    )  # fmt: skip
    application = make_application("mentee", division, programme=programme)
    Interview.objects.create(
        application=application, at=AT + 4 * DAY, interviewer=user_of(coordinator), created_at=AT, place="Here"
    )
    page = week(desk)
    days = page.split('<li class="week-day')[1:]
    assert len(days) == 7
    assert [rows(day) for day in days] == [1, 0, 1, 1, 1, 0, 0]
    assert "Talk agreed with" in days[2]
    assert "Interview with" in days[4]
    assert "week-today" in page
    assert "1 thing is late" in text(page)
    after = week(desk, **{"from": (TODAY + 7 * DAY).isoformat()})
    assert [rows(day) for day in after.split('<li class="week-day')[1:]] == [1, 0, 0, 0, 0, 0, 0]
    assert "Nothing stands here." in after
    assert "A public holiday" in week(desk, **{"from": "2026-04-02"})
    for odd in ("x", "0001-01-01", "9999-12-31"):
        assert week(desk, **{"from": odd}).count('<li class="week-day') == 7


def test_what_was_talked_or_asked_for_since_is_no_longer_planned(
    desk: Client, coordinator: Staff, make_pair: MakePair
) -> None:
    for number in range(3):
        pair = make_pair()
        facts = {"partnership": pair, "with_whom": "both", "written_by": coordinator.key, "author_name": "Inger"}
        Talk.objects.create(on=TODAY - 9 * DAY, next_call_on=TODAY + 2 * DAY, created_at=AT, **facts)
        if number == 1:
            Talk.objects.create(on=TODAY - 2 * DAY, created_at=AT, **facts)
        elif number == 2:
            wait(coordinator, pair, on=TODAY + 2 * DAY)
    page = week(desk)
    assert page.count("Talk agreed with") == 1
    assert rows(page) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_week_asks_as_much_for_many(
    count: int, desk: Client, coordinator: Staff, make_pair: MakePair, django_assert_num_queries: CountQueries
) -> None:
    for number in range(count):
        wait(coordinator, uuid4(), Kind.DECIDE, TODAY + number * DAY)
        Talk.objects.create(
            partnership=make_pair(), on=TODAY - 9 * DAY, next_call_on=TODAY + 2 * DAY, with_whom="both",
            written_by=coordinator.key, author_name="Inger", created_at=AT,
        )  # fmt: skip
    week(desk)
    with django_assert_num_queries(10):
        week(desk)


# The caseload ---------------------------------------------------------------------------------------------------------


def test_every_count_opens_the_list_that_it_counts(
    client: Client, sign_in: SignIn, division_lead: Staff, coordinator: Staff, make_staff: MakeStaff,
    division: Division, make_pair: MakePair,
) -> None:  # fmt: skip
    colleague = make_staff(Role.COORDINATOR, division)
    for owner, pairs, days in ((coordinator, 2, (0, -1, -3, 2)), (colleague, 1, (-1,)), (None, 1, (0, -2))):
        for _number in range(pairs):
            make_pair(owner)
        for number in days:
            wait(coordinator, uuid4(), Kind.DECIDE, TODAY + number * DAY, owner)
    desk = sign_in(client, division_lead)
    page = desk.get(reverse("desk:caseload")).content.decode()
    body = page[page.index("<tbody") : page.index("</tbody")]
    links = re.findall(r'<a href="([^"]+)">(\d+)</a>', body)
    assert len(links) == 3 * 4
    for url, number in links:
        opened = desk.get(unescape(url)).content.decode()
        assert rows(opened) == int(number), url
    assert sorted(int(number) for _url, number in links) == [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3]


def test_a_coordinator_sees_her_own_load_and_no_others(
    desk: Client, coordinator: Staff, make_staff: MakeStaff, division: Division, make_pair: MakePair
) -> None:
    colleague = make_staff(Role.COORDINATOR, division)
    make_pair(colleague)
    pair = make_pair()
    facts = {"partnership": pair, "with_whom": "both", "written_by": coordinator.key, "author_name": "Inger"}
    Talk.objects.create(on=TODAY - 9 * DAY, minutes=30, created_at=AT, **facts)
    Talk.objects.create(on=TODAY - 40 * DAY, minutes=60, created_at=AT, **facts)
    Meeting.objects.create(partnership=pair, on=TODAY - DAY, minutes=90, told_by="x", created_at=AT)
    CadenceRun.objects.create(night=TODAY, created_at=AT, total=8, looked_at=3)
    page = desk.get(reverse("desk:caseload")).content.decode()
    assert "Vibeke Holst" not in page
    assert ">0.5</td>" in page
    assert ">1.5</td>" in page
    assert "3 of 8 done." in page
    CadenceRun.objects.update(finished_at=AT, looked_at=8, asked=2)
    assert "looked at 8 pairs and put 2 new things" in text(desk.get(reverse("desk:caseload")).content.decode())


def test_more_than_one_can_carry_is_said(
    desk: Client, coordinator: Staff, make_pair: MakePair, programme: Programme, national_lead: Staff
) -> None:
    for _number in range(5):
        make_pair()
    change_programme(
        by=national_lead, programme=programme, seen=programme.versions.first().number,  # type: ignore[union-attr]
        settings={"care_settings": {"pairs_at_once": 5}}, author_name="X", reason="Fewer.",
    )  # fmt: skip
    assert "looks after" not in text(desk.get(reverse("desk:caseload")).content.decode())
    make_pair()
    page = text(desk.get(reverse("desk:caseload")).content.decode())
    assert "Inger Holm looks after 6 pairs; the programme says 5 at most." in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_caseload_asks_as_much_for_many(
    count: int, client: Client, sign_in: SignIn, division_lead: Staff, make_staff: MakeStaff, division: Division,
    make_pair: MakePair, coordinator: Staff, django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    for _number in range(count):
        colleague = make_staff(Role.COORDINATOR, division)
        make_pair(colleague)
        wait(coordinator, uuid4(), Kind.DECIDE, TODAY, colleague)
    desk = sign_in(client, division_lead)
    desk.get(reverse("desk:caseload"))
    with django_assert_num_queries(11):
        desk.get(reverse("desk:caseload"))


def test_a_list_of_somebody_who_does_not_work_here_is_ones_own(
    desk: Client, coordinator: Staff, other_coordinator: Staff
) -> None:
    wait(coordinator, uuid4(), Kind.DECIDE)
    for whose in (str(other_coordinator.user_id), "x", str(uuid4())):
        page = desk.get(reverse("desk:today"), {"whose": whose}).content.decode()
        assert rows(page) == 1
        assert "Karen Lund" not in page
