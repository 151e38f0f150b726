"""Thoughts of one's own: hers alone until she shares them, and then with whom she says."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import TODAY
from followup.value_pairs import A_YEAR_AGO, DAY, make_year
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.enums import Stage
from mentornet.followup.models import Reflection
from mentornet.followup.prompts import EVERY, PROMPTS, next_prompt, stage_of
from mentornet.followup.value_queries import reflections_of, shared_reflections
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from partnerships.sides import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_year(coordinator, division, programme)


def write(pair: Partnership, text: str = "kanarie thought", side: str = "mentor") -> Reflection:
    prompt = "learned" if side == "mentor" else "dared"
    row = services.write_reflection(by=acting(pair, side), partnership=pair, prompt=prompt, text=text)
    assert row is not None
    return row


def test_nobody_reads_it_but_she(pair: Partnership, coordinator: Staff) -> None:
    row = write(pair)
    assert list(reflections_of(acting(pair, "mentor"), pair)) == [row]
    assert list(reflections_of(acting(pair, "mentee"), pair)) == []
    assert services.read_shared(by=coordinator, partnership=pair) == []
    assert not Entry.objects.filter(act="followup.read_shared").exists()


def test_shared_it_is_read_by_her_coordinators_alone_and_that_is_noted(
    pair: Partnership, coordinator: Staff, other_coordinator: Staff
) -> None:
    row = write(pair)
    by = acting(pair, "mentor")
    services.share_reflection(by=by, reflection=row, with_coordinator=True, for_letter=False)
    assert services.read_shared(by=coordinator, partnership=pair) == [row]
    assert Entry.objects.filter(act="followup.read_shared", actor=coordinator.key).count() == 1
    assert list(shared_reflections(other_coordinator, pair)) == []
    services.share_reflection(by=by, reflection=row, with_coordinator=False, for_letter=False)
    assert services.read_shared(by=coordinator, partnership=pair) == []


def test_the_other_one_can_neither_share_nor_change_it(pair: Partnership) -> None:
    row = write(pair)
    with pytest.raises(RefusedError):
        services.share_reflection(by=acting(pair, "mentee"), reflection=row, with_coordinator=True, for_letter=True)
    assert Reflection.objects.get().shared_at is None


def test_empty_it_goes_and_twice_is_once(pair: Partnership) -> None:
    write(pair)
    write(pair)
    assert Reflection.objects.count() == 1
    assert services.write_reflection(by=acting(pair, "mentor"), partnership=pair, prompt="learned", text=" ") is None
    assert not Reflection.objects.exists()


def test_only_her_own_questions_are_answered(pair: Partnership, coordinator: Staff) -> None:
    with pytest.raises(ValidationError):
        services.write_reflection(by=acting(pair, "mentor"), partnership=pair, prompt="dared", text="No.")
    with pytest.raises(NotAllowedError):
        services.write_reflection(by=coordinator, partnership=pair, prompt="learned", text="No.")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "stage"),
    [
        ({"first_met_on": TODAY - 10 * DAY}, Stage.BEGINNING),
        ({"first_met_on": A_YEAR_AGO}, Stage.UNDERWAY),
        ({"state": "paused"}, Stage.HARD),
        ({"agreed_until": TODAY + 20 * DAY}, Stage.ENDING),
        ({"state": "closed", "closing_reason": "goal", "closed_on": TODAY}, Stage.ENDING),
    ],
)
def test_stage_follows_from_the_days_that_both_know(pair: Partnership, values: dict[str, object], stage: Stage) -> None:
    Partnership.objects.filter(pk=pair.pk).update(**values)
    pair.refresh_from_db()
    assert stage_of(pair, TODAY) == stage


def test_one_question_at_a_time_in_their_order_and_another_on_wish() -> None:
    names = list(PROMPTS[Role.MENTOR][Stage.UNDERWAY])
    assert next_prompt(Role.MENTOR, Stage.UNDERWAY, ()) == names[0]
    assert next_prompt(Role.MENTOR, Stage.UNDERWAY, names[:2]) == names[2]
    assert next_prompt(Role.MENTOR, Stage.UNDERWAY, (), after=names[0]) == names[1]
    assert next_prompt(Role.MENTOR, Stage.UNDERWAY, (), after=names[-1]) == names[0]
    assert next_prompt(Role.MENTOR, Stage.UNDERWAY, names) == ""


def test_every_question_has_a_name_of_its_own() -> None:
    named = [name for stages in PROMPTS.values() for stage in stages.values() for name in stage]
    assert len(named) == len(set(named)) == len(EVERY)
    assert all(set(stages) == set(Stage) for stages in PROMPTS.values())
