"""Every address, asked by every role for every object: answered as a table apart from the program says."""

from __future__ import annotations

import pytest

from access.expected import POLICIES, REACHES, expected_policy
from access.matrix import METHODS, Crossing, addresses, declared_policy

pytestmark = pytest.mark.django_db

LEAST_ANSWERS = 3_500
"""Fewer would mean that something was no longer asked."""
SHARES = 8
"""The addresses are dealt out, so that whoever runs tests beside each other need not wait for the last one."""


@pytest.mark.parametrize("share", range(SHARES))
def test_every_address_answers_every_role_as_expected(crossing: Crossing, share: int) -> None:
    asked = addresses()[share::SHARES]
    faults = [fault for address in asked for fault in crossing.deviations(address)]
    tally = crossing.tally
    print(
        f"\n{tally.answers} answers: {len(tally.names)} addresses x {len(REACHES)} roles x {len(METHODS)} methods, "
        f"{tally.twins} of them compared with those about something missing"
    )
    assert faults == [], "\n" + "\n".join(faults)
    assert tally.names == {address.name for address in asked}
    assert tally.answers >= LEAST_ANSWERS // SHARES


def test_every_address_declares_what_the_table_says() -> None:
    found = {address.name: declared_policy(address) for address in addresses()}
    assert found == {name: expected_policy(name) for name in found}
    assert len(found) > 100


def test_table_names_no_address_that_is_gone() -> None:
    names = {address.name for address in addresses()}
    assert {name for name in POLICIES if not name.startswith("demo:")} <= names
