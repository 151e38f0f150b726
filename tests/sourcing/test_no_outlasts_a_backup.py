"""Who has said no for ever has said it to older backups as well, and whatever becomes of the hashes' key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from factories.django_rows import AT, TODAY, make_division
from mentornet.common.actors import System, Visitor
from mentornet.common.ledger import SAID_NO, Step, held, read_ledger, unsettled
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.sourcing import services
from mentornet.sourcing.enums import LegalBasis, ProspectState
from mentornet.sourcing.models import OptOut, Prospect
from mentornet.sourcing.noting import settle_noes
from mentornet.sourcing.services import experts
from reference.sheets import Source
from sourcing.conftest import MakeExpert

pytestmark = pytest.mark.django_db
PROGRAM = System("restore", AT)
LIST = "name;e-mail\nKaren Holm;karen@example.org\nLone Bak;lone@example.org\n"


def restored(before: list[Prospect]) -> None:
    """Bring back what stood in an older backup: the experts as they were, and nobody who has said no."""
    OptOut.objects.all().delete()
    Prospect.objects.all().delete()
    Prospect.objects.bulk_create(before)


def test_older_backup_brings_nobody_back_who_has_said_no(
    coordinator: Staff, division: Division, make_expert: MakeExpert, ledger: Path
) -> None:
    her, other = make_expert(), make_expert("Mie Friis", "mie@example.org", division=make_division("Aalborg"))
    backup = list(Prospect.objects.all())
    services.shut_out(by=Visitor(AT), prospect=Prospect.objects.get(pk=her.pk))
    text = ledger.read_text()
    assert "Karen" not in text
    assert "example" not in text
    restored(backup)
    assert services.shut_out_again(by=PROGRAM, entries=read_ledger(ledger)) == 1
    states = dict(Prospect.objects.values_list("pk", "state"))
    assert states == {her.pk: ProspectState.OUT, other.pk: ProspectState.NEW}
    # Nor does a list that comes after.
    done = services.check_list(
        by=coordinator, division=division, file=Source("list.csv", LIST.encode()), basis=LegalBasis.PUBLISHED,
        source="an open list", obtained_on=TODAY,
    )  # fmt: skip
    assert done.left_out == (2,)
    assert services.shut_out_again(by=PROGRAM, entries=read_ledger(ledger)) == 0


def test_ledger_has_each_no_once_and_settled(make_expert: MakeExpert, ledger: Path) -> None:
    services.shut_out(by=Visitor(AT), prospect=make_expert())
    entries = read_ledger(ledger)
    assert {entry.key for entry in entries} == set(OptOut.objects.values_list("digest", flat=True))
    assert {entry.kind for entry in entries} == {SAID_NO}
    assert unsettled(ledger, (SAID_NO,)) == ()
    services.shut_out(by=Visitor(AT), prospect=make_expert())
    assert read_ledger(ledger) == entries
    # Those of an earlier version come to stand there, once.
    ledger.unlink()
    assert settle_noes(by=PROGRAM) == len(entries)
    assert settle_noes(by=PROGRAM) == 0
    assert {entry.key for entry in read_ledger(ledger)} == {entry.key for entry in entries}


def test_no_that_came_to_nothing_stands_in_no_ledger(make_expert: MakeExpert, ledger: Path, monkeypatch: Any) -> None:
    expert = make_expert()

    def fails(**_more: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(experts, "end_expert", fails)
    with pytest.raises(RuntimeError):
        services.shut_out(by=Visitor(AT), prospect=expert)
    assert not OptOut.objects.exists()
    assert read_ledger(ledger) == ()


def test_begun_no_counts_until_the_database_has_answered(make_expert: MakeExpert, ledger: Path) -> None:
    services.shut_out(by=Visitor(AT), prospect=make_expert())
    begun = read_ledger(ledger)
    ledger.unlink()
    with held(ledger) as writer:
        writer.write(Step.BEGUN, begun)
    assert read_ledger(ledger) == begun
    settle_noes(by=PROGRAM)
    assert unsettled(ledger, (SAID_NO,)) == ()
    assert read_ledger(ledger) == begun


def test_she_is_deleted_though_the_key_of_the_hashes_cannot_be_opened(
    make_expert: MakeExpert, settings: Settings
) -> None:
    services.shut_out(by=Visitor(AT), prospect=make_expert())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one altogether, and long enough", []
    her = make_expert("Mie Friis", "mie@example.org")
    services.shut_out(by=Visitor(AT), prospect=her)
    her.refresh_from_db()
    assert (her.state, her.name, her.email) == (ProspectState.OUT, "", "")
