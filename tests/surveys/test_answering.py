"""What she answers: kept at once and once, read back for whoever looks after the pair, unlinkable where promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Objection
from mentornet.programmes.models import Programme
from mentornet.surveys.enums import AskState
from mentornet.surveys.models import AnonymousAnswer, Ask, Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import CheckIn, check_ins_of, own_ask, own_open_ask
from mentornet.surveys.services import (
    answer,
    answering,
    ask_by_hand,
    ask_due,
    install_questionnaires,
    let_go,
    pass_over,
    publish,
    start_questionnaire,
)
from mentornet.surveys.validators import check_due, check_questions
from partnerships.sides import acting
from racing import DONE, at_once
from signing import CountQueries
from surveys.conftest import MakePair, program

pytestmark = pytest.mark.django_db
Shipped = dict[str, Questionnaire]
DAY: Final = timedelta(days=1)
BEGUN: Final = TODAY - 60 * DAY
SCALE: Final = {"key": "how", "kind": "scale", "texts": {"en": "How?"}, "low": {"en": "Bad"}, "high": {"en": "Good"}}


def asked(pair: Partnership, side: Role | str) -> Ask:
    return Ask.objects.select_related("partnership").get(partnership=pair, side=side)


# Questions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        [{"key": "a", "kind": "scale", "texts": {"en": "A?"}}],
        [SCALE | {"key": "Not Small"}],
        [SCALE | {"kind": "stars"}],
        [SCALE | {"texts": {}}],
        [SCALE | {"texts": {"en": "  "}}],
        [SCALE | {"texts": {"xx": "Hvad?"}}],
        [SCALE | {"texts": {"en": "x" * 301}}],
        [SCALE | {"options": [{"key": "a", "texts": {"en": "A"}}]}],
        [SCALE | {"is_required": "yes"}],
        [SCALE | {"asked": "everybody"}],
        [SCALE | {"more": 1}],
        [SCALE, SCALE],
        [{"key": "a", "kind": "single", "texts": {"en": "A?"}, "options": [{"key": "a", "texts": {"en": "A"}}]}],
        [{"key": "a", "kind": "single", "texts": {"en": "A?"}, "options": [{"key": "a", "texts": {"en": "A"}}] * 2}],
        [{"key": "a", "kind": "number", "texts": {"en": "A?"}, "least": 3, "most": 3}],
        [{"key": "a", "kind": "number", "texts": {"en": "A?"}, "least": True, "most": 3}],
        [SCALE | {"key": f"q{number}"} for number in range(21)],
    ],
)  # fmt: skip
def test_question_that_cannot_be_asked_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        check_questions(wrong)
    check_questions([SCALE])


@pytest.mark.parametrize(
    "wrong",
    [[], {"every_days": 0}, {"every_days": True}, {"months": []}, {"months": [3, 1]}, {"months": [1, 1]},
     {"by_care": True, "at_end": True}, {"weekly": True}, {"at_end": "yes"}],
)  # fmt: skip
def test_rule_that_nobody_can_follow_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        check_due(wrong)
    for right in ({}, {"every_days": 30}, {"months": [1, 3], "at_end": True}, {"by_care": True}):
        check_due(right)


# Answers --------------------------------------------------------------------------------------------------------------


def test_each_answer_is_kept_at_once(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    her = acting(pair, "mentee", AT + DAY)
    kept = answer(by=her, ask=asked(pair, "mentee"), question="going", given=["2"])
    assert (kept.state, kept.answers, kept.answered_at) == (AskState.BEGUN, {"going": 2}, AT + DAY)
    kept = pass_over(by=her, ask=kept, question="met")
    kept = answer(by=her, ask=kept, question="call", given=["no"])
    stored = asked(pair, "mentee")
    assert (stored.state, stored.answers) == (AskState.ANSWERED, {"going": 2, "call": "no"})
    # Going back and answering anew: the new answer stands, and the moment of the first one.
    answer(by=acting(pair, "mentee", AT + 2 * DAY), ask=stored, question="going", given=["٤"])
    stored = asked(pair, "mentee")
    assert (stored.answers, stored.answered_at) == ({"going": 4, "call": "no"}, AT + DAY)
    assert not Task.objects.filter(kind=Kind.CALL_WANTED).exists()
    assert asked(pair, "mentor").state == AskState.OPEN


@pytest.mark.parametrize(
    ("question", "given"),
    [("going", []), ("going", ["6"]), ("going", ["0"]), ("going", ["good"]), ("going", ["1", "2"]), ("met", ["9"]),
     ("met", ["1", "2"]), ("call", ["maybe"])],
)  # fmt: skip
def test_what_is_no_answer_is_refused(question: str, given: list[str], make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    with pytest.raises(ValidationError):
        answer(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question=question, given=given)
    assert asked(pair, "mentee").answers is None


def test_nobody_answers_for_another(make_pair: MakePair, shipped: Shipped) -> None:
    pair, other = make_pair(BEGUN), make_pair(BEGUN)
    ask_due(by=program())
    for by in (acting(pair, "mentor"), acting(other, "mentee")):
        with pytest.raises(NotAllowedError):
            answer(by=by, ask=asked(pair, "mentee"), question="going", given=["4"])
        assert own_ask(by, asked(pair, "mentee").pk) is None
    assert own_open_ask(acting(pair, "mentee")) == asked(pair, "mentee")


def test_too_late_is_said(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    let_go(by=program(AT + 22 * DAY))
    with pytest.raises(NotAllowedError, match="closed now"):
        answer(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="going", given=["4"])
    with pytest.raises(NotAllowedError, match="closed now"):
        pass_over(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="going")


def test_what_has_to_be_answered_is_not_passed_over(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    with pytest.raises(ChangedMeanwhileError):
        pass_over(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="going")
    with pytest.raises(ChangedMeanwhileError):
        answer(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="unknown", given=["1"])


def test_call_stands_on_today_at_once(make_pair: MakePair, shipped: Shipped, coordinator: Staff) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    for _ in range(2):
        answer(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="call", given=["yes"])
    task = Task.objects.get(kind=Kind.CALL_WANTED)
    assert (task.target_id, task.owner_id, task.due_on, task.words) == (
        pair.pk, coordinator.user_id, TODAY, {"name": pair.mentee.person.name}
    )  # fmt: skip
    answer(by=acting(pair, "mentor"), ask=asked(pair, "mentor"), question="call", given=["yes"])
    both = f"{pair.mentee.person.name}, {pair.mentor.person.name}"
    assert Task.objects.get(kind=Kind.CALL_WANTED).words == {"name": both}
    told = Entry.objects.filter(act="surveys.want_call", object_id=str(pair.pk))
    assert [entry.detail for entry in told.order_by("pk")] == [{"side": "mentee"}, {"side": "mentor"}]
    # What she answered stands in no entry.
    assert {str(one.detail) for one in Entry.objects.filter(act="surveys.answer")} == {"{'question': 'call'}"}


@pytest.mark.django_db(transaction=True)
def test_double_tap_is_one_answer_and_one_task(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    ask = asked(pair, "mentee")
    her = acting(pair, "mentee")
    acts: list[Callable[[], Any]] = [lambda: answer(by=her, ask=ask, question="call", given=["yes"])] * 3
    acts += [lambda: answer(by=her, ask=ask, question="going", given=["5"])] * 3
    assert at_once(*acts)[DONE] == 6
    assert asked(pair, "mentee").answers == {"call": "yes", "going": 5}
    assert Task.objects.filter(kind=Kind.CALL_WANTED).count() == 1
    assert Entry.objects.filter(act="surveys.answer").count() == 2


def test_check_ins_of_pairs(make_pair: MakePair, shipped: Shipped, django_assert_num_queries: CountQueries) -> None:
    pairs = [make_pair(BEGUN) for _ in range(3)]
    ask_due(by=program())
    pair = pairs[0]
    for question, given in (("going", "2"), ("met", "4"), ("call", "yes")):
        answer(by=acting(pair, "mentor", AT + 3 * DAY), ask=asked(pair, "mentor"), question=question, given=[given])
    ask_due(by=program(AT + 30 * DAY))
    silent = CheckIn(Role.MENTEE, TODAY, None, None, None, wants_call=False)
    later = TODAY + 30 * DAY
    told = CheckIn(Role.MENTOR, TODAY, TODAY + 3 * DAY, 2, 4, wants_call=True)
    again = [CheckIn(side, later, None, None, None, wants_call=False) for side in (Role.MENTEE, Role.MENTOR)]
    with django_assert_num_queries(1):
        assert check_ins_of(pairs[:1]) == {pair.pk: [silent, told, *again]}
    with django_assert_num_queries(1):
        assert set(check_ins_of([one.pk for one in pairs])) == {one.pk for one in pairs}
    assert check_ins_of([]) == {}


# Versions -------------------------------------------------------------------------------------------------------------


def test_publishing_leaves_what_was_asked_as_it_was(
    make_pair: MakePair, shipped: Shipped, national_lead: Staff
) -> None:
    from_before = make_pair(BEGUN)
    ask_due(by=program())
    first = QuestionnaireVersion.objects.get(questionnaire=shipped["check-in"])
    was = (first.title, first.questions)
    found = shipped["check-in"]
    found.draft = {"title": first.title, "questions": list(reversed(first.questions))}
    found.save()
    second = publish(by=national_lead, questionnaire=found, seen=0, author_name="Lise", reason="The call first.")
    assert (second.number, asked(from_before, "mentee").version_id) == (2, first.pk)
    first.refresh_from_db()
    assert (first.title, first.questions) == was
    assert [one["key"] for one in second.questions] == ["call", "met", "going"]
    # What was rewritten here stays, whatever ships.
    assert install_questionnaires(by=System("shipped", AT)) == 0
    with pytest.raises(ValidationError):
        publish(by=national_lead, questionnaire=found, seen=1, author_name="Lise", reason="Nothing.")


def test_check_in_keeps_what_the_desk_reads(shipped: Shipped, national_lead: Staff) -> None:
    found = shipped["check-in"]
    version = found.versions.get()
    for key in ("going", "call"):
        found.draft = {"title": version.title, "questions": [one for one in version.questions if one["key"] != key]}
        found.save()
        with pytest.raises(ValidationError, match="Take that question in again"):
            publish(by=national_lead, questionnaire=found, seen=0, author_name="Lise", reason="Shorter.")


def test_who_sets_up_what(
    shipped: Shipped, coordinator: Staff, division_lead: Staff, national_lead: Staff, programme: Programme
) -> None:
    facts = {"aim": "free", "who": "both", "is_anonymous": False, "due": {}}
    content = {"title": {"en": "More"}, "questions": [SCALE]}
    for by in (coordinator, division_lead):
        with pytest.raises(NotAllowedError):
            start_questionnaire(by=by, programme=programme, facts=facts, content=content)
        with pytest.raises(NotAllowedError):
            ask_by_hand(by=by, questionnaire=shipped["quality"])
    made = start_questionnaire(by=national_lead, programme=programme, facts=facts, content=content)
    assert not made.versions.exists()
    with pytest.raises(ChangedMeanwhileError):
        publish(by=national_lead, questionnaire=made, seen=7, author_name="Lise", reason="The first.")
    assert publish(by=national_lead, questionnaire=made, seen=0, author_name="Lise", reason="The first.").number == 1


# Anonymous ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def anonymous(national_lead: Staff) -> Questionnaire:
    facts = {"aim": "free", "who": "both", "is_anonymous": True, "due": {}}
    words = {"key": "words", "kind": "text", "texts": {"en": "What could we do better?"}}
    content = {"title": {"en": "About us"}, "questions": [SCALE, words]}
    made = start_questionnaire(by=national_lead, programme=None, facts=facts, content=content)
    publish(by=national_lead, questionnaire=made, seen=0, author_name="Lise", reason="The first.")
    return made


def test_nothing_leads_from_an_anonymous_answer_to_her(
    make_pair: MakePair, anonymous: Questionnaire, national_lead: Staff
) -> None:
    pairs = [make_pair(BEGUN) for _ in range(6)]
    ask_by_hand(by=national_lead, questionnaire=anonymous)
    orders = set()
    keys: set[Any] = set()
    for number, pair in enumerate(pairs):
        her = acting(pair, "mentee", AT + timedelta(hours=number))
        ask = asked(pair, "mentee")
        answer(by=her, ask=ask, question="how", given=[str(number % 5 + 1)])
        kept = answer(by=her, ask=ask, question="words", given=[f"canary {number}"])
        # Nothing of it stands with her asking; and its moment is the month's.
        assert (kept.answers, kept.said) == (None, ("how", "words"))
        assert kept.answered_at is not None
        assert kept.answered_at.replace(tzinfo=None).isoformat() == "2026-03-01T12:00:00"
        rows = list(AnonymousAnswer.objects.order_by())
        # Every row of the month is another one than before: neither its key nor its place tells when it came.
        assert keys.isdisjoint(row.pk for row in rows)
        keys |= {row.pk for row in rows}
        orders.add(tuple(str(row.value) for row in rows))
    rows = list(AnonymousAnswer.objects.all())
    assert sorted(row.value for row in rows if row.question == "words") == [f"canary {n}" for n in range(6)]
    columns = {column.name for column in AnonymousAnswer._meta.concrete_fields}
    assert columns == {"id", "version", "division", "side", "month", "question", "value"}
    assert {row.month for row in rows} == {TODAY.replace(day=1)}
    came = [f"canary {number}" for number in range(6)]
    lies = [row.value for row in AnonymousAnswer.objects.filter(question="words").order_by()]
    by_key = [row.value for row in AnonymousAnswer.objects.filter(question="words").order_by("pk")]
    # By chance one of them lies as it came once in 720 times; both at once never in practice.
    assert not (lies == came and by_key == came)
    # No entry of the audit says which question, and no text of hers stands in one.
    entries = Entry.objects.filter(act="surveys.answer")
    assert {str(entry.detail) for entry in entries} == {"{}"}
    assert not Entry.objects.filter(object_type="surveys.AnonymousAnswer").exists()


def test_without_the_shuffle_the_order_would_tell(
    make_pair: MakePair, anonymous: Questionnaire, national_lead: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [make_pair(BEGUN) for _ in range(6)]
    ask_by_hand(by=national_lead, questionnaire=anonymous)

    class Idle:
        def shuffle(self, rows: list[Any]) -> None:
            """Leave them as they came."""

    monkeypatch.setattr(answering, "_chance", Idle())
    for number, pair in enumerate(pairs):
        answer(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="words", given=[f"canary {number}"])
    lies = list(AnonymousAnswer.objects.order_by().values_list("value", flat=True))
    assert lies == [f"canary {number}" for number in range(6)]


def test_anonymous_answer_stands_and_is_counted_once(
    make_pair: MakePair, anonymous: Questionnaire, national_lead: Staff
) -> None:
    pair = make_pair(BEGUN)
    ask_by_hand(by=national_lead, questionnaire=anonymous)
    her, ask = acting(pair, "mentee"), asked(pair, "mentee")
    answer(by=her, ask=ask, question="how", given=["1"])
    answer(by=her, ask=ask, question="how", given=["5"])
    assert [row.value for row in AnonymousAnswer.objects.all()] == [1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Ask.objects.filter(pk=ask.pk).update(answers={"how": 1})


@pytest.mark.django_db(transaction=True)
def test_anonymous_answers_at_once_are_all_kept(
    make_pair: MakePair, anonymous: Questionnaire, national_lead: Staff
) -> None:
    pairs = [make_pair(BEGUN) for _ in range(4)]
    ask_by_hand(by=national_lead, questionnaire=anonymous)

    def act(pair: Partnership, number: int) -> Callable[[], object]:
        ask, her = asked(pair, "mentee"), acting(pair, "mentee")
        return lambda: answer(by=her, ask=ask, question="how", given=[str(number + 1)])

    assert at_once(*[act(pair, number) for number, pair in enumerate(pairs)])[DONE] == 4
    assert sorted(AnonymousAnswer.objects.values_list("value", flat=True)) == [1, 2, 3, 4]


# Over ---------------------------------------------------------------------------------------------------------------


def test_her_link_changes_nothing_once_the_time_is_over(make_pair: MakePair, shipped: Shipped) -> None:
    """The link lasts longer than the question: whoever holds her telephone then finds it closed."""
    pair = make_pair(BEGUN)
    ask_due(by=program())
    ask = asked(pair, "mentee")
    answer(by=acting(pair, "mentee"), ask=ask, question="going", given=["2"])
    let_go(by=program(AT + 22 * DAY))
    with pytest.raises(NotAllowedError):
        answer(by=acting(pair, "mentee", AT + 22 * DAY), ask=ask, question="going", given=["5"])
    ask.refresh_from_db()
    assert (ask.answers or {})["going"] == 2


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_nobody_answers_of_a_pair_that_is_kept_apart(make_pair: MakePair, shipped: Shipped, side: str) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    Partnership.objects.filter(pk=pair.pk).update(state="closing", stopped_on=TODAY, mentee_shares="", mentor_shares="")
    with pytest.raises(NotAllowedError):
        answer(by=acting(pair, side), ask=asked(pair, side), question="going", given=["2"])


def test_who_objects_to_being_counted_is_asked_nothing_that_is_only_counted(
    make_pair: MakePair, anonymous: Questionnaire, national_lead: Staff
) -> None:
    pair = make_pair(BEGUN)
    Objection.objects.create(person=pair.mentee.person, purpose="statistics", created_at=AT)
    ask_by_hand(by=national_lead, questionnaire=anonymous)
    assert list(Ask.objects.values_list("side", flat=True)) == ["mentor"]
