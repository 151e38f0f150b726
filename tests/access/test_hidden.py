"""Whom a member of the staff must not see is not there for her: no page, no number, no byte tells of her."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Final
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language_from_path

from access.crawling import MOST, crawl
from access.expected import TOLD_KINDLY
from access.matrix import METHODS, Crossing, addresses, declared_policy, told, uses_of
from access.matrix import _missing as missing_key
from access.worlds import ELSEWHERE, HERE, Place, World, build_place, with_second_factor
from factories.django_rows import AT, give_role, make_programme, make_user, saved
from mentornet.accounts.models import User
from mentornet.common import reach
from mentornet.common.actors import user_key
from mentornet.common.reach import rows_about
from mentornet.divisions.models import HiddenPerson, Role
from mentornet.divisions.rules import seen_by
from mentornet.intake.models import InterviewSlot
from mentornet.people.models import Person
from mentornet.sourcing.models import Asking, Found, Search
from reliability.recording import Answer, answer_of, differences

pytestmark = pytest.mark.django_db

NAME: Final = "Fjernholm"
AWAY: Final = ELSEWHERE
"""Where the world keeps what is about hidden people."""
LEAST_ASKED: Final = 100
ROLES: Final = ("coordinator here", "division lead here", "national lead")
LEAST_PAGES: Final = 80
POLICIES_OF: Final = {ROLES[0]: {"casework"}, ROLES[1]: {"casework", "lead"}, ROLES[2]: {"casework", "lead"}}
SOME: Final = 60
"""Every address, and so many more: whoever leads sees the same lists by the same queries."""
NOT_ABOUT_HER: Final = frozenset(
    {
        "place_id", "programme_id", "division_id", "role_id", "search_id", "draft_id", "import_id", "batch_id",
        "sign_in_id", "desk:session_end/sign_in_id", "desk:interview_slot_back/slot_id", "slot_id",
        "desk:reader_let_on/user_id", "desk:handover_new/user_id", "desk:pack_all/user_id",
        "absence_id", "handover_id", "questionnaire_id", "map_id", "limit_id", "sitting_id",
        "prospect_id", "prospect_list_id",
    }
)  # fmt: skip
"""Arguments that lead to what is nobody's: set-up, her own browsers, a free time of the plan, a meeting."""


def hide(user: User, people: Iterable[Person]) -> None:
    """Hide people from somebody."""
    for person in people:
        saved(
            HiddenPerson(user=user, person_id=person.pk, reason="A reason.", set_by=user_key(user.pk), created_at=AT),
            exclude=("lifted_at",),
        )


def hidden_people() -> list[Person]:
    """Return everybody of the second place."""
    return list(Person.objects.filter(last_name=NAME))


def build(*, hidden: bool = True) -> tuple[World, Place]:
    """Make one division with two sets of people, the second of which nobody of ``ROLES`` must see."""
    programme = make_programme("Mentor network")
    here = build_place(HERE, programme, last_name="Herby", phone="+4561000001")
    lead, nation = make_user("Birthe Dam"), make_user("Nanna Lund")
    give_role(lead, Role.DIVISION_LEAD, here.division)
    give_role(nation, Role.NATIONAL_LEAD)
    users = dict(zip(ROLES, map(with_second_factor, (here.staff, lead, nation)), strict=True))
    away = build_place("away", programme, last_name=NAME, phone="+4562000002", beside=here)
    if hidden:
        for user in users.values():
            hide(user, hidden_people())
    world = World(here=here, elsewhere=away, users=users)
    _fill_in(world)
    return world, away


def _fill_in(world: World) -> None:
    """Let arguments for which no place has an object lead to nothing: that one is missing is the matrix's to say."""
    crossing = Crossing(World(here=world.here, elsewhere=world.elsewhere, users={}))
    for one in addresses():
        for name in crossing.divisional(one):
            for place in (world.here, world.elsewhere):
                place.objects.setdefault(name, uuid4())


def delete_people() -> None:
    """Take all rows about the people of the second place out of the database, as if they had never come."""
    InterviewSlot.objects.filter(application__person__in=hidden_people()).delete()
    # What hangs on a search for one of them, and names nobody of them itself.
    sought = Search.objects.filter(mentee__person__in=hidden_people())
    Found.objects.filter(asking__search__in=sought).delete()
    Asking.objects.filter(search__in=sought).delete()
    for label, keys in rows_about({person.pk for person in hidden_people()}).items():
        rows = apps.get_model(label)._default_manager.filter(pk__in=keys)
        rows._raw_delete(rows.db)  # no signals, no cascades: all of them go


