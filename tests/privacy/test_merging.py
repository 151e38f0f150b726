"""Two rows of one woman are made one, whatever leads to them, and two again: nothing is lost or weakened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from matching.pairs import both_say_yes, letters_arrive, make_pair, propose
from pytest_django import Settings

from factories.django_rows import (
    AT,
    TODAY,
    make_application,
    make_enrolment,
    make_person,
    make_staff,
    make_user,
    saved,
    user_of,
)
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.common.ledger import hashed, ledger_path, read_ledger
from mentornet.divisions.models import Division, HiddenPerson
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState, ConsentPurpose
from mentornet.intake.models import Application, Consent, Enrolment
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.matching.models import Loan
from mentornet.messaging.models import Letter
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.models import Avoidance, LanguageSkill, Objection, Person, Profile, ProtectedIdentity, Restriction
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.privacy.doubles import likely_doubles, may_be_her
from mentornet.privacy.enums import Reason
from mentornet.privacy.merge_choices import GONE, choices_of, mark_of_two
from mentornet.privacy.merge_rules import in_the_way
from mentornet.privacy.merge_ways import WAYS, Way
from mentornet.privacy.models import Erasure, Merge, Request
from mentornet.privacy.services import erase, replay
from mentornet.privacy.services.copying import make_copy
from mentornet.privacy.services.merging import (
    forget_old_steps,
    merge_people,
    say_not_the_same,
    unmerge_people,
)
from mentornet.privacy.services.objecting import object_to
from mentornet.programmes.models import Programme
from privacy.canaries import make_world

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def typed(division: Division, programme: Programme) -> Enrolment:
    """She, as she was typed in by hand."""
    her = make_person("Hodan", "Warsame", email="hodan@example.net", postcode="5000")
    return make_enrolment(
        Role.MENTEE, division, person=her, programme=programme, occupation="2211", languages={"so": "C2", "da": "B1"},
        enrolment={"since": TODAY - 2 * MONTH, "word_due_on": TODAY + MONTH},
    )  # fmt: skip


@pytest.fixture
def imported(division: Division, programme: Programme) -> Enrolment:
    """She once more, as she came with a list: under another address, and longer ago."""
    her = make_person("Hodan", "Warsame", email="h.warsame@example.com", postcode="5000", phone="20 11 22 33")
    return make_enrolment(
        Role.MENTEE, division, person=her, programme=programme, occupation="2221", sector="health",
        languages={"so": "", "en": "B2"}, enrolment={"since": TODAY - 5 * MONTH, "word_due_on": TODAY + timedelta(3)},
    )  # fmt: skip


def merge(by: Staff, kept: Enrolment, gone: Enrolment, **chosen: str) -> Merge:
    named = {name.replace("_", "."): side for name, side in chosen.items()}
    return merge_people(by=by, kept=kept.person, gone=gone.person, chosen=named, reason="Typed in twice")


def agree(by: Staff, person: Person, division: Division) -> None:
    note_consents(by=by, person=person, division_id=division.pk, purposes=[ConsentPurpose.EVENTS], language="en")


def everything(*, besides: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return all rows of the program, without what is drawn anew and what is there to remember the act."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label
        if not model.__module__.startswith("mentornet.") or label.startswith(("audit.", *besides)):
            continue
        for row in serializers.serialize("python", model._default_manager.all()):
            row["fields"].pop("stamp", None)
            found[f"{label} {row['pk']}"] = row["fields"]
    return found


# What two become ------------------------------------------------------------------------------------------------------


def test_everything_leads_to_the_one_who_is_kept(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    merge(coordinator, typed, imported)
    assert not Person.objects.filter(pk=imported.person_id).exists()
    her = Person.objects.get(pk=typed.person_id)
    # What only one of the two says is kept; of what both say, hers who is kept unless somebody chooses.
    assert (her.email, her.phone) == ("hodan@example.net", "20 11 22 33")
    profile = Profile.objects.get(person=her)
    assert (profile.occupation, profile.sector) == ("2211", "health")
    assert set(LanguageSkill.objects.filter(person=her).values_list("code", "level")) == {
        ("so", "C2"), ("da", "B1"), ("en", "B2"),
    }  # fmt: skip
    assert Enrolment.objects.filter(person=her, profile=profile).count() == 2
    assert Application.objects.filter(person=her).count() == 2


def test_the_longer_wait_and_the_earlier_promise_count(
    coordinator: Staff, typed: Enrolment, imported: Enrolment
) -> None:
    ask_for(by=coordinator, kind=Kind.PROMISE, target_id=typed.pk, division_id=typed.division_id, due_on=TODAY + MONTH)
    ask_for(by=coordinator, kind=Kind.PROMISE, target_id=imported.pk, division_id=typed.division_id, due_on=TODAY)
    choice = next(one for one in choices_of(typed.person, imported.person) if one.kind == "place")
    assert choice.default == GONE
    merge_people(by=coordinator, kept=typed.person, gone=imported.person, chosen={choice.name: "kept"}, reason="Twice")
    place = Enrolment.objects.get(person=typed.person, ended_on=None)
    assert place.pk == typed.pk
    assert (place.since, place.word_due_on) == (TODAY - 5 * MONTH, TODAY + timedelta(3))
    assert Task.objects.get(done_at=None).target_id == typed.pk
    assert Task.objects.get(done_at=None).due_on == TODAY + timedelta(3)


def test_what_was_chosen_counts(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    merge(coordinator, typed, imported, person_email="gone", mentee_occupation="gone")
    assert Person.objects.get(pk=typed.person_id).email == "h.warsame@example.com"
    assert Profile.objects.get(person=typed.person_id).occupation == "2221"


def test_the_stricter_word_holds(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division, programme: Programme
) -> None:
    kept, gone = typed.person, imported.person
    third = make_enrolment(Role.MENTOR, division, programme=programme).person
    saved(Avoidance(person=third, other=gone, created_at=AT, created_by="system:tests"), exclude=("created_by",))
    saved(Avoidance(person=kept, other=third, created_at=AT, created_by="system:tests"))
    object_to(by=Participant(person_id=gone.pk, name=gone.name, at=AT), person=gone, purpose=ObjectionPurpose.RANKING)
    saved(Restriction(person=gone, reason="She asks for it", restricted_by="user:x", created_at=AT))
    agree(coordinator, kept, division)
    agree(coordinator, gone, division)
    take_consent_back(by=coordinator, consent=Consent.objects.get(person=gone))
    Person.objects.filter(pk=gone.pk).update(hides_network=True)
    colleague = make_staff(StaffRoleName.COORDINATOR, division)
    HiddenPerson.objects.create(user=user_of(colleague), person_id=gone.pk, set_by="user:x", created_at=AT)
    merge(coordinator, typed, imported)
    assert {frozenset(pair) for pair in Avoidance.objects.values_list("person", "other")} == {
        frozenset({kept.pk, third.pk})
    }
    assert Objection.objects.get(ended_at=None).person_id == kept.pk
    assert Restriction.objects.get(lifted_at=None).person_id == kept.pk
    assert not Consent.objects.filter(person=kept, withdrawn_at=None).exists()
    assert Consent.objects.filter(person=kept).count() == 2
    assert Person.objects.get(pk=kept.pk).hides_network
    assert HiddenPerson.objects.get().person_id == kept.pk


def test_letters_to_her_and_her_sign_in_go_over(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    user = make_user("Hodan", email="h.warsame@example.com")
    Person.objects.filter(pk=imported.person_id).update(user=user)
    queue_letter(
        by=coordinator, recipient=person_key(imported.person_id), event="word_from_waiting_list",
        values={"day": TODAY.isoformat()}, about_id=imported.pk, division_id=imported.division_id,
    )  # fmt: skip
    merge(coordinator, typed, imported)
    assert Letter.objects.get().recipient == person_key(typed.person_id)
    assert Person.objects.get(pk=typed.person_id).user_id == user.pk


def test_of_two_sign_ins_one_goes_and_comes_back(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    own, other = make_user("Hodan"), make_user("Hodan")
    Person.objects.filter(pk=typed.person_id).update(user=own)
    Person.objects.filter(pk=imported.person_id).update(user=other)
    done = merge(coordinator, typed, imported, login="gone")
    assert Person.objects.get(pk=typed.person_id).user_id == other.pk
    assert not User.objects.filter(pk=own.pk).exists()
    assert done.gone_user_id == own.pk
    unmerge_people(by=coordinator, merge=done)
    assert Person.objects.get(pk=typed.person_id).user_id == own.pk
    assert Person.objects.get(pk=imported.person_id).user_id == other.pk
    assert not User.objects.get(pk=own.pk).has_usable_password()


def test_of_two_open_applications_the_further_one_goes_on(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    old = make_application(Role.MENTEE, division, programme=programme, state=ApplicationState.RECEIVED)
    new = make_application(Role.MENTEE, division, programme=programme, state=ApplicationState.BOOKED, received_on=TODAY)
    merge_people(by=coordinator, kept=old.person, gone=new.person, chosen={}, reason="Twice")
    rows = Application.objects.filter(person=old.person_id)
    assert dict(rows.values_list("pk", "state")) == {old.pk: "withdrawn", new.pk: "booked"}


def test_a_running_partnership_goes_over_with_its_place(
    coordinator: Staff, typed: Enrolment, division: Division, programme: Programme
) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, make_pair(division, programme)))
    letters_arrive()
    assert proposal.partnership is not None
    pair = Partnership.objects.get(pk=proposal.partnership.pk)
    merge(coordinator, typed, pair.mentee)
    pair.refresh_from_db()
    assert pair.mentee.person_id == typed.person_id
    # She has a mentor: it is the other place that has ended.
    assert Enrolment.objects.get(person=typed.person, ended_on=None).pk == pair.mentee_id


# What stands in the way -----------------------------------------------------------------------------------------------


def test_who_are_paired_are_two_women(coordinator: Staff, division: Division, programme: Programme) -> None:
    proposal = propose(coordinator, make_pair(division, programme))
    with pytest.raises(RefusedError, match="two women"):
        merge(coordinator, proposal.mentee, proposal.mentor)


def test_two_running_partnerships_in_one_programme_stand_in_the_way(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    one, other = (propose(coordinator, make_pair(division, programme)) for _time in range(2))
    with pytest.raises(RefusedError, match="Close or withdraw one"):
        merge(coordinator, one.mentee, other.mentee)


def test_who_must_not_meet_are_two_women(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    saved(Avoidance(person=typed.person, other=imported.person, created_at=AT, created_by="system:tests"))
    with pytest.raises(RefusedError, match="must not meet"):
        merge(coordinator, typed, imported)


def test_nobody_comes_to_whom_she_must_not_meet(
    coordinator: Staff, typed: Enrolment, division: Division, programme: Programme
) -> None:
    proposal = propose(coordinator, make_pair(division, programme))
    saved(Avoidance(person=proposal.mentor.person, other=typed.person, created_at=AT, created_by="system:tests"))
    with pytest.raises(RefusedError, match="comes before everything else"):
        merge(coordinator, typed, proposal.mentee)


def test_nobody_protected_is_merged_or_named(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    assert len(likely_doubles(coordinator)) == 1
    Person.objects.filter(pk=imported.person_id).update(
        is_protected=True, last_name="", email="", phone="", postcode="", birth_year=1990
    )
    Person.objects.filter(pk=typed.person_id).update(birth_year=1990)
    imported.person.refresh_from_db()
    typed.person.refresh_from_db()
    assert likely_doubles(coordinator) == []
    assert may_be_her(coordinator, typed.person) == may_be_her(coordinator, imported.person) == []
    with pytest.raises(RefusedError, match="protected"):
        merge(coordinator, typed, imported)


def test_another_divisions_woman_is_merged_by_the_national_lead_alone(
    coordinator: Staff, national_lead: Staff, typed: Enrolment, other_division: Division, programme: Programme
) -> None:
    there = make_enrolment(
        Role.MENTEE, other_division, person=make_person("Hodan", "Warsame", postcode="5000"), programme=programme
    )
    assert likely_doubles(coordinator) == []
    assert may_be_her(coordinator, typed.person) == []
    with pytest.raises(NotAllowedError):
        merge(coordinator, typed, there)
    with pytest.raises(NotAllowedError):
        say_not_the_same(by=coordinator, one=typed.person, other=there.person)
    assert [(one.one_id, one.other_id) for one in likely_doubles(national_lead)] == [
        tuple(sorted((typed.person_id, there.person_id)))
    ]
    assert merge(national_lead, typed, there).person_id == typed.person_id


def test_who_is_hidden_from_her_is_nobodys_double(
    coordinator: Staff, division: Division, typed: Enrolment, imported: Enrolment
) -> None:
    blind = replace(coordinator, hidden=frozenset({imported.person_id}))
    assert likely_doubles(blind) == []
    with pytest.raises(NotAllowedError):
        merge(blind, typed, imported)


def test_a_second_press_merges_nothing(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    seen = mark_of_two(typed.person, imported.person)
    Person.objects.filter(pk=imported.person_id).update(email="other@example.net")
    with pytest.raises(ChangedMeanwhileError, match="changed meanwhile"):
        merge_people(by=coordinator, kept=typed.person, gone=imported.person, chosen={}, reason="Twice", seen=seen)
    merge(coordinator, typed, imported)
    with pytest.raises(ChangedMeanwhileError, match="not here any more"):
        merge(coordinator, typed, imported)
    # A colleague who would keep the other one comes too late.
    with pytest.raises(ChangedMeanwhileError):
        merge(coordinator, imported, typed)
    assert Merge.objects.count() == 1


def test_a_reason_is_needed(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    with pytest.raises(ValidationError):
        merge_people(by=coordinator, kept=typed.person, gone=imported.person, chosen={}, reason="  ")


# Two again ------------------------------------------------------------------------------------------------------------


def test_undoing_brings_every_row_back(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division, programme: Programme
) -> None:
    agree(coordinator, typed.person, division)
    agree(coordinator, imported.person, division)
    third = make_person()
    saved(Avoidance(person=imported.person, other=third, created_at=AT, created_by="system:tests"))
    ask_for(by=coordinator, kind=Kind.PROMISE, target_id=imported.pk, division_id=division.pk, due_on=TODAY)
    before = everything(besides=("privacy.Merge",))
    done = merge(coordinator, typed, imported, person_email="gone", mentee_occupation="gone")
    assert everything(besides=("privacy.Merge",)) != before
    undone = unmerge_people(by=coordinator, merge=done)
    assert everything(besides=("privacy.Merge",)) == before
    assert (dict(undone.changed), undone.missing) == ({}, 0)
    done.refresh_from_db()
    assert (done.stands, done.steps, done.undone_name) == (False, [], coordinator.name)
    with pytest.raises(ChangedMeanwhileError):
        unmerge_people(by=coordinator, merge=done)


def test_what_has_come_since_stays(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division
) -> None:
    done = merge(coordinator, typed, imported)
    Person.objects.filter(pk=typed.person_id).update(phone="99 88 77 66")
    since = make_application(Role.MENTOR, division, person=typed.person)
    undone = unmerge_people(by=coordinator, merge=done)
    assert undone.changed == {"people.Person": 1}
    assert Person.objects.get(pk=typed.person_id).phone == "99 88 77 66"
    assert Person.objects.get(pk=imported.person_id).phone == "20 11 22 33"
    since.refresh_from_db()
    assert since.person_id == typed.person_id


def test_after_thirty_days_nothing_is_undone(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    done = merge(coordinator, typed, imported)
    late = replace(coordinator, at=coordinator.at + timedelta(days=31))
    with pytest.raises(NotAllowedError, match="thirty days"):
        unmerge_people(by=late, merge=done)
    assert forget_old_steps(by=System("tests", late.at)) == 1
    assert forget_old_steps(by=System("tests", late.at)) == 0
    done.refresh_from_db()
    assert done.steps == []


def test_the_last_merge_is_undone_first(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division, programme: Programme
) -> None:
    third = make_enrolment(Role.MENTEE, division, programme=programme)
    first = merge(coordinator, typed, imported)
    second = merge(replace(coordinator, at=AT + timedelta(hours=1)), typed, third)
    with pytest.raises(NotAllowedError, match="Undo that one first"):
        unmerge_people(by=coordinator, merge=first)
    unmerge_people(by=coordinator, merge=second)
    unmerge_people(by=coordinator, merge=first)
    assert Person.objects.filter(pk__in=[typed.person_id, imported.person_id, third.person_id]).count() == 3


def test_what_stands_in_the_way_of_undoing_changes_nothing(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    one = make_application(Role.MENTEE, division, programme=programme)
    other = make_application(Role.MENTEE, division, programme=programme, state=ApplicationState.INTERVIEWED)
    done = merge_people(by=coordinator, kept=one.person, gone=other.person, chosen={}, reason="Twice")
    make_application(Role.MENTEE, division, programme=make_enrolment().programme, person=one.person)
    Application.objects.filter(pk=other.pk).update(state="withdrawn")
    make_application(Role.MENTEE, division, programme=programme, person=one.person)
    with pytest.raises(RefusedError, match="come since"):
        unmerge_people(by=coordinator, merge=done)
    done.refresh_from_db()
    assert done.stands
    assert not Person.objects.filter(pk=other.person_id).exists()


# Erasure, and her copy ------------------------------------------------------------------------------------------------


def test_the_erasure_of_the_one_kept_is_the_erasure_of_both(
    coordinator: Staff, division_lead: Staff, typed: Enrolment, imported: Enrolment
) -> None:
    former = imported.person_id
    merge(coordinator, typed, imported)
    erase(by=division_lead, person=typed.person, reason=Reason.ASKED)
    assert not Merge.objects.exists()
    assert set(Erasure.objects.values_list("key", flat=True)) == {
        hashed(person_key(former)), hashed(person_key(typed.person_id)),
    }  # fmt: skip
    # An older backup, in which she stands twice, and which knows of no erasure, brings back neither of the two.
    entries = read_ledger(ledger_path())
    Erasure.objects.all().delete()
    make_application(Role.MENTEE, imported.division, person=_put_back(former))
    assert replay(by=System("tests", AT), entries=entries) == 1
    assert not Person.objects.filter(pk=former).exists()


def _put_back(key: UUID) -> Person:
    her = Person(pk=key, first_name="Hodan", last_name="Warsame", created_at=AT)
    her.set_name_keys()
    return saved(her)


def test_her_copy_tells_of_the_merge(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    merge(coordinator, typed, imported)
    her = Participant(person_id=typed.person_id, name="Hodan Warsame", at=AT)
    assert make_copy(by=her, person=Person.objects.get(pk=typed.person_id), language="en")


# Nothing is forgotten -------------------------------------------------------------------------------------------------


def test_with_a_way_left_out_the_row_that_leads_to_her_keeps_her_from_going(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(Objection(person=imported.person, purpose=ObjectionPurpose.RANKING, noted_by="user:x", created_at=AT))
    monkeypatch.setitem(WAYS, "people.Objection.person", Way.BEHIND)
    with pytest.raises(RefusedError, match="does not know how to merge"):
        merge(coordinator, typed, imported)
    assert Person.objects.filter(pk=imported.person_id).exists()


def test_it_stands_in_the_audit(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    done = merge(coordinator, typed, imported)
    unmerge_people(by=coordinator, merge=done)
    acts = Entry.objects.filter(object_id=str(typed.person_id), actor=coordinator.key).values_list("act", flat=True)
    assert {"people.merge", "people.unmerge"} <= set(acts)


def test_nothing_at_all_leads_to_the_one_who_goes_and_all_of_it_comes_back(tmp_path: Path, settings: Settings) -> None:
    world = make_world(tmp_path)
    lead, gone = staff_member(world.lead, AT), Person.objects.get(pk=world.person.pk)
    # What stands in the way, by its own sentence: she is protected, lent, and has asked to be forgotten.
    ProtectedIdentity.objects.filter(person=gone).delete()
    gone.is_protected = False
    gone.set_name_keys()
    gone.save()
    Loan.objects.all().delete()
    Request.objects.update(kind="access")
    kept = make_enrolment(Role.MENTOR, world.division).person
    before = everything(besides=("privacy.Merge",))
    assert in_the_way(kept, gone, TODAY) == []
    done = merge_people(by=lead, kept=kept, gone=gone, chosen={}, reason="Twice")
    left = [name for name, fields in everything(besides=("privacy.Merge",)).items() if str(gone.pk) in str(fields)]
    # Links and codes open nothing any more; what an import has made is told from the audit, and erased with her.
    assert {name.split()[0] for name in left} == {
        "accounts.OneTimeCode", "accounts.PersonalLink", "imports.Trace", "partnerships.Closure",
    }  # fmt: skip
    unmerge_people(by=lead, merge=done)
    after = everything(besides=("privacy.Merge",))
    # Her sign-in follows what stands of her, and her sessions have ended.
    changed = {name.split()[0] for name in before if before[name] != after.get(name)}
    assert changed <= {"accounts.User", "accounts.SignInSession"}
