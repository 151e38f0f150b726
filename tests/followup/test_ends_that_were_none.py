"""An ending that was a mistake: what was asked about it is taken back, and asked anew where it ends after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from factories.django_rows import AT, TODAY
from followup.value_pairs import make_year, night
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import ImpactLetter
from mentornet.followup.services.letters import drop_letter_of_end, mark_of_draft
from mentornet.followup.value_queries import draft_of
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from mentornet.surveys.enums import AskState
from mentornet.surveys.models import Ask
from mentornet.surveys.services import answer, ask_both_sides, install_questionnaires, withdraw_end
from partnerships.endings import fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


def work(at: datetime) -> None:
    """Let the program ask what is due: both sides about the end, and the mentee for a letter."""
    ask_both_sides(by=System("ask both sides", at))
    night(at)


def close(by: Staff, pair: Partnership, on: date) -> None:
    closure = fill_in_ending(by, pair)
    services.close_partnership(by=by, closure=closure, on=on, reason="time")


def reopen(by: Staff, pair: Partnership) -> None:
    services.reopen_partnership(by=by, partnership=Partnership.objects.get(pk=pair.pk), words="It was another pair.")


def ends(state: str = "") -> list[Ask]:
    found = Ask.objects.filter(occasion__startswith="end:", **({"state": state} if state else {}))
    return list(found.select_related("version", "questionnaire").order_by("side"))


def letters(event: str) -> list[str]:
    return sorted(Letter.objects.filter(event=event).values_list("state", flat=True))


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    """A pair that has ended a moment ago, and is asked about it."""
    install_questionnaires(by=System("shipped", AT))
    couple = make_year(coordinator, division, programme)
    work(AT - DAY)
    # Its year is round, and she has said no to that letter.
    ImpactLetter.objects.all().delete()
    Ask.objects.all().delete()
    Letter.objects.all().delete()
    close(coordinator, couple, TODAY)
    work(AT + HOUR)
    return couple


def test_what_was_asked_about_the_end_is_taken_back(pair: Partnership, coordinator: Staff) -> None:
    assert [one.side for one in ends("open")] == ["mentee", "mentor"]
    assert [(one.occasion, one.state) for one in ImpactLetter.objects.all()] == [("end", "asked")]
    reopen(replace(coordinator, at=AT + 2 * HOUR), pair)
    assert ends() == []
    assert not ImpactLetter.objects.exists()
    assert letters("questions_asked") == [LetterState.TAKEN_BACK] * 2
    assert letters("impact_asked") == [LetterState.TAKEN_BACK]
    assert Entry.objects.filter(act="surveys.withdraw", object_id=str(pair.pk)).count() == 1
    # Nor is it asked for anew while they go on.
    work(AT + DAY)
    assert ends() == []
    assert not ImpactLetter.objects.filter(occasion="end").exists()


def test_it_is_asked_anew_when_it_ends_after_all(pair: Partnership, coordinator: Staff) -> None:
    """On the same day too: the second time it is no mistake."""
    reopen(replace(coordinator, at=AT + 2 * HOUR), pair)
    close(replace(coordinator, at=AT + 3 * HOUR), pair, TODAY)
    work(AT + 4 * HOUR)
    assert [one.side for one in ends("open")] == ["mentee", "mentor"]
    letter = ImpactLetter.objects.get()
    assert (letter.occasion, letter.state, letter.due_on) == ("end", "asked", TODAY)


def test_what_somebody_has_answered_stands(pair: Partnership, coordinator: Staff) -> None:
    first = next(one for one in ends() if one.side == "mentee")
    key = first.version.questions[0]["key"]
    answer(by=acting(pair, "mentee", AT + HOUR), ask=first, question=key, given=["4"])
    other = next(one for one in ends() if one.side == "mentor")
    reopen(replace(coordinator, at=AT + 2 * HOUR), pair)
    (kept,) = ends()
    assert (kept.side, kept.state, kept.answers) == ("mentee", AskState.ANSWERED, {key: 4})
    # Whoever has the letter at hand is told that there is nothing to do.
    with pytest.raises(ChangedMeanwhileError, match="closed now"):
        answer(by=acting(pair, "mentor", AT + 2 * HOUR), ask=other, question=key, given=["4"])


def test_a_yes_that_has_not_left_leaves_no_more_and_a_letter_that_has_stays(
    pair: Partnership, coordinator: Staff
) -> None:
    letter = ImpactLetter.objects.select_related("partnership__mentee__person", "partnership__mentor__person").get()
    mark = mark_of_draft(draft_of(letter))
    services.approve_letter(by=acting(pair, "mentee", AT + HOUR), letter=letter, mark=mark)
    reopen(replace(coordinator, at=AT + 2 * HOUR), pair)
    night(AT + 3 * DAY)
    assert letters("impact_sent") == []
    close(replace(coordinator, at=AT + 3 * DAY), pair, TODAY + 3 * DAY)
    night(AT + 4 * DAY)
    ImpactLetter.objects.update(state="sent", approved_at=AT + 5 * DAY, sent_at=AT + 5 * DAY)
    reopen(replace(coordinator, at=AT + 6 * DAY), pair)
    assert ImpactLetter.objects.get().state == "sent"


def test_silence_stands_as_silence(pair: Partnership, coordinator: Staff) -> None:
    work(AT + 22 * DAY)
    reopen(replace(coordinator, at=AT + 22 * DAY), pair)
    assert [one.state for one in ends()] == [AskState.SILENT] * 2


def test_another_division_takes_nothing_back(pair: Partnership, other_coordinator: Staff) -> None:
    with pytest.raises(NotAllowedError):
        withdraw_end(by=other_coordinator, partnership=pair)
    with pytest.raises(NotAllowedError):
        drop_letter_of_end(by=other_coordinator, partnership=pair)
    assert len(ends("open")) == 2
    assert ImpactLetter.objects.get().state == "asked"
