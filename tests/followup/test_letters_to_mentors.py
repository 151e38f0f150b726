"""Letters to the mentor: what stands in them, who decides, and where they are silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY, saved
from followup.value_pairs import A_YEAR_AGO, DAY, letter_of, make_year, night
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.enums import IMPACT_STEPS, ImpactState
from mentornet.followup.models import Concern, ImpactLetter, Reflection
from mentornet.followup.services.letters import mark_of_draft
from mentornet.followup.value_queries import draft_of, letters_of
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from partnerships.sides import acting

pytestmark = pytest.mark.django_db
LATER: Final = AT + timedelta(days=2)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_year(coordinator, division, programme)


def approve(pair: Partnership, side: str = "mentee", at: object = None) -> ImpactLetter:
    letter = letter_of(pair)
    by = acting(pair, side, AT if at is None else at)  # type: ignore[arg-type]  # a moment
    return services.approve_letter(by=by, letter=letter, mark=mark_of_draft(draft_of(letter)))


def events() -> list[str]:
    return sorted(Letter.objects.filter(event__startswith="impact").values_list("event", flat=True))


def test_a_year_is_round_and_the_mentee_is_asked_once(pair: Partnership) -> None:
    assert night() == 2
    assert night() == 0
    letter = letter_of(pair)
    assert (letter.state, letter.since, letter.until) == ("asked", A_YEAR_AGO, TODAY)
    assert events() == ["impact_asked"]
    assert letter.answer_by == TODAY + 21 * DAY
    asked = Letter.objects.get(event="impact_asked")
    assert asked.recipient == f"person:{pair.mentee.person_id}"


def test_facts_are_those_of_the_time_and_no_words_that_tell_who_they_are(pair: Partnership) -> None:
    night()
    facts = draft_of(letter_of(pair)).facts
    assert (facts.met, facts.minutes, facts.goals_reached, facts.steps, facts.doors) == (3, 195, 2, 1, 1)
    assert facts.goals == ("A CV in Danish",)
    assert facts.came_of_it == ("internship",)


def test_yes_leaves_a_day_later_and_only_then_the_mentor_reads_it(pair: Partnership) -> None:
    night()
    approve(pair)
    assert night(AT + timedelta(hours=23)) == 0
    assert letters_of(acting(pair, "mentor"), [pair]) == []
    assert night(LATER) == 1
    assert events() == ["impact_asked", "impact_sent"]
    (read,) = letters_of(acting(pair, "mentor"), [pair])
    text = json.dumps(read.texts)
    for word in ("Amina", "Karen", "Yusuf", "Lund", "12345678"):
        assert word not in text
    assert "You have met 3 times." in text


def test_what_she_approved_stays_whatever_changes_afterwards(pair: Partnership) -> None:
    night()
    texts = approve(pair).texts
    pair.meetings.all().delete()
    night(LATER)
    assert letter_of(pair).texts == texts


def test_letter_is_another_one_than_she_has_read(pair: Partnership) -> None:
    night()
    letter = letter_of(pair)
    mark = mark_of_draft(draft_of(letter))
    pair.meetings.first().delete()  # type: ignore[union-attr]  # there are three
    with pytest.raises(RefusedError, match="changed since you read it"):
        services.approve_letter(by=acting(pair, "mentee"), letter=letter, mark=mark)
    assert letter_of(pair).state == "asked"


def test_silence_sends_nothing_and_keeps_nothing(pair: Partnership) -> None:
    night()
    by = acting(pair, "mentee")
    services.choose_for_letter(by=by, letter=letter_of(pair), chosen=["met"], words="kanarie words")
    assert night(AT + timedelta(days=21)) == 0
    assert night(AT + timedelta(days=22)) == 1
    letter = letter_of(pair)
    assert (letter.state, letter.words, letter.texts, letter.chosen) == ("lapsed", "", {}, ())
    assert events() == ["impact_asked"]


def test_no_keeps_nothing_tells_nobody_and_never_again_asks_no_more(pair: Partnership) -> None:
    night()
    services.decline_letter(by=acting(pair, "mentee"), letter=letter_of(pair), never_again=True)
    letter = letter_of(pair)
    assert (letter.state, letter.words, letter.texts) == ("declined", "", {})
    assert events() == ["impact_asked"]
    next_year = AT.replace(year=AT.year + 1)
    assert night(next_year) == 0
    assert ImpactLetter.objects.count() == 1


def test_taken_back_it_is_read_no_longer(pair: Partnership) -> None:
    night()
    approve(pair)
    night(LATER)
    services.take_letter_back(by=acting(pair, "mentee", LATER), letter=letter_of(pair))
    letter = letter_of(pair)
    assert (letter.state, letter.texts, letter.words) == ("withdrawn", {}, "")
    assert letters_of(acting(pair, "mentor"), [pair]) == []


def test_mentor_leaves_a_fact_out_and_nobody_is_told(pair: Partnership) -> None:
    services.wish_for_letters(by=acting(pair, "mentor"), partnership=pair, leaves_out=["hours"])
    night()
    text = json.dumps(approve(pair).texts)
    assert "hours together" not in text
    assert "You have met 3 times." in text


def test_mentor_who_wants_none_has_none(pair: Partnership) -> None:
    services.wish_for_letters(by=acting(pair, "mentor"), partnership=pair, wants_none=True)
    assert night() == 0


def test_wish_for_none_stops_what_is_under_way(pair: Partnership) -> None:
    night()
    approve(pair)
    services.wish_for_letters(by=acting(pair, "mentor"), partnership=pair, wants_none=True)
    night(LATER)
    assert letter_of(pair).state == "lapsed"


@pytest.mark.parametrize(
    "words", ["Write to a@b.dk", "12 34 56 78", "Thanks from Yusuf", "see www.example.org", "LUND!"]
)
def test_words_that_tell_who_they_are_are_refused(pair: Partnership, words: str) -> None:
    night()
    with pytest.raises(ValidationError, match="leave out last names"):
        services.choose_for_letter(by=acting(pair, "mentee"), letter=letter_of(pair), chosen=[], words=words)


def test_pair_closed_for_safety_has_none_past_or_to_come(pair: Partnership) -> None:
    night()
    approve(pair)
    night(LATER)
    Partnership.objects.filter(pk=pair.pk).update(state="closed", closing_reason="safety", closed_on=TODAY)
    pair.refresh_from_db()
    assert letters_of(acting(pair, "mentor"), [pair]) == []
    ImpactLetter.objects.all().delete()
    assert night() == 0


def test_ended_well_there_is_a_last_letter(pair: Partnership) -> None:
    Partnership.objects.filter(pk=pair.pk).update(state="closed", closing_reason="goal", closed_on=TODAY)
    night()
    letter = letter_of(pair)
    assert (letter.occasion, letter.state, letter.since, letter.until) == ("end", "asked", A_YEAR_AGO, TODAY)


def test_nobody_is_asked_who_has_told_something_in_confidence(pair: Partnership, division: Division) -> None:
    told = Concern(
        raised_by=pair.mentee.person, partnership=pair, division=division, about="partner", addressee="coordinator",
        words="She frightens me.", created_at=AT,
    )  # fmt: skip
    saved(told)
    night()
    assert letter_of(pair).state == "draft"
    assert events() == []
    night(AT + timedelta(days=70))
    assert letter_of(pair).state == "lapsed"


def test_protected_mentee_is_named_as_the_mentor_knows_her(pair: Partnership) -> None:
    night()
    approve(pair)
    night(LATER)
    assert "{mentee}" in json.dumps(letter_of(pair).texts), "the name is put in where it is read"


def test_thought_given_to_the_letter_stands_in_it_and_cannot_be_taken_out_of_a_sent_one(pair: Partnership) -> None:
    by = acting(pair, "mentor")
    row = services.write_reflection(by=by, partnership=pair, prompt="learned", text="I see my own country anew.")
    assert row is not None
    services.share_reflection(by=by, reflection=row, with_coordinator=False, for_letter=True)
    night()
    assert "I see my own country anew." in json.dumps(approve(pair).texts)
    services.share_reflection(by=by, reflection=row, with_coordinator=False, for_letter=False)
    assert (letter_of(pair).state, letter_of(pair).texts) == ("asked", {}), "it would be another letter: asked anew"
    services.share_reflection(by=by, reflection=row, with_coordinator=False, for_letter=True)
    approve(pair)
    night(LATER)
    with pytest.raises(NotAllowedError, match="letter that has been sent"):
        services.share_reflection(by=by, reflection=row, with_coordinator=False, for_letter=False)
    assert Reflection.objects.get().for_letter_at is not None


# Every state, every act -----------------------------------------------------------------------------------------------

ACTS: Final[dict[str, tuple[ImpactState, Callable[[Partnership], object]]]] = {
    "approve": (ImpactState.APPROVED, approve),
    "decline": (
        ImpactState.DECLINED,
        lambda pair: services.decline_letter(by=acting(pair, "mentee"), letter=letter_of(pair)),
    ),
    "think again": (
        ImpactState.ASKED,
        lambda pair: services.think_again(by=acting(pair, "mentee"), letter=letter_of(pair)),
    ),
    "take back": (
        ImpactState.WITHDRAWN,
        lambda pair: services.take_letter_back(by=acting(pair, "mentee"), letter=letter_of(pair)),
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", list(ImpactState))
def test_every_act_in_every_state(pair: Partnership, state: ImpactState, act: str) -> None:
    night()
    moments = {"approved_at": AT, "sent_at": AT}
    ImpactLetter.objects.update(state=state, **moments)
    after, do = ACTS[act]
    # The same once more is what it was; all else follows the table.
    is_same = state == after and act != "think again"
    if (IMPACT_STEPS.may(state, after) and state != ImpactState.DRAFT) or is_same:
        do(pair)
        assert letter_of(pair).state == after
    else:
        with pytest.raises(RefusedError):
            do(pair)
        assert letter_of(pair).state == state


@pytest.mark.parametrize("act", ["approve_letter", "decline_letter", "think_again", "take_letter_back"])
def test_mentor_decides_nothing(pair: Partnership, act: str) -> None:
    night()
    letter, by = letter_of(pair), acting(pair, "mentor")
    values = {"mark": mark_of_draft(draft_of(letter))} if act == "approve_letter" else {}
    with pytest.raises(RefusedError):
        getattr(services, act)(by=by, letter=letter, **values)
    assert letter_of(pair).state == "asked"


def test_database_keeps_no_words_without_a_yes_and_sends_none(pair: Partnership) -> None:
    night()
    for values in (
        {"state": "declined", "words": "kept"},
        {"state": "sent", "sent_at": AT, "approved_at": None},
        {"state": "sent", "approved_at": AT, "sent_at": None},
        {"state": "nowhere"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImpactLetter.objects.update(**values)


def test_audit_stands_on_no_list_of_the_pair(pair: Partnership) -> None:
    night()
    approve(pair)
    about_pair = Entry.objects.filter(object_id=str(pair.pk), act__startswith="followup.")
    assert not about_pair.exists()
    assert Entry.objects.filter(act="followup.approve_letter").count() == 1


def test_number_of_queries_of_a_night_with_nothing_due(pair: Partnership, django_assert_num_queries: object) -> None:
    night()
    person = Person.objects.get(pk=pair.mentee.person_id)
    assert person.language
    with django_assert_num_queries(4):  # type: ignore[operator]  # the fixture's own type is private
        night()


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_nobody_is_asked_once_one_of_the_two_has_been_erased(pair: Partnership, side: str) -> None:
    Partnership.objects.filter(pk=pair.pk).update(state="closed", closing_reason="other", closed_on=TODAY)
    Person.objects.filter(pk=getattr(pair, side).person_id).update(search_text="")
    night()
    assert events() == []