def seen(crossing: Crossing, role: str, *, only: str = "", most: int = MOST) -> Mapping[str, Answer]:
    """Return all that she can open, with searches for the hidden people among it."""
    words = ["Amina", "Dalia", "Herby", NAME, "kanarieaway", "+4562000002"]
    answers = crawl(crossing, role, places=[HERE], words=words, only=only, most=most)
    # The public site says the same to everybody; and her own sign-ins tell that she came for the first of two crawls.
    own = reverse("desk:sessions")
    return {url: answer_of(one) for url, one in answers.items() if get_language_from_path(url) is None and url != own}


def told_apart(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> list[str]:
    """Return the pages that differ."""
    gone = [f"only once: {url}" for url in set(one) ^ set(other)]
    return gone + list(differences({url: one[url] for url in one if url in other}, other))


@pytest.mark.parametrize("role", ROLES)
def test_hidden_person_changes_no_byte(db: None, moment: None, role: str) -> None:
    world, away = build()
    most = MOST if role == ROLES[0] else SOME
    crossing = Crossing(world)
    before = seen(crossing, role, most=most)
    delete_people()
    after = seen(crossing, role, most=most)
    print(f"\n{role}: {len(before)} pages and parts of pages compared")
    assert told_apart(before, after) == []
    assert len(before) >= LEAST_PAGES
    texts = b"".join(body for _, body, _ in before.values())
    assert b"Herby" in texts
    assert away.canaries["people.Person.email"].encode() not in texts


@pytest.mark.parametrize("role", ROLES)
def test_person_who_is_not_hidden_would_be_seen(db: None, moment: None, role: str) -> None:
    world, _away = build()
    HiddenPerson.objects.update(lifted_at=AT, lifted_by="user:x", lift_reason="It is over.")
    crossing = Crossing(world)
    before = seen(crossing, role, only="desk:people", most=5)
    assert NAME.encode() in b"".join(body for _, body, _ in before.values())
    delete_people()
    assert told_apart(before, seen(crossing, role, only="desk:people", most=5))


# Every address that leads to something of hers ------------------------------------------------------------------------


def _unlike_missing(crossing: Crossing, role: str) -> tuple[list[str], int]:
    """Return each answer about something of a hidden person that is not the one about something missing."""
    wrong, asked = [], 0
    for one in addresses():
        names = [name for name in crossing.divisional(one) if not _is_nobodys(one.name, name)]
        if not names or declared_policy(one) not in POLICIES_OF[role]:
            continue
        for chosen in itertools.product((HERE, AWAY), repeat=len(names)):
            hers = {name for name, place in zip(names, chosen, strict=True) if place == AWAY}
            if not hers:
                continue
            objects = {name: str(crossing.object_of(one, name, HERE)) for name in crossing.divisional(one)}
            hidden = {name: str(crossing.object_of(one, name, AWAY)) for name in hers}
            missing = {name: missing_key(key) for name, key in hidden.items()}
            for method in METHODS:
                answer = crossing.ask(role, method, crossing.url(one, objects | hidden))
                other = crossing.ask(role, method, crossing.url(one, objects | missing))
                asked += 1
                kindly = all(f"{one.name}/{name}" in TOLD_KINDLY for name in hers)
                if answer.status_code not in ({302, 404, 405} if kindly else {404, 405}):
                    wrong.append(f"{method} {one.name} {chosen}: {answer.status_code}")
                if told(answer, hidden.values()) != told(other, missing.values()):
                    wrong.append(f"{method} {one.name} {chosen}: unlike a missing one")
    return wrong, asked


def _is_nobodys(address_name: str, argument: str) -> bool:
    return f"{address_name}/{argument}" in NOT_ABOUT_HER or argument in NOT_ABOUT_HER


@pytest.mark.parametrize("role", ROLES)
def test_what_is_hers_answers_like_a_missing_one(db: None, moment: None, role: str) -> None:
    world, _away = build()
    wrong, asked = _unlike_missing(Crossing(world), role)
    print(f"\n{role}: {asked} answers compared with those about something missing")
    assert wrong == [], "\n" + "\n".join(wrong)
    assert asked >= LEAST_ASKED


def test_what_is_hers_opens_again_once_lifted(db: None, moment: None) -> None:
    world, _away = build()
    HiddenPerson.objects.update(lifted_at=AT, lifted_by="user:x", lift_reason="It is over.")
    wrong, asked = _unlike_missing(Crossing(world), ROLES[0])
    assert len({line.split(" ")[1] for line in wrong}) > LEAST_ASKED // 5
    assert asked >= LEAST_ASKED


# One filter at a time -------------------------------------------------------------------------------------------------

PAGES: Final[Mapping[tuple[str, str], str]] = {
    ("mentornet.intake.rules", "seen_by"): "desk:people",
    ("mentornet.intake.queries", "shown"): "desk:waiting",
    ("mentornet.intake.bank_search", "shown"): "desk:bank",
    ("mentornet.matching.bank", "shown"): "desk:match",
    ("mentornet.matching.rules", "seen_by"): "desk:proposals",
    ("mentornet.partnerships.rules", "seen_by"): "desk:partnerships",
    ("mentornet.followup.rules", "seen_by"): "desk:concerns",
    ("mentornet.messaging.queries", "without_hidden"): "desk:letters",
    ("mentornet.agenda.queries", "without_hidden"): "desk:today",
}
"""Where a filter stands, and a page that tells of her as soon as it does not."""
ELSEWHERE_TESTED: Final = frozenset(
    {
        ("mentornet.divisions.rules", "shown"),
        # tests/people, tests/imports, tests/matching and tests/audit: no page of the crawl leads there.
        ("mentornet.people.queries", "seen_by"),
        ("mentornet.imports.queries", "seen_by"),
        ("mentornet.matching.queries", "seen_by"),
        # Whoever leads the network reads it: the bytes above.
        ("mentornet.privacy.register", "seen_by"),
        ("mentornet.web.desk.data_protection.views", "seen_by"),
        ("mentornet.followup.value_queries", "seen_by"),
        ("mentornet.surveys.rules", "seen_by"),
        # tests/matching/test_looking_beyond.py: to her nobody of whom she must not see is among those alike.
        ("mentornet.matching.lending", "shown"),
        # The two side by side answer like somebody missing, below.
        ("mentornet.matching.loan_queries", "seen_by"),
        # tests/matching/test_lent_everywhere.py: who is lent to a woman and hidden from the reader changes nothing.
        ("mentornet.matching.whole_lent", "shown"),
        # tests/desk/test_meeting_pages.py: whoever is hidden from her is not in the meeting.
        ("mentornet.matching.meeting_queries", "seen_by"),
        # tests/sourcing/test_searches.py: who was found and is hidden from her has not come for her.
        ("mentornet.sourcing.queries", "seen_by"),
        # tests/followup/test_handovers.py: whoever is hidden from a colleague is not given to her.
        ("mentornet.followup.services.handovers", "without_hidden"),
    }
)
"""Where it stands beneath another one, or is seen by tests of its own (test_hidden_beside.py)."""


def _off(name: str) -> Callable[..., Any]:
    return (lambda rows, _reach: rows) if name == "without_hidden" else (lambda *_args: Q())


def test_filter_taken_away_would_be_seen(db: None, moment: None) -> None:
    world, _away = build()
    crossing = Crossing(world)
    for (module, name), page in PAGES.items():
        url = reverse(page, args=[world.here.objects["mentee_id"]] if page == "desk:match" else [])
        before = answer_of(crossing.ask(ROLES[0], "GET", url))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(import_module(module), name, _off(name))
            after = answer_of(crossing.ask(ROLES[0], "GET", url))
        assert before[0] == 200
        assert before != after, f"{page} does not tell that {module} asks for {name} no more"


def test_every_filter_has_its_control() -> None:
    # All views are loaded by then, and what they use.
    assert addresses()
    known = {
        (module.__name__, key)
        for function in (reach.shown, reach.without_hidden, seen_by)
        for module, key in uses_of(function)
        if module.__name__ != function.__module__
    }
    assert known == set(PAGES) | ELSEWHERE_TESTED
