"""Row-level security, proven by taking away the rule above it: the desk's pages give nothing of another division.

Each page of the desk is asked by a coordinator for another division's rows, while every query of the program believes
that she works everywhere. As the role that serves, the rows still do not come. As the owner, they do: so it is the
database that held them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest
from django.http import HttpResponse
from django.urls import reverse

from access.expected import expected_policy
from access.matrix import CONSTANT, Address, Crossing, addresses
from access.worlds import ELSEWHERE
from postgresql_roles.removing import as_owner, without_the_rule

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]

ASKS: Final = {"casework": "coordinator here", "lead": "division lead here", "staff": "coordinator here"}
NOBODYS_ROWS: Final = frozenset(
    {
        "limit_id",  # how many may wait, as an intake's days: of a division's set-up
        "programme_id",
        "division_id",
        "place_id",
        "role_id",
        "search_id",
        "sign_in_id",
        "draft_id",
        "user_id",
        "breach_id",
        "questionnaire_id",
        "absence_id",
    }
)
"""Objects that are not about whoever takes part in the network, or belong to no division (``OUTSIDE``)."""
MISSING: Final = 404
WRONG_METHOD: Final = 405
FEWEST_OBJECTS: Final = 70
LISTS_OF_PEOPLE: Final = {
    f"desk:{name}"
    for name in (
        "applications",
        "bank",
        "contact_persons",
        "imports",
        "interviews",
        "letters",
        "partnerships",
        "people",
        "proposals",
        "waiting",
    )
}


@dataclass(frozen=True)
class Answer:
    """What was answered to a question for another division's rows."""

    status: int
    text: str

    def tells(self, words: frozenset[str]) -> set[str]:
        return {word for word in words if word in self.text}


def _desk() -> list[Address]:
    return [
        address for address in addresses() if address.name.startswith("desk:") and expected_policy(address.name) in ASKS
    ]


def _objects() -> list[Address]:
    """Return the addresses that lead to a row about people."""
    return [
        address for address in _desk() if (taken := set(address.arguments) - set(CONSTANT)) and not taken & NOBODYS_ROWS
    ]


def _lists() -> list[Address]:
    return [address for address in _desk() if not set(address.arguments) - set(CONSTANT)]


def _asked(crossing: Crossing, address: Address) -> Answer:
    chosen = {
        name: CONSTANT[name] if name in CONSTANT else str(crossing.object_of(address, name, ELSEWHERE))
        for name in address.arguments
    }
    url, role = reverse(address.name, kwargs=chosen), ASKS[str(expected_policy(address.name))]
    # Today holds what is a colleague's as well.
    response = crossing.ask(role, "GET", f"{url}?whose=all")
    if response.status_code == WRONG_METHOD:
        response = crossing.ask(role, "POST", url)
    text = response.content.decode(errors="replace") if isinstance(response, HttpResponse) else ""
    return Answer(response.status_code, text)


def _of_others(crossing: Crossing) -> frozenset[str]:
    elsewhere = crossing.world.elsewhere
    # Programmes and letters' texts are everybody's; people are not.
    return frozenset({*elsewhere.names, *elsewhere.canaries.values()})


def test_other_divisions_objects_are_missing_even_without_the_rule(crossing: Crossing) -> None:
    words = _of_others(crossing)
    with without_the_rule():
        answers = {address.name: _asked(crossing, address) for address in _objects()}
    assert {name: answer.status for name, answer in answers.items() if answer.status != MISSING} == {}
    assert {name: told for name, answer in answers.items() if (told := answer.tells(words))} == {}
    assert len(answers) >= FEWEST_OBJECTS


def test_lists_hold_nobody_else_even_without_the_rule(crossing: Crossing) -> None:
    words = _of_others(crossing)
    with without_the_rule():
        answers = {address.name: _asked(crossing, address) for address in _lists()}
    assert {name: told for name, answer in answers.items() if (told := answer.tells(words))} == {}
    assert set(answers) >= LISTS_OF_PEOPLE


def test_the_owner_would_have_been_given_them(crossing: Crossing) -> None:
    # The negative control: the same questions, the rule taken away, and no policy in the way.
    words = _of_others(crossing)
    with without_the_rule(), as_owner():
        objects = {address.name: _asked(crossing, address) for address in _objects()}
        lists = {address.name: _asked(crossing, address) for address in _lists()}
    missing = {name for name, answer in objects.items() if answer.status == MISSING}
    told = {name for name, answer in lists.items() if answer.tells(words)}
    # A concern has a rule of its own besides, who it is for; nothing rests of hers that could go on; and a list of
    # experts is hers alone who has brought it in.
    besides = ("desk:concern", "desk:person_rest_", "desk:prospect_list")
    assert {name for name in missing if not name.startswith(besides)} == set()
    assert told >= LISTS_OF_PEOPLE


def test_with_the_rule_and_the_policies_her_own_rows_come(crossing: Crossing) -> None:
    here = crossing.world.here
    with without_the_rule():
        page = crossing.client("coordinator here").get(reverse("desk:people")).content.decode()
    assert here.names[0] in page
