"""One telephone is one telephone, however its number is written: nobody's is flooded."""

from __future__ import annotations

import pytest

from mentornet.web.public.apply import guards

pytestmark = pytest.mark.django_db


def test_writing_a_number_otherwise_makes_no_more_messages() -> None:
    spelled = ["61 23 45 67", "61234567", "+45 61234567", "0045 6123 4567", "61-23-45-67"]
    assert [guards.is_too_often_to("code", one) for one in spelled] == [False] * guards.MOST["code"]
    assert guards.is_too_often_to("code", "6 1 2 3 4 5 6 7")
    assert not guards.is_too_often_to("code", "61 23 45 68")


def test_addresses_of_mail_are_counted_each() -> None:
    assert not any(guards.is_too_often_to("code", "a1@example.org") for _ in range(guards.MOST["code"]))
    assert guards.is_too_often_to("code", "A1@example.org")
    assert not guards.is_too_often_to("code", "a2@example.org")
