"""What other tests of the portal stand on: browsers in which a participant has signed in, or has opened a link."""

from __future__ import annotations

import pytest
from django.urls import reverse

from factories.django_rows import make_person
from mentornet.accounts.enums import Door, Purpose
from mentornet.accounts.services.sessions import HELD
from mentornet.web.sessions import LINKS

pytestmark = pytest.mark.django_db


def test_participant_is_signed_in_at_her_own_door(as_participant) -> None:  # type: ignore[no-untyped-def]
    client = as_participant(make_person("Amina"))
    assert client.session[HELD]["door"] == Door.PORTAL
    assert client.get(reverse("portal:security")).status_code == 200
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("code", [True, False])
def test_link_is_open_with_or_without_its_code(with_link, code: bool) -> None:  # type: ignore[no-untyped-def]
    person = make_person("Amina")
    client = with_link(Purpose.STATUS, "x", person, code=code)
    kept = client.session[LINKS]["status:x"]
    assert kept["person"] == str(person.pk)
    assert bool(kept["code_at"]) is code
