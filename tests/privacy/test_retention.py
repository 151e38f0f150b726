"""Nothing is kept longer than its time: the clocks, whom the night leaves alone, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from matching.pairs import both_say_yes, letters_arrive, make_pair, propose
from pytest_django import Settings

from entering import make_participant_user
from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person, make_user, saved
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.queries import verify_chain
from mentornet.audit.services import record
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.common.fields import TERMS, Erasure, Retention, declared
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import About, Addressee
from mentornet.followup.models import Concern
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Enrolment, Interview, Wish
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Note, Partnership
from mentornet.people.models import Person, Restriction
from mentornet.people.recipients import person_key
from mentornet.privacy import clocks
from mentornet.privacy.clocks import BY_OTHER_JOBS, CLOCKS, WITH_HER, parts, tables_without_a_clock
from mentornet.privacy.due import due_on, going_within
from mentornet.privacy.enums import Kept, Reason, RequestKind, RequestWay
from mentornet.privacy.models import Erasure as Erased
from mentornet.privacy.models import Request, RetentionCount, RetentionHold, RetentionRun
from mentornet.privacy.services import keeping
from mentornet.privacy.services.keeping import hold_back, is_night_due, keep_no_longer, let_go, set_term
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

WHOLE = TERMS[Retention.CASE].days
NOTES = TERMS[Retention.NOTES].days


@pytest.fixture(autouse=True)
def _ledger(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_FOLDER = tmp_path


def night(days: int) -> System:
    return System("privacy.retention", AT + timedelta(days=days))


@pytest.fixture
def begun(db: None) -> None:
    """Nights have been going on for a month: whoever works here has been warned."""
    RetentionRun.objects.create(night=TODAY - timedelta(days=40), created_at=AT, finished_at=AT)


@pytest.fixture
def left(division: Division, begun: None) -> Enrolment:
    """Somebody whose place ended today, the last thing that was."""
    return leave(division)


def leave(division: Division, *, last_name: str = "", ended_on: date = TODAY) -> Enrolment:
    enrolment = make_enrolment("mentee", division, person=make_person("Amina", last_name, phone="+4561000001"))
    Enrolment.objects.filter(pk=enrolment.pk).update(ended_on=ended_on, end_reason="moved")
    Interview.objects.create(
        application=enrolment.application, at=AT, held_at=AT, created_at=AT, interviewer=make_user(),
        coordinator_only="KANARIE", shareable="SHOW",
    )  # fmt: skip
    Wish.objects.create(person=enrolment.person, division=division, kind="other", words="KANARIE", created_at=AT)
    return enrolment


def is_here(person_id: UUID) -> bool:
    return Person.objects.filter(pk=person_id).exclude(search_text="").exists()


# The clocks -----------------------------------------------------------------------------------------------------------


def test_a_person_goes_as_a_whole_when_her_time_is_over(left: Enrolment) -> None:
    keep_no_longer(by=night(WHOLE - 1))
    assert is_here(left.person_id)
    assert keep_no_longer(by=night(WHOLE))
    assert not is_here(left.person_id)
    erasure = Erased.objects.get()
    assert (erasure.reason, erasure.erased_by) == (Reason.OVER, "system:privacy.retention")
    assert RetentionRun.objects.get(night=TODAY + timedelta(days=WHOLE)).erased == 1
    assert Enrolment.objects.count() == 1


def test_notes_go_a_year_after_the_end_and_the_rest_stays(left: Enrolment) -> None:
    keep_no_longer(by=night(NOTES - 1))
    assert Interview.objects.get().coordinator_only == "KANARIE"
    keep_no_longer(by=night(NOTES))
    held = Interview.objects.get()
    assert (held.coordinator_only, held.shareable, held.held_at) == ("", "", AT)
    assert not Wish.objects.exists()
    assert is_here(left.person_id)
    run = RetentionRun.objects.get(night=TODAY + timedelta(days=NOTES))
    counts = set(run.counts.values_list("retention", "table", "count"))
    assert {("notes", "intake.Interview", 1), ("notes", "intake.Wish", 1)} <= counts
    # The next night finds nothing more of hers.
    keep_no_longer(by=night(NOTES + 1))
    assert not RetentionCount.objects.filter(run__night=TODAY + timedelta(days=NOTES + 1)).exists()


@pytest.mark.parametrize("what", ["meeting", "letter", "sign-in", "application", "withdrawal"])
def test_whatever_was_last_begins_the_clock(left: Enrolment, what: str) -> None:
    later, person = AT + timedelta(days=100), left.person
    if what == "letter":
        Letter.objects.create(
            recipient=person_key(person.pk), event="word_from_waiting_list", queued_by="system:tests", state="sent",
            send_after=later, sent_at=later, created_at=later,
        )  # fmt: skip
    elif what == "application":
        make_application("mentor", left.division, person=person, state=ApplicationState.WITHDRAWN, received_on=later)
    elif what == "withdrawal":
        record(by=System("tests", later), act="intake.withdraw", of=left.application)
    elif what == "sign-in":
        user = make_participant_user(person)
        user.last_login = later
        user.save()
    else:
        Person.objects.filter(pk=person.pk).update(created_at=later)
    keep_no_longer(by=night(WHOLE))
    assert is_here(person.pk)
    keep_no_longer(by=night(WHOLE + 100))
    assert not is_here(person.pk)


@pytest.mark.parametrize("state", [ApplicationState.RECEIVED, ApplicationState.BOOKED])
def test_who_has_something_open_has_no_end(left: Enrolment, state: str) -> None:
    make_application("mentor", left.division, person=left.person, state=state)
    keep_no_longer(by=night(WHOLE + 1_000))
    assert is_here(left.person_id)


def test_who_is_on_the_waiting_list_is_never_touched(division: Division, begun: None) -> None:
    waiting = make_enrolment("mentee", division)
    keep_no_longer(by=night(10 * WHOLE))
    assert is_here(waiting.person_id)


def test_a_declined_application_ends_too(division: Division, begun: None) -> None:
    declined = make_application("mentee", division, state=ApplicationState.DECLINED)
    keep_no_longer(by=night(WHOLE))
    assert not is_here(declined.person_id)


def test_a_pairs_notes_go_a_year_after_the_pair(
    coordinator: Staff, division: Division, programme: Programme, begun: None
) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, make_pair(division, programme)))
    letters_arrive()
    pair = proposal.partnership
    assert pair is not None
    Note.objects.create(
        partnership=pair, text="KANARIE", written_by=coordinator.key, author_name="Inger", created_at=AT
    )
    keep_no_longer(by=night(NOTES + 50))
    assert Note.objects.count() == 1, "the two go on"
    Partnership.objects.filter(pk=pair.pk).update(
        state="closed", closed_on=TODAY + timedelta(days=60), closing_reason="agreed", closing_note="KANARIE"
    )
    keep_no_longer(by=night(NOTES + 59))
    assert Note.objects.count() == 1
    keep_no_longer(by=night(NOTES + 60))
    assert Note.objects.count() == 0
    assert Partnership.objects.get().closing_note == ""
    proposal.refresh_from_db()
    assert proposal.reason != "KANARIE"
    assert is_here(pair.mentor.person_id), "both are in the bank and on the list as before"


def test_what_a_letter_said_expires_and_that_it_was_sent_stays(division: Division, begun: None) -> None:
    person = make_enrolment("mentee", division).person
    letter = Letter.objects.create(
        recipient=person_key(person.pk), event="word_from_waiting_list", queued_by="system:tests", state="sent",
        send_after=AT, sent_at=AT, created_at=AT, subject="Hello", body="KANARIE", values={"day": "KANARIE"},
    )  # fmt: skip
    waiting = Letter.objects.create(
        recipient=person_key(person.pk), event="word_from_waiting_list", queued_by="system:tests", state="failed",
        send_after=AT, created_at=AT, body="STILL",
    )  # fmt: skip
    keep_no_longer(by=night(NOTES))
    letter.refresh_from_db()
    waiting.refresh_from_db()
    assert (letter.body, letter.subject, letter.values, letter.state) == ("", "", {}, "sent")
    assert letter.recipient == person_key(person.pk)
    assert waiting.body == "STILL", "somebody has still to see to it"


def test_the_audit_is_emptied_after_its_time_and_stays_whole(left: Enrolment, coordinator: Staff) -> None:
    record(by=coordinator, act="people.change", of=left.person, detail={"fields": ["phone"]})
    RetentionHold.objects.create(
        person=left.person, until=TODAY + timedelta(days=9_000), reason="Law", set_by="user:x", author_name="X",
        created_at=AT,
    )  # fmt: skip
    keep_no_longer(by=night(TERMS[Retention.LOG].days - 1))
    assert Entry.objects.get(act="people.change").detail == {"fields": ["phone"]}
    keep_no_longer(by=night(TERMS[Retention.LOG].days))
    emptied = Entry.objects.get(act="people.change")
    assert (emptied.actor, emptied.object_id, emptied.detail, emptied.redaction) == ("", "", {}, 0)
    assert verify_chain().ok


# Whom the night leaves alone ------------------------------------------------------------------------------------------


@contextmanager
def _request(person: Person, division: Division) -> Iterator[Callable[[], object]]:
    row = Request.objects.create(
        person=person, division=division, kind=RequestKind.ACCESS, way=RequestWay.LETTER, received_on=TODAY,
        due_on=TODAY + timedelta(days=30), taken_by="user:x", created_at=AT,
    )  # fmt: skip
    yield lambda: Request.objects.filter(pk=row.pk).update(outcome="done", closed_at=AT, closed_by="user:x")


def keep_back(why: str, enrolment: Enrolment, by: Staff) -> Callable[[], object]:
    """Give the night a reason to leave somebody alone, and return what takes it away."""
    person, division = enrolment.person, enrolment.division
    if why == "concern":
        concern = saved(
            Concern(
                raised_by=person, division=division, about=About.OTHER, addressee=Addressee.NATIONAL_LEAD,
                words="KANARIE", created_at=AT,
            )
        )  # fmt: skip
        return lambda: Concern.objects.filter(pk=concern.pk).update(
            state="closed", resolved_by="user:x", closed_by="user:y", closed_at=AT
        )
    if why == "request":
        with _request(person, division) as undo:
            return undo
    if why == "restriction":
        row = saved(Restriction(person=person, reason="She asks", restricted_by="user:x", created_at=AT))
        return lambda: Restriction.objects.filter(pk=row.pk).update(lifted_at=AT, lifted_by="user:x")
    if why == "protected":
        Person.objects.filter(pk=person.pk).update(
            is_protected=True, last_name="", email="", phone="", safe_contact="", postcode="", area=""
        )
        return lambda: Person.objects.filter(pk=person.pk).update(is_protected=False)
    hold = hold_back(by=by, person=person, until=TODAY + timedelta(days=300), reason="A claim", author_name=by.name)
    RetentionHold.objects.filter(pk=hold.pk).update(until=TODAY + timedelta(days=3_000))
    return lambda: let_go(by=by, hold=hold)


REASONS = {
    "concern": Kept.OPEN,
    "request": Kept.OPEN,
    "restriction": Kept.RESTRICTED,
    "protected": Kept.PROTECTED,
    "hold": Kept.HELD,
}


@pytest.mark.parametrize("why", sorted(REASONS))
def test_who_is_kept_back_stays_whole_and_goes_as_soon_as_nothing_keeps_her(
    left: Enrolment, coordinator: Staff, why: str
) -> None:
    take_away = keep_back(why, left, coordinator)
    keep_no_longer(by=night(WHOLE))
    assert is_here(left.person_id)
    assert Interview.objects.get().coordinator_only == "KANARIE"
    due = due_on(TODAY + timedelta(days=WHOLE + 1))
    assert due.kept == {left.person_id: REASONS[why]}
    assert due.people == {}
    assert RetentionRun.objects.get(night=TODAY + timedelta(days=WHOLE)).waiting == 1
    # The control: without it she goes the night after.
    take_away()
    keep_no_longer(by=night(WHOLE + 1))
    assert not is_here(left.person_id)


def test_why_she_is_left_alone_does_not_tell_of_a_quiet_word(left: Enrolment, coordinator: Staff) -> None:
    keep_back("concern", left, coordinator)
    assert "word" not in str(due_on(TODAY + timedelta(days=WHOLE)).kept[left.person_id].label).lower()


def test_a_hold_ends_on_its_day(left: Enrolment, coordinator: Staff) -> None:
    until = TODAY + timedelta(days=WHOLE + 5)
    hold = hold_back(by=coordinator, person=left.person, until=TODAY, reason="A claim", author_name="Inger")
    RetentionHold.objects.filter(pk=hold.pk).update(until=until)
    keep_no_longer(by=night(WHOLE + 5))
    assert is_here(left.person_id)
    keep_no_longer(by=night(WHOLE + 6))
    assert not is_here(left.person_id)


def test_a_hold_has_a_reason_a_day_and_its_own_division(
    left: Enrolment, coordinator: Staff, other_coordinator: Staff
) -> None:
    def hold(by: Staff, **facts: Any) -> RetentionHold:
        usual: dict[str, Any] = {
            "person": left.person,
            "until": TODAY + timedelta(days=10),
            "reason": "A claim",
            "author_name": "X",
        }
        return hold_back(by=by, **(usual | facts))

    with pytest.raises(NotAllowedError):
        hold(other_coordinator)
    with pytest.raises(RefusedError):
        hold(coordinator, until=TODAY + timedelta(days=400))
    with pytest.raises(RefusedError):
        hold(coordinator, until=TODAY - timedelta(days=1))
    first = hold(coordinator)
    with pytest.raises(ChangedMeanwhileError):
        hold(coordinator)
    with pytest.raises(NotAllowedError):
        let_go(by=other_coordinator, hold=first)
    let_go(by=coordinator, hold=first)
    with pytest.raises(ChangedMeanwhileError):
        let_go(by=coordinator, hold=first)
    assert hold(coordinator).lifted_at is None


# Warned first ---------------------------------------------------------------------------------------------------------


def test_nothing_goes_in_the_first_month(division: Division) -> None:
    old = leave(division)
    keep_no_longer(by=night(WHOLE + 500))
    keep_no_longer(by=night(WHOLE + 529))
    assert is_here(old.person_id)
    assert Interview.objects.get().coordinator_only == "KANARIE"
    keep_no_longer(by=night(WHOLE + 530))
    assert not is_here(old.person_id)


def test_a_division_is_warned_once_with_the_whole_list(left: Enrolment) -> None:
    for days in (0, 5):
        leave(left.division, ended_on=TODAY + timedelta(days=days))
    keep_no_longer(by=night(WHOLE - 31))
    assert not Task.objects.filter(kind=Kind.RETENTION).exists()
    keep_no_longer(by=night(WHOLE - 30))
    task = Task.objects.get(kind=Kind.RETENTION)
    assert (task.target_id, task.division_id, task.words) == (left.division_id, left.division_id, {"count": 2})
    # Whoever has looked through the list is asked again only for whom it did not hold.
    Task.objects.filter(pk=task.pk).update(done_at=AT)
    keep_no_longer(by=night(WHOLE - 29))
    assert not Task.objects.filter(kind=Kind.RETENTION, done_at=None).exists()
    keep_no_longer(by=night(WHOLE - 25))
    assert Task.objects.get(kind=Kind.RETENTION, done_at=None).words == {"count": 3}
    keep_no_longer(by=night(WHOLE + 6))
    assert not Task.objects.filter(kind=Kind.RETENTION, done_at=None).exists()


def test_the_list_names_the_day(left: Enrolment) -> None:
    soon = TODAY + timedelta(days=WHOLE - 10)
    assert going_within(soon) == {left.person_id: TODAY + timedelta(days=WHOLE)}


# The night ------------------------------------------------------------------------------------------------------------


def test_a_night_cut_short_goes_on_and_is_counted_once(
    division: Division, begun: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [leave(division).person_id for _ in range(5)]
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    assert not keep_no_longer(by=night(WHOLE))
    assert sum(is_here(one) for one in people) == 3
    # Killed here: the row of the night stands, not ended.
    assert is_night_due(night(WHOLE).at)
    assert not keep_no_longer(by=night(WHOLE))
    assert keep_no_longer(by=night(WHOLE))
    run = RetentionRun.objects.get(night=TODAY + timedelta(days=WHOLE))
    assert (run.erased, sum(is_here(one) for one in people)) == (5, 0)
    assert not is_night_due(night(WHOLE).at)
    assert keep_no_longer(by=night(WHOLE))
    assert Erased.objects.count() == 5


def test_killed_between_two_tables_nothing_is_lost_or_counted_twice(
    left: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    counted: list[str] = []
    real = keeping._count

    def die(run: RetentionRun, retention: Retention, table: str, count: int) -> None:
        real(run, retention, table, count)
        counted.append(table)
        if table == "intake.Wish":
            raise KilledError

    monkeypatch.setattr(keeping, "_count", die)
    with pytest.raises(KilledError):
        keep_no_longer(by=night(NOTES))
    monkeypatch.setattr(keeping, "_count", real)
    assert Wish.objects.exists(), "what was not counted has not gone"
    keep_no_longer(by=night(NOTES))
    counts = dict(RetentionCount.objects.values_list("table", "count"))
    assert counts == {"intake.Decision": 1, "intake.Interview": 1, "intake.Wish": 1}


def test_the_report_tells_of_nobody(left: Enrolment) -> None:
    keep_no_longer(by=night(WHOLE))
    run = RetentionRun.objects.get(night=TODAY + timedelta(days=WHOLE))
    said = f"{run.__dict__} {list(run.counts.values())} {Entry.objects.get(act='privacy.retention').detail}"
    assert str(left.person_id) not in said
    assert "Amina" not in said


def test_what_is_shown_the_day_before_is_what_goes(left: Enrolment, division: Division) -> None:
    leave(division, last_name="Younger", ended_on=TODAY + timedelta(days=WHOLE - NOTES))
    before = due_on(TODAY + timedelta(days=WHOLE))
    assert set(before.people) == {left.person_id}
    counts = before.counts()
    assert counts[Retention.NOTES, "intake.Interview"] == 2
    keep_no_longer(by=night(WHOLE))
    assert not is_here(left.person_id)
    assert Interview.objects.exclude(coordinator_only="").count() == 0


# Times ----------------------------------------------------------------------------------------------------------------


def test_a_time_of_ones_own_counts_and_a_shorter_one_a_month_later(left: Enrolment, national_lead: Staff) -> None:
    shorter = WHOLE - 20
    set_term(by=national_lead, retention="case", days=shorter, reason="We need less", author_name="Lise")
    set_term(by=national_lead, retention="contact", days=shorter, reason="We need less", author_name="Lise")
    later = System("tests", AT + timedelta(days=90))
    assert due_on((AT + timedelta(days=29)).date()).days[Retention.CASE] == WHOLE
    assert due_on(later.today).days[Retention.CASE] == shorter
    keep_no_longer(by=night(shorter - 1))
    assert is_here(left.person_id)
    keep_no_longer(by=night(shorter))
    assert not is_here(left.person_id)


def test_never_longer_than_the_register_allows(national_lead: Staff, coordinator: Staff) -> None:
    most = TERMS[Retention.NOTES].most
    with pytest.raises(RefusedError):
        set_term(by=national_lead, retention="notes", days=most + 1, reason="More", author_name="Lise")
    with pytest.raises(NotAllowedError):
        set_term(by=coordinator, retention="notes", days=100, reason="Less", author_name="Inger")
    term = set_term(by=national_lead, retention="notes", days=most, reason="A claim", author_name="Lise")
    assert due_on(TODAY).days[Retention.NOTES] == term.days


# The register ---------------------------------------------------------------------------------------------------------


def test_every_table_with_a_class_of_its_own_has_a_clock() -> None:
    # Red? Say in `privacy/clocks.py` when the rows' clock begins, or why they go with the person as a whole.
    assert tables_without_a_clock() == []
    assert not set(CLOCKS) & (set(WITH_HER) | set(BY_OTHER_JOBS))


def test_table_without_a_clock_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "CLOCKS", {label: one for label, one in CLOCKS.items() if label != "intake.Wish"})
    assert tables_without_a_clock() == ["intake.Wish"]


def test_every_part_can_be_asked_for() -> None:
    found = list(parts())
    assert {part.table for part in found} == set(CLOCKS)
    for part in found:
        for column in part.columns:
            assert declared(part.table)[column.name].erasure != Erasure.KEEP
    assert due_on(datetime(2036, 1, 1, tzinfo=AT.tzinfo).date()).counts() == {}


def test_erasing_is_never_inside_a_transaction(left: Enrolment) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        keep_no_longer(by=night(WHOLE))
