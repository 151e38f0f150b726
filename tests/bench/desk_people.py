"""Fills a database for the bench of the desk: ``python desk_people.py PEOPLE``, settings from the environment.

Five divisions, PEOPLE mentors in the bank of one programme (so that the match desk ranks so many) and a waiting list of
140 for each 5,000, a closed partnership for every fifth mentor, and promises. Beside them 500 running pairs for each
5,000, with a year of talks, meetings and agreements, a coordinator for each hundred of them; some are ending, some have
ended and are asked how it goes since. Written in bulk, each row as the services would; what is due with the pairs, and
their early signs, the worker's own night finds.
"""

# ruff: noqa: E402 - Django is set up before its models are imported
from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")

import django

django.setup()

from django.db import transaction
from django.utils import timezone

from bench.running_pairs import make_pairs
from factories.network import network
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.audit.services import seal_entries
from mentornet.common.actors import System
from mentornet.common.bulk import count_anew
from mentornet.common.row_scope import EVERYTHING, within
from mentornet.config.running import prepare_database
from mentornet.demo.models import DemoNetwork
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.queries import staff_member
from mentornet.followup.models import Afterwards
from mentornet.followup.services import (
    ask_for_talks,
    look_for_signs,
    see_to_afterwards,
    see_to_letters,
    thank_for_years,
)
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.partnerships.services import begin_ending
from mentornet.people.facts import stored_facts
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.programmes.models import Programme
from mentornet.programmes.services import start_programme
from mentornet.surveys.services import ask_both_sides
from pairing.policy import Policy
from reference.people import Mentee, Mentor

BY = System("bench", timezone.now())
TODAY = BY.today
MENTEES_A_THOUSAND = 28
PAIRS_A_THOUSAND = 100
PAIRS_OF_ONE = 100
ENDING_A_THOUSAND = 20
"""Of a thousand pairs, so many are ending."""
COORDINATOR = "bench@example.org"


def begin_programme() -> Programme:
    policy = Policy()
    return start_programme(
        by=BY,
        name="Job og sprog",
        division=None,
        settings={
            "weights": {str(name): weight for name, weight in policy.weights.items()},
            "neutral": {str(name): value for name, value in policy.neutral.items()},
            "floor": "0.35",
            "min_language": policy.min_language.name,
            "waiting_bonus": "0.02",
            "waiting_days": 365,
            "expiry_days": 10,
            "meets_first": False,
            "eligibility": {},
        },
        author_name="Bench",
        reason="Bench.",
    )


def enrol(
    known: Sequence[Mentor | Mentee], programme: Programme, divisions: dict[str, Division], owner: User
) -> list[Enrolment]:
    people, profiles, skills, applications, decisions, enrolments = [], [], [], [], [], []
    for number, one in enumerate(known):
        is_mentor = isinstance(one, Mentor)
        role = "mentor" if is_mentor else "mentee"
        first, _, last = (one.name or "Nn").partition(" ")
        division = divisions[one.division or next(iter(divisions))]
        person = Person(
            first_name=first,
            last_name=last,
            postcode=one.postcode or "",
            email=f"{role}{number}@example.org",
            created_at=BY.at,
        )
        person.set_name_keys()
        profile = Profile(person=person, role=role, created_at=BY.at, changed_at=BY.at, **stored_facts(one))
        application = Application(
            person=person, programme=programme, division=division, role=role, state="approved", received_on=TODAY,
            created_at=BY.at,
        )  # fmt: skip
        decisions.append(
            Decision(application=application, outcome="approved", reason="Bench.", decided_by=BY.key, created_at=BY.at)
        )
        since = one.idle_since if isinstance(one, Mentor) else one.waiting_since
        enrolments.append(
            Enrolment(
                application=application,
                person=person,
                profile=profile,
                programme=programme,
                division=division,
                role=role,
                coordinator=owner,
                capacity=max(1, one.capacity) if isinstance(one, Mentor) else 1,
                briefed_on=TODAY if is_mentor else None,
                since=since or TODAY - timedelta(days=30),
                created_at=BY.at,
            )
        )
        skills += [
            LanguageSkill(person=person, code=skill.code, level=skill.level.name if skill.level else "", position=at)
            for at, skill in enumerate({skill.code: skill for skill in one.languages or ()}.values())
        ]
        people.append(person)
        profiles.append(profile)
        applications.append(application)
    written: list[list[Any]] = [people, profiles, skills, applications, decisions, enrolments]
    for rows in filter(None, written):
        type(rows[0]).objects.bulk_create(rows, batch_size=1000)
    return enrolments


