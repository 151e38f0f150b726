"""Likely doubles at the desk: the list, two rows beside each other, making them one, undoing, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import make_pair, propose

from days import TODAY
from factories.django_rows import AT, make_enrolment, make_person, make_programme, saved
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.services import withdraw_proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person
from mentornet.privacy.models import Merge, NotTheSame
from mentornet.privacy.services.merging import merge_people
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def make_two(division: Division, programme: Programme, number: int = 0) -> tuple[Enrolment, Enrolment]:
    name = f"Warsame{number or ''}"
    return (
        make_enrolment(
            Role.MENTEE, division, programme=programme, occupation="2211",
            person=make_person("Hodan", name, email=f"hodan{number}@example.net", postcode="5000"),
            enrolment={"since": TODAY - timedelta(days=60)},
        ),
        make_enrolment(
            Role.MENTEE, division, programme=programme, occupation="2221",
            person=make_person("Hodan", name, email=f"h{number}@example.com", postcode="5000"),
            enrolment={"since": TODAY - timedelta(days=200)},
        ),
    )  # fmt: skip


@pytest.fixture
def two(division: Division, programme: Programme) -> tuple[Enrolment, Enrolment]:
    return make_two(division, programme)


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def filled(html: str, **chosen: str) -> dict[str, str]:
    """Return what the form would send: the mark that it carries, a reason, and what is chosen."""
    seen = html.partition('name="seen" value="')[2].partition('"')[0]
    assert seen
    return {"reason": "I have called her.", "seen": seen, **chosen}


def test_two_alike_are_told_of_and_laid_beside_each_other(desk: Client, two: tuple[Enrolment, Enrolment]) -> None:
    one, other = (place.person for place in two)
    address = reverse("desk:double", args=[one.pk, other.pk])
    assert address in page(desk, "doubles") or reverse("desk:double", args=[other.pk, one.pk]) in page(desk, "doubles")
    assert "She may stand here twice" in page(desk, "person", one.pk)
    assert address in page(desk, "double_find", one.pk)
    html = page(desk, "double", one.pk, other.pk)
    for said in ("hodan0@example.net", "h0@example.com", "person.email", "mentee.occupation", f"place.mentee.{two[0].programme_id}"):  # fmt: skip  # noqa: E501
        assert said in html
    # The longer wait stands there as chosen.
    assert f'id="place.mentee.{two[0].programme_id}-gone" value="gone" checked' in html


def test_two_become_one_and_two_again(desk: Client, two: tuple[Enrolment, Enrolment]) -> None:
    one, other = (place.person for place in two)
    address = reverse("desk:double", args=[one.pk, other.pk])
    form = filled(page(desk, "double", one.pk, other.pk), **{"person.email": "gone"})
    answer = desk.post(address, form, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("desk:person", args=[one.pk])
    html = answer.content.decode()
    assert "h0@example.com" in html
    assert "Two rows of hers were made one" in html
    assert "She may stand here twice" not in html
    merge = Merge.objects.get()
    assert reverse("desk:merge_undo", args=[merge.pk]) in html
    assert "I have called her." in page(desk, "merge", merge.pk)
    # A second press, and a colleague who is still looking at the two, are told and change nothing.
    assert "have been made one already" in desk.post(address, form, follow=True).content.decode()
    assert "have been made one already" in desk.get(address, follow=True).content.decode()
    undo = reverse("desk:merge_undo", args=[merge.pk])
    told = desk.post(undo, follow=True).content.decode()
    assert "everything is back where it was" in told
    assert Person.objects.get(pk=one.pk).email == "hodan0@example.net"
    assert "Somebody has undone this already" in desk.post(undo, follow=True).content.decode()
    assert "They are two again" in page(desk, "merge", merge.pk)


def test_a_place_that_was_a_double_offers_no_way_back(
    desk: Client, two: tuple[Enrolment, Enrolment], coordinator: Staff
) -> None:
    one, other = (place.person for place in two)
    merge_people(by=coordinator, kept=one, gone=other, chosen={}, reason="Twice")
    ended = Enrolment.objects.get(person=one, ended_on__isnull=False)
    html = page(desk, "person", one.pk)
    assert "was one with another place of hers" in html
    assert reverse("desk:enrolment_resume", args=[ended.pk]) not in html
    Enrolment.objects.filter(pk=ended.pk).update(end_reason="moved")
    assert reverse("desk:enrolment_resume", args=[ended.pk]) in page(desk, "person", one.pk)


def test_a_reason_is_asked_for_and_what_was_chosen_stays(desk: Client, two: tuple[Enrolment, Enrolment]) -> None:
    one, other = (place.person for place in two)
    form = filled(page(desk, "double", one.pk, other.pk), **{"person.email": "gone"}) | {"reason": " "}
    html = desk.post(reverse("desk:double", args=[one.pk, other.pk]), form).content.decode()
    assert 'id="person.email-gone" value="gone" checked' in html
    assert not Merge.objects.exists()


def test_what_changed_meanwhile_is_looked_at_again(desk: Client, two: tuple[Enrolment, Enrolment]) -> None:
    one, other = (place.person for place in two)
    form = filled(page(desk, "double", one.pk, other.pk))
    Person.objects.filter(pk=other.pk).update(phone="11 22 33 44")
    html = desk.post(reverse("desk:double", args=[one.pk, other.pk]), form).content.decode()
    assert "has changed meanwhile" in html
    assert not Merge.objects.exists()


def test_what_stands_in_the_way_is_said_and_no_form_is_there(desk: Client, two: tuple[Enrolment, Enrolment]) -> None:
    one, other = (place.person for place in two)
    saved(Avoidance(person=one, other=other, created_at=AT, created_by="system:tests"))
    html = page(desk, "double", one.pk, other.pk)
    assert "It is noted that the two must not meet" in html
    assert "Make the two one" not in html


def test_what_is_open_of_both_is_told_with_the_page_on_which_it_is_closed(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    pairs = [make_pair(division, programme) for _time in range(2)]
    proposals = [propose(coordinator, pair) for pair in pairs]
    one, other = (pair[0].person for pair in pairs)
    html = page(desk, "double", one.pk, other.pk)
    assert "Close or withdraw one of them first" in html
    for proposal in proposals:
        assert reverse("desk:proposal", args=[proposal.pk]) in html
    assert html.count("data-still-open") == 2
    # One is withdrawn where the link leads: then the way is free.
    withdraw_proposal(by=coordinator, proposal=proposals[1], note="She stands here twice.")
    html = page(desk, "double", one.pk, other.pk)
    assert "data-still-open" not in html
    assert "Make the two one" in html


def test_what_is_open_elsewhere_is_not_told(
    desk: Client, two: tuple[Enrolment, Enrolment], other_division: Division, programme: Programme
) -> None:
    one, other = (place.person for place in two)
    saved(Avoidance(person=one, other=other, created_at=AT, created_by="system:tests"))
    for division, count in ((two[0].division, 1), (other_division, 1)):
        place = make_enrolment(Role.MENTEE, division, programme=make_programme(), person=other)
        mentor = make_enrolment(Role.MENTOR, division, programme=place.programme)
        saved(
            Partnership(
                mentee=place, mentor=mentor, division=division, state="active", matched_on=TODAY, created_at=AT,
                first_met_on=TODAY,
            )
        )  # fmt: skip
        Enrolment.objects.filter(pk__in=[place.pk, mentor.pk]).update(active=1)
        if division == two[0].division:
            assert page(desk, "double", one.pk, other.pk).count("data-still-open") == count
    assert "data-still-open" not in desk.get(reverse("desk:double", args=[one.pk, other.pk])).content.decode()


def test_two_women_are_remembered_and_it_can_be_taken_back(desk: Client, two: tuple[Enrolment, Enrolment]) -> None:
    one, other = (place.person for place in two)
    told = desk.post(reverse("desk:double_two", args=[one.pk, other.pk]), follow=True).content.decode()
    assert "these are two women" in told
    assert "Nobody seems to stand here twice" in told
    assert "She may stand here twice" not in page(desk, "person", one.pk)
    assert "Somebody has said that these are two women" in page(desk, "double", one.pk, other.pk)
    maybe = reverse("desk:double_maybe", args=[other.pk, one.pk])
    assert "Taken back" in desk.post(maybe, follow=True).content.decode()
    assert "taken this back already" in desk.post(maybe, follow=True).content.decode()
    assert not NotTheSame.objects.exists()


def test_another_divisions_woman_is_not_there(
    desk: Client, two: tuple[Enrolment, Enrolment], other_division: Division, programme: Programme, national_lead: Staff
) -> None:
    one = two[0].person
    there, again = make_two(other_division, programme)
    assert reverse("desk:double", args=[one.pk, there.person_id]) not in page(desk, "double_find", one.pk, q="Hodan")
    merged = merge_people(by=national_lead, kept=there.person, gone=again.person, chosen={}, reason="Twice")
    for name, args in (
        ("double", [one.pk, there.person_id]), ("double", [there.person_id, one.pk]),
        ("double", [one.pk, again.person_id]),
        ("double_find", [there.person_id]), ("merge", [merged.pk]), ("double", [one.pk, one.pk]),
    ):  # fmt: skip
        assert desk.get(reverse(f"desk:{name}", args=args)).status_code == 404, name
    for name, args in (
        ("double_two", [one.pk, there.person_id]), ("double_maybe", [one.pk, there.person_id]),
        ("merge_undo", [merged.pk]), ("double", [one.pk, there.person_id]),
    ):  # fmt: skip
        assert desk.post(reverse(f"desk:{name}", args=args)).status_code == 404, name
    assert Merge.objects.get().stands


def test_who_is_known_elsewhere_too_is_merged_by_the_national_lead(
    desk: Client, two: tuple[Enrolment, Enrolment], other_division: Division
) -> None:
    one, other = (place.person for place in two)
    make_enrolment(Role.MENTOR, other_division, person=other)
    html = page(desk, "double", one.pk, other.pk)
    assert "Ask the national lead" in html
    assert "Make the two one" not in html
    desk.post(reverse("desk:double", args=[one.pk, other.pk]), {"reason": "I want it"})
    assert not Merge.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    count: int, desk: Client, division: Division, programme: Programme, django_assert_num_queries: CountQueries
) -> None:
    for number in range(1, count + 1):
        make_two(division, programme, number)
    page(desk, "doubles")
    with django_assert_num_queries(8):
        html = page(desk, "doubles")
    assert html.count("data-row") == count


def test_every_page_is_translated(desk: Client, two: tuple[Enrolment, Enrolment], coordinator: Staff) -> None:
    one, other = (place.person for place in two)
    desk.cookies["django_language"] = "xb"
    pages = [page(desk, "doubles"), page(desk, "double_find", one.pk), page(desk, "double", one.pk, other.pk)]
    merged = merge_people(by=coordinator, kept=one, gone=other, chosen={}, reason="Amina")
    for html in (*pages, page(desk, "merge", merged.pk)):
        assert untranslated(html) == [], untranslated(html)
