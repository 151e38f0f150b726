"""Erasing somebody: what ends with it, what stays for others and for the counts, who may, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from matching.pairs import both_say_yes, letters_arrive, make_pair, propose
from pytest_django import Settings

from factories.django_rows import AT, TODAY, make_enrolment, make_person, saved
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.queries import verify_chain
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.common.ledger import FILE_NAME, hashed, read_ledger
from mentornet.common.moments import months_later
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Afterwards, Concern, ConcernNote
from mentornet.followup.services import see_to_afterwards
from mentornet.intake.models import ApplicationDraft, Enrolment
from mentornet.intake.queries import people_ever_and_now, people_found, visible_people
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.partnerships.queries import visible_partnerships
from mentornet.partnerships.services import begin_ending
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.privacy.enums import Reason
from mentornet.privacy.models import Erasure
from mentornet.privacy.queries import preview_of
from mentornet.privacy.services import empty_closed_concerns, erase
from mentornet.programmes.models import Programme
from partnerships.endings import fill_in_ending

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path / FILE_NAME


@pytest.fixture
def paired(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    """A running partnership of two, with a meeting."""
    proposal = both_say_yes(coordinator, propose(coordinator, make_pair(division, programme)))
    letters_arrive()
    assert proposal.partnership is not None
    Meeting.objects.create(partnership=proposal.partnership, on=TODAY, told_by="system:tests", created_at=AT)
    return Partnership.objects.get(pk=proposal.partnership.pk)


def test_the_other_one_keeps_her_partnership_without_a_name(paired: Partnership, division_lead: Staff) -> None:
    mentor = paired.mentor
    erase(by=division_lead, person=paired.mentee.person, reason=Reason.ASKED)
    mentor.refresh_from_db()
    left = Partnership.objects.get(mentor=mentor)
    assert left.pk != paired.pk
    assert (left.state, left.closing_reason, left.matched_on) == ("closed", "other", paired.matched_on)
    assert left.mentee.person.name == "—"
    assert left.meetings.count() == 1
    assert (mentor.active, mentor.promised, mentor.ended_on) == (0, 0, None)


def test_a_mentee_whose_mentor_is_erased_waits_again(paired: Partnership, division_lead: Staff) -> None:
    erase(by=division_lead, person=paired.mentor.person, reason=Reason.ASKED)
    mentee = Enrolment.objects.get(pk=paired.mentee_id)
    assert (mentee.active, mentee.ended_on) == (0, None)
    # Nobody waits without a day on which she hears from us.
    assert Task.objects.filter(kind=Kind.PROMISE, target_id=mentee.pk, done_at=None).count() == 1


def test_a_mentee_whose_mentor_is_erased_keeps_her_old_place(paired: Partnership, division_lead: Staff) -> None:
    long_ago = TODAY - timedelta(days=200)
    Enrolment.objects.filter(pk=paired.mentee_id).update(since=long_ago)
    erase(by=division_lead, person=paired.mentor.person, reason=Reason.ASKED)
    assert Enrolment.objects.get(pk=paired.mentee_id).since == long_ago


@pytest.mark.parametrize(("goes", "stays"), [("mentee", "mentor"), ("mentor", "mentee")])
def test_whoever_stays_is_asked_later_how_it_goes(
    goes: str, stays: str, paired: Partnership, division_lead: Staff
) -> None:
    erase(by=division_lead, person=getattr(paired, goes).person, reason=Reason.ASKED)
    assert set(Afterwards.objects.values_list("side", "month")) == {(stays, month) for month in (3, 6, 12, 24)}
    asked = months_later(TODAY, 3)
    see_to_afterwards(by=System("tests", AT.replace(year=asked.year, month=asked.month, day=asked.day)))
    letters = Letter.objects.filter(event="how_are_you")
    assert [one.recipient for one in letters] == [f"person:{getattr(paired, stays).person_id}"]


def test_what_was_being_filled_in_says_whether_she_is_asked(
    paired: Partnership, coordinator: Staff, division_lead: Staff
) -> None:
    """Erased in the middle of an ending: where somebody may not be safe nobody is asked without her word."""
    begin_ending(by=coordinator, partnership=paired, scenario="safety", who="mentee")
    long_ago = TODAY - timedelta(days=200)
    Enrolment.objects.filter(pk=paired.mentee_id).update(since=long_ago)
    erase(by=division_lead, person=paired.mentor.person, reason=Reason.ASKED)
    assert not Afterwards.objects.exists()
    # It was about her: whether she keeps her old place is a person's to decide.
    assert Enrolment.objects.get(pk=paired.mentee_id).since == TODAY


def test_a_mentor_with_whom_a_rest_was_settled_rests(
    paired: Partnership, coordinator: Staff, division_lead: Staff
) -> None:
    until = TODAY + timedelta(days=18)
    fill_in_ending(coordinator, paired, until=until)
    erase(by=division_lead, person=paired.mentee.person, reason=Reason.ASKED)
    assert Enrolment.objects.get(pk=paired.mentor_id).resting_until == until
    assert set(Afterwards.objects.values_list("side", flat=True)) == {"mentor"}


def test_counts_stay(paired: Partnership, division_lead: Staff, national_lead: Staff) -> None:
    before = people_ever_and_now(TODAY)
    together, meetings = visible_partnerships(national_lead).count(), Meeting.objects.count()
    erase(by=division_lead, person=paired.mentee.person, reason=Reason.ASKED)
    ever, now = people_ever_and_now(TODAY)
    assert (ever, now) == (before[0], before[1] - 1)
    assert (visible_partnerships(national_lead).count(), Meeting.objects.count()) == (together, meetings)


def test_an_open_proposal_is_withdrawn_and_the_other_one_told(
    coordinator: Staff, division_lead: Staff, division: Division, programme: Programme
) -> None:
    mentee, mentor = make_pair(division, programme)
    propose(coordinator, (mentee, mentor))
    letters_arrive()
    erase(by=division_lead, person=mentee.person, reason=Reason.ASKED)
    letters = Letter.objects.all()
    # What she was written, and what the other one was written about her, is gone. That it ended leaves for her.
    assert [(one.recipient, one.event) for one in letters] == [(f"person:{mentor.person_id}", "proposal_ended")]
    left = Proposal.objects.get()
    assert (left.state, left.reason, left.bars) == ("withdrawn", "—", {})
    assert letters[0].about_id == left.pk
    mentor.refresh_from_db()
    assert mentor.promised == 0


def test_nobody_finds_her(paired: Partnership, division_lead: Staff, national_lead: Staff) -> None:
    person = paired.mentee.person
    assert person in visible_people(national_lead)
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    assert not Person.objects.filter(pk=person.pk).exists()
    assert [one.name for one in visible_people(national_lead)] == [paired.mentor.person.name]
    assert list(people_found(national_lead, "—")) == []


def test_the_ledger_and_the_row_tell_the_same(paired: Partnership, division_lead: Staff, ledger: Path) -> None:
    person = paired.mentee.person
    erasure = erase(by=division_lead, person=person, reason=Reason.OVER)
    (entry,) = read_ledger(ledger)
    assert (entry.number, entry.at, entry.key, entry.kind) == (1, AT, hashed(f"person:{person.pk}"), "person")
    assert (erasure.number, erasure.at, erasure.key, erasure.reason) == (1, AT, entry.key, "over")
    assert str(person.pk) not in ledger.read_text()
    assert ledger.stat().st_mode & 0o777 == 0o600


def test_the_record_of_acts_is_emptied_and_holds(paired: Partnership, division_lead: Staff) -> None:
    person = paired.mentee.person
    before = Entry.objects.count()
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    assert Entry.objects.count() > before
    assert not Entry.objects.filter(object_id__in=[str(person.pk), str(paired.pk)]).exists()
    assert not Entry.objects.filter(actor=f"person:{person.pk}").exists()
    assert Entry.objects.get(act="privacy.erase").actor == division_lead.key
    assert verify_chain().ok


def test_she_is_erased_once(paired: Partnership, division_lead: Staff) -> None:
    person = paired.mentee.person
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    with pytest.raises(ChangedMeanwhileError):
        erase(by=division_lead, person=person, reason=Reason.ASKED)
    shell = Person.objects.get(search_text="")
    with pytest.raises(ChangedMeanwhileError):
        erase(by=division_lead, person=shell, reason=Reason.ASKED)
    assert Erasure.objects.count() == 1


def test_only_who_leads_all_that_knows_her_may(
    paired: Partnership,
    coordinator: Staff,
    division_lead: Staff,
    national_lead: Staff,
    administrator: Staff,
    other_division: Division,
    programme: Programme,
) -> None:
    person = paired.mentee.person
    make_enrolment("mentor", other_division, person=person, programme=programme)
    for by in (coordinator, administrator, division_lead):
        with pytest.raises(NotAllowedError):
            erase(by=by, person=person, reason=Reason.ASKED)
    assert not Erasure.objects.exists()
    assert erase(by=national_lead, person=person, reason=Reason.ASKED).number == 1


def test_a_protected_person_needs_a_second_ones_word(paired: Partnership, division_lead: Staff) -> None:
    person, division = paired.mentee.person, paired.division
    Person.objects.filter(pk=person.pk).update(is_protected=True, last_name="")
    with pytest.raises(NotAllowedError):
        erase(by=division_lead, person=person, reason=Reason.ASKED)
    word = saved(
        Reveal(
            person=person, division=division, kind="erase", reason="She has asked to be erased.", created_at=AT,
            asked_by=division_lead.user_id, asker_name="Birthe Dam", answered_at=AT, answered_by=division.pk,
            answerer_name="Lise Bro", is_approved=True, expires_at=AT + timedelta(minutes=15),
        )
    )  # fmt: skip
    with pytest.raises(NotAllowedError):
        erase(by=replace(division_lead, at=AT + timedelta(minutes=16)), person=person, reason=Reason.ASKED)
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    left = Reveal.objects.get()
    assert left.pk != word.pk
    assert left.reason == "—"


def test_who_works_here_keeps_her_sign_in(division_lead: Staff, national_lead: Staff, programme: Programme) -> None:
    user = User.objects.get(pk=division_lead.user_id)
    person = make_person("Birthe", user=user, email="b@example.net")
    make_enrolment("mentor", Division.objects.get(name="Odense"), person=person, programme=programme)
    preview = preview_of(national_lead, person)
    assert preview.works_here
    erase(by=national_lead, person=person, reason=Reason.ASKED)
    assert User.objects.filter(pk=user.pk, is_active=True).exists()
    assert not Person.objects.filter(user=user).exists()


def test_a_participants_user_goes(paired: Partnership, division_lead: Staff) -> None:
    user = User.objects.create_user("her@example.net", name="Her")
    Person.objects.filter(pk=paired.mentee.person_id).update(user=user)
    erase(by=division_lead, person=Person.objects.get(pk=paired.mentee.person_id), reason=Reason.ASKED)
    assert not User.objects.filter(pk=user.pk).exists()


def test_a_concern_stays_in_words_until_it_is_closed(paired: Partnership, division_lead: Staff) -> None:
    person = paired.mentee.person
    concern = saved(
        Concern(
            raised_by=person, division=paired.division, about="other", addressee="coordinator", state="taken",
            words="I am afraid of him.", taken_by="user:a", taken_at=AT, created_at=AT,
        )
    )  # fmt: skip
    ConcernNote.objects.create(concern=concern, text="Called.", written_by="user:a", author_name="A", created_at=AT)
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    left = Concern.objects.get()
    assert left.pk != concern.pk
    assert left.words == "I am afraid of him."
    assert left.notes.get().text == "Called."
    assert empty_closed_concerns(by=System("tests", AT)) == 0
    Concern.objects.update(state=ConcernState.CLOSED, closed_by="user:b", resolved_by="user:a", closed_at=AT)
    assert empty_closed_concerns(by=System("tests", AT)) == 1
    left.refresh_from_db()
    assert (left.words, left.notes.count()) == ("—", 0)


def test_what_is_left_is_coarse(paired: Partnership, division_lead: Staff) -> None:
    erase(by=division_lead, person=paired.mentee.person, reason=Reason.ASKED)
    shell = Person.objects.get(search_text="")
    place = shell.enrolments.get()
    days = [place.since, place.ended_on, shell.applications.get().received_on, shell.created_at.date()]
    assert {day.day for day in days if day is not None} == {1}
    assert {one.microsecond + one.second for one in (shell.created_at, place.created_at)} == {0}


def test_the_preview_tells_what_happens(paired: Partnership, division_lead: Staff) -> None:
    preview = preview_of(division_lead, paired.mentor.person)
    (together,) = preview.partnerships
    assert (together.name, together.waits_again) == (paired.mentee.person.name, True)
    assert (preview.proposals, preview.applications, preview.places) == ((), 0, 1)
    assert (preview.partnerships_counted, preview.meetings_counted, preview.works_here) == (1, 1, False)
    assert preview.rows > 5


@pytest.mark.django_db(transaction=True)
def test_no_transaction_stands_around(division_lead: Staff) -> None:
    person = make_person()
    with transaction.atomic(), pytest.raises(RuntimeError):
        erase(by=System("tests", AT), person=person, reason=Reason.ASKED)
    assert Person.objects.filter(pk=person.pk).exists()


def test_what_is_sealed_of_her_finds_her_too(paired: Partnership, division_lead: Staff) -> None:
    person = paired.mentee.person
    saved(
        ProtectedIdentity(
            person=person, first_name="Zarghuna", last_name="Sharifi", email="z@example.net", reason="x",
            protected_by="user:a", created_at=AT,
        )
    )  # fmt: skip
    draft = ApplicationDraft.objects.create(
        role="mentor", email="Z@example.net", changed_at=AT, expires_on=TODAY, created_at=AT
    )
    other = ApplicationDraft.objects.create(
        role="mentor", email="y@example.net", changed_at=AT, expires_on=TODAY, created_at=AT
    )
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    assert not ApplicationDraft.objects.filter(pk=draft.pk).exists()
    assert ApplicationDraft.objects.filter(pk=other.pk).exists()
    assert not ProtectedIdentity.objects.exists()


def test_what_is_kept_with_another_protected_one_names_her_no_more(paired: Partnership, division_lead: Staff) -> None:
    person = paired.mentee.person
    Person.objects.filter(pk=person.pk).update(first_name="Zarghuna", last_name="Sharifi")
    person.refresh_from_db()
    before = {"mentee": "Zarghuna Sharifi", "mentor": "Karen Lund"}
    texts = [
        # A text of the pair; one that has gone since, and names her; and two in which nothing is of her.
        ["partnerships.Note", str(uuid4()), "text", "Karen Lund met sharifi, Zarghuna.", "Mona met sharifi, Zarghuna."],
        ["agenda.Task", str(uuid4()), "words", before, before | {"mentor": "Mona"}],
        ["partnerships.Partnership", str(paired.pk), "imported_reason", "Karen.", "Mona."],
        ["people.Profile", str(uuid4()), "about", "Karen reads.", "Mona reads."],
        ["people.Profile", str(uuid4()), "wishes", "Another Sharifi.", "Another."],
    ]
    sealed = saved(
        ProtectedIdentity(
            person=paired.mentor.person, first_name="Karen", last_name="Lund", reason="x", protected_by="user:a",
            texts=texts, created_at=AT,
        )
    )  # fmt: skip
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    sealed.refresh_from_db()
    assert sealed.texts == texts[3:]
