"""Her copy names the other one of a pair: a lead who must not see that one has another lead make it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exporting import proposal, proven
from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_staff, saved, user_of
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Avoidance
from mentornet.people.participants import Participant
from mentornet.privacy.services import make_copy
from signing import enter

pytestmark = pytest.mark.django_db
PARTNER = "Zulaikha"


@pytest.fixture
def mentee(division: Division) -> Enrolment:
    return make_enrolment("mentee", division, person=make_person("Amina", "Noor"))


@pytest.fixture
def mentor(division: Division, mentee: Enrolment) -> Enrolment:
    person = make_person(PARTNER, "Fjernholm")
    return make_enrolment("mentor", division, programme=mentee.programme, person=person)


def paired(mentee: Enrolment, mentor: Enrolment) -> None:
    saved(
        Partnership(
            mentee=mentee, mentor=mentor, division=mentee.division, state="active", matched_on=TODAY,
            first_met_on=TODAY, created_at=AT,
        )
    )  # fmt: skip


def proposed(mentee: Enrolment, mentor: Enrolment) -> None:
    proposal(mentee, mentor, state="to_meet", meets_first=True)


def kept_apart(mentee: Enrolment, mentor: Enrolment) -> None:
    Avoidance.objects.create(
        person=mentor.person, other=mentee.person, reason=f"{PARTNER} has asked.", created_by="user:x", created_at=AT
    )


def asked_for_copy(staff: Staff, mentee: Enrolment) -> tuple[str, dict[str, str] | None]:
    """Return the page, and what is in the copy; nothing where there is none."""
    desk = proven(enter(Client(), user_of(staff)), staff)
    url = reverse("desk:person_copy", args=[mentee.person_id])
    page, answer = desk.get(url).content.decode(), desk.post(url)
    if answer["Content-Type"] != "application/zip":
        return page + answer.content.decode(), None
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        return page, {name: files.read(name).decode() for name in files.namelist()}


@pytest.mark.parametrize("tied", [paired, proposed, kept_apart])
@pytest.mark.parametrize("role", [Role.DIVISION_LEAD, Role.NATIONAL_LEAD])
def test_lead_who_must_not_see_the_other_one_makes_no_copy(
    division: Division, mentee: Enrolment, mentor: Enrolment, role: Role, tied: object
) -> None:
    tied(mentee, mentor)  # type: ignore[operator]  # one of the three above
    lead = make_staff(role, division if role == Role.DIVISION_LEAD else None)
    _page, files = asked_for_copy(lead, mentee)
    # The control: whoever may see both has it.
    assert files is not None
    assert (PARTNER in "".join(files.values())) is (tied is not kept_apart)
    saved(
        HiddenPerson(
            user=user_of(lead), person_id=mentor.person_id, reason="A", set_by="user:x", created_at=timezone.now()
        ),
        exclude=("lifted_at",),
    )
    page, files = asked_for_copy(lead, mentee)
    assert files is None
    assert PARTNER not in page
    # Said as to anybody who does not lead every division that knows her.
    assert ("Ask the national lead" if role == Role.DIVISION_LEAD else "Ask whoever leads your division") in page
    assert Entry.objects.filter(act="privacy.copy", object_id=str(mentee.person_id)).count() == 1
    # What she takes herself holds all of it, and another lead still makes it.
    assert make_copy(by=Participant(person_id=mentee.person_id, name="x", at=AT), person=mentee.person, language="en")
    assert asked_for_copy(make_staff(Role.DIVISION_LEAD, division), mentee)[1] is not None


def test_lead_who_must_not_see_somebody_else_makes_it(division: Division, mentee: Enrolment, mentor: Enrolment) -> None:
    lead = make_staff(Role.DIVISION_LEAD, division)
    saved(
        HiddenPerson(
            user=user_of(lead), person_id=mentor.person_id, reason="A", set_by="user:x", created_at=timezone.now()
        ),
        exclude=("lifted_at",),
    )
    assert asked_for_copy(lead, mentee)[1] is not None
