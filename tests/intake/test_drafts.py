"""Drafts: who may write in them, what they hold, how they end, and that sending one twice is sending it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from factories.django_rows import AT, TODAY, make_person, make_programme
from mentornet.accounts.services.codes import code_of
from mentornet.audit.models import Entry
from mentornet.common.actors import System, Visitor
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.completeness import missing_steps
from mentornet.intake.draft_answers import STEPS, check_answers
from mentornet.intake.enums import ApplicationState, ConsentPurpose, WayIn
from mentornet.intake.models import Application, ApplicationDraft, ConsentText, IntakeWindow
from mentornet.intake.services.applications import receive_application
from mentornet.intake.services.consents import text_in_force
from mentornet.intake.services.drafts import (
    answer_step,
    ask_contact_code,
    begin_draft,
    begin_with_her,
    confirm_contact,
    delete_expired_drafts,
    discard_draft,
    send_way_back,
)
from mentornet.intake.services.sending import submit_draft
from mentornet.messaging.models import Letter
from mentornet.messaging.recipients import look_up
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from racing import at_once

pytestmark = pytest.mark.django_db
BY = Visitor(AT)


def complete_draft(division: Division, **fields: Any) -> ApplicationDraft:
    """Return a draft that can be sent: she is called, so no code is needed."""
    by = replace(BY, at=fields.pop("at", AT))
    draft = begin_draft(by=by, role=fields.pop("role", "mentee"), language="ar")
    columns = {
        "division": division,
        "programme": make_programme(),
        "first_name": "Amina",
        "last_name": "Noor",
        "phone": "61 23 45 67",
        "contact_way": ContactWay.CALL,
        **fields,
    }
    answer_step(by=by, draft=draft, step="contact", columns=columns)
    answer_step(by=by, draft=draft, step="programme", answers={"eligible": "yes"})
    given = {
        purpose.value: {
            "text": str(text_in_force(by=by, purpose=purpose, language="ar").pk),
            "at": by.at.isoformat(),
        }
        for purpose in (ConsentPurpose.HANDLING, ConsentPurpose.INTRODUCTION)
    }
    return answer_step(by=by, draft=draft, step="consents", answers=given)


def test_answers_are_kept_step_by_step_and_the_month_begins_anew(division: Division) -> None:
    draft = begin_draft(by=BY, role="mentee", language="da")
    assert draft.expires_on == TODAY + timedelta(days=30)
    later = replace(BY, at=AT + timedelta(days=10))
    answer_step(by=later, draft=draft, step="life", answers={"birth_year": 1990, "area": "", "postcode": "5000"})
    answer_step(by=later, draft=draft, step="heard", answers={"referrer": "friend", "heard_through": ""})
    # The first window knew nothing of the second one's answer.
    draft = answer_step(by=later, draft=draft, step="name", columns={"first_name": "Amina"})
    assert set(draft.answers) == {"life", "heard"}
    assert draft.expires_on == TODAY + timedelta(days=40)


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("queen", {}),
        ("life", {"birth_year": "1990"}),
        ("life", {"cpr": "010190-1234"}),
        ("life", {"area": "x" * 81}),
        ("work", {"occupation": "99999"}),
        ("goals", {"topics": ["gold"]}),
        ("goals", {"topics": "cv"}),
        ("languages", {"skills": [["ar", "C9"]]}),
        ("languages", {"skills": [["ar", "A1"], ["ar", "A2"]]}),
        ("languages", {"skills": [["xx-nowhere", "A1"]]}),
        ("times", {"availability": ["mon-night"]}),
        ("meeting", {"hours_per_month": True}),
        ("programme", {"eligible": "maybe"}),
        ("consents", {"handling": True}),
        ("consents", {"handling": {"text": "x", "at": "2026-03-02T09:30:00"}}),
        ("consents", {"everything": {"text": str(uuid4()), "at": "2026-03-02T09:30:00"}}),
    ],
)
def test_answer_that_cannot_be_is_refused(step: str, answers: dict[str, Any]) -> None:
    draft = begin_draft(by=BY, role="mentee", language="da")
    with pytest.raises(ValidationError):
        answer_step(by=BY, draft=draft, step=step, answers=answers)
    draft.refresh_from_db()
    assert draft.answers == {}


@pytest.mark.parametrize("value", [None, [], {"life": []}, {"nowhere": {}}])
def test_answers_have_a_shape(value: object) -> None:
    with pytest.raises(ValidationError):
        check_answers(value)
    check_answers({step: {} for step in STEPS})


def test_nobody_else_writes_in_a_draft(division: Division, coordinator: Staff) -> None:
    draft = begin_draft(by=BY, role="mentee", language="da")
    other = Participant(person_id=make_person().pk, name="Esma", at=AT)
    for by in (coordinator, other, System("night", AT)):
        for act in (
            lambda by=by: answer_step(by=by, draft=draft, step="name", columns={"first_name": "X"}),
            lambda by=by: send_way_back(by=by, draft=draft),
            lambda by=by: ask_contact_code(by=by, draft=draft),
            lambda by=by: discard_draft(by=by, draft=draft),
            lambda by=by: submit_draft(by=by, draft=draft),
        ):
            with pytest.raises(NotAllowedError):
                act()


def test_no_answer_is_kept_elsewhere() -> None:
    draft = begin_draft(by=BY, role="mentee", language="da")
    with pytest.raises(ValueError, match="entered_by"):
        answer_step(by=BY, draft=draft, step="name", columns={"entered_by": "user:1"})


def test_expired_draft_takes_nothing_and_is_deleted_at_night(division: Division) -> None:
    draft, kept = complete_draft(division), complete_draft(division, at=AT + timedelta(days=20))
    sent = submit_draft(by=BY, draft=complete_draft(division, first_name="Esma"))
    later = replace(BY, at=AT + timedelta(days=30))
    with pytest.raises(NotAllowedError):
        submit_draft(by=later, draft=draft)
    assert delete_expired_drafts(by=System("night", later.at)) == 2
    assert list(ApplicationDraft.objects.values_list("pk", flat=True)) == [kept.pk]
    # What was sent lies elsewhere by then.
    assert sent.application is not None
    assert Application.objects.filter(pk=sent.application.pk).exists()
    assert Entry.objects.filter(act="intake.draft_delete").count() == 2


def test_link_goes_where_she_is_reached_and_nowhere_else(division: Division) -> None:
    draft = complete_draft(division)
    with pytest.raises(ValidationError):
        # She is only called.
        send_way_back(by=BY, draft=draft)
    draft = answer_step(by=BY, draft=draft, step="contact", columns={"contact_way": ContactWay.TEXT})
    letter = send_way_back(by=BY, draft=draft)
    assert letter.values == {"link": f"draft:{draft.pk}"}
    found = look_up(letter.recipient)
    assert found is not None
    assert (found.name, found.phone, found.way, found.language) == ("Amina", "61 23 45 67", "text", "ar")
    submit_draft(by=BY, draft=confirmed(draft))
    # The letter that is still on its way finds nobody.
    assert look_up(letter.recipient) is None


def confirmed(draft: ApplicationDraft) -> ApplicationDraft:
    challenge = ask_contact_code(by=BY, draft=draft)
    assert not confirm_contact(by=BY, draft=draft, challenge=challenge, code="12")
    assert confirm_contact(by=BY, draft=draft, challenge=challenge, code=code_of(challenge))
    draft.refresh_from_db()
    return draft


def test_code_of_another_draft_confirms_nothing(division: Division) -> None:
    mine = complete_draft(division, contact_way=ContactWay.TEXT)
    hers = complete_draft(division, contact_way=ContactWay.TEXT)
    challenge = ask_contact_code(by=BY, draft=hers)
    assert not confirm_contact(by=BY, draft=mine, challenge=challenge, code=code_of(challenge))
    mine.refresh_from_db()
    assert mine.confirmed == ""


@pytest.mark.parametrize(
    ("column", "value", "step"),
    [
        ("division", None, "place"),
        ("programme", None, "programme"),
        ("first_name", "", "name"),
        ("contact_way", "", "contact"),
        ("phone", "", "contact"),
        ("contact_way", ContactWay.TEXT, "confirm"),
    ],
)
def test_draft_that_lacks_something_is_not_sent(division: Division, column: str, value: Any, step: str) -> None:
    draft = complete_draft(division)
    draft = answer_step(by=BY, draft=draft, step="contact", columns={column: value})
    assert missing_steps(draft) == [step]
    with pytest.raises(ValidationError):
        submit_draft(by=BY, draft=draft)
    assert not Application.objects.exists()


def test_draft_without_the_needed_consents_is_not_sent(division: Division) -> None:
    draft = complete_draft(division)
    draft = answer_step(by=BY, draft=draft, step="consents", answers={})
    assert missing_steps(draft) == ["consents"]


def test_visitor_receives_nothing_without_a_draft(division: Division) -> None:
    draft = complete_draft(division)
    other = begin_draft(by=BY, role="mentee", language="da")
    assert draft.programme is not None
    for given in (None, other):
        with pytest.raises(NotAllowedError):
            receive_application(
                by=BY, programme=draft.programme, division=division, role="mentee",
                person_facts={"first_name": "X"}, draft=given,
            )  # fmt: skip
    her = Participant(person_id=make_person().pk, name="Esma", at=AT)
    with pytest.raises(NotAllowedError):
        receive_application(
            by=her, programme=draft.programme, division=division, role="mentee", person_facts={"first_name": "X"}
        )


def test_closed_intake_pre_registers_and_asks_for_no_interview(division: Division) -> None:
    draft = complete_draft(division)
    IntakeWindow.objects.create(
        division=division, role="mentee", programme=draft.programme, is_open=False, since=TODAY,
        changed_by="system:tests", created_at=AT,
    )  # fmt: skip
    application = submit_draft(by=BY, draft=draft).application
    assert application is not None
    assert application.state == ApplicationState.PRE_REGISTERED
    assert Letter.objects.get().event == "application_pre_registered"


def test_same_words_are_one_version_and_new_words_another(monkeypatch: pytest.MonkeyPatch) -> None:
    first = text_in_force(by=BY, purpose="events", language="en")
    assert text_in_force(by=BY, purpose="events", language="en") == first
    assert text_in_force(by=BY, purpose="events", language="da").number == 1
    monkeypatch.setitem(
        __import__("mentornet.intake.consent_words", fromlist=["CONSENT_WORDS"]).CONSENT_WORDS,
        ConsentPurpose.EVENTS,
        "Other words.",
    )
    assert text_in_force(by=BY, purpose="events", language="en").number == 2
    assert ConsentText.objects.get(pk=first.pk).text != "Other words."


def test_coordinator_begins_and_she_goes_on(division: Division, other_coordinator: Staff, coordinator: Staff) -> None:
    columns = {"first_name": "Amina", "phone": "61234567", "contact_way": ContactWay.TEXT, "language": "uk"}
    programme = make_programme()
    with pytest.raises(NotAllowedError):
        begin_with_her(
            by=other_coordinator, role="mentee", division=division, programme=programme, columns=columns, answers={}
        )
    draft = begin_with_her(
        by=coordinator, role="mentee", division=division, programme=programme, columns=columns,
        answers={"heard": {"referrer": "job_centre", "heard_through": "Anne"}}, came_through="job_centre",
    )  # fmt: skip
    assert Letter.objects.get().event == "application_started"
    draft = answer_step(by=BY, draft=draft, step="programme", answers={"eligible": "unsure"})
    given = complete_draft(division).answered("consents")
    draft = answer_step(by=BY, draft=draft, step="consents", answers=given)
    application = submit_draft(by=BY, draft=confirmed(draft)).application
    assert application is not None
    assert (application.way_in, application.entered_by) == (WayIn.DESK, coordinator.key)
    assert (application.referrer, application.fits, application.language) == ("job_centre", False, "uk")


def test_row_cannot_be_sent_by_nobody(division: Division) -> None:
    draft = complete_draft(division)
    with pytest.raises(IntegrityError):
        ApplicationDraft.objects.filter(pk=draft.pk).update(submitted_at=AT)


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_is_one_application(division: Division) -> None:
    draft = complete_draft(division)
    same = [ApplicationDraft.objects.get(pk=draft.pk) for _press in range(2)]
    done = at_once(*(lambda one=one: submit_draft(by=BY, draft=one) for one in same))
    assert done["done"] == 2
    assert Application.objects.count() == 1
    assert Person.objects.count() == 1
