"""What the database counts is what somebody finds who reads every answer."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.django_rows import AT, TODAY, make_division, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.surveys.models import AnonymousAnswer, Ask, Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import anonymous_answers, counted_asks
from mentornet.surveys.questions import Question
from mentornet.surveys.results import ALL, Answered, Place, period_of, result_of
from mentornet.surveys.tallies import answers_by_place, asked_by_place
from surveys.conftest import MakePair

pytestmark = pytest.mark.django_db

WORDS: Final = {"en": "?"}
OPTIONS: Final = [{"key": key, "texts": {"en": key}} for key in ("0", "1", "yes")]
QUESTIONS: Final[list[dict[str, Any]]] = [
    {"key": "how", "kind": "scale", "texts": WORDS, "low": WORDS, "high": WORDS},
    {"key": "met", "kind": "single", "texts": WORDS, "options": OPTIONS},
    {"key": "why", "kind": "multiple", "texts": WORDS, "options": OPTIONS},
    {"key": "hours", "kind": "number", "texts": WORDS},
    {"key": "else", "kind": "text", "texts": WORDS},
]
SAID: Final = ("12", "null", 'She said "no"', "100 % \\ 'yes'", "Åse and ليلى", "[1]", "")


def answers(chance: random.Random) -> dict[str, Any] | None:
    """Return what somebody answers: everything, some of it, or nothing; numbers as text stay text."""
    whole: dict[str, Any] = {
        "how": chance.randint(1, 5),
        "met": chance.choice(["0", "1", "yes", "gone"]),
        "why": chance.sample(["0", "1", "yes"], chance.randint(0, 3)),
        "hours": chance.randint(0, 40),
        "else": chance.choice(SAID),
    }
    return chance.choice([whole, {key: whole[key] for key in chance.sample(sorted(whole), 2)}, None])


@pytest.fixture
def found(make_pair: MakePair, national_lead: Staff, other_division: Division) -> Questionnaire:
    """A questionnaire with 400 askings in two divisions, two programmes and three quarters."""
    chance = random.Random(6)
    questionnaire = Questionnaire.objects.create(key="many", aim="free", who="both", created_at=AT)
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, title=WORDS, questions=QUESTIONS, created_by="x", reason="x",
        created_at=AT,
    )  # fmt: skip
    pairs = [make_pair(TODAY - 60 * DAY, of=of, by=national_lead) for of in (None, None, other_division)]
    mentee = pairs[1].mentee
    programme = make_programme("Another one")
    type(mentee).objects.filter(pk=mentee.pk).update(programme=programme)
    rows = []
    for number in range(400):
        said = answers(chance)
        rows.append(
            Ask(
                questionnaire=questionnaire, version=version, partnership=chance.choice(pairs),
                side=chance.choice(list(Role)), occasion=f"{number}", due_on=TODAY - chance.randint(0, 270) * DAY,
                asked_at=AT, created_at=AT, state="answered" if said is not None else "silent", answers=said,
                answered_at=AT if said is not None else None,
            )
        )  # fmt: skip
    Ask.objects.bulk_create(rows)
    return questionnaire


DAY: Final = timedelta(days=1)


def read_one_by_one(by: Staff, questionnaire: Questionnaire) -> list[Answered]:
    """Return every answer as it stands in its row."""
    if questionnaire.is_anonymous:
        return [
            Answered(Role(one.side), one.question, one.value, (str(one.division_id), "-", period_of(one.month)))
            for one in anonymous_answers(by, questionnaire)
        ]
    return [
        Answered(Role(ask.side), key, value, place_of(ask))
        for ask in counted_asks(by, questionnaire).select_related("partnership__mentee")
        for key, value in (ask.answers or {}).items()
    ]


def place_of(ask: Ask) -> Place:
    pair: Partnership = ask.partnership
    return str(pair.division_id), str(pair.mentee.programme_id), period_of(ask.due_on)


def same_results(plain: list[Answered], counted: list[Answered]) -> int:
    """Compare what is shown of each question in every place, and return how many were compared."""
    places = {(ALL, ALL, ALL)}
    for one in plain:
        division, programme, period = one.place
        places |= {one.place, (division, ALL, ALL), (ALL, programme, ALL), (ALL, ALL, period), (division, ALL, period)}
    compared = 0
    for raw in QUESTIONS:
        question = Question.of(raw)
        for place in sorted(places):
            shown = result_of(question, counted, place, {})
            assert shown == result_of(question, plain, place, {}), (question.key, place)
            compared += any(side.count for side in shown.sides.values())
    return compared


def test_counted_by_the_database_as_one_by_one(found: Questionnaire, national_lead: Staff) -> None:
    plain, counted = read_one_by_one(national_lead, found), answers_by_place(national_lead, found)
    assert sum(one.count for one in counted) == len(plain) > 800
    assert len(counted) < len(plain)
    assert same_results(plain, counted) > 50


def test_asked_and_answered_by_place(found: Questionnaire, national_lead: Staff) -> None:
    asked, answered = Counter[Any](), Counter[Any]()
    for ask in counted_asks(national_lead, found).select_related("partnership__mentee"):
        asked[ask.side, place_of(ask)] += 1
        answered[ask.side, place_of(ask)] += ask.answered_at is not None
    told = Counter[Any](), Counter[Any]()
    for one in asked_by_place(national_lead, found):
        told[0][one.side, one.place] += one.asked
        told[1][one.side, one.place] += one.answered
    assert told == (asked, answered)
    assert sum(asked.values()) == 400


def test_of_ones_own_divisions_alone(found: Questionnaire, coordinator: Staff, other_division: Division) -> None:
    assert sum(one.count for one in answers_by_place(coordinator, found)) == len(read_one_by_one(coordinator, found))
    assert str(other_division.pk) not in {one.place[0] for one in answers_by_place(coordinator, found)}
    nobody = Staff(user_id=coordinator.user_id, name="Nobody", at=AT)
    assert (answers_by_place(nobody, found), asked_by_place(nobody, found)) == ([], [])


def test_without_names_as_one_by_one(found: Questionnaire, national_lead: Staff) -> None:
    chance, division = random.Random(7), make_division()
    Questionnaire.objects.filter(pk=found.pk).update(is_anonymous=True)
    found.refresh_from_db()
    version = QuestionnaireVersion.objects.get(questionnaire=found)
    AnonymousAnswer.objects.bulk_create(
        AnonymousAnswer(
            version=version, division=division, side=chance.choice(list(Role)), month=TODAY.replace(day=1),
            question=key, value=value,
        )
        for _number in range(200)
        for key, value in (answers(chance) or {}).items()
    )  # fmt: skip
    by = Staff(user_id=national_lead.user_id, name="Lead", at=AT, casework=frozenset({division.pk}))
    plain, counted = read_one_by_one(by, found), answers_by_place(by, found)
    assert sum(one.count for one in counted) == len(plain) > 400
    assert same_results(plain, counted) > 5


@pytest.mark.parametrize("times", [1, 3])
def test_one_query_each_however_many(times: int, found: Questionnaire, national_lead: Staff) -> None:
    for number in range(1, times):
        rows = list(Ask.objects.filter(questionnaire=found, occasion__regex=r"^\d+$"))
        for row in rows:
            row.pk, row.occasion, row._state.adding = None, f"{row.occasion}-{number}", True
            row.id = type(row)._meta.pk.get_default()
        Ask.objects.bulk_create(rows)
    for read in (answers_by_place, asked_by_place):
        with CaptureQueriesContext(connection) as queries:
            read(national_lead, found)
        assert len(queries) == 1
