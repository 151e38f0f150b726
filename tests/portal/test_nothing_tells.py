"""Whom a quiet word is about, or for whom a pair was stopped, reads nothing of it on any page of hers.

A quiet word leaves every page as it was, byte by byte. A pair that is stopped for somebody's safety cannot: but all
that is to be read then is to be read in any other ending as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from factories.django_rows import AT, TODAY, make_staff
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services as followup
from mentornet.intake.services.apart import keep_apart, read_apart
from mentornet.messaging.models import Letter
from mentornet.partnerships import services
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.privacy.services.copying import as_json, copy_of
from mentornet.programmes.models import Programme
from mentornet.web.portal.urls import urlpatterns
from partnerships.couples import make_couple
from partnerships.endings import end
from partnerships.sides import acting
from portal.conftest import AsParticipant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

DAY: Final = timedelta(days=1)
TELLING: Final = (
    "concern",
    "quiet word",
    "safe",
    "danger",
    "keep apart",
    "kept from",
    "must not",
    "stopped",
    "complain",
)
ABOUT_NO_PAIR: Final = ("/sign-", "/security/", "/sessions/", "/code/", "/share/", "/handbook/", "/training/")
"""Parts of addresses at which nothing stands of the two, nor of what is kept of her."""
_DRAWN: Final = re.compile(r'value="[A-Za-z0-9]{64}"|\b[A-Z2-7]{32}\b')
"""The mark of a form, and the key of an authenticator app that is offered."""


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    before = TODAY - 60 * DAY
    pair = make_couple(coordinator, division, programme, matched_on=before, first_met_on=before)
    Person.objects.filter(pk__in=[pair.mentee.person_id, pair.mentor.person_id]).update(phone="+4520301020")
    for side in ("mentee", "mentor"):
        pair.refresh_from_db()
        services.share_contact(by=acting(pair, side), partnership=pair, what="phone")
    pair.refresh_from_db()
    return pair


def addresses(pair: Partnership) -> list[str]:
    """Return the pages of hers that have no key in their address, or that of the pair."""
    found = []
    for one in urlpatterns:
        for keys in ([], [pair.pk]):
            try:
                found.append(reverse(f"portal:{one.name}", args=keys))
            except NoReverseMatch:
                continue
    return sorted({address for address in found if not any(part in address for part in ABOUT_NO_PAIR)})


def read(client: Client, pair: Partnership) -> dict[str, str]:
    """Return what stands on each of her pages, save what is drawn anew each time."""
    pages = {}
    for address in addresses(pair):
        answer = client.get(address)
        if answer.status_code == 200:
            pages[address] = _DRAWN.sub("", answer.content.decode())
    return pages


def words(page: str) -> set[str]:
    """Return what is to be read on a page, piece by piece; no addresses, such as that of her own link for others."""
    main = page.partition("<main")[2].partition("</main")[0]
    pieces = re.split(r"</?(?:p|h\d|li|a|small|strong|dt|dd|section|ul|div|span|button|label|form|title)\b[^>]*>", main)
    texts = {unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", one))).strip() for one in pieces}
    return {text for text in texts if text and not text.startswith("http")}


def copy_for(person: Person) -> str:
    return re.sub(r'"stamp": \d+', "", as_json(copy_of(person, "en", AT, by_herself=True)))


@pytest.mark.django_db(transaction=True)
def test_a_quiet_word_about_her_changes_no_page_of_hers(
    pair: Partnership, coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    make_staff(Role.NATIONAL_LEAD, name="Lise Bro")
    lead = make_staff(Role.DIVISION_LEAD, division, name="Birthe Dam")
    mentor = pair.mentor.person
    client = as_participant(mentor)
    read(client, pair)
    before, copy = read(client, pair), copy_for(mentor)
    letters = Letter.objects.filter(recipient=person_key(mentor.pk))
    written = letters.count()
    assert len(before) > 15
    concern = followup.raise_concern(
        by=acting(pair, "mentee"), partnership=pair, about="partner", words="She follows me home.", wants_call=True
    )

    assert followup.sound_alarms(by=System("tests", AT + 4 * DAY)) > 0
    followup.read_concern(by=coordinator, concern=concern)
    assert (read(client, pair), copy_for(mentor)) == (before, copy)
    followup.take_concern(by=coordinator, concern=concern)
    followup.add_note(by=coordinator, concern=concern, text="Called her.")
    followup.resolve_concern(by=coordinator, concern=concern, outcome="Talked with both.")
    followup.close_concern(by=lead, concern=concern)
    assert concern.state == "closed"
    assert (read(client, pair), copy_for(mentor)) == (before, copy)
    assert letters.count() == written


@pytest.mark.parametrize(("side", "closes"), [("mentor", False), ("mentee", False), ("mentor", True)])
def test_stopped_for_safety_she_reads_what_stands_in_any_ending(
    closes: bool, side: str, pair: Partnership, coordinator: Staff, division: Division, programme: Programme,
    as_participant: AsParticipant,
) -> None:  # fmt: skip
    """Pairs alike: one is stopped, since she may be a danger; the others end in an ordinary way.

    One of them has never met: there it is to be read that there is no certificate yet.
    """
    others = [
        make_couple(
            coordinator, division, programme, names=("Amina", "Karen"), matched_on=pair.matched_on, first_met_on=met_on
        )
        for met_on in (pair.first_met_on, None)
    ]
    found = []
    for one, scenario in ((pair, "safety"), *((other, "one_sided") for other in others)):
        Person.objects.filter(pk__in=[one.mentee.person_id, one.mentor.person_id]).update(phone="+4520301020")
        if closes:
            end(coordinator, one, scenario, side, rule="none", mentee="from_now", mentor="rests")
        else:
            services.begin_ending(by=coordinator, partnership=one, scenario=scenario, who=side)
        one.refresh_from_db()
        person = getattr(one, side).person
        pages = read(as_participant(person), one)
        found.append({address.replace(str(one.pk), "…"): page for address, page in pages.items()})
    stopped, ordinary, unmet = found
    assert len(stopped) > 15
    for address, page in stopped.items():
        assert address in ordinary, address
        assert sorted(words(page) - words(ordinary[address]) - words(unmet[address])) == [], address
    # Her first page leads to it as it does in every ending: nothing is missing there.
    home = reverse("portal:home")
    assert words(stopped[home]) == words(ordinary[home])
    told = {text for address, page in stopped.items() if "/word/" not in address for text in words(page)}
    usual = {text for page in ordinary.values() for text in words(page)}
    assert [text for text in told - usual for word in TELLING if word in text.lower()] == []


def test_what_is_refused_does_not_say_why(pair: Partnership, coordinator: Staff) -> None:
    closed = services.begin_ending(by=coordinator, partnership=pair, scenario="safety", who="mentor").partnership
    by: Any = replace(acting(pair, "mentor"), at=AT)
    assert isinstance(by, Participant)
    with pytest.raises(Exception, match="This has ended") as refused:
        services.share_contact(by=by, partnership=closed, what="phone")
    assert [word for word in TELLING if word in str(refused.value).lower()] == []


def test_that_two_must_not_meet_stands_in_neithers_history(
    pair: Partnership, coordinator: Staff, as_participant: AsParticipant
) -> None:
    client, seen = as_participant(pair.mentor.person), reverse("portal:seen")
    before, copy = words(client.get(seen).content.decode()), copy_for(pair.mentor.person)
    keep_apart(by=coordinator, application=pair.mentee.application, other=pair.mentor.person, reason="He hits.")
    assert words(client.get(seen).content.decode()) == before
    # That it was read is told, and not what it was: other things are read by few as well.
    read_apart(by=coordinator, application=pair.mentor.application)
    told = words(client.get(seen).content.decode()) - before
    assert any(row.endswith("read something that only few may read") for row in told)
    assert [row for row in told for word in ("meet", "apart") if word in row] == []
    assert copy_for(pair.mentor.person) == copy
