"""Mentors of other divisions at the desk: the search, the question, the answer, and what each side sees of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from matching.loans import REASON, Two, ask, make_mentors, make_two
from pytest_django import DjangoAssertNumQueries

from factories.django_rows import AT, make_enrolment
from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Division, HiddenPerson
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import LoanState
from mentornet.matching.lending import offered_to
from mentornet.matching.models import Loan, Proposal
from mentornet.matching.services import release_loan
from mentornet.partnerships.models import Partnership
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, two: Two) -> Client:
    return sign_in(client, two.asks)


@pytest.fixture
def lender(sign_in: SignIn, two: Two) -> Client:
    return sign_in(Client(), two.lends)


def page(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def named(two: Two) -> list[str]:
    return [word for one in two.mentors for word in (one.person.first_name, one.person.last_name) if word]


def test_the_search_shows_a_line_and_nobody(desk: Client, two: Two, other_division: Division) -> None:
    text = page(desk, "loan_search", two.mentee.pk)
    main = text[text.index("<main") :]
    assert "1 line" in main
    assert "Arabic" in main
    assert "the CV" in main
    assert other_division.name in main
    assert "fits very well" in main
    for word in {*named(two), *(str(one.pk) for one in two.mentors), *(str(one.person_id) for one in two.mentors)}:
        assert word not in main


@pytest.mark.parametrize("query", ["?field=2", "?language=ar", "?topic=cv", "?language=ar&field=2"])
def test_what_a_line_says_can_be_chosen(desk: Client, two: Two, query: str) -> None:
    assert "1 line" in page(desk, "loan_search", two.mentee.pk, query=query)


@pytest.mark.parametrize("query", ["?field=3", "?language=uk", "?language=da", "?topic=family_school", "?time=x"])
def test_what_no_line_says_finds_nothing(desk: Client, two: Two, query: str) -> None:
    # Each of them speaks Danish, and the page says it of none.
    text = page(desk, "loan_search", two.mentee.pk, query=query)
    assert "No line says all of that" in text


def test_asking_and_what_comes_then(desk: Client, lender: Client, two: Two) -> None:
    text = page(desk, "loan_search", two.mentee.pk)
    line = (offered_to(two.asks, two.mentee) or [])[0]
    assert line.handle in text
    form = page(desk, "loan_ask", two.mentee.pk, query=f"?line={line.handle}")
    assert "Ask her division" in form
    url = reverse("desk:loan_ask", args=[two.mentee.pk])
    empty = desk.post(url, {"line": line.handle, "reason": ""})
    assert empty.status_code == 422
    answer = desk.post(url, {"line": line.handle, "reason": REASON}, follow=True)
    loan = Loan.objects.get()
    assert answer.redirect_chain == [(reverse("desk:loan", args=[loan.pk]), 302)]
    mentor = Enrolment.objects.select_related("person").get(pk=loan.mentor_id).person
    assert mentor.first_name not in answer.content.decode().split("<main", 1)[1]
    # The division that is asked finds it on Today, and answers.
    assert mentor.name in page(lender, "today")
    hers = page(lender, "loan", loan.pk)
    assert REASON in hers
    assert mentor.name in hers
    assert two.mentee.person.first_name not in hers
    lender.post(reverse("desk:loan_release", args=[loan.pk]), {"until": "2026-04-15", "answer": "Call her at noon."})
    loan.refresh_from_db()
    assert loan.state == LoanState.RELEASED
    # From now on it is told who she is, and she can be proposed.
    text = page(desk, "loan", loan.pk)
    assert mentor.name in text
    assert "Call her at noon." in text
    pair = page(desk, "match_pair", two.mentee.pk, loan.mentor_id)
    assert "on loan from" in pair
    assert reverse("desk:person", args=[mentor.pk]) not in pair
    made = desk.post(
        reverse("desk:propose", args=[two.mentee.pk, loan.mentor_id]), {"reason": "Both are nurses.", "seen_version": 1}
    )
    assert made.status_code == 302
    assert Proposal.objects.get().state == "sent"
    loan.refresh_from_db()
    assert loan.state == LoanState.USED
    for client in (desk, lender):
        assert mentor.name in page(client, "loan", loan.pk)
        assert page(client, "proposal", loan.proposal_id)


def test_before_it_is_released_there_is_nobody(desk: Client, two: Two) -> None:
    loan = ask(two)
    page(desk, "match_pair", two.mentee.pk, loan.mentor_id, status=404)
    page(desk, "person", Enrolment.objects.get(pk=loan.mentor_id).person_id, status=404)
    made = desk.post(reverse("desk:propose", args=[two.mentee.pk, loan.mentor_id]), {"reason": "x", "seen_version": 1})
    assert made.status_code == 404
    release_loan(by=two.lends, loan=loan)
    page(desk, "match_pair", two.mentee.pk, loan.mentor_id)
    # Her own page stays her division's.
    page(desk, "person", Enrolment.objects.get(pk=loan.mentor_id).person_id, status=404)
    other = make_enrolment("mentee", two.mentee.division, programme=two.programme)
    page(desk, "match_pair", other.pk, loan.mentor_id, status=404)


def test_a_no_says_why_and_not_who(desk: Client, lender: Client, two: Two) -> None:
    small = make_mentors(Division.objects.get(pk=two.mentors[0].division_id), two.programme, 1)
    assert small
    loan = ask(two)
    url = reverse("desk:loan_decline", args=[loan.pk])
    assert lender.post(url, {"answer": ""}).status_code == 422
    assert lender.post(url, {"answer": "She moves in May."}).status_code == 302
    text = page(desk, "loan", loan.pk).split("<main", 1)[1]
    assert "She moves in May." in text
    for word in {*named(two), two.lends.name} - {two.asks.name}:
        assert word not in text
    assert "is not released" in page(desk, "today")
    task = Task.objects.get(kind=Kind.LOAN_ASKED, done_at__isnull=True)
    assert task.division_id == two.asks.casework.__iter__().__next__()


def test_a_division_that_was_not_told_is_not_told_by_a_no(
    desk: Client, lender: Client, two: Two, other_division: Division
) -> None:
    loan = ask(two)
    Loan.objects.filter(pk=loan.pk).update(seen=loan.seen | {"division": ""})
    lender.post(reverse("desk:loan_decline", args=[loan.pk]), {"answer": "She moves."})
    for text in (page(desk, "loan", loan.pk), page(desk, "loans", query="?by=us")):
        assert other_division.name not in text.split("<main", 1)[1]


def test_taking_back(desk: Client, lender: Client, two: Two) -> None:
    loan = ask(two)
    lender.post(reverse("desk:loan_back", args=[loan.pk]))
    loan.refresh_from_db()
    assert loan.state == LoanState.ASKED
    desk.post(reverse("desk:loan_back", args=[loan.pk]))
    loan.refresh_from_db()
    assert loan.state == LoanState.TAKEN_BACK


def test_a_line_that_has_gone_keeps_what_was_written(desk: Client, two: Two) -> None:
    answer = desk.post(reverse("desk:loan_ask", args=[two.mentee.pk]), {"line": "0" * 24, "reason": REASON})
    text = answer.content.decode()
    assert "This line is not there any more" in text
    assert REASON in text


def test_too_few_to_be_shown(sign_in: SignIn, division: Division, other_division: Division) -> None:
    four, none = make_two(division, other_division, 4), None
    client = sign_in(Client(), four.asks)
    with_four = page(client, "loan_search", four.mentee.pk)
    Enrolment.objects.filter(pk__in=[one.pk for one in four.mentors]).update(ended_on="2026-03-01")
    none = page(client, "loan_search", four.mentee.pk)
    assert "No line can be shown" in with_four
    assert with_four.split("<main", 1)[1] == none.split("<main", 1)[1]


def test_whoever_works_everywhere_is_led_to_the_list(sign_in: SignIn, two: Two, national_lead: Staff) -> None:
    assert "There is no other division" in page(sign_in(Client(), national_lead), "loan_search", two.mentee.pk)


def test_a_mentee_who_has_somebody_is_not_looked_for(desk: Client, two: Two) -> None:
    Enrolment.objects.filter(pk=two.mentee.pk).update(promised=1)
    assert "Its answers come first" in page(desk, "loan_search", two.mentee.pk)


def test_empty_lists_say_what_to_do(desk: Client) -> None:
    assert "No other division asks" in page(desk, "loans")
    assert "Nobody has been asked for" in page(desk, "loans", query="?by=us")


def test_the_way_leads_from_her_and_from_the_bank(desk: Client, two: Two) -> None:
    assert reverse("desk:loan_search", args=[two.mentee.pk]) in page(desk, "match", two.mentee.pk)
    assert reverse("desk:loans") in page(desk, "bank")


# Figures ------------------------------------------------------------------------------------------------------------


def pair(two: Two) -> Partnership:
    loan = release_loan(by=two.lends, loan=ask(two))
    mentor = Enrolment.objects.get(pk=loan.mentor_id)
    Enrolment.objects.filter(pk__in=[two.mentee.pk, mentor.pk]).update(active=1)
    return Partnership.objects.create(
        mentee=two.mentee, mentor=mentor, division=two.mentee.division, state="matched", matched_on="2026-03-01",
        created_at=two.asks.at,
    )  # fmt: skip


def test_a_pair_on_loan_stands_in_both_lists(desk: Client, lender: Client, two: Two) -> None:
    made = pair(two)
    for client in (desk, lender):
        assert reverse("desk:partnership", args=[made.pk]) in page(client, "partnerships")
        text = page(client, "loans")
        assert "once among all: 1 pair." in text
        assert Division.objects.get(pk=made.division_id if client is desk else made.mentor.division_id).name in text


# Queries ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three(
    desk: Client, two: Two, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_mentors(Division.objects.get(pk=two.mentors[0].division_id), two.programme, 3)
    for _number in range(count):
        ask(two)
    page(desk, "loans", query="?by=us")
    with django_assert_num_queries(10):
        assert page(desk, "loans", query="?by=us").count("data-row") == count


@pytest.mark.parametrize("kinds", [1, 3])
def test_the_search_asks_as_often_for_three_lines(
    desk: Client, two: Two, kinds: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place = Division.objects.get(pk=two.mentors[0].division_id)
    for occupation in ("3111", "4110")[: kinds - 1]:
        make_mentors(place, two.programme, 5, occupation=occupation)
    page(desk, "loan_search", two.mentee.pk)
    with django_assert_num_queries(15):
        assert page(desk, "loan_search", two.mentee.pk).count("data-row") == kinds


# Where she is looked for ----------------------------------------------------------------------------------------------


def main_of(client: Client, name: str, *args: Any, query: str = "") -> str:
    text = page(client, name, *args, query=query)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text[text.index("<main") :])


def test_once_released_she_stands_wherever_a_mentor_is_looked_for(desk: Client, two: Two) -> None:
    loan = ask(two)
    mentor = next(one for one in two.mentors if one.pk == loan.mentor_id)
    name, pair = mentor.person.name, reverse("desk:match_pair", args=[two.mentee.pk, mentor.pk])
    pages = [("match", (two.mentee.pk,), ""), ("why_nobody", (two.mentee.pk,), ""), ("waiting", (), "")]
    for which, args, query in pages:
        assert name not in main_of(desk, which, *args, query=query)
    release_loan(by=two.lends, loan=loan)
    for which, args, query in pages:
        main = main_of(desk, which, *args, query=query)
        assert name in main, which
        assert pair in main, which
    main = main_of(desk, "match", two.mentee.pk)
    assert "On loan, for her alone" in main
    assert "place 1 of 1" in main[: main.index('class="match"')]
    assert name in main_of(desk, "match_compare", two.mentee.pk, query=f"?with={mentor.pk}")
    assert name in main_of(desk, "match", two.mentee.pk, query=f"?q={mentor.person.first_name}")
    assert "for this mentee alone" in main_of(desk, "match_pair", two.mentee.pk, mentor.pk)


def test_a_loan_changes_no_byte_of_anybody_elses_pages(desk: Client, two: Two) -> None:
    beside = make_enrolment("mentee", two.mentee.division, programme=two.programme, occupation="2221", topics=("cv",),
                            languages={"da": "B1", "ar": "C2"})  # fmt: skip
    loan = ask(two)
    pages = [("match", ""), ("why_nobody", ""), ("match_compare", f"?with={loan.mentor_id}"), ("match", "?q=Bodil")]
    before = [main_of(desk, name, beside.pk, query=query) for name, query in pages]
    release_loan(by=two.lends, loan=loan)
    assert [main_of(desk, name, beside.pk, query=query) for name, query in pages] == before
    assert main_of(desk, "match", two.mentee.pk) != before[0]


def test_a_mentor_who_must_not_be_seen_by_her_changes_no_byte_when_lent(desk: Client, two: Two) -> None:
    loan = ask(two)
    pages = [("match", (two.mentee.pk,)), ("why_nobody", (two.mentee.pk,)), ("waiting", ())]
    mentor = next(one for one in two.mentors if one.pk == loan.mentor_id)
    hidden = HiddenPerson.objects.create(
        user_id=two.asks.user_id, person_id=mentor.person_id, set_by="user:x", created_at=AT
    )
    before = [main_of(desk, name, *args) for name, args in pages]
    release_loan(by=two.lends, loan=loan)
    assert [main_of(desk, name, *args) for name, args in pages] == before
    hidden.delete()
    assert main_of(desk, "match", two.mentee.pk) != before[0]