def _pairs(mentors: list[Enrolment], mentees: list[Enrolment]) -> None:
    pairs = [
        Partnership(
            mentee=mentee, mentor=mentor, division=mentee.division, state="closed", closing_reason="agreed",
            matched_on=TODAY - timedelta(days=500), first_met_on=TODAY - timedelta(days=490),
            closed_on=TODAY - timedelta(days=100), created_at=BY.at,
        )
        for mentor, mentee in zip(mentors[::5], mentees * len(mentors), strict=False)
    ]  # fmt: skip
    Partnership.objects.bulk_create(pairs, batch_size=1000)
    Meeting.objects.bulk_create(
        (
            Meeting(
                partnership=pair, on=TODAY - timedelta(days=400 - 30 * at), minutes=60, told_by=BY.key, created_at=BY.at
            )
            for pair in pairs
            for at in range(5)
        ),
        batch_size=1000,
    )


def _running(people: int, divisions: Sequence[Division], programme: Programme, owner: User) -> None:
    """Write running pairs of many coordinators, some of them ending, and let the worker's night find what is due."""
    count = people * PAIRS_A_THOUSAND // 1000
    users = [owner]
    for number in range(count // PAIRS_OF_ONE):
        user = User.objects.create_user(email=f"coordinator{number}@example.org", name=f"Coordinator {number}")
        division = divisions[number % len(divisions)]
        StaffRole.objects.create(user=user, role=Role.COORDINATOR, division=division, since=TODAY, created_at=BY.at)
        users.append(user)
    make_pairs(count, divisions=divisions, programme=programme, owners=[user.pk for user in users], at=BY.at, meet=True)
    lead = staff_member(owner, BY.at)
    active = Partnership.objects.filter(state="active").order_by("pk")
    for pair in active[: count * ENDING_A_THOUSAND // 1000]:
        begin_ending(by=lead, partnership=pair, scenario="unplanned")


def _followed_up() -> None:
    """Ask both of each pair that has ended how it goes since; who was asked weeks ago and is silent is to be called."""
    closed = Partnership.objects.filter(state="closed").order_by("pk")
    Afterwards.objects.bulk_create(
        (
            Afterwards(
                partnership=pair, side=side, month=3, due_on=TODAY - timedelta(days=20), created_at=BY.at,
                state="asked" if at % 10 == 0 else "planned",
                asked_at=BY.at - timedelta(days=20) if at % 10 == 0 else None,
            )
            for at, pair in enumerate(closed)
            for side in ("mentee", "mentor")
        ),
        batch_size=1000,
    )  # fmt: skip


def fill(people: int) -> None:
    prepare_database()
    mentees, mentors = network(people * MENTEES_A_THOUSAND // 1000, people)
    with transaction.atomic():
        names = sorted({one.division for one in (*mentees, *mentors) if one.division})
        divisions = {name: Division(name=name, opened_on=TODAY, created_at=BY.at) for name in names}
        Division.objects.bulk_create(divisions.values())
        owner = User.objects.create_user(email=COORDINATOR, name="Bench")
        StaffRole.objects.create(user=owner, role=Role.NATIONAL_LEAD, since=TODAY, created_at=BY.at)
        programme = begin_programme()
        waiting = enrol(mentees, programme, divisions, owner)
        bank = enrol(mentors, programme, divisions, owner)
        _pairs(bank, waiting)
        Task.objects.bulk_create(
            Task(
                kind=Kind.PROMISE, target_id=one.pk, division_id=one.division_id, owner_id=owner.pk,
                due_on=TODAY + timedelta(days=at % 30 - 10), words={"mentee": one.person.first_name}, created_at=BY.at,
            )
            for at, one in enumerate(waiting)
        )  # fmt: skip
        DemoNetwork.objects.create(seed=0, size="bench", loaded_on=TODAY, loaded_at=BY.at)
    with within(EVERYTHING):
        _running(people, list(divisions.values()), programme, owner)
        _followed_up()
        count_anew()
        while not ask_for_talks(by=BY):
            pass
        for job in (look_for_signs, see_to_afterwards, see_to_letters, thank_for_years, ask_both_sides):
            job(by=BY)
        # What the worker beside the server would be at while the pages are asked for is not measured here.
        Letter.objects.all().delete()
        while seal_entries(by=BY):
            pass
        count_anew()


if __name__ == "__main__":
    fill(int(sys.argv[1]))
