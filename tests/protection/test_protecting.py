"""Protecting somebody takes her out of every stored row at once, and two people bring her back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, make_person, make_staff
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.common.actors import System, Visitor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.intake.services.protection import (
    approve_reveal,
    ask_to_lift,
    ask_to_reveal,
    protect,
    refuse_reveal,
    rename_again,
    reveal_in_force,
    see,
    write_reach,
)
from mentornet.messaging.models import Letter
from mentornet.messaging.services import deliver_due_letters
from mentornet.partnerships.models import Note
from mentornet.people.entrance import ask_to_sign_in, sole_person, user_for
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.people.services import change_person
from protection.hers import ALIAS, COVER, EMAIL, FIRST, LAST, MARKED, PHONE, PLACE, Network, make_network, stored

pytestmark = pytest.mark.django_db
# The first name is her namesake's, too, and stays with her.
HERS = {name: value for name, value in MARKED.items() if name != "first name"}


@pytest.fixture
def net() -> Network:
    return make_network()


def test_unprotected_person_is_found_everywhere(net: Network) -> None:
    found = stored(MARKED)
    assert {name for _column, name in found} == set(MARKED)
    assert len({column for column, _name in found}) >= 20


def test_protected_person_stands_in_no_row(net: Network) -> None:
    net.protect()
    assert stored(HERS | {"former address": "sorayamina.gammel"}) == set()
    person = net.person
    assert (person.name, person.area, person.is_protected, person.search_text) == (ALIAS, "Jylland", True, "solveig")
    her_texts = {column for column, _name in stored({"first name": FIRST})}
    # The namesake's own rows, and what was written to her, name the namesake.
    assert her_texts <= {
        "people.Person.first_name", "people.Person.search_text", "people.Profile.about", "messaging.Letter.values",
    }  # fmt: skip
    letter = Letter.objects.get(recipient=f"person:{net.namesake.pk}")
    # Written to somebody else, it names her by neither name.
    assert letter.values["text"] == f"Dear {FIRST}, … says hello, call …."
    assert net.her.profile.__class__.objects.get(pk=net.her.profile_id).about == (
        f"I am {ALIAS} and I work at …. My son goes to …. {ALIAS}s motto: go on."
    )
    task = Task.objects.get(target_id=net.her.pk, kind=Kind.NOT_MET)
    assert task.words["mentee"] == ALIAS


def test_database_takes_nothing_that_leads_to_her(net: Network) -> None:
    net.protect()
    for name in ("last_name", "email", "phone", "safe_contact", "postcode"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=net.her.person_id).update(**{name: "x"})


def test_services_refuse_to_write_what_is_sealed(net: Network) -> None:
    person = net.protect()
    with pytest.raises(RefusedError, match="sealed"):
        change_person(by=net.coordinator, person=person, facts={"email": "new@example.org"})
    # As somebody sees her who opened the page before.
    stale = replace_person(net)
    with pytest.raises(RefusedError, match="sealed"):
        change_person(by=net.coordinator, person=stale, facts={"area": "Kanarieholmen nord"})
    assert change_person(by=net.coordinator, person=net.person, facts={"language": "en"}).language == "en"


def replace_person(net: Network) -> Person:
    person = net.person
    person.first_name, person.last_name, person.is_protected = FIRST, LAST, False
    return person


def test_protecting_twice_is_said_to_the_second(net: Network) -> None:
    net.protect()
    with pytest.raises(ChangedMeanwhileError):
        net.protect()
    assert ProtectedIdentity.objects.count() == 1


@pytest.mark.parametrize(
    ("cover", "field"),
    [
        (replace(COVER, alias=" "), "alias"),
        (replace(COVER, alias=f"{FIRST} Sol"), "alias"),
        (replace(COVER, alias=LAST.upper()), "alias"),
        (replace(COVER, area="kanarieholmen"), "area"),
    ],
)
def test_cover_that_tells_who_she_is_is_refused(net: Network, cover: object, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        protect(by=net.coordinator, known_by=net.her.application, cover=cover, reason="x")  # type: ignore[arg-type]  # given whole
    assert field in refused.value.message_dict
    assert not net.person.is_protected


def test_reason_is_needed(net: Network) -> None:
    with pytest.raises(ValidationError):
        protect(by=net.coordinator, known_by=net.her.application, cover=COVER, reason=" ")
    assert not ProtectedIdentity.objects.exists()


def test_coordinator_elsewhere_may_neither_protect_nor_ask(net: Network) -> None:
    elsewhere = make_staff(StaffRoleName.COORDINATOR, net.namesake.applications.get().division.__class__.objects.create(
        name="Elsewhere", opened_on="2003-01-01", created_at=AT))  # fmt: skip
    with pytest.raises(NotAllowedError):
        protect(by=elsewhere, known_by=net.her.application, cover=COVER, reason="x")
    net.protect()
    with pytest.raises(NotAllowedError):
        ask_to_reveal(by=elsewhere, known_by=net.her.application, reason="x")
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    with pytest.raises(NotAllowedError):
        approve_reveal(by=elsewhere, reveal=reveal)


def test_letter_reaches_her_at_the_sealed_address_and_keeps_none(net: Network) -> None:
    net.protect()
    assert deliver_due_letters(by=System("tests", AT + timedelta(hours=1))).sent == 2
    to_her = [one for one in mail.outbox if one.to == [EMAIL]]
    assert len(to_her) == 1
    assert ALIAS in to_her[0].body
    assert not any(value in f"{one.subject}{one.body}" for one in mail.outbox for value in (LAST, PLACE, PHONE))
    sent = Letter.objects.filter(recipient=f"person:{net.her.person_id}", state="sent")
    assert set(sent.values_list("sent_to", flat=True)) == {""}
    assert stored(HERS) == set()


def test_she_signs_in_by_her_own_address_and_number(net: Network) -> None:
    net.protect()
    for typed in (EMAIL, EMAIL.upper(), PHONE, "61 72 83 94", "004561728394"):
        found = sole_person(typed)
        assert found is not None, typed
        assert found.pk == net.her.person_id
    challenge = ask_to_sign_in(by=Visitor(AT), typed=EMAIL)
    assert challenge.recipient == f"person:{net.her.person_id}"
    user = user_for(by=System("tests", AT), person_id=net.her.person_id, reads_email=True)
    assert user is not None
    assert (user.email, user.phone, user.name, user.is_sealed) == (None, "", ALIAS, True)
    assert user_for(by=System("tests", AT), person_id=net.her.person_id, reads_email=True) == user
    assert stored(HERS) == set()


def test_users_row_is_sealed_with_her(net: Network) -> None:
    user = user_for(by=System("tests", AT), person_id=net.her.person_id, reads_email=True)
    assert user is not None
    assert user.email == EMAIL
    net.protect()
    user = User.objects.get(pk=user.pk)
    assert (user.email, user.phone, user.name, user.is_sealed) == (None, "", ALIAS, True)
    lift(net)
    user = User.objects.get(pk=user.pk)
    assert (user.email, user.name, user.is_sealed) == (EMAIL, f"{FIRST} {LAST}", False)


def test_somebody_who_writes_in_her_name_does_not_keep_her_out(net: Network) -> None:
    net.protect()
    make_person("Anybody", email=EMAIL)
    found = sole_person(EMAIL)
    assert found is not None
    assert found.pk == net.her.person_id


def test_staff_member_cannot_be_protected(net: Network) -> None:
    make_staff(StaffRoleName.COORDINATOR, net.division, email=EMAIL)
    with pytest.raises(RefusedError, match="role"):
        net.protect()


def lift(net: Network) -> Person:
    reveal = ask_to_lift(by=net.coordinator, known_by=net.her.application, reason="The danger is over, she says.")
    approve_reveal(by=net.colleague, reveal=reveal)
    return net.person


def test_lifting_brings_everything_back(net: Network) -> None:
    before = stored(MARKED)
    net.protect()
    Note.objects.filter(partnership=net.pair).update(text="Written anew since.")
    person = lift(net)
    assert (person.name, person.email, person.phone, person.is_protected) == (f"{FIRST} {LAST}", EMAIL, PHONE, False)
    assert not ProtectedIdentity.objects.exists()
    assert {column for column, _name in before - stored(MARKED)} == {"partnerships.Note.text"}
    assert Note.objects.get(partnership=net.pair).text == "Written anew since."


def test_nobody_reveals_alone(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="The police has called.")
    assert Task.objects.filter(kind=Kind.REVEAL, target_id=reveal.pk, done_at__isnull=True).exists()
    with pytest.raises(NotAllowedError, match="second person"):
        see(by=net.coordinator, reveal=reveal)
    with pytest.raises(NotAllowedError, match="second person"):
        approve_reveal(by=net.coordinator, reveal=reveal)
    # Nor by the row itself.
    with pytest.raises(IntegrityError), transaction.atomic():
        Reveal.objects.filter(pk=reveal.pk).update(
            answered_at=AT, answered_by=net.coordinator.user_id, is_approved=True, expires_at=AT
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Reveal.objects.filter(pk=reveal.pk).update(
            answered_at=AT, answered_by=net.colleague.user_id, is_approved=True, expires_at=None
        )


def test_approved_reveal_is_for_whoever_asked_and_ends_after_fifteen_minutes(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="The police has called.")
    approve_reveal(by=net.colleague, reveal=reveal)
    shown = see(by=replace(net.coordinator, at=AT + timedelta(minutes=15, microseconds=-1)), reveal=reveal)
    assert (shown.first_name, shown.last_name, shown.email, shown.phone) == (FIRST, LAST, EMAIL, PHONE)
    with pytest.raises(NotAllowedError, match="whoever asked"):
        see(by=net.colleague, reveal=reveal)
    late = replace(net.coordinator, at=AT + timedelta(minutes=15))
    with pytest.raises(NotAllowedError, match="over"):
        see(by=late, reveal=reveal)
    assert reveal_in_force(late, net.her.person_id) is None
    assert reveal_in_force(net.coordinator, net.her.person_id) == Reveal.objects.get(pk=reveal.pk)
    reads = Entry.objects.filter(kind=EntryKind.READ, act="people.see_identity")
    assert [(one.actor, one.object_id) for one in reads] == [(net.coordinator.key, str(net.her.person_id))]
    told = Task.objects.get(kind=Kind.REVEALED, target_id=reveal.pk)
    assert (told.owner_id, told.words["name"]) == (net.lead.user_id, ALIAS)


def test_refused_and_old_questions_open_nothing(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    refuse_reveal(by=net.colleague, reveal=reveal)
    with pytest.raises(NotAllowedError):
        see(by=net.coordinator, reveal=reveal)
    with pytest.raises(ChangedMeanwhileError):
        approve_reveal(by=net.lead, reveal=reveal)
    again = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    with pytest.raises(ValidationError):
        ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    tomorrow = replace(net.colleague, at=AT + timedelta(days=1))
    with pytest.raises(ChangedMeanwhileError):
        approve_reveal(by=tomorrow, reveal=again)
    anew = ask_to_reveal(by=replace(net.coordinator, at=tomorrow.at), known_by=net.her.application, reason="x")
    assert anew.pk != again.pk


def test_protection_never_lapses_and_what_is_written_later_is_renamed(net: Network) -> None:
    net.protect()
    Note.objects.filter(partnership=net.pair).update(text=f"{FIRST} called.")
    years_later = System("tests", AT + timedelta(days=4000))
    assert rename_again(by=years_later) == 1
    assert Note.objects.get(partnership=net.pair).text == f"{ALIAS} called."
    assert rename_again(by=years_later) == 0
    assert net.person.is_protected


def test_new_address_is_written_without_looking(net: Network) -> None:
    net.protect()
    write_reach(by=net.coordinator, known_by=net.her.application, facts={"phone": "22 33 44 55", "email": ""})
    identity = ProtectedIdentity.objects.get()
    assert (identity.phone, identity.email) == ("22 33 44 55", EMAIL)
    assert sole_person("22334455") == net.person
    assert stored({"telephone": "22334455"}) == set()
