"""Two rows of one woman in a real browser: from the list to one, undone with one press, and readable by everybody."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow
from days import TODAY
from factories.django_rows import make_enrolment, make_person, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(division: Division, programme: Programme) -> tuple[Person, Person]:
    """She, typed in and imported."""
    people = []
    for address in ("hodan@example.net", "a.very.long.address.of.hodan.warsame@longer.example.com"):
        person = make_person("Hodan", "Warsame", email=address, postcode="5000")
        make_enrolment(Role.MENTEE, division, person=person, programme=programme, enrolment={"since": TODAY})
        people.append(person)
    return people[0], people[1]


def test_from_the_list_to_one_and_back(open_page: OpenPage, coordinator: Staff, two: tuple[Person, Person]) -> None:
    page = open_page(reverse("desk:people"), user=user_of(coordinator))
    page.get_by_role("link", name="Likely doubles").click()
    page.get_by_role("link", name="Hodan Warsame").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two rows, one woman?")
    page.get_by_role("group", name="E-mail address").get_by_label("a.very.long").check()
    # Without a word of how she knows it, nothing is done, and what was chosen stays.
    page.get_by_role("button", name="Make the two one").click()
    expect(page.get_by_role("group", name="E-mail address").get_by_label("a.very.long")).to_be_checked()
    page.get_by_label("How you know that they are one").fill("I have called her.")
    page.get_by_role("button", name="Make the two one").click()
    expect(page.locator("main")).to_contain_text("Two rows of hers were made one")
    assert Person.objects.filter(last_name="Warsame").count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two rows, one woman?")
    assert Person.objects.filter(last_name="Warsame").count() == 2
    page.get_by_role("button", name="These are two women").click()
    expect(page.locator("main")).to_contain_text("Nobody seems to stand here twice")


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "light", "en"), (320, "dark", MIRRORED), (1280, "dark", "en"), (1280, "light", MIRRORED)],
)
def test_readable_by_everybody(
    open_page: OpenPage, coordinator: Staff, two: tuple[Person, Person], width: int, scheme: str, language: str
) -> None:
    addresses = [
        reverse("desk:doubles"),
        reverse("desk:double_find", args=[two[0].pk]),
        reverse("desk:double", args=[two[0].pk, two[1].pk]),
    ]
    page = open_page(addresses[0], user=user_of(coordinator), width=width, color_scheme=scheme, language=language)
    for address in addresses:
        page.goto(address)
        assert faults(page) == []
        assert overflow(page) == 0
