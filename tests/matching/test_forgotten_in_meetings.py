"""An answer that nobody asks for any more is not kept for computing a meeting again."""

from __future__ import annotations

import pytest
from matching.meeting_rows import make_mentee, make_mentor, pairs_of, ready, run_of

from factories.customs import a_custom
from factories.django_rows import make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.models import MeetingPerson
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from reference.customs import Custom, written_all

pytestmark = pytest.mark.django_db


def ask(programme: Programme, *customs: Custom) -> None:
    change_customs(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        customs=written_all(customs),
        author_name="Lead",
        reason="We have seen it help.",
    )


def test_an_answer_that_is_asked_for_no_more_is_not_kept_in_a_meeting_either(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    four = (
        make_mentee(division, programme, waited=90, topics=("cv", "network"), occupation="2221"),
        make_mentee(division, programme, waited=10, topics=("cv", "network"), occupation="5120"),
        make_mentor(division, programme, topics=("cv", "network"), occupation="2221"),
        make_mentor(division, programme, topics=("cv", "network"), occupation="5120"),
    )
    children, pets = a_custom("children"), a_custom("pets")
    ask(programme, children, pets)
    for one, answers in zip(four, ({"children": True}, {"children": False}, {"pets": True}, {}), strict=True):
        profile = one.profile
        profile.answers, profile.stamp = answers, 99
        profile.save()
    meeting = ready(coordinator, programme, [division])
    run = run_of(meeting)
    assert services.replay_run(by=coordinator, meeting=meeting, run=run).missing == 0
    ask(programme, pets)
    kept = dict(MeetingPerson.objects.values_list("enrolment_id", "facts"))
    assert "children" not in str(list(kept.values()))
    # Whoever was asked something else is as she was.
    assert kept[four[2].pk]["answers"] == {"pets": True}
    assert services.replay_run(by=coordinator, meeting=meeting, run=run) == services.Replay(2)
    assert pairs_of(meeting, run).keys() == {four[0].pk, four[1].pk}
    # Asked and answered the same again, she is written down anew.
    ask(programme, children, pets)
    profile = four[0].profile
    profile.refresh_from_db()
    profile.answers, profile.stamp = {"children": True}, 100
    profile.save()
    again = services.solve_again(by=coordinator, meeting=meeting)
    told = services.replay_run(by=coordinator, meeting=meeting, run=again)
    assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True)
