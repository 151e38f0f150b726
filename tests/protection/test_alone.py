"""What one person alone could try: by an address of her own, an old yes, a guess, or hiding that she has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_division, make_person, make_staff, saved, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.imports.models import Batch, File
from mentornet.imports.queries import sealed_people
from mentornet.intake.models import ContactPerson
from mentornet.intake.queries import protected_alike
from mentornet.intake.services.hiding import hide
from mentornet.intake.services.protection import (
    approve_reveal,
    ask_to_copy,
    ask_to_lift,
    ask_to_reveal,
    protect,
    reveal_in_force,
    write_reach,
)
from mentornet.people.entrance import sole_person
from mentornet.people.participants import Participant
from mentornet.privacy.services import make_copy
from protection.hers import COVER, FIRST, LAST, PHONE, Network, make_network
from signing import enter

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=1)


@pytest.fixture
def net() -> Network:
    return make_network()


def herself(net: Network) -> Participant:
    return Participant(person_id=net.her.person_id, name=net.person.name, at=AT)


def test_address_written_by_one_opens_no_copy_until_a_second_one_has_said_yes(net: Network) -> None:
    net.protect()
    assert make_copy(by=herself(net), person=net.person, language="en")
    before = ask_to_reveal(by=net.lead, known_by=net.her.application, reason="x")
    approve_reveal(by=net.colleague, reveal=before)
    coordinator = replace(net.coordinator, at=AT + LATER)
    write_reach(by=coordinator, known_by=net.her.application, facts={"safe_contact": "In the morning."})
    assert make_copy(by=herself(net), person=net.person, language="en"), "lets nobody in"
    write_reach(by=coordinator, known_by=net.her.application, facts={"email": "coordinator@example.org"})
    # She who has written it comes in as her, by a code that is sent there.
    assert sole_person("coordinator@example.org") == net.person
    with pytest.raises(NotAllowedError, match="Two people"):
        make_copy(by=herself(net), person=net.person, language="en")
    look = ask_to_reveal(by=coordinator, known_by=net.her.application, reason="She wants her copy.")
    approve_reveal(by=replace(net.colleague, at=AT + LATER), reveal=look)
    with pytest.raises(NotAllowedError, match="Two people"):
        make_copy(by=herself(net), person=net.person, language="en")
    reveal = ask_to_copy(by=coordinator, known_by=net.her.application, reason="She wants her copy.")
    with pytest.raises(NotAllowedError, match="Two people"):
        make_copy(by=herself(net), person=net.person, language="en")
    approve_reveal(by=replace(net.colleague, at=AT + LATER), reveal=reveal)
    assert make_copy(by=herself(net), person=net.person, language="en")


def test_guess_that_is_right_looks_like_one_that_is_wrong(net: Network) -> None:
    net.protect()
    for phone in (PHONE, "22 33 44 55"):
        write_reach(by=net.coordinator, known_by=net.her.application, facts={"phone": phone, "email": ""})
    written = Entry.objects.filter(act="people.write_sealed")
    assert [one.detail for one in written] == [{"fields": ["phone"]}] * 2


def test_yes_from_before_opens_nothing_once_she_is_protected_again(net: Network) -> None:
    net.protect()
    look = ask_to_reveal(by=net.lead, known_by=net.her.application, reason="x")
    lift = ask_to_lift(by=net.lead, known_by=net.her.application, reason="x")
    approve_reveal(by=net.coordinator, reveal=look)
    approve_reveal(by=net.colleague, reveal=lift)
    assert not net.person.is_protected
    net.protect()
    assert reveal_in_force(net.lead, net.her.person_id) is None
    with pytest.raises(NotAllowedError, match="second person"):
        make_copy(by=net.lead, person=net.person, language="en")


def test_a_third_one_is_told_where_there_is_one(net: Network) -> None:
    net.protect()
    head = make_staff(StaffRoleName.NATIONAL_LEAD)
    reveal = ask_to_reveal(by=net.lead, known_by=net.her.application, reason="x")
    approve_reveal(by=net.colleague, reveal=reveal)
    assert Task.objects.get(kind=Kind.REVEALED).owner_id == head.user_id
    Task.objects.all().delete()
    own = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    approve_reveal(by=net.lead, reveal=own)
    assert Task.objects.get(kind=Kind.REVEALED).owner_id == head.user_id


def test_nobody_looks_where_all_are_blind_who_would_be_told(net: Network) -> None:
    net.protect()
    head = make_staff(StaffRoleName.NATIONAL_LEAD)
    hide(by=herself(net), person=net.person, user=user_of(net.lead))
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    hide(by=herself(net), person=net.person, user=user_of(head))
    for asked in (reveal, ask_to_lift(by=net.coordinator, known_by=net.her.application, reason="x")):
        with pytest.raises(NotAllowedError, match="nobody can say yes"):
            approve_reveal(by=net.colleague, reveal=asked)
    assert net.person.is_protected
    assert reveal_in_force(net.coordinator, net.her.person_id) is None
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()
    # Once somebody who leads may see her, it is she who is told.
    other = make_staff(StaffRoleName.NATIONAL_LEAD)
    approve_reveal(by=net.colleague, reveal=reveal)
    assert Task.objects.get(kind=Kind.REVEALED).owner_id == other.user_id


def test_lead_who_has_hidden_her_from_the_other_one_does_not_look_unseen(net: Network) -> None:
    net.protect()
    head = make_staff(StaffRoleName.NATIONAL_LEAD)
    hide(by=net.lead, person=net.person, user=user_of(head), reason="x")
    reveal = ask_to_reveal(by=net.lead, known_by=net.her.application, reason="x")
    with pytest.raises(NotAllowedError, match="nobody can say yes"):
        approve_reveal(by=net.colleague, reveal=reveal)
    # Of the others' questions she herself is told.
    own = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    approve_reveal(by=net.colleague, reveal=own)
    assert Task.objects.get(kind=Kind.REVEALED).owner_id == net.lead.user_id


def test_whoever_asked_cannot_take_away_what_tells_of_it(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    approve_reveal(by=net.colleague, reveal=reveal)
    told = Task.objects.get(kind=Kind.REVEALED)
    with time_machine.travel(AT):
        asker = enter(Client(), user_of(net.coordinator))
        page = asker.post(reverse("desk:task_done", args=[told.pk]), follow=True).content.decode()
        assert "You have asked for this yourself." in page
        until = (TODAY + timedelta(days=20)).isoformat()
        asker.post(reverse("desk:task_snooze", args=[told.pk]), {"until": until, "reason": "x"})
        told.refresh_from_db()
        assert (told.done_at, told.snoozed_until) == (None, None)
        enter(Client(), user_of(net.lead)).post(reverse("desk:task_done", args=[told.pk]))
    told.refresh_from_db()
    assert told.done_at is not None


def test_neither_a_list_that_waits_nor_a_session_keeps_her_name(net: Network) -> None:
    def waiting(name: str) -> Batch:
        batch = saved(
            Batch(
                division=net.division, programme=net.her.programme, user=user_of(net.coordinator),
                created_by=net.coordinator.key, author_name=net.coordinator.name, created_at=AT,
            )
        )  # fmt: skip
        content = f"name;postcode\n{name};97531\n".encode()
        saved(File(batch=batch, subject="mentees", name="list.csv", rows=1, content=content, created_at=AT))
        return batch

    hers, others = waiting(f"{LAST}, {FIRST.upper()}"), waiting(f"{FIRST} Andersen")
    with time_machine.travel(AT):
        browser = enter(Client(), user_of(net.colleague))
        session = browser.session
        session["said"] = [f"Saved what you wrote about {FIRST} {LAST}."]
        session["also"] = f"{FIRST} Andersen"
        session.save()
        net.protect()
        assert "said" not in browser.session
        assert browser.session["also"] == f"{FIRST} Andersen"
        assert browser.get(reverse("desk:people")).status_code == 200
    assert not Batch.objects.filter(pk=hers.pk).exists()
    assert File.objects.filter(batch=others).exists()
    assert Entry.objects.filter(act="imports.forget", object_id=str(hers.pk)).count() == 1


def test_contact_person_who_never_applied_is_not_brought_back_either(net: Network) -> None:
    person = make_person("Lone", "Hemmelig", email="lone@example.org")
    contact = saved(
        ContactPerson(
            person=person, division=net.division, asked_on=TODAY, state="confirmed", confirmed_on=TODAY, created_at=AT
        )
    )  # fmt: skip
    protect(by=net.coordinator, known_by=contact, cover=COVER, reason="x")
    anew = make_person("Anybody", email="lone@example.org")
    assert protected_alike(anew, net.division.pk) == [person.pk]
    assert protected_alike(anew, make_division("Away").pk) == []
    assert [row["pk"] for row in sealed_people(net.coordinator, net.division.pk)] == [person.pk]
