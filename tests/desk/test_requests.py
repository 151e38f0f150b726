"""Requests about data at the desk: the clock, taken down, done, answered; data at rest; who was told outside."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from matching.pairs import Pair, make_pair

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_staff, saved
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Objection, Person, Restriction
from mentornet.people.participants import Participant
from mentornet.privacy.enums import Outcome, RequestKind
from mentornet.privacy.models import Demand, Disclosure, Request
from mentornet.privacy.services.objecting import object_to
from mentornet.privacy.services.requesting import ask_about_data
from mentornet.privacy.services.restricting import restrict_data
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def person(division: Division) -> Person:
    return make_enrolment("mentee", division).person


def asked(person: Person, kind: RequestKind = RequestKind.ACCESS, *, due_in: int | None = None) -> Request:
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    request = ask_about_data(by=by, kind=kind, words="What do you keep?")
    if due_in is not None:
        days = {"received_on": TODAY + timedelta(days=due_in - 30), "due_on": TODAY + timedelta(days=due_in)}
        Request.objects.filter(pk=request.pk).update(**days)
        Task.objects.filter(target_id=request.pk).update(due_on=days["due_on"])
        request.refresh_from_db()
    return request


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"desk:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_today_counts_what_its_list_opens(desk: Client, division: Division) -> None:
    people = [make_enrolment("mentee", division).person for _ in range(3)]
    for person in people:
        asked(person)
    rows = desk.get(reverse("desk:today"), {"kind": Kind.REQUEST, "whose": "all"}).content.decode()
    assert rows.count("Open the request") == 3
    assert read(desk, "requests").count("data-row") == 3


def test_what_is_late_is_loud(desk: Client, person: Person) -> None:
    request = asked(person, due_in=-2)
    assert "tone-bad" in read(desk, "requests")
    assert "tone-bad" in desk.get(reverse("desk:today"), {"whose": "all"}).content.decode()
    page = read(desk, "request", request.pk)
    assert "The time is over" in page
    assert "It takes longer" not in page


def test_the_list_asks_as_often_for_three_as_for_one(desk: Client, division: Division) -> None:
    asked(make_enrolment("mentee", division).person)
    with CaptureQueriesContext(connection) as one:
        read(desk, "requests")
    for _ in range(2):
        asked(make_enrolment("mentee", division).person)
    with CaptureQueriesContext(connection) as three:
        read(desk, "requests")
    assert len(three) == len(one)


@pytest.mark.parametrize("kind", list(RequestKind))
def test_each_kind_leads_to_the_page_that_does_it(
    desk: Client, division_lead: Staff, person: Person, kind: RequestKind
) -> None:
    page = read(desk, "request", asked(person, kind).pk)
    if kind in {RequestKind.ACCESS, RequestKind.ERASURE}:
        assert "Whoever leads your division does this" in page
        assert f"<bdi>{division_lead.name}</bdi>" in page
    else:
        assert f"/desk/people/{person.pk}/" in page.partition("First do it")[2]
    assert "Answer her and close it" in page


def test_what_was_done_leads_back_to_the_request_that_asked_for_it(desk: Client, person: Person) -> None:
    begin = reverse("desk:person_rest_begin", args=[person.pk])
    rest = asked(person, RequestKind.RESTRICTION)
    assert "It is done" not in read(desk, "request", rest.pk)
    answer = desk.post(begin, {"reason": "She doubts it."}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("desk:request", args=[rest.pk])
    assert "It is done" in answer.content.decode()
    # Nobody has asked for this one: it stays where it was pressed.
    page = reverse("desk:person_objections", args=[person.pk])
    note = {"purpose": "news", "say": "no"}
    assert desk.post(page, note, follow=True).redirect_chain[-1][0] == page
    desk.post(page, {"purpose": "news", "say": "yes"})
    objection = asked(person, RequestKind.OBJECTION)
    assert desk.post(page, note, follow=True).redirect_chain[-1][0] == reverse("desk:request", args=[objection.pk])


def test_a_lead_is_led_to_her_copy(client: Client, sign_in: SignIn, division_lead: Staff, person: Person) -> None:
    page = read(sign_in(client, division_lead), "request", asked(person).pk)
    assert reverse("desk:person_copy", args=[person.pk]) in page


def test_taken_down_then_answered_once(desk: Client, person: Person) -> None:
    page = reverse("desk:person_request", args=[person.pk])
    form = {"kind": "access", "way": "letter", "received_on": TODAY.isoformat(), "words": "A copy."}
    response = desk.post(page, form)
    assert "Make sure first" in response.content.decode()
    assert not Request.objects.exists()
    for _ in range(2):
        assert desk.post(page, form | {"is_she": "on"}).status_code == 302
    request = Request.objects.get()
    assert request.due_on == TODAY + timedelta(days=30)
    close = reverse("desk:request_close", args=[request.pk])
    refused = desk.post(close, {"outcome": "done", "answer": ""})
    assert refused.status_code == 200
    for _ in range(2):
        assert desk.post(close, {"outcome": "refused", "answer": "It is not ours."}).status_code == 302
    request.refresh_from_db()
    assert (request.outcome, request.answer) == (Outcome.REFUSED, "It is not ours.")
    assert "It is not ours." in read(desk, "request", request.pk)
    assert "data-row" in read(desk, "requests", query="?state=closed")


def test_more_time_keeps_what_was_typed(desk: Client, person: Person) -> None:
    request = asked(person)
    extend = reverse("desk:request_extend", args=[request.pk])
    late = (request.due_on + timedelta(days=90)).isoformat()
    page = desk.post(extend, {"until": late, "reason": "There is much."}).content.decode()
    assert "There is much." in page
    assert "at most two months later" in page
    until = request.due_on + timedelta(days=30)
    assert desk.post(extend, {"until": until.isoformat(), "reason": "There is much."}).status_code == 302
    request.refresh_from_db()
    assert request.due_on == until


def test_another_division_finds_nothing(client: Client, sign_in: SignIn, person: Person) -> None:
    request = asked(person)
    told = saved(
        Disclosure(
            person=person, division=request.division, told_on=TODAY, told_to="A court", told="Hours.", reason="Order.",
            ground="law", written_by="x", author_name="x", created_at=AT,
        )
    )  # fmt: skip
    stranger = sign_in(client, make_staff("coordinator", make_division()))
    for name, key in (
        ("request", request.pk), ("disclosure", told.pk), ("person_request", person.pk), ("person_rest", person.pk),
        ("person_objections", person.pk), ("person_disclosures", person.pk),
    ):  # fmt: skip
        assert stranger.get(reverse(f"desk:{name}", args=[key])).status_code == 404, name
    assert "data-row" not in read(stranger, "requests")


def test_a_protected_person_stands_by_her_other_name(desk: Client, person: Person) -> None:
    asked(person)
    Person.objects.filter(pk=person.pk).update(first_name="Rose", last_name="", is_protected=True)
    assert "Rose" in read(desk, "requests")


# Data at rest -------------------------------------------------------------------------------------------------------


def test_the_page_says_what_happens_before_it_happens(desk: Client, person: Person) -> None:
    page = read(desk, "person_rest", person.pk)
    for words in ("no waiting list", "is withdrawn", "goes on", "by telephone", "Nothing is deleted"):
        assert words in page
    assert desk.post(reverse("desk:person_rest_begin", args=[person.pk]), {"reason": " "}).status_code == 200
    assert not Restriction.objects.exists()
    for _ in range(2):
        begun = desk.post(reverse("desk:person_rest_begin", args=[person.pk]), {"reason": "She doubts it."})
        assert begun.status_code == 302
    assert "her data rest" in read(desk, "person", person.pk)
    ends = reverse("desk:person_rest_ends", args=[person.pk])
    assert "at least seven days away" in desk.post(ends, {"day": TODAY.isoformat()}).content.decode()
    assert Restriction.objects.get().lifts_on is None
    assert desk.post(reverse("desk:person_rest_lift", args=[person.pk])).status_code == 302
    assert Restriction.objects.get().lifted_at is not None
    # Pressed twice it is as pressed once.
    assert desk.post(reverse("desk:person_rest_lift", args=[person.pk])).status_code == 302
    assert Entry.objects.filter(act="people.lift_restriction").count() == 1


def test_the_match_desk_says_why_nobody_is_chosen(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    pair: Pair = make_pair(division, programme)
    restrict_data(by=coordinator, person=pair[0].person, reason="She doubts it.")
    assert "She has asked for it" in read(desk, "match", pair[0].pk)
    assert pair[0].person.name not in read(desk, "waiting")


# Objections ---------------------------------------------------------------------------------------------------------


def test_noted_at_her_word_and_taken_back(desk: Client, person: Person) -> None:
    page = reverse("desk:person_objections", args=[person.pk])
    for _ in range(2):
        assert desk.post(page, {"purpose": ObjectionPurpose.RANKING, "say": "no"}).status_code == 302
    assert Objection.objects.filter(ended_at__isnull=True).count() == 1
    assert "she says no" in read(desk, "person_objections", person.pk)
    desk.post(page, {"purpose": "everything", "say": "no"})
    desk.post(page, {"purpose": ObjectionPurpose.RANKING, "say": "yes"})
    assert not Objection.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize("side", [0, 1])
def test_who_is_not_ranked_is_looked_at_by_hand(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, side: int
) -> None:
    pair = make_pair(division, programme)
    object_to(by=coordinator, person=pair[side].person, purpose=ObjectionPurpose.RANKING)
    page = read(desk, "match" if side == 0 else "match_by_hand", pair[0].pk)
    assert reverse("desk:match_pair", args=[pair[0].pk, pair[1].pk]) in page
    assert desk.get(reverse("desk:match_pair", args=[pair[0].pk, pair[1].pk])).status_code == 200


# Who outside was told -----------------------------------------------------------------------------------------------


def test_written_once_read_by_her_or_held_back(desk: Client, person: Person) -> None:
    page = reverse("desk:person_disclosures", args=[person.pk])
    told = {"key": str(uuid4()), "told_on": TODAY.isoformat(), "told_to": "A court", "told": "Her hours."}
    told |= {"reason": "An order.", "ground": "law"}
    half = desk.post(page, told | {"held_back_reason": "Police."})
    assert "Give both" in half.content.decode()
    assert not Disclosure.objects.exists()
    held = {"held_back_reason": "Police.", "review_on": (TODAY + timedelta(days=9)).isoformat()}
    for _ in range(2):
        assert desk.post(page, told | held).status_code == 302
    one = Disclosure.objects.get()
    assert "held back" in read(desk, "person_disclosures", person.pk)
    assert "Held back until" in read(desk, "disclosure", one.pk)
    assert desk.post(reverse("desk:disclosure_let_read", args=[one.pk])).status_code == 302
    assert "she can read it" in read(desk, "disclosure", one.pk)


def test_a_lead_lists_them_and_writes_down_a_demand(
    client: Client, sign_in: SignIn, division_lead: Staff, division: Division
) -> None:
    lead = sign_in(client, division_lead)
    assert "Nothing is written down" in read(lead, "disclosures")
    told = {"key": str(uuid4()), "division": str(division.pk), "asked_on": TODAY.isoformat(), "asked_by": "An embassy"}
    told |= {"asked": "All who come from there.", "answer": "refused"}
    for _ in range(2):
        assert lead.post(reverse("desk:demand"), told).status_code == 302
    assert Demand.objects.count() == 1
    assert "An embassy" in read(lead, "disclosures", query="?what=lists")
    other = told | {"key": str(uuid4()), "division": str(make_division().pk)}
    assert lead.post(reverse("desk:demand"), other).status_code == 200
    assert Demand.objects.count() == 1


def test_coordinators_do_not_open_the_leads_list(desk: Client) -> None:
    assert desk.get(reverse("desk:disclosures")).status_code == 403
