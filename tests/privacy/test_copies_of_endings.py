"""What a copy tells of an ending: not that it was for somebody's safety, nor what the other one has said."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from factories.django_rows import AT, TODAY
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.services import close_partnership
from mentornet.partnerships import services
from mentornet.partnerships.models import Closure, Partnership
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy.services import make_copy
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme)


def copy_of(person: Person) -> str:
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    with zipfile.ZipFile(io.BytesIO(make_copy(by=by, person=person, language="en"))) as files:
        return files.read("data.json").decode()


@pytest.mark.parametrize("side", ["mentee", "mentor"])
@pytest.mark.parametrize("is_closed", [False, True])
def test_copy_tells_nobody_that_it_was_for_safety(
    pair: Partnership, coordinator: Staff, side: str, is_closed: bool
) -> None:
    closure = fill_in_ending(coordinator, pair, "safety", "mentor")
    services.say_why(by=acting(pair, "mentee"), closure=closure, reason="safety", words="canaryhers")
    services.note_exit_talk(
        by=coordinator, closure=closure, side="mentee", talk="held", said="canarysaid", reason="safety",
        remark="canaryremark",
    )  # fmt: skip
    if is_closed:
        closure = Closure.objects.select_related("partnership").get(pk=closure.pk)
        close_partnership(by=coordinator, closure=closure, on=TODAY, reason="safety")
    told = copy_of(getattr(pair, side).person)
    rows: dict[str, Any] = json.loads(told)["rows"]
    assert rows["partnerships.Partnership"]
    # Her own reason is hers; that the office acts on it is told to neither.
    words = ("stop_at_once", "keep_apart", "canaryremark", *(('"safety"',) if side == "mentor" else ()))
    for word in words:
        assert word not in told
    assert not any(row.get("keeps_apart") or row.get("led_to_it") for row in rows.get("partnerships.Closure", []))
    assert ("canaryhers" in told) is (side == "mentee")
    assert ("canarysaid" in told) is (side == "mentee")
