"""A quiet word: kept before it is acknowledged, read by whoever it is for alone, closed by a second reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from conftest import MakeStaff
from factories.django_rows import AT, make_application, make_person, user_of
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_about, entries_in
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.enums import CONCERN_STEPS, ConcernState
from mentornet.followup.models import Concern
from mentornet.followup.queries import readable_concerns, waiting_concerns
from mentornet.followup.rules import may_read
from mentornet.intake.models import Enrolment
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import acting
from racing import at_once

pytestmark = pytest.mark.django_db
S = ConcernState
WORDS: Final = "kanarieconcern"


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme)
    Enrolment.objects.filter(pk__in=[couple.mentee_id, couple.mentor_id]).update(coordinator_id=coordinator.user_id)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


def raised(pair: Partnership, side: str = "mentee", **facts: Any) -> Concern:
    values = {"about": "partner", "words": WORDS} | facts
    return services.raise_concern(by=acting(pair, side), partnership=pair, **values)


@pytest.fixture
def everybody(
    coordinator: Staff, other_coordinator: Staff, division_lead: Staff, national_lead: Staff, administrator: Staff,
    division: Division, make_staff: MakeStaff,
) -> dict[str, Staff]:  # fmt: skip
    return {
        "hers": coordinator,
        "colleague": make_staff(Role.COORDINATOR, division),
        "elsewhere": other_coordinator,
        "lead": division_lead,
        "national": national_lead,
        "administrator": administrator,
    }


@pytest.mark.parametrize(
    ("facts", "readers"),
    [
        ({"about": "partner"}, {"hers", "lead", "national"}),
        ({"about": "other", "addressee": "national_lead"}, {"national"}),
        ({"about": "coordinator"}, {"national"}),
        # Whatever was ticked: about a coordinator it goes past the office.
        ({"about": "coordinator", "addressee": "coordinator"}, {"national"}),
    ],
)
def test_who_reads_it(facts: dict[str, str], readers: set[str], pair: Partnership, everybody: dict[str, Staff]) -> None:
    concern = raised(pair, **facts)
    assert {name for name, by in everybody.items() if may_read(by, concern)} == readers
    # The rule for one and the condition for many say the same.
    assert {name for name, by in everybody.items() if readable_concerns(by).exists()} == readers
    for name, by in everybody.items():
        if name not in readers:
            with pytest.raises(NotAllowedError):
                services.read_concern(by=by, concern=concern)


def test_a_case_of_nobody_in_particular_is_the_offices(pair: Partnership, everybody: dict[str, Staff]) -> None:
    Enrolment.objects.update(coordinator=None)
    pair = Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)
    concern = raised(pair)
    assert {name for name, by in everybody.items() if may_read(by, concern)} == {
        "hers",
        "colleague",
        "lead",
        "national",
    }


def test_whom_it_is_about_never_reads_it_whatever_her_role(
    pair: Partnership, everybody: dict[str, Staff], make_staff: MakeStaff, division: Division
) -> None:
    # The mentor works here too, as the national lead.
    national, lead = everybody["national"], everybody["lead"]
    Person.objects.filter(pk=pair.mentor.person_id).update(user=user_of(national))
    Person.objects.filter(pk=pair.mentee.person_id).update(user=user_of(lead))
    pair = Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)
    concern = raised(pair)
    assert {name for name, by in everybody.items() if may_read(by, concern)} == {"hers"}
    assert not readable_concerns(national).exists()
    # About a coordinator who is the national lead besides: another national lead reads it.
    Enrolment.objects.update(coordinator=user_of(national))
    pair = Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)
    # There before it is told: what nobody may read is not taken.
    other = make_staff(Role.NATIONAL_LEAD)
    second = raised(pair, about="coordinator", words="kanarietwo")
    assert not may_read(national, second)
    assert may_read(other, second)


@pytest.mark.usefixtures("national_lead")
def test_nobody_is_notified_and_no_shared_list_knows(pair: Partnership, coordinator: Staff) -> None:
    letters, tasks = Letter.objects.count(), Task.objects.count()
    concern = raised(pair, about="coordinator")
    assert (Letter.objects.count(), Task.objects.count()) == (letters, tasks)
    entries = entries_about([concern])
    assert entries.get().act == "followup.raise"
    # Not in the list of what happened in her division; the control: without the guard it would stand there.
    assert not entries_in(entries, coordinator.casework).exists()
    assert entries.filter(division_id__in=coordinator.casework).exists()
    assert WORDS not in str(list(Entry.objects.values()))


def test_pressed_twice_it_is_one(pair: Partnership) -> None:
    assert raised(pair).pk == raised(pair, words=f" {WORDS} ").pk
    assert Concern.objects.count() == 1


def test_words_are_needed(pair: Partnership) -> None:
    with pytest.raises(ValidationError):
        raised(pair, words="  ")


def test_somebody_without_a_partner_is_heard_by_her_office(division: Division, coordinator: Staff) -> None:
    person = make_application("mentee", division).person
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    concern = services.raise_concern(by=by, about="other", words=WORDS)
    assert (concern.division, concern.partnership) == (division, None)
    assert may_read(coordinator, concern)
    nobody = make_person()
    with pytest.raises(RefusedError, match="call"):
        services.raise_concern(by=Participant(person_id=nobody.pk, name=nobody.name, at=AT), about="other", words=WORDS)


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_inside_a_transaction_that_could_take_it_back(pair: Partnership) -> None:
    # Durable before acknowledged: nothing around it may undo it once she has been told.
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        raised(pair)
    raised(pair)
    assert Concern.objects.count() == 1


# Seeing to it ---------------------------------------------------------------------------------------------------------

ACTS: Final[dict[str, Callable[[Staff, Concern], object]]] = {
    "take": lambda by, one: services.take_concern(by=by, concern=one),
    "resolve": lambda by, one: services.resolve_concern(by=by, concern=one, outcome="They have talked."),
    "give back": lambda by, one: services.give_back(by=by, concern=one, text="Has she been called?"),
    "close": lambda by, one: services.close_concern(by=by, concern=one),
}
FOLLOWS: Final[dict[S, dict[str, S]]] = {
    S.RAISED: {"take": S.TAKEN},
    S.TAKEN: {"resolve": S.RESOLVED},
    S.RESOLVED: {"give back": S.TAKEN, "close": S.CLOSED},
    S.CLOSED: {},
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: S, pair: Partnership, everybody: dict[str, Staff]) -> None:
    concern = raised(pair)
    if state != S.RAISED:
        Concern.objects.filter(pk=concern.pk).update(
            state=state, taken_by=everybody["hers"].key, taken_at=AT, resolved_by=everybody["hers"].key,
            resolved_at=AT, closed_by=everybody["national"].key if state == S.CLOSED else "", closed_at=AT,
        )  # fmt: skip
    concern.refresh_from_db()
    after, entries = FOLLOWS[state].get(act), Entry.objects.count()
    if after is None:
        with pytest.raises(RefusedError):
            ACTS[act](everybody["lead"], concern)
        assert Concern.objects.get().state == state
        assert Entry.objects.count() == entries
    else:
        ACTS[act](everybody["lead"], concern)
        assert Concern.objects.get().state == after
        assert Entry.objects.count() > entries


def test_the_table_of_steps_is_the_one_tested() -> None:
    assert {state: set(after) for state, after in CONCERN_STEPS.table.items()} == {
        state: set(acts.values()) for state, acts in FOLLOWS.items()
    }


def test_who_saw_to_it_does_not_close_it(pair: Partnership, everybody: dict[str, Staff]) -> None:
    by, concern = everybody["hers"], raised(pair)
    services.take_concern(by=by, concern=concern)
    services.resolve_concern(by=by, concern=concern, outcome="They have talked.")
    with pytest.raises(NotAllowedError, match="second reader"):
        services.close_concern(by=by, concern=concern)
    services.close_concern(by=everybody["lead"], concern=concern)
    assert not waiting_concerns(everybody["national"]).exists()


def test_the_database_does_not_let_it_be_closed_by_one_alone(pair: Partnership, coordinator: Staff) -> None:
    concern = raised(pair)
    one = coordinator.key
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(state="closed", resolved_by=one, closed_by=one, closed_at=AT)
    # The control: with a second reader it can be.
    Concern.objects.filter(pk=concern.pk).update(state="closed", resolved_by=one, closed_by="user:x", closed_at=AT)


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_by_one(pair: Partnership, everybody: dict[str, Staff]) -> None:
    concern = raised(pair)
    readers = [everybody[name] for name in ("hers", "lead", "national")]
    seen = [Concern.objects.get(pk=concern.pk) for _ in readers]
    said = at_once(
        *(
            lambda by=by, one=one: services.take_concern(by=by, concern=one)
            for by, one in zip(readers, seen, strict=True)
        )
    )
    assert said["done"] == 1


def test_reading_is_kept_in_the_audit(pair: Partnership, coordinator: Staff) -> None:
    concern = raised(pair)
    services.read_concern(by=coordinator, concern=concern)
    assert Entry.objects.filter(act="followup.read", kind="read", object_id=str(concern.pk)).count() == 1


def test_participants_and_strangers_read_nothing(pair: Partnership) -> None:
    concern = raised(pair)
    for side in ("mentee", "mentor"):
        assert not may_read(acting(pair, side), concern)
        assert not readable_concerns(acting(pair, side)).exists()
