"""An installation with years of entries gets the chain, and can go back to the version before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit.tampering import SEALER, fault, write, write_sealed
from mentornet.audit.models import Entry, Head
from mentornet.audit.services import seal_entries

pytestmark = pytest.mark.django_db(transaction=True)

SAID = ("at", "kind", "actor", "act", "object_type", "object_id", "division_id", "detail")


@pytest.fixture(autouse=True)
def _forward_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def _said() -> list[tuple[object, ...]]:
    return list(Entry.objects.order_by("pk").values_list("pk", *SAID))


def test_rows_of_the_version_before_are_kept_and_sealed_afterwards() -> None:
    write_sealed(3)
    write(2)
    before = _said()
    call_command("migrate", "audit", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, kind, actor, act, object_type, object_id, division_id, detail)"
            " VALUES (%s, 'write', 'user:1', 'old.act', 'a.B', '1', NULL, '{}')",
            [timezone.now().replace(tzinfo=None) if connection.vendor == "sqlite" else timezone.now()],
        )
    call_command("migrate", verbosity=0)
    assert _said()[:-1] == before
    assert Entry.objects.filter(commitment="").count() == 6
    assert Head.objects.get().adopted_through == Entry.objects.latest("pk").pk
    assert fault() is None
    # What comes meanwhile is sealed with them.
    write(1)
    assert seal_entries(by=SEALER) == 7
    assert _said()[:5] == before
    assert fault() is None
    assert len(set(Entry.objects.values_list("nonce", flat=True))) == 7
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(position=1).update(actor="")


def test_empty_database_begins_its_chain_at_nothing() -> None:
    call_command("migrate", "audit", "0001", verbosity=0)
    call_command("migrate", verbosity=0)
    assert (Head.objects.get().adopted_through, fault()) == (0, None)
