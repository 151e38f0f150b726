"""The second person is a second hand: not an account of the asker's own, whatever role it has been given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exporting import proven
from factories.django_rows import AT, make_staff, user_of
from mentornet.accounts.models import User
from mentornet.common.answers import NotAllowedError
from mentornet.divisions import hands
from mentornet.divisions.models import Role, StaffRole
from mentornet.divisions.queries import staff_member
from mentornet.divisions.services import give_role
from mentornet.divisions.staff import Staff
from mentornet.intake.services.protection import approve_reveal, ask_to_reveal, refuse_reveal
from mentornet.people.models import Reveal
from protection.hers import Network, make_network
from signing import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def net() -> Network:
    net = make_network()
    net.protect()
    return net


def given_by(giver: Staff, net: Network, *, email: str = "second@example.org", role: Role = Role.COORDINATOR) -> Staff:
    division = net.division if role in StaffRole.LOCAL else None
    given = give_role(by=giver, email=email, name="Second", role=role, division=division, since=giver.today)
    return staff_member(given.user, giver.at)


def asked(by: Staff, net: Network) -> Reveal:
    return ask_to_reveal(by=by, known_by=net.her.application, reason="x")


def test_who_gave_a_role_is_kept(net: Network) -> None:
    given_by(net.lead, net)
    assert StaffRole.objects.get(user__email="second@example.org").given_by == net.lead.key
    assert {role.given_by for role in StaffRole.objects.exclude(user__email="second@example.org")} == {""}


def test_whoever_was_given_her_role_by_the_asker_says_no_yes(net: Network) -> None:
    reveal, second = asked(net.lead, net), given_by(net.lead, net)
    with pytest.raises(NotAllowedError, match="Ask somebody else who works in this division"):
        approve_reveal(by=second, reveal=reveal)
    reveal.refresh_from_db()
    assert reveal.answered_at is None
    # Somebody else can; and a no opens nothing, whoever says it.
    approve_reveal(by=net.colleague, reveal=reveal)
    refuse_reveal(by=second, reveal=asked(net.lead, net))


def test_nor_does_she_who_gave_the_asker_hers(net: Network) -> None:
    newcomer = given_by(net.lead, net)
    reveal = asked(newcomer, net)
    with pytest.raises(NotAllowedError, match="30 days"):
        approve_reveal(by=net.lead, reveal=reveal)
    approve_reveal(by=net.colleague, reveal=reveal)


def test_nor_does_one_who_has_it_from_one_who_has_it_from_her(net: Network) -> None:
    between = given_by(net.lead, net, email="between@example.org", role=Role.DIVISION_LEAD)
    second = given_by(between, net)
    with pytest.raises(NotAllowedError, match="30 days"):
        approve_reveal(by=second, reveal=asked(net.lead, net))


def test_without_the_rule_she_would(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the tests above.
    monkeypatch.setattr(hands, "_comes_from", lambda *_: False)
    approve_reveal(by=given_by(net.lead, net), reveal=asked(net.lead, net))


def test_after_thirty_days_or_with_an_older_role_of_her_own_she_does(net: Network) -> None:
    second = given_by(net.lead, net)
    later = AT + timedelta(days=30)
    approve_reveal(by=replace(second, at=later), reveal=asked(replace(net.lead, at=later), net))
    # A colleague of long standing who gets one more role is no new hand.
    lead = replace(net.lead, at=later)
    give_role(
        by=lead, email=user_of(net.colleague).email or "", name="x", role=Role.DIVISION_LEAD, division=net.division,
        since=lead.today,
    )  # fmt: skip
    approve_reveal(by=staff_member(user_of(net.colleague), later), reveal=asked(lead, net))


@pytest.mark.parametrize(
    ("mine", "hers", "are_two"),
    [
        ("karen@example.org", "karen+second@example.org", False),
        ("karen.koor@gmail.com", "KARENKOOR+x@gmail.com", False),
        ("karen@example.org", "karen.k@example.org", True),
        ("karen@example.org", "karen@example.net", True),
    ],
)
def test_one_mailbox_is_one_person(mine: str, hers: str, are_two: bool, net: Network) -> None:
    User.objects.filter(pk=net.coordinator.user_id).update(email=mine)
    User.objects.filter(pk=net.colleague.user_id).update(email=hers)
    assert hands.are_two(net.coordinator.user_id, net.colleague.user_id, net.division.pk, AT) is are_two


def test_an_administrators_role_alone_never_suffices(net: Network) -> None:
    administrator = make_staff(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError, match="division"):
        approve_reveal(by=administrator, reveal=asked(net.lead, net))
    assert not hands.are_two(net.lead.user_id, administrator.user_id, net.division.pk, AT)


def test_page_says_so_before_she_presses(net: Network) -> None:
    reveal, second = asked(net.lead, net), given_by(net.lead, net)
    with time_machine.travel(AT):
        pages = [
            proven(enter(Client(), user_of(one)), one).get(reverse("desk:reveal", args=[reveal.pk])).content.decode()
            for one in (second, net.colleague)
        ]
    page, other = pages
    assert "do not count as two" in page
    assert 'value="yes"' not in page
    assert 'value="no"' in page
    assert 'value="yes"' in other
