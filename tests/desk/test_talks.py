"""Noting a talk: on one page, with what she would be given of it, and what Today loses by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Talk
from mentornet.followup.services import log_talk
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
DAY: Final = timedelta(days=1)
USUAL: Final = {"with_whom": "mentee", "was_reached": "yes", "way": "phone", "on": TODAY.isoformat()}


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme, matched_on=TODAY - 40 * DAY, first_met_on=TODAY - 40 * DAY)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def address(pair: Partnership) -> str:
    return reverse("desk:partnership_talk", args=[pair.pk])


def waits(by: Staff, pair: Partnership, kind: Kind = Kind.CONTACT) -> Task:
    return ask_for(
        by=by, kind=kind, target_id=pair.pk, division_id=pair.division_id, due_on=TODAY, owner_id=by.user_id,
        words={"mentee": "Amina", "mentor": "Karen", "name": "Amina"},
    )  # fmt: skip


def test_a_talk_is_noted_and_what_waited_is_done(desk: Client, pair: Partnership, coordinator: Staff) -> None:
    task = waits(coordinator, pair)
    today = desk.get(reverse("desk:today")).content.decode()
    assert address(pair) in today
    assert "data-draft-fresh" in desk.get(address(pair)).content.decode()
    answer = desk.post(address(pair), USUAL | {"going": "so_so", "minutes": "10", "seen": "Hun venter."}, follow=True)
    html = answer.content.decode()
    assert "What was waiting for this talk is done." in html
    assert "Talked with Amina: it goes so-so" in html
    assert "Hun venter." in html
    talk = Talk.objects.get()
    assert (talk.going, talk.minutes, talk.was_reached) == ("so_so", 10, True)
    task.refresh_from_db()
    assert task.done_at is not None
    undone = desk.post(reverse("desk:talk_take_back", args=[talk.pk]), follow=True).content.decode()
    assert "Taken back." in undone
    task.refresh_from_db()
    assert task.done_at is None


def test_nobody_reached_comes_back_on_the_next_working_day(desk: Client, pair: Partnership, coordinator: Staff) -> None:
    task = waits(coordinator, pair)
    # What she had ticked before nobody answered is left out.
    html = desk.post(
        address(pair), USUAL | {"was_reached": "no", "going": "well", "minutes": "5"}, follow=True
    ).content.decode()
    assert "It comes back on the next working day." in html
    assert "did not reach her" in html
    assert Talk.objects.get().going == ""
    task.refresh_from_db()
    assert (task.due_on, task.done_at) == (TODAY + DAY, None)
    assert "Called 0 days ago, and nobody answered." in desk.get(reverse("desk:today")).content.decode()


@pytest.mark.parametrize(
    ("with_whom", "names"), [("mentee", ["Amina"]), ("mentor", ["Karen"]), ("both", ["Amina", "Karen"])]
)
def test_what_she_would_receive_is_shown_and_nothing_is_kept(
    with_whom: str, names: list[str], desk: Client, pair: Partnership
) -> None:
    given = {"with_whom": with_whom, "preview": "1", "seen": "Set ord.", "thought": "Tænkt ord.", "going": "well"}
    answer = desk.post(address(pair), USUAL | given)
    html = answer.content.decode()
    part = html[html.index("What she would receive if she asks for her data") :]
    assert all(f"<bdi>{name}</bdi>" in part for name in names)
    assert ("would each be given this" in part) == (len(names) == 2)
    assert part.index("Set ord.") < part.index("Tænkt ord.")
    assert not Talk.objects.exists()
    assert "data-draft-fresh" not in html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"with_whom": ""}, 'href="#id_with_whom"'),
        ({"on": (TODAY + DAY).isoformat()}, "That day is still to come."),
        ({"next_call_on": TODAY.isoformat()}, "Choose a day after today"),
        ({"on": (TODAY - 50 * DAY).isoformat()}, "They were matched after that day."),
    ],
)
def test_what_cannot_be_keeps_what_was_typed(
    typed: dict[str, str], words: str, desk: Client, pair: Partnership
) -> None:
    html = desk.post(address(pair), USUAL | {"seen": "Noget vigtigt."} | typed).content.decode()
    assert words in html
    assert "Noget vigtigt." in html
    assert not Talk.objects.exists()


def test_what_somebody_thinks_stands_on_a_page_of_its_own_and_reading_it_is_recorded(
    desk: Client, pair: Partnership, coordinator: Staff
) -> None:
    talk = log_talk(by=coordinator, partnership=pair, on=TODAY, with_whom="mentee", thought="kanarietanke")
    html = desk.get(reverse("desk:partnership", args=[pair.pk])).content.decode()
    assert "kanarietanke" not in html
    assert reverse("desk:talk_thought", args=[talk.pk]) in html
    assert desk.get(reverse("desk:talk_thought", args=[talk.pk])).status_code == 405
    read = desk.post(reverse("desk:talk_thought", args=[talk.pk])).content.decode()
    assert "kanarietanke" in read
    assert Entry.objects.filter(act="followup.read_thought").count() == 1
    html = desk.get(reverse("desk:partnership", args=[pair.pk])).content.decode()
    assert "Read what a coordinator thinks of a talk" in html


def test_a_closed_pair_leads_back_and_takes_nothing(desk: Client, pair: Partnership) -> None:
    Partnership.objects.filter(pk=pair.pk).update(state=PartnershipState.CLOSED, closing_reason="goal", closed_on=TODAY)
    html = desk.get(address(pair), follow=True).content.decode()
    assert "What you hear now belongs in a note." in html
    assert "What you hear now belongs in a note." in desk.post(address(pair), USUAL).content.decode()
    assert not Talk.objects.exists()


def test_another_divisions_pair_and_talk_are_not_there(
    client: Client, sign_in: SignIn, other_coordinator: Staff, pair: Partnership, coordinator: Staff
) -> None:
    talk = log_talk(by=coordinator, partnership=pair, on=TODAY, with_whom="mentee", thought="x")
    desk = sign_in(client, other_coordinator)
    assert desk.get(address(pair)).status_code == 404
    assert desk.post(address(pair), USUAL).status_code == 404
    for name in ("desk:talk_thought", "desk:talk_take_back"):
        assert desk.post(reverse(name, args=[talk.pk])).status_code == 404
    assert Talk.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_pairs_page_asks_as_much_for_many_talks(
    count: int, desk: Client, pair: Partnership, coordinator: Staff, django_assert_num_queries: CountQueries
) -> None:
    for number in range(count):
        log_talk(by=coordinator, partnership=pair, on=TODAY - number * DAY, with_whom="both", thought=f"x{number}")
    where: Any = reverse("desk:partnership", args=[pair.pk])
    desk.get(where)
    with django_assert_num_queries(21):
        desk.get(where)
    with django_assert_num_queries(5):
        desk.get(address(pair))
