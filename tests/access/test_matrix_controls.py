"""The matrix bites: whatever is weakened, forgotten or opened is found by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from access.expected import REACHES, expected_policy
from access.matrix import Address, Crossing, addresses, declared_policy, uses_of, with_addresses
from factories.django_rows import AT
from mentornet.agenda.queries import tasks_in
from mentornet.common.actors import System
from mentornet.divisions.queries import all_divisions, staff_roles
from mentornet.followup.models import Talk
from mentornet.followup.queries import visible_talks
from mentornet.imports.queries import visible_batches
from mentornet.intake.models import SavedSearch
from mentornet.intake.queries import kept_searches, visible_applications, visible_enrolments, visible_people
from mentornet.matching.loan_queries import visible_loans
from mentornet.matching.models import ShortageMap
from mentornet.matching.queries import visible_proposals
from mentornet.matching.shortage_queries import visible_shortages
from mentornet.messaging.queries import letters_in
from mentornet.partnerships.queries import visible_partnerships
from mentornet.programmes.queries import programmes_in
from mentornet.web import access, links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("past_policies")]

# From the most open to the least.
WEAKER: Final = {
    "signed in": ("everyone",),
    "staff": ("everyone", "signed in"),
    "casework": ("everyone", "signed in", "staff"),
    "lead": ("everyone", "signed in", "staff", "casework"),
    "administration": ("everyone", "signed in", "staff"),
    "participant": ("everyone", "signed in", "personal"),
}
ASKS: Final = ("anonymous", "no role", "administrator", "coordinator here", "contact person")
"""Between them they tell any two policies apart."""


def _in_use() -> list[Address]:
    return [address for address in addresses() if expected_policy(address.name) is not None]


def _declare(patch: pytest.MonkeyPatch, address: Address, policy: str | None) -> None:
    """Let an address declare another policy, or none."""
    view = address.pattern.callback
    if address.name in access._FOREIGN:
        if policy is None:
            patch.delitem(access._FOREIGN, address.name)
        else:
            patch.setitem(access._FOREIGN, address.name, access.Policy(policy))
    elif policy is None:
        patch.delattr(view, access._ATTRIBUTE)
    else:
        patch.setattr(view, access._ATTRIBUTE, access.Policy(policy))


def test_view_without_its_policy_is_refused_to_everybody(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    stripped = 0
    for address in _in_use():
        with monkeypatch.context() as patch:
            _declare(patch, address, None)
            for role in ("anonymous", "national lead"):
                chosen = {name: str(crossing.object_of(address, name, "here")) for name in crossing.divisional(address)}
                answer = crossing.ask(role, "GET", crossing.url(address, chosen))
                # A library's address is not in use without a policy; one of ours is a mistake.
                assert answer.status_code in ({404} if address.name in LIBRARIES else {500}), (address.name, role)
                assert list(crossing.deviations(address, [role], ["GET"])), (address.name, role)
                stripped += 1
    assert stripped == 2 * len(_in_use())
    assert stripped > 60


LIBRARIES: Final = frozenset(name for name in access._FOREIGN if name != "set_language")


def test_weakened_policy_is_reported(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    weakened = 0
    for address in _in_use():
        for policy in WEAKER.get(expected_policy(address.name) or "", ()):
            with monkeypatch.context() as patch:
                _declare(patch, address, policy)
                found = next(crossing.deviations(address, ASKS, ["GET"]), None)
                differs = declared_policy(address) != expected_policy(address.name)
            # Some of the library's views ask for a sign-in themselves: there the declaration alone tells.
            assert found or address.name in LIBRARIES, f"{address.name} as {policy}"
            assert differs, address.name
            weakened += 1
    assert weakened > 60


def test_narrowed_policy_is_reported(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in _in_use():
        if expected_policy(address.name) == "casework":
            with monkeypatch.context() as patch:
                _declare(patch, address, "administration")
                assert next(crossing.deviations(address, ["coordinator here"]), None), address.name


def test_undeclared_address_is_reported(crossing: Crossing, settings: Settings) -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.path)

    with_addresses(settings, [path("forgotten/", forgotten, name="forgotten")])
    address = next(one for one in addresses() if one.name == "forgotten")
    found = list(crossing.deviations(address))
    assert len(found) >= len(REACHES)
    # Somebody who declares it for everyone must still write it into the table.
    access.open_to(access.Policy.EVERYONE)(forgotten)
    assert "yet 200" in next(crossing.deviations(address))


# A query that shows everybody's rows -------------------------------------------------------------------------------

SYSTEM: Final = System("tests", AT)


def _everywhere(division_query: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda _divisions: division_query([division.pk for division in all_divisions()])


def _everybodys_searches(_user_id: object, page: str) -> Any:
    return SavedSearch.objects.filter(page=page)


OPENED: Final[dict[str, tuple[Callable[..., Any], Callable[..., Any]]]] = {
    "person_id": (visible_people, lambda _by: visible_people(SYSTEM)),
    "application_id": (visible_applications, lambda _by: visible_applications(SYSTEM)),
    "mentee_id": (visible_enrolments, lambda _by: visible_enrolments(SYSTEM)),
    "proposal_id": (visible_proposals, lambda _by: visible_proposals(SYSTEM)),
    "partnership_id": (visible_partnerships, lambda _by: visible_partnerships(SYSTEM)),
    "talk_id": (visible_talks, lambda _by: Talk.objects.all()),
    "loan_id": (visible_loans, lambda _by: visible_loans(SYSTEM)),
    "import_id": (visible_batches, lambda _by: visible_batches(SYSTEM)),
    "letter_id": (letters_in, _everywhere(letters_in)),
    "task_id": (tasks_in, _everywhere(tasks_in)),
    "programme_id": (programmes_in, _everywhere(programmes_in)),
    "search_id": (kept_searches, _everybodys_searches),
    "map_id": (visible_shortages, lambda _by: ShortageMap.objects.all()),
}


@pytest.mark.parametrize("argument", OPENED)
def test_query_that_shows_everything_is_reported(
    crossing: Crossing, monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    query, opened = OPENED[argument]
    asked = [address for address in _in_use() if argument in address.arguments]
    assert asked, f"no address takes {argument}: take it out of this table"
    for address in asked:
        assert list(crossing.deviations(address, ["coordinator here"])) == []
    for module, name in uses_of(query):
        monkeypatch.setattr(module, name, opened)
    found = [fault for address in asked for fault in crossing.deviations(address, ["coordinator here"])]
    assert any("another division's object" in fault for fault in found), found


def test_query_of_staff_that_shows_everything_is_reported(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    head = crossing.staff("national lead")
    address = next(one for one in addresses() if one.name == "desk:role_end")
    for module, name in uses_of(staff_roles):
        monkeypatch.setattr(module, name, lambda _by: staff_roles(head))
    assert list(crossing.deviations(address, ["division lead here"]))


def test_code_that_is_not_asked_for_is_reported(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    held = links._grant
    monkeypatch.setattr(links, "_grant", lambda key, kept: held(key, {**kept, "code_at": "given"}))
    address = next(one for one in addresses() if one.name == "portal:proposal")
    found = list(crossing.deviations(address, ["link holder", "link holder without code"], ["GET"]))
    assert [fault for fault in found if "not asked for the code" in fault]
    assert all("link holder without code" in fault for fault in found)


def test_participants_door_that_opens_the_desk_is_reported(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_is_staffs", lambda _match, _policy: False)
    address = next(one for one in addresses() if one.name == "desk:today")
    assert list(crossing.deviations(address, ["mentee here"], ["GET"]))
