"""References: seen on a day or not needed for a reason; what a programme asks for comes before the yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY, make_application, make_profile, make_programme, make_version
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState, ReferenceState
from mentornet.intake.models import Application, Reference
from mentornet.intake.services.applications import decide
from mentornet.intake.services.references import note_reference, remove_reference, settle_reference
from mentornet.programmes.enums import ReferenceKind

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def application(division: Division) -> Application:
    programme = make_programme()
    make_version(programme, references=["criminal_record", "person"])
    application = make_application("mentor", division, programme=programme, state=ApplicationState.INTERVIEWED)
    make_profile(application.person, "mentor")
    return application


def note(by: Staff, application: Application, kind: ReferenceKind, **given: Any) -> Reference:
    return note_reference(by=by, application=application, kind=kind, author_name=by.name, **given)


def approve(by: Staff, application: Application) -> None:
    decide(by=by, application=application, outcome="approved", reason="Kind.", author_name=by.name)


def test_a_reference_is_asked_for_and_seen(coordinator: Staff, application: Application) -> None:
    reference = note(coordinator, application, ReferenceKind.PERSON, words="Her former head nurse")
    assert reference.state == ReferenceState.ASKED
    settle_reference(
        by=coordinator, reference=reference, state=ReferenceState.SEEN, author_name="Inger", seen_on=TODAY - DAY
    )
    reference.refresh_from_db()
    assert (reference.seen_on, reference.seen_by, reference.author_name) == (TODAY - DAY, coordinator.key, "Inger")
    details = [entry.detail for entry in Entry.objects.filter(act="intake.note_reference").order_by("pk")]
    assert details == [{"kind": "person", "state": "asked"}, {"kind": "person", "state": "seen"}]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": ReferenceState.SEEN}, "day on which you saw it"),
        ({"state": ReferenceState.SEEN, "seen_on": TODAY + DAY}, "today or earlier"),
        ({"state": ReferenceState.WAIVED, "reason": " "}, "why it is not needed"),
    ],
)
def test_what_cannot_be_noted(given: dict[str, Any], words: str, coordinator: Staff, application: Application) -> None:
    with pytest.raises(ValidationError, match=words):
        note(coordinator, application, ReferenceKind.PERSON, **given)


def test_the_database_wants_a_day_for_what_was_seen(application: Application) -> None:
    row = Reference(
        application=application, kind="person", state=ReferenceState.SEEN, author_name="Inger", created_at=AT
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_another_division_notes_nothing_here(other_coordinator: Staff, coordinator: Staff, division: Division) -> None:
    application = make_application("mentor", division)
    reference = note(coordinator, application, ReferenceKind.PERSON)
    with pytest.raises(NotAllowedError):
        note(other_coordinator, application, ReferenceKind.PERSON)
    with pytest.raises(NotAllowedError):
        remove_reference(by=other_coordinator, reference=reference)
    remove_reference(by=coordinator, reference=reference)
    assert not Reference.objects.exists()


def test_what_the_programme_asks_for_comes_before_the_yes(coordinator: Staff, application: Application) -> None:
    note(coordinator, application, ReferenceKind.PERSON)
    with pytest.raises(RefusedError, match=r"criminal record certificate, somebody who vouches for her"):
        approve(coordinator, application)
    note(coordinator, application, ReferenceKind.CRIMINAL_RECORD, state=ReferenceState.SEEN, seen_on=TODAY)
    with pytest.raises(RefusedError, match=r"asks for: somebody who vouches for her\."):
        approve(coordinator, application)
    note(coordinator, application, ReferenceKind.PERSON, state=ReferenceState.WAIVED, reason="We know her well.")
    approve(coordinator, application)
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED


def test_a_no_needs_no_reference(coordinator: Staff, application: Application) -> None:
    decide(by=coordinator, application=application, outcome="declined", reason="Not here.", author_name="Inger")


def test_a_programme_knows_its_kinds() -> None:
    programme = make_programme()
    for wrong in (["passport"], ["person", "person"], "person"):
        with pytest.raises(ValidationError, match="kinds of references"):
            make_version(programme, references=wrong)
