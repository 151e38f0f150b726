"""Exports for tests: whoever has just given her second factor, the file as rows, and people to be in it."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta
from typing import Any, Final

from allauth.account.internal.flows import login
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.worlds import SECRET
from days import TODAY
from factories.django_rows import make_enrolment, make_person, saved, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.web.desk.exports.listings import LISTINGS

NAMES: Final = tuple(LISTINGS)
OF_PEOPLE: Final = ("waiting", "bank", "people")
ASKED: Final = {"purpose": "meeting", "format": "csv"}
"""The shortest answers with which a file is handed out."""


def proven(client: Client, staff: Staff, *, ago: timedelta = timedelta()) -> Client:
    """Let a session have been opened by both factors a while ago."""
    session = client.session
    at = time.time() - ago.total_seconds()
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": at},
        {"method": "mfa", "at": at, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(staff.user_id)
    session.save()
    return client


def code() -> str:
    """Return what her telephone shows now."""
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


def address(name: str, **query: Any) -> str:
    """Return where a list is exported, with filters."""
    return reverse(f"desk:export_{name}", query=query) if query else reverse(f"desk:export_{name}")


def rows_of(answer: Any) -> list[dict[str, str]]:
    """Read a CSV file as its receiver does."""
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv"), answer.content.decode()
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def exported(client: Client, name: str, query: dict[str, Any] | None = None, **told: str) -> list[dict[str, str]]:
    """Export a list and read the file."""
    return rows_of(client.post(address(name, **(query or {})), ASKED | told))


def mentee(division: Division, programme: Programme, first_name: str, *, days: int = 30, **more: Any) -> Enrolment:
    """Make somebody who waits."""
    enrolment = {"since": TODAY - timedelta(days=days)} | more.pop("enrolment", {})
    person = make_person(first_name, "Haddad", **more.pop("person", {}))
    return make_enrolment(Role.MENTEE, division, person=person, programme=programme, enrolment=enrolment, **more)


def mentor(division: Division, programme: Programme, first_name: str, **more: Any) -> Enrolment:
    """Make somebody in the bank."""
    person = make_person(first_name, "Lund", **more.pop("person", {}))
    return make_enrolment(Role.MENTOR, division, person=person, programme=programme, **more)


def pair(one: Enrolment, other: Enrolment, **more: Any) -> Partnership:
    """Make a partnership of a mentee and a mentor."""
    Enrolment.objects.filter(pk__in=[one.pk, other.pk]).update(active=1)
    values: dict[str, Any] = {
        "state": PartnershipState.ACTIVE,
        "matched_on": TODAY - timedelta(days=60),
        "first_met_on": TODAY - timedelta(days=50),
        "created_at": timezone.now(),
    }
    return saved(Partnership(mentee=one, mentor=other, division=one.division, **values | more))


def warned(of: Partnership, **more: Any) -> EarlySign:
    """Make an early sign of a pair."""
    values: dict[str, Any] = {
        "kind": "unmet",
        "facts": {"days": 50, "last": "2026-01-10"},
        "created_at": timezone.now(),
    }
    return saved(EarlySign(partnership=of, first_seen_on=TODAY, last_seen_on=TODAY, **values | more))


def proposal(one: Enrolment, other: Enrolment, **more: Any) -> Proposal:
    """Make a proposal to a mentee and a mentor, under way."""
    Enrolment.objects.filter(pk__in=[one.pk, other.pk]).update(promised=1)
    values: dict[str, Any] = {
        "state": ProposalState.SENT,
        "reason": "Both are nurses.",
        "chosen_by": "system:tests",
        "author_name": "Tests",
        "score": 7_040,
        "bars": {"topics": [0.1, 0.5, 0.2]},
        "sentences": {"en": ["Both are nurses."], "da": ["Begge er sygeplejersker."]},
        "rank": 1,
        "ranked": 2,
        "meets_first": False,
        "sent_at": timezone.now(),
        "expires_on": TODAY + timedelta(days=7),
        "created_at": timezone.now(),
        "version": one.programme.versions.get(),
    }
    return saved(Proposal(mentee=one, mentor=other, division=one.division, **values | more))


def make_people(division: Division, programme: Programme, coordinator: Staff) -> None:
    """Two who wait, one of them the coordinator's own and speaking Arabic; three mentors, one of them resting."""
    mentee(division, programme, "Amina", days=90, languages={"ar": "C2", "da": "B1"},
            enrolment={"coordinator": user_of(coordinator), "word_due_on": TODAY - timedelta(days=1)})  # fmt: skip
    mentee(division, programme, "Oksana", days=10, languages={"uk": ""})
    mentor(division, programme, "Bodil", topics=("cv",), languages={"da": "C2"})
    mentor(division, programme, "Karen", topics=("network",), languages={"da": "C2", "en": "C1"})
    mentor(division, programme, "Rikke", enrolment={"resting_until": TODAY + timedelta(days=20)})
