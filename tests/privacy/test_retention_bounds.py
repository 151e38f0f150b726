"""Nobody ends everybody's time alone: each class has a least, and whoever is held back meanwhile stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person, make_staff, make_user, saved
from mentornet.audit.models import Entry
from mentornet.audit.queries import verify_all
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.common.fields import TERMS, Retention
from mentornet.common.ledger import LedgerEntry, hashed
from mentornet.divisions.models import Division, Role
from mentornet.intake.models import Enrolment, Interview
from mentornet.messaging.models import Letter
from mentornet.people.models import Person, Restriction
from mentornet.people.recipients import person_key
from mentornet.privacy.clocks import LEAST
from mentornet.privacy.due import terms_on
from mentornet.privacy.enums import Reason, RequestKind, RequestWay
from mentornet.privacy.models import Erasure, RetentionHold, RetentionRun, RetentionTerm
from mentornet.privacy.redactions import KEPT_AT_LEAST
from mentornet.privacy.services import erase, keeping
from mentornet.privacy.services.erasing import replay
from mentornet.privacy.services.keeping import hold_back, keep_no_longer, let_go, set_term
from mentornet.privacy.services.requesting import take_request_down
from racing import DONE, each_at_once

pytestmark = pytest.mark.django_db
WHOLE, NOTES = TERMS[Retention.CASE].days, TERMS[Retention.NOTES].days


@pytest.fixture(autouse=True)
def _begun(tmp_path: Path, settings: Settings, db: None) -> None:
    settings.DATA_FOLDER = tmp_path
    RetentionRun.objects.create(night=TODAY - timedelta(days=40), created_at=AT, finished_at=AT)


def night(days: int) -> System:
    return System("privacy.retention", AT + timedelta(days=days))


def leave(division: Division) -> Enrolment:
    enrolment = make_enrolment("mentee", division, person=make_person("Amina", "Noor"))
    Enrolment.objects.filter(pk=enrolment.pk).update(ended_on=TODAY, end_reason="moved")
    Interview.objects.create(
        application=enrolment.application, at=AT, held_at=AT, created_at=AT, interviewer=make_user(),
        coordinator_only="KANARIE",
    )  # fmt: skip
    return enrolment


def is_here(person: Person) -> bool:
    return Person.objects.filter(pk=person.pk).exclude(search_text="").exists()


# The least ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("retention", list(TERMS))
def test_a_class_is_kept_at_least_as_long_as_what_hangs_on_it(retention: Retention) -> None:
    officer, least = make_staff(Role.DATA_PROTECTION_OFFICER), LEAST[retention]
    with pytest.raises(RefusedError, match=str(least.days)):
        set_term(by=officer, retention=retention, days=least.days - 1, reason="Less", author_name="Olga")
    term = set_term(by=officer, retention=retention, days=least.days, reason="Less", author_name="Olga")
    assert terms_on(TODAY + timedelta(days=31))[retention] == term.days
    # What stood in the table before, or was written past the service, does not count.
    RetentionTerm.objects.update(days=1)
    assert terms_on(TODAY + timedelta(days=31))[retention] == least.days


def test_the_least_is_no_more_than_what_is_usual_and_as_long_as_its_reason() -> None:
    assert all(LEAST[one].days <= term.days <= term.most for one, term in TERMS.items())
    assert min(LEAST[Retention.CASE].days, LEAST[Retention.CONTACT].days) > 2 * 365
    # What is emptied sooner counts as tampered with.
    assert timedelta(days=LEAST[Retention.LOG].days) > KEPT_AT_LEAST


def test_one_officer_alone_ends_nobodys_time(division: Division) -> None:
    with time_machine.travel(AT - timedelta(days=2)):
        left = leave(division)
    officer = make_staff(Role.DATA_PROTECTION_OFFICER)
    record(by=officer, act="people.change", of=left.person)
    for one in TERMS:
        with pytest.raises(RefusedError):
            set_term(by=officer, retention=one, days=1, reason="x", author_name="x")
        RetentionTerm.objects.create(
            retention=one, days=1, reason="x", set_by=officer.key, author_name="x", created_at=AT
        )
    with time_machine.travel(AT + timedelta(days=33)):
        assert keep_no_longer(by=night(33))
        assert (Erasure.objects.count(), Entry.objects.filter(redaction__isnull=False).count()) == (0, 0)
        assert verify_all().ok
    assert is_here(left.person)


# Held back while a night goes on --------------------------------------------------------------------------------------


def hold(by: Any, one: Enrolment) -> None:
    hold_back(by=by, person=one.person, until=by.today + timedelta(days=100), reason="The court", author_name="Inger")


def ask(by: Any, one: Enrolment) -> None:
    take_request_down(
        by=by, person=one.person, division_id=one.division_id, kind=RequestKind.ACCESS, way=RequestWay.LETTER, words="",
        received_on=by.today,
    )  # fmt: skip


def let_rest(by: Any, one: Enrolment) -> None:
    saved(Restriction(person=one.person, reason="She asks", restricted_by=by.key, created_at=by.at))


def protect(by: Any, one: Enrolment) -> None:
    Person.objects.filter(pk=one.person_id).update(
        is_protected=True, last_name="", email="", phone="", safe_contact="", postcode="", area=""
    )


def come_back(by: Any, one: Enrolment) -> None:
    make_application("mentor", one.division, person=one.person)


Meanwhile = Callable[[Any, Enrolment], None]
MEANWHILE: list[Meanwhile] = [hold, ask, let_rest, protect, come_back]


@pytest.mark.parametrize("happens", MEANWHILE)
def test_whoever_is_held_back_while_a_round_goes_on_stays(
    division: Division, monkeypatch: pytest.MonkeyPatch, happens: Meanwhile
) -> None:
    both = [leave(division), leave(division)]
    by = replace(make_staff(Role.COORDINATOR, division), at=AT + timedelta(days=WHOLE + 1))
    real, kept = erase, list[Enrolment]()

    def erase_one(*, by: Actor, person: Person, reason: Reason) -> Erasure:
        if not kept:
            kept.append(next(one for one in both if one.person_id != person.pk))
            happens(coordinator, kept[0])
        return real(by=by, person=person, reason=reason)

    coordinator = by
    monkeypatch.setattr(keeping, "erase", erase_one)
    assert keep_no_longer(by=night(WHOLE + 1))
    assert [is_here(one.person) for one in both].count(True) == 1
    assert is_here(kept[0].person)
    assert Interview.objects.exclude(coordinator_only="").count() == 1, "what was written about her stays as well"


@pytest.mark.parametrize("happens", MEANWHILE)
def test_what_was_written_about_whoever_is_held_back_meanwhile_is_not_emptied(
    division: Division, monkeypatch: pytest.MonkeyPatch, happens: Meanwhile
) -> None:
    left = leave(division)
    Letter.objects.create(
        recipient=person_key(left.person_id), event="word_from_waiting_list", queued_by="system:tests", state="sent",
        send_after=AT, sent_at=AT, created_at=AT, subject="Hello", body="KANARIE",
    )  # fmt: skip
    by = replace(make_staff(Role.COORDINATOR, division), at=AT + timedelta(days=NOTES))
    real, begun = keeping._empty, list[str]()

    def empty(run: RetentionRun, of: Any, part: Any, rows: Any) -> None:
        if not begun:
            begun.append(part.table)
            happens(by, left)
        real(run, of, part, rows)

    monkeypatch.setattr(keeping, "_empty", empty)
    keep_no_longer(by=night(NOTES))
    assert begun
    assert Interview.objects.get().coordinator_only == "KANARIE"
    # A letter's time is its own: only who comes back does not hold it.
    assert (Letter.objects.filter(body="KANARIE").count() == 1) is (happens is not come_back)


# A hold and an erasure by hand ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", list(Reason))
def test_an_erasure_by_hand_waits_for_a_hold(division: Division, reason: Reason) -> None:
    left, lead = leave(division), make_staff(Role.DIVISION_LEAD, division)
    held = hold_back(
        by=lead, person=left.person, until=lead.today + timedelta(days=9), reason="A claim", author_name="Inger Holm"
    )
    with pytest.raises(NotAllowedError, match=r"Inger Holm holds her back until .*Lift the hold first"):
        erase(by=lead, person=left.person, reason=reason)
    assert is_here(left.person)
    assert RetentionHold.objects.filter(pk=held.pk, lifted_at=None).exists()
    assert not Erasure.objects.exists()
    let_go(by=lead, hold=held)
    erase(by=lead, person=left.person, reason=reason)
    assert not is_here(left.person)


def test_a_hold_that_is_over_holds_nobody(division: Division) -> None:
    left, lead = leave(division), make_staff(Role.DIVISION_LEAD, division)
    hold_back(by=lead, person=left.person, until=lead.today, reason="A claim", author_name="Inger Holm")
    erase(by=replace(lead, at=lead.at + timedelta(days=1)), person=left.person, reason=Reason.ASKED)
    assert not is_here(left.person)


def test_a_hold_that_an_older_backup_brings_back_stops_no_erasure_of_the_ledger(division: Division) -> None:
    left, lead = leave(division), make_staff(Role.DIVISION_LEAD, division)
    hold_back(by=lead, person=left.person, until=lead.today + timedelta(days=9), reason="A claim", author_name="Inger")
    assert replay(by=night(0), entries=[LedgerEntry(3, AT, hashed(person_key(left.person_id)))]) == 1
    assert not is_here(left.person)


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_an_erasure_at_the_same_moment_never_both_are_done(division: Division) -> None:
    lead = make_staff(Role.DIVISION_LEAD, division)
    for _ in range(4):
        left = leave(division)
        done = each_at_once(
            partial(hold, lead, left), partial(erase, by=lead, person=left.person, reason=Reason.MISTAKE)
        )
        assert done.count(DONE) == 1, done
        assert is_here(left.person) is (done[0] == DONE)
        assert RetentionHold.objects.filter(person=left.person).exists() is (done[0] == DONE)
