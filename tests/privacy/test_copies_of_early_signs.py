"""What a copy tells of early signs: what was read from her own answers or from both; never of the other one's."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from factories.django_rows import AT, TODAY, saved
from mentornet.agenda.models import Kind, Task
from mentornet.audit.services import record
from mentornet.common.actors import System
from mentornet.followup.models import EarlySign
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy.services import make_copy
from protection.hers import Network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def net() -> Network:
    return make_network()


def copy_of(person: Person) -> dict[str, Any]:
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    with zipfile.ZipFile(io.BytesIO(make_copy(by=by, person=person, language="en"))) as files:
        return dict(json.loads(files.read("data.json")))


def test_each_is_told_what_was_read_from_her_own_answers(net: Network) -> None:
    pair = Partnership.objects.filter(mentee__person=net.person).first() or Partnership.objects.get(
        mentor__person=net.person
    )
    for side, kind, going in ((Role.MENTEE, "falling", 1), (Role.MENTOR, "falling", 2), ("", "pace", 0)):
        sign = saved(
            EarlySign(
                partnership=pair, kind=kind, side=side, facts={"going": going}, first_seen_on=TODAY,
                last_seen_on=TODAY, created_at=AT,
            )
        )  # fmt: skip
        record(by=System("night", AT), act="followup.warn", of=sign, division_id=pair.division_id)
    Task.objects.create(
        kind=Kind.WARNED, target_id=pair.pk, division_id=pair.division_id, due_on=TODAY, created_at=AT, words={}
    )
    for one, expected in ((pair.mentee, {("falling", 1), ("pace", 0)}), (pair.mentor, {("falling", 2), ("pace", 0)})):
        copy = copy_of(one.person)
        rows = copy["rows"]["followup.EarlySign"]
        assert {(row["kind"], row["facts"]["going"]) for row in rows} == expected
        # Nor does anything beside tell that the other one's answers were looked at.
        assert Kind.WARNED not in {row["kind"] for row in copy["rows"].get("agenda.Task", [])}
        assert "followup.EarlySign" not in {look["what"] for look in copy["who_has_looked"]}
