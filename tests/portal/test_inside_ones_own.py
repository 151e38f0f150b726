"""What is another pair's is not found under one's own pair's address, by opening it or by sending a form."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from entering import sign_in_participant
from factories.django_rows import AT, TODAY
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.enums import CameOfIt, Door, Sector
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
PAGES = {
    "goal_edit": "goal",
    "goal_mark": "goal",
    "step_add": "goal",
    "step_mark": "step",
    "introduction_edit": "introduction",
    "own_note_edit": "note",
    "meeting_edit": "meeting",
    "meeting_confirm": "meeting",
    "meeting_undo": "meeting",
    "plan_off": "planned",
    "plan_file": "planned",
}
FORMS_ONLY = {"goal_mark", "step_mark", "meeting_confirm", "meeting_undo", "plan_off"}


def rows_of(pair: Partnership) -> dict[str, UUID]:
    """Return the keys of one of everything that a pair can have."""
    by = acting(pair, "mentee")
    goal = services.write_goal(by=by, partnership=pair, words="A CV")
    facts = {
        "on": TODAY,
        "words": "",
        "door": Door.values[0],
        "sector": Sector.values[0],
        "came_of_it": CameOfIt.values[0],
    }
    note = services.write_own_note(by=by, partnership=pair, text="Mine")
    assert note is not None
    return {
        "goal": goal.pk,
        "step": services.write_step(by=by, partnership=pair, goal=goal, words="Begin").pk,
        "introduction": services.tell_introduction(by=by, partnership=pair, facts=facts).pk,
        "note": note.pk,
        "meeting": services.tell_meeting(by=by, partnership=pair, on=TODAY).meeting_id,
        "planned": services.plan_meeting(by=by, partnership=pair, at=AT + timedelta(days=3)).pk,
    }


@pytest.mark.parametrize("name", PAGES)
def test_another_pairs_rows_are_not_found_under_ones_own(
    name: str, coordinator: Staff, division: Division, programme: Programme
) -> None:
    mine, theirs = (
        make_couple(coordinator, division, programme, matched_on=TODAY - timedelta(days=20)) for _ in range(2)
    )
    client = sign_in_participant(mine.mentee.person)
    other = reverse(f"portal:{name}", args=[mine.pk, rows_of(theirs)[PAGES[name]]])
    own = reverse(f"portal:{name}", args=[mine.pk, rows_of(mine)[PAGES[name]]])
    assert client.post(other, {"words": "x", "text": "x"}).status_code == 404
    if name not in FORMS_ONLY:
        assert client.get(other).status_code == 404
        # The control: her own is found.
        assert client.get(own).status_code in {200, 302}
