"""Fills a database for the bench of the public site and the portal: ``python public_people.py [--pilot]``.

The demonstration's network, and some of its people signed in at their own door. Prints what is to be asked, as JSON: by
page, each address with the cookie of whoever it belongs to, and the address in a letter. A page that does not exist
here is left out.
"""

# ruff: noqa: E402 - Django is set up before its models are imported
from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")

import django

django.setup()

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from bench.pages import LETTERS_LINK
from entering import sign_in_participant
from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System
from mentornet.config.running import prepare_database
from mentornet.demo.services import load_network
from mentornet.divisions.models import Division
from mentornet.intake.models import Application, Enrolment
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.recipients import person_key

PEOPLE: Final = 24
"""How many of each kind are signed in."""
LANGUAGES: Final = ("da", "en", "ar", "fa", "uk")
PUBLIC: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("Home", "public:home", {}),
    ("Get a mentor", "public:mentee", {}),
    ("Become a mentor", "public:mentor", {}),
    ("Where we are", "public:divisions", {}),
    ("A division", "public:division", {"division_id": "a division"}),
    ("Handbook, found by situation", "public:handbook", {"role": "mentee"}),
    ("A chapter", "public:handbook_chapter", {"role": "mentor", "slug": "finding-time"}),
    ("Apply: the first page", "public:apply", {"role": "mentee"}),
)
SIGNED_IN: Final[tuple[tuple[str, str, str], ...]] = (
    ("Her first page", "portal:home", ""),
    ("Her profile", "portal:profile", ""),
    ("Her training", "portal:training", ""),
    ("Her handbook", "portal:reading", ""),
    ("Her partnership", "portal:partnership", "partnership_id"),
    ("Her proposal", "portal:proposal", "proposal_id"),
    ("Her application", "portal:application", "application_id"),
)
"""Each page's name, its address's name, and the argument that leads to what is hers."""
QUERIES: Final = {"Handbook, found by situation": "?q=i+cant+come"}


def _public() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    divisions = [str(one.pk) for one in Division.objects.order_by("name")]
    for page, name, arguments in PUBLIC:
        for number, language in enumerate(LANGUAGES):
            own = {
                key: divisions[number % len(divisions)] if value == "a division" else value
                for key, value in arguments.items()
            }
            with translation.override(language):
                try:
                    path = reverse(name, kwargs=own)
                except NoReverseMatch:
                    continue
            found.setdefault(page, []).append((path + QUERIES.get(page, ""), ""))
    return found


def _cookie(person: Person) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={sign_in_participant(person).cookies[name].value}"


def _signed_in() -> dict[str, list[tuple[str, str]]]:
    pairs = Partnership.objects.filter(state="active").select_related("mentee__person", "mentor__person")
    proposals = Proposal.objects.filter(state="sent").select_related("mentee__person", "mentor__person")
    known: dict[Any, tuple[Person, dict[str, Any]]] = {}

    def note(person: Person, enrolment: Any, **ids: Any) -> None:
        known.setdefault(person.pk, (person, {"application_id": enrolment.application_id}))[1].update(ids)

    for pair in pairs.order_by("pk")[:PEOPLE]:
        for side in (pair.mentee, pair.mentor):
            note(side.person, side, partnership_id=pair.pk)
    for proposal in proposals.order_by("pk")[:PEOPLE]:
        for side in (proposal.mentee, proposal.mentor):
            note(side.person, side, proposal_id=proposal.pk)
    running = Enrolment.objects.filter(ended_on__isnull=True).select_related("person")
    for role in Role.values:
        for one in running.filter(role=role).order_by("pk")[:PEOPLE]:
            note(one.person, one)
    found: dict[str, list[tuple[str, str]]] = {}
    for person, ids in known.values():
        cookie = _cookie(person)
        for page, name, argument in SIGNED_IN:
            if argument and argument not in ids:
                continue
            try:
                path = reverse(name, kwargs={argument: ids[argument]} if argument else {})
            except NoReverseMatch:
                continue
            found.setdefault(page, []).append((path, cookie))
    return found


def _letters_link() -> dict[str, list[tuple[str, str]]]:
    """The address that the letter about her application brings: in Arabic, whose letters are the heaviest."""
    application = Application.objects.select_related("person").order_by("pk")[0]
    token = make_link(
        by=System("bench", timezone.now()),
        purpose=Purpose.STATUS,
        subject=str(application.pk),
        person_key=person_key(application.person.pk),
        language="ar",
    )
    return {LETTERS_LINK: [(reverse("links:open_link", kwargs={"token": token}), "")]}


def fill(pilot: bool) -> dict[str, list[tuple[str, str]]]:
    prepare_database()
    at = timezone.now()
    load_network(by=System("bench", at), size="pilot" if pilot else "full", today=timezone.localdate())
    return _public() | _signed_in() | _letters_link()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fill("--pilot" in sys.argv[1:])))
