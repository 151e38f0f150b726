"""The form in public is no oracle: what a stranger types stays as it was typed, whoever is protected here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.django_rows import AT
from mentornet.common.actors import System
from mentornet.intake.models import ApplicationDraft
from mentornet.intake.services.protection import rename_again
from mentornet.people.models import Person
from protection.hers import ALIAS, EMAIL, FIRST, LAST, PHONE, make_network
from public.conftest import Place
from public.walking import Walk, fields

pytestmark = pytest.mark.django_db
STEPS = ("name", "contact", "words")


def shown(walk: Walk, place: Place, *, is_there: bool) -> dict[str, dict[str, list[str]]]:
    """Return what stands in the form an hour after a stranger has typed her name, her number and her address."""
    if is_there:
        make_network().protect()
        assert Person.objects.filter(is_protected=True).count() == 1
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    walk.answer("programme", programme=str(place.job.pk), eligible="yes")
    walk.answer("name", first_name="Ole", last_name=f"{FIRST} {LAST}")
    walk.answer("contact", contact_way="email", email=EMAIL, phone=PHONE)
    walk.give_code()
    walk.answer("words", about=f"My friend is {FIRST} {LAST}, {PHONE}.")
    rename_again(by=System("tests", AT + timedelta(hours=1)))
    walk.at += timedelta(hours=1)
    pages = {step: walk.get(walk.url("apply_step", step=step)).content.decode() for step in STEPS}
    assert not any(ALIAS in page for page in pages.values())
    return {step: fields(page) for step, page in pages.items()}


@pytest.mark.parametrize("is_there", [True, False])
def test_what_a_stranger_types_stays_as_it_was_typed(walk: Walk, place: Place, is_there: bool) -> None:
    stands = shown(walk, place, is_there=is_there)
    assert stands["name"]["last_name"] == [f"{FIRST} {LAST}"]
    assert (stands["contact"]["email"], stands["contact"]["phone"]) == ([EMAIL], [PHONE])
    kept = ApplicationDraft.objects.get()
    assert (kept.last_name, kept.email, kept.phone) == (f"{FIRST} {LAST}", EMAIL, PHONE)
    assert kept.answers["words"]["about"] == f"My friend is {FIRST} {LAST}, {PHONE}."
