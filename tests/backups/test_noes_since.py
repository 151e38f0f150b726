"""A backup from before an expert has said no for ever does not bring her back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from backups.installations import Installation, Make
from mentornet.common.ledger import FILE_NAME

BEGIN: Final = """
from datetime import timedelta
from django.utils import timezone
from factories.django_rows import make_division
from mentornet.common.actors import Visitor
from mentornet.sourcing.known_again import key_now
from mentornet.sourcing.models import OptOut, Prospect
from mentornet.sourcing.services import shut_out
now = timezone.now()
"""
MADE: Final = f"""{BEGIN}
key_now(now)
Prospect.objects.create(
    division=make_division(), name="Karen Holm", email="karen@example.org", basis="published", source="a list",
    obtained_on=now.date(), keep_until=now.date() + timedelta(days=20), created_at=now,
)"""
SAYS_NO: Final = f"{BEGIN}shut_out(by=Visitor(now), prospect=Prospect.objects.get())"
LOOK: Final = f"{BEGIN}print(Prospect.objects.get().state, Prospect.objects.get().name or '-', OptOut.objects.count())"


def look(one: Installation) -> str:
    return one.python(LOOK).splitlines()[-1]


@pytest.mark.database
def test_who_has_said_no_since_does_not_come_back(install: Make, tmp_path: Path) -> None:
    one = install()
    one.python(MADE)
    file = one.backup(tmp_path / "before.age")
    one.python(SAYS_NO)
    assert look(one) == "out - 2"
    elsewhere = tmp_path / "from-elsewhere.jsonl"
    (one.data / FILE_NAME).rename(elsewhere)

    # The control: no ledger knows of it, and she is written to again.
    one.restore(file, "--replace")
    assert look(one) == "new Karen Holm 0"

    for ledger in (("--ledger", str(elsewhere)), ()):
        one.restore(file, "--replace", *ledger)
        assert look(one) == "out - 2"
