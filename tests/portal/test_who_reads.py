"""On her own pages she chooses who of those who work here must not see her."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import make_division, make_enrolment, make_staff, user_of
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.people.enums import Role as Part
from mentornet.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

AsParticipant = Callable[[Person], Client]


def test_she_chooses_somebody_of_her_office_and_it_holds_at_once(
    division: Division, as_participant: AsParticipant
) -> None:
    karen = make_staff(Role.COORDINATOR, division, name="Karen Cousin")
    lone = make_staff(Role.COORDINATOR, division, name="Lone Left")
    elsewhere: Staff = make_staff(Role.COORDINATOR, make_division(), name="Far Away")
    case = make_enrolment(Part.MENTEE, division, enrolment={"coordinator": user_of(karen)})
    browser, url = as_participant(case.person), reverse("portal:who_reads")
    assert url in browser.get(reverse("portal:profile")).content.decode()
    page = browser.get(url).content.decode()
    assert "Karen Cousin" in page
    assert "Far Away" not in page
    assert browser.post(url, {"user": str(elsewhere.user_id)}).status_code == 200
    assert not HiddenPerson.objects.exists()
    done = browser.post(url, {"user": str(karen.user_id)}, follow=True).content.decode()
    assert "Karen Cousin does not see you here any more." in done
    assert "They do not see you" in done
    assert staff_member(user_of(karen), karen.at).hidden == {case.person_id}
    case.refresh_from_db()
    assert case.coordinator_id == lone.user_id
    refused = browser.post(url, {"user": str(lone.user_id)}).content.decode()
    assert "nobody would be left" in refused


def test_history_on_her_own_pages_says_who_hid_her(division: Division, as_participant: AsParticipant) -> None:
    karen = make_staff(Role.COORDINATOR, division, name="Karen Cousin")
    make_staff(Role.COORDINATOR, division, name="Lone Left")
    case = make_enrolment(Part.MENTEE, division)
    browser = as_participant(case.person)
    browser.post(reverse("portal:who_reads"), {"user": str(karen.user_id)})
    assert browser.get(reverse("portal:seen")).status_code == 200
