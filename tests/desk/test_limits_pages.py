"""How many may wait, on the desk: its lead sets it and decides, a coordinator reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_enrolment
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import takes_in
from mentornet.intake.enums import LimitDoes
from mentornet.intake.models import Enrolment, IntakeLimit, IntakeWindow
from mentornet.intake.services import limits
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def lead(division_lead: Staff) -> Staff:
    return division_lead


@pytest.fixture
def three(division: Division, programme: Programme) -> list[Enrolment]:
    return [
        make_enrolment(Role.MENTEE, division, programme=programme, enrolment={"since": TODAY - days * DAY})
        for days in (10, 40, 90)
    ]


def watch(by: Staff) -> int:
    return limits.watch_limits(by=System("intake.watch_limits", by.at))


def is_open(division: Division, programme: Programme) -> bool:
    return takes_in(division_id=division.pk, role="mentee", programme_id=programme.pk)


def test_lead_sets_it_on_a_page_and_decides_on_another(
    client: Client, sign_in: SignIn, division: Division, programme: Programme, lead: Staff, three: list[Enrolment]
) -> None:
    desk = sign_in(client, lead)
    page = reverse("desk:intake_limit_set", args=[division.pk])
    html = desk.get(page, {"programme": str(programme.pk)}).content.decode()
    assert "3 people wait now." in html
    assert "Half of them have waited longer than 40 days." in html
    sent = {"programme": str(programme.pk), "most": "3", "opens_at": "3", "does": "suggest"}
    assert "at fewer than it closes at" in desk.post(page, sent).content.decode()
    assert desk.post(page, sent | {"opens_at": "2", "reason_en": "Full until May"}).status_code == 302
    assert "at most 3 may wait" in desk.get(reverse("desk:intake", args=[division.pk])).content.decode()
    watch(lead)
    limit = IntakeLimit.objects.get()
    shown = reverse("desk:intake_limit", args=[limit.pk])
    today = desk.get(reverse("desk:today")).content.decode()
    assert "the waiting list has reached its limit" in today
    assert shown in today
    html = desk.get(shown).content.decode()
    for words in ("The waiting list has reached its limit", "3 of 3; it opens again at 2", "Full until May"):
        assert words in html, words
    desk.post(reverse("desk:intake_limit_follow", args=[limit.pk]))
    assert IntakeWindow.objects.get().reason["en"] == "Full until May"
    assert not is_open(division, programme)


def test_coordinator_reads_it_and_has_nothing_to_press(
    client: Client, sign_in: SignIn, division: Division, programme: Programme, lead: Staff, coordinator: Staff,
    three: list[Enrolment],
) -> None:  # fmt: skip
    limit = limits.set_limit(by=lead, division=division, programme=programme, does=LimitDoes.SUGGEST, most=3)
    watch(lead)
    desk = sign_in(client, coordinator)
    html = desk.get(reverse("desk:intake_limit", args=[limit.pk])).content.decode()
    assert "The division’s lead decides." in html
    assert reverse("desk:intake_limit_follow", args=[limit.pk]) not in html
    assert desk.post(reverse("desk:intake_limit_follow", args=[limit.pk])).status_code == 403
