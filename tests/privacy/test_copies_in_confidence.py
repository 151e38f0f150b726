"""What a copy keeps back: from the office what is hers alone, from the other one what somebody has said of her."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from factories.django_rows import AT, make_user, saved
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import put_off_together
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.followup.models import Concern
from mentornet.followup.rules import may_read
from mentornet.matching.services.apart import see_to_apart
from mentornet.partnerships.models import OwnNote
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.services import keep_apart
from mentornet.privacy.services import make_copy
from protection.hers import Network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def net() -> Network:
    return make_network()


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return {name: files.read(name).decode() for name in files.namelist()}


def own_copy(person: Person) -> dict[str, str]:
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    return opened(make_copy(by=by, person=person, language="en"))


def told(files: dict[str, str]) -> dict[str, Any]:
    return dict(json.loads(files["data.json"]))


def unstamped(copy: dict[str, Any]) -> dict[str, Any]:
    # Drawn at random at every change, also at those that say nothing.
    return {model: [{**row, "stamp": ""} for row in rows] for model, rows in copy["rows"].items()}


def test_the_office_hands_out_nothing_that_it_may_not_read(net: Network) -> None:
    without = told(opened(make_copy(by=net.lead, person=net.person, language="en")))["withheld"]
    concern = saved(
        Concern(
            raised_by=net.person, division=net.division, about="coordinator", addressee="national_lead",
            kept_from=(net.lead.key,),  # type: ignore[misc]  # a list of words
            words="The head of the office frightens me.", created_at=AT,
        )
    )  # fmt: skip
    saved(OwnNote(person=net.person, partnership=net.pair, text="For me alone.", created_at=AT, changed_at=AT))
    assert not may_read(net.lead, concern)
    files = opened(make_copy(by=net.lead, person=net.person, language="en"))
    text = "\n".join(files.values())
    for hidden in ("frightens me", "For me alone", str(concern.pk)):
        assert hidden not in text
    assert told(files)["withheld"] == without, "what is withheld is said to everybody alike"
    assert "Your own notes" in files["index.html"]
    hers = own_copy(net.person)
    assert "frightens me" in hers["together.html"]
    assert "For me alone" in hers["together.html"]
    assert "Your own notes" not in hers["index.html"]


def test_the_other_one_does_not_learn_from_her_copy_that_they_must_not_meet(net: Network) -> None:
    other = net.other.person
    before = told(own_copy(other))
    keep_apart(by=net.coordinator, person=net.person, other=other, reason="She follows her.")
    see_to_apart(by=System("tests", AT), one_id=net.person.pk, other_id=other.pk)
    assert Task.objects.filter(kind=Kind.APART_PAIRED, target_id=net.pair.pk).exists()
    # What the office does with that task is told to nobody either: a task of hers there is none.
    put_off_together(
        by=net.coordinator, tasks=list(Task.objects.all()), until=AT.date() + timedelta(days=3), reason="On leave."
    )
    after = told(own_copy(other))
    assert unstamped(after) == unstamped(before)
    assert after["withheld"] == before["withheld"]
    assert [one for one in after["who_has_looked"] if one["act"] != "privacy.copy"] == [
        one for one in before["who_has_looked"] if one["act"] != "privacy.copy"
    ]


def test_which_member_of_the_staff_it_was_is_no_key_either(net: Network) -> None:
    owner = make_user("Somebody here")
    saved(
        Task(
            kind=Kind.NOT_MET, target_id=net.other.pk, division_id=net.division.pk, owner_id=owner.pk,
            due_on=AT.date(), created_at=AT, words={"mentee": "x"},
        )
    )  # fmt: skip
    assert str(owner.pk) not in "\n".join(own_copy(net.other.person).values())
    with pytest.raises(NotAllowedError):
        make_copy(by=net.coordinator, person=net.other.person, language="en")
