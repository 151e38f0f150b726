"""The pages of the two: what each sees, what each can do, and whom nothing is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from factories.django_rows import AT, TODAY
from mentornet.accounts.enums import Purpose
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.models import (
    Account,
    Agreement,
    Goal,
    Introduction,
    Meeting,
    OwnNote,
    Partnership,
    PlannedMeeting,
)
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from pages import untranslated
from partnerships.couples import make_couple
from partnerships.sides import TERMS, acting
from portal.conftest import AsParticipant, WithLink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
DAY: Final = timedelta(days=1)
PAGES: Final = (
    *("partnership", "share", "pause", "end", "agreement_fill", "meetings", "plan", "goals"),
    *("introductions", "own_notes", "word_here", "word_here_sent"),
)
TERMS_SENT: Final[dict[str, Any]] = TERMS | {"seen": 0}


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    services.install_agreement_texts(by=System("shipped", AT))
    couple = make_couple(coordinator, division, programme, matched_on=TODAY - 20 * DAY)
    Person.objects.filter(pk=couple.mentee.person_id).update(
        email="amina@example.org", phone="11 22 33 44", language="ar"
    )
    Person.objects.filter(pk=couple.mentor.person_id).update(email="karen@example.org", phone="55 66 77 88")
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


@pytest.fixture
def mentee(pair: Partnership, as_participant: AsParticipant) -> Client:
    return as_participant(pair.mentee.person)


@pytest.fixture
def mentor(pair: Partnership, as_participant: AsParticipant) -> Client:
    return as_participant(pair.mentor.person)


def url(name: str, pair: Partnership, *rest: Any) -> str:
    return reverse(f"portal:{name}", args=[pair.pk, *rest])


def page(client: Client, name: str, pair: Partnership, *rest: Any, language: str = "en") -> str:
    answer = client.get(url(name, pair, *rest), headers={"accept-language": language})
    assert answer.status_code == 200, name
    return answer.content.decode()


# Who sees it ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_for_both_in_every_language(name: str, pair: Partnership, mentee: Client, mentor: Client) -> None:
    for client in (mentee, mentor):
        for language in ("en", "da", "ar", "fa", "uk"):
            page(client, name, pair, language=language)
        assert untranslated(page(client, name, pair, language="xb")) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_is_not_there_for_others(
    name: str,
    pair: Partnership,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    as_participant: AsParticipant,
    with_link: WithLink,
) -> None:
    other = make_couple(coordinator, division, programme, names=("Zahra", "Else"))
    stranger = other.mentee.person
    foreign = with_link(Purpose.PARTNERSHIP, f"{other.pk}:{stranger.pk}", stranger)
    proposal = with_link(Purpose.PROPOSAL, f"{pair.pk}:{pair.mentee.person_id}", pair.mentee.person)
    for client in (as_participant(stranger), foreign, proposal, Client()):
        assert client.get(url(name, pair)).status_code == 404


def test_link_asks_for_the_code_before_it_tells_of_the_other(pair: Partnership, with_link: WithLink) -> None:
    subject, person = f"{pair.pk}:{pair.mentee.person_id}", pair.mentee.person
    before = with_link(Purpose.PARTNERSHIP, subject, person, code=False)
    answer = before.get(url("partnership", pair))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("portal:code"))
    # To tell that something is wrong she needs no code; nothing stands there that somebody else could read.
    assert before.get(url("word_here", pair)).status_code == 200
    after = with_link(Purpose.PARTNERSHIP, subject, person)
    assert "Karen Lund" in page(after, "partnership", pair)


def test_contact_is_shown_once_she_has_chosen_and_only_what(pair: Partnership, mentee: Client, mentor: Client) -> None:
    assert "55 66 77 88" not in page(mentee, "partnership", pair)
    mentor.post(url("share", pair), {"what": "phone"})
    seen = page(mentee, "partnership", pair)
    assert "55 66 77 88" in seen
    assert "karen@example.org" not in seen
    assert "11 22 33 44" not in page(mentor, "partnership", pair)
    mentor.post(url("share", pair), {"what": ""})
    assert "55 66 77 88" not in page(mentee, "partnership", pair)


def test_contact_goes_with_the_partnership(pair: Partnership, mentee: Client, coordinator: Staff) -> None:
    services.share_contact(by=acting(pair, "mentor"), partnership=pair, what="both")
    services.close_partnership(by=coordinator, partnership=pair, on=TODAY, reason="agreed")
    seen = page(mentee, "partnership", pair)
    assert "55 66 77 88" not in seen
    assert "karen@example.org" not in seen


@pytest.mark.parametrize("name", ["partnership", "meetings", "goals", "introductions"])
def test_queries_do_not_grow_with_what_they_have_done(
    name: str, pair: Partnership, mentee: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _fill(pair, 1)
    page(mentee, name, pair)
    with django_assert_max_num_queries(40) as one:
        page(mentee, name, pair)
    _fill(pair, 4)
    with django_assert_max_num_queries(len(one.captured_queries)):
        page(mentee, name, pair)


def _fill(pair: Partnership, number: int) -> None:
    by = acting(pair, "mentee")
    for count in range(number):
        services.tell_meeting(by=by, partnership=pair, on=TODAY - count * DAY, minutes=60, way="phone")
        goal = services.write_goal(by=by, partnership=pair, words=f"Goal {count}")
        services.write_step(by=by, partnership=pair, goal=goal, words=f"Step {count}")
        facts = {"on": TODAY - count * DAY, "door": "visit", "sector": "care", "came_of_it": "talk", "words": ""}
        services.tell_introduction(by=by, partnership=pair, facts=facts)


# Meetings -------------------------------------------------------------------------------------------------------------


def test_one_tap_tells_of_todays_meeting_and_can_be_taken_back(pair: Partnership, mentee: Client) -> None:
    home = page(mentee, "partnership", pair)
    assert 'name="when" value="2026-03-02"' in home
    told = mentee.post(url("meetings", pair), {"when": "2026-03-02", "minutes": 60, "way": "in_person"}, follow=True)
    meeting = Meeting.objects.get()
    assert (meeting.on, meeting.minutes, meeting.way) == (TODAY, 60, "in_person")
    undo = url("meeting_undo", pair, meeting.pk)
    assert undo in told.content.decode()
    mentee.post(undo)
    assert not Meeting.objects.exists()


def test_once_told_no_other_meeting_is_a_tap_away(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("meetings", pair), {"when": "2026-03-02", "minutes": 60, "way": "in_person"})
    home = page(mentee, "partnership", pair)
    assert 'name="when"' not in home
    assert "Noted: you have met. Thank you for telling us." in home
    undo = url("meeting_undo", pair, Meeting.objects.get().pk)
    assert undo in home
    # Folded, the form asks for a day: sent as it stands, it tells of none.
    listed = page(mentee, "meetings", pair)
    assert listed.index("So far") < listed.index('class="two-card two-first two-tell"')
    assert 'value="other"' in listed.partition(" checked")[0].rpartition("<input")[2]
    # To the other, who has told of none, today's is still suggested.
    assert 'name="when" value="2026-03-02"' in page(mentor, "partnership", pair)
    mentee.post(undo)
    assert 'name="when" value="2026-03-02"' in page(mentee, "partnership", pair)


@pytest.mark.parametrize(("days_ago", "is_noted"), [(1, True), (6, True), (8, False)])
def test_planned_day_that_is_told_is_noted_for_a_week(
    pair: Partnership, mentee: Client, days_ago: int, is_noted: bool
) -> None:
    services.plan_meeting(
        by=acting(pair, "mentee", AT - (days_ago + 1) * DAY), partnership=pair, at=AT - days_ago * DAY
    )
    on = (TODAY - days_ago * DAY).isoformat()
    mentee.post(url("meetings", pair), {"when": on, "minutes": 60, "way": "in_person"})
    assert ('name="when"' not in page(mentee, "partnership", pair)) == is_noted


def test_once_a_meeting_is_told_the_list_stands_first_and_the_form_is_folded(
    pair: Partnership, mentee: Client, mentor: Client
) -> None:
    facts = {"when": "2026-03-02", "minutes": 60, "way": "in_person"}
    before = page(mentee, "meetings", pair)
    # Nothing to unfold but what they talked about.
    assert before.count("<details") - before.count('class="site-menu') == 1
    told = mentee.post(url("meetings", pair), facts, follow=True).content.decode()
    assert "Noted: you have met. Thank you for telling us." in told
    assert "You have met 1 time. Last: 2 March 2026." in told
    assert told.index("So far") < told.index("Tell about a meeting") < told.index('class="two-card two-first two-tell"')
    assert told.count("<details") == before.count("<details") + 1
    # Folded, it still tells of another; what is wrong with it is shown unfolded.
    wrong = mentee.post(url("meetings", pair), {**facts, "when": "other"}).content.decode()
    assert wrong.index("Tell about a meeting") < wrong.index("So far")
    confirmed = mentor.post(url("meeting_confirm", pair, Meeting.objects.get().pk), follow=True).content.decode()
    assert confirmed.index("So far") < confirmed.index("Tell about a meeting")


def test_the_other_confirms_with_one_tap_and_differences_are_kind(
    pair: Partnership, mentee: Client, mentor: Client
) -> None:
    mentee.post(url("meetings", pair), {"when": "2026-03-02", "minutes": 60, "way": "in_person", "topics": ["cv"]})
    assert "Amina has told of it." in page(mentor, "meetings", pair)
    mentor.post(url("meeting_confirm", pair, Meeting.objects.get().pk))
    assert "You have both told of it." in page(mentee, "meetings", pair)
    Account.objects.filter(side="mentor").update(minutes=90)
    assert "Karen remembers: 1½ hours. That is all right" in page(mentee, "meetings", pair)
    assert Meeting.objects.count() == 1


def test_another_day_needs_a_day_and_keeps_what_was_chosen(pair: Partnership, mentee: Client) -> None:
    answer = mentee.post(url("meetings", pair), {"when": "other", "minutes": 45, "way": "phone", "topics": ["danish"]})
    text = answer.content.decode()
    assert "Choose the day on which you met." in text
    assert 'value="danish"' in text
    assert 'value="45"' in text
    mentee.post(url("meetings", pair), {"when": "other", "day": "2026-02-25", "minutes": 45, "way": "phone"})
    assert Meeting.objects.get().on == TODAY - 5 * DAY


def test_a_suggestion_that_has_moved_on_still_counts(pair: Partnership, mentee: Client) -> None:
    # The page was opened before midnight: the day it suggested is not among today's.
    mentee.post(url("meetings", pair), {"when": "2026-02-24", "minutes": 60, "way": "in_person"})
    assert Meeting.objects.get().on == TODAY - 6 * DAY
    assert mentee.post(url("meetings", pair), {"when": "2026-02-3x"}).status_code == 200


def test_a_meeting_told_wrongly_is_changed(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("meetings", pair), {"when": "2026-03-02", "minutes": 60, "way": "in_person"})
    meeting = Meeting.objects.get()
    assert mentor.get(url("meeting_edit", pair, meeting.pk)).status_code == 302
    data = {"when": "other", "day": "2026-03-01", "minutes": 30, "way": "online", "topics": ["cv"]}
    mentee.post(url("meeting_edit", pair, meeting.pk), data)
    changed = Meeting.objects.get()
    assert (changed.on, changed.minutes, changed.way, changed.topics) == (TODAY - DAY, 30, "online", ("cv",))


def test_the_next_meeting_is_planned_moved_taken_along_and_called_off(
    pair: Partnership, mentee: Client, mentor: Client
) -> None:
    mentee.post(url("plan", pair), {"on": "2026-03-09", "at": "17:30", "minutes": 60, "place": "The library"})
    assert "Monday 9 March at 17:30" in page(mentor, "partnership", pair)
    mentor.post(url("plan", pair), {"on": "2026-03-10", "at": "17:30", "minutes": 60, "place": "The library"})
    planned = PlannedMeeting.objects.get()
    file = mentee.get(url("plan_file", pair, planned.pk))
    assert file["Content-Type"].startswith("text/calendar")
    text = file.content.decode()
    assert "DTSTART:20260310T163000Z" in text
    assert "SEQUENCE:1" in text
    for name in ("Karen", "Amina", "Lund", "entor"):
        assert name not in text
    mentee.post(url("plan_off", pair, planned.pk))
    assert "You have not planned it yet." in page(mentor, "partnership", pair)


def test_a_time_that_has_passed_is_said_and_what_was_typed_stays(pair: Partnership, mentee: Client) -> None:
    answer = mentee.post(url("plan", pair), {"on": "2026-02-01", "at": "17:30", "minutes": 60, "place": "Café Ro"})
    assert "That time has passed." in answer.content.decode()
    assert "Café Ro" in answer.content.decode()


def test_a_planned_meeting_that_did_not_happen(pair: Partnership, mentee: Client) -> None:
    services.plan_meeting(by=acting(pair, "mentee", AT - 2 * DAY), partnership=pair, at=AT - DAY)
    text = page(mentee, "meetings", pair)
    assert "You had planned to meet" in text
    mentee.post(url("plan_off", pair, PlannedMeeting.objects.get().pk))
    assert "You had planned to meet" not in page(mentee, "meetings", pair)


# The agreement --------------------------------------------------------------------------------------------------------


def test_the_agreement_stands_in_danish_beside_her_language(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("agreement_fill", pair), TERMS_SENT)
    arabic = page(mentee, "agreement", pair, language="ar")
    assert 'lang="ar" dir="rtl">اتفاقيتنا' in arabic
    assert 'lang="da" dir="ltr">Vores aftale' in arabic
    # The mentor reads Danish, and sees the mentee's language beside it.
    danish = page(mentor, "agreement", pair, language="da")
    assert 'lang="ar" dir="rtl">اتفاقيتنا' in danish
    persian = page(mentee, "agreement", pair, language="fa")
    assert "توافق‌نامهٔ ما" in persian
    assert "has not been checked" not in page(mentee, "agreement", pair, language="en")


def test_filled_in_changed_and_signed_by_both(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("agreement_fill", pair), TERMS_SENT)
    mentor.post(url("agreement_fill", pair), TERMS_SENT | {"seen": 1, "months": "12"})
    seen = page(mentee, "agreement", pair)
    assert seen.count("paper-mark") == 1
    assert "has changed what is marked" in seen
    now = Agreement.objects.get(number=2)
    for client, name in ((mentee, "Amina Yusuf"), (mentor, "Karen Lund")):
        client.post(url("agreement_sign", pair), {"name": name, "version": now.pk}, headers={"accept-language": "en"})
    pair.refresh_from_db()
    assert pair.agreement_on == TODAY
    signed = page(mentee, "agreement", pair)
    assert "You have both signed. This holds now." in signed
    # A sentence with a name in it stays one thing beside its sign: parted, its words stand in columns.
    assert "<span>You signed as <bdi>Amina Yusuf</bdi> on" in signed
    assert "<span><bdi>Karen Lund</bdi> signed on" in signed
    assert "Amina Yusuf" in page(mentor, "agreement_print", pair)


def test_signing_with_another_name_says_which_name_is_known(pair: Partnership, mentee: Client) -> None:
    mentee.post(url("agreement_fill", pair), TERMS_SENT)
    assert "<bdi>Amina Yusuf</bdi>" in page(mentee, "agreement", pair).partition('id="sign"')[2]
    now = Agreement.objects.get()
    answer = mentee.post(url("agreement_sign", pair), {"name": "xy", "version": now.pk}).content.decode()
    assert "We know you by another name: Amina Yusuf." in answer
    assert 'value="xy"' in answer
    assert not now.signatures.exists()


def test_signing_what_has_been_changed_since_is_refused(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("agreement_fill", pair), TERMS_SENT)
    read = Agreement.objects.get()
    mentor.post(url("agreement_fill", pair), TERMS_SENT | {"seen": 1, "months": "12"})
    answer = mentee.post(url("agreement_sign", pair), {"name": "Amina", "version": read.pk})
    assert "has been changed since you read it" in answer.content.decode()
    assert not Agreement.objects.filter(signatures__isnull=False).exists()


def test_filling_in_over_the_others_change_keeps_what_was_typed(
    pair: Partnership, mentee: Client, mentor: Client
) -> None:
    mentee.post(url("agreement_fill", pair), TERMS_SENT)
    answer = mentor.post(url("agreement_fill", pair), TERMS_SENT | {"goals": "Another goal", "seen": 0})
    text = answer.content.decode()
    assert "Another goal" in text
    assert "has changed the agreement since you opened this page" in text
    assert Agreement.objects.count() == 1


def test_missing_answers_are_said_beside_their_fields(pair: Partnership, mentee: Client) -> None:
    answer = mentee.post(url("agreement_fill", pair), {"seen": 0, "place": "Here"})
    text = answer.content.decode()
    assert "Write one goal at least." in text
    assert 'value="Here"' in text


# Goals, doors, notes --------------------------------------------------------------------------------------------------


def test_both_work_on_the_goals(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("goals", pair), {"words": "I want a CV in Danish"})
    goal = Goal.objects.get()
    mentor.post(url("step_add", pair, goal.pk), {"words": "Write down my jobs"})
    step = goal.steps.get()
    mentee.post(url("step_mark", pair, step.pk), {"what": "done"})
    text = page(mentor, "goals", pair)
    assert "1 of 1 small step done." in text
    mentor.post(url("goal_edit", pair, goal.pk), {"words": "I have a CV in Danish"})
    mentee.post(url("goal_mark", pair, goal.pk), {"reached": "yes"})
    goal.refresh_from_db()
    assert (goal.words, goal.reached_on, goal.changed_by) == ("I have a CV in Danish", TODAY, "mentor")
    mentee.post(url("step_mark", pair, step.pk), {"what": "away"})
    mentor.post(url("goal_edit", pair, goal.pk), {"words": ""})
    assert not Goal.objects.exists()


def test_an_empty_step_is_said(pair: Partnership, mentee: Client) -> None:
    goal = services.write_goal(by=acting(pair, "mentee"), partnership=pair, words="A goal")
    assert "Write a small step." in mentee.post(url("step_add", pair, goal.pk), {"words": ""}).content.decode()


def test_a_door_is_told_and_what_came_of_it(pair: Partnership, mentee: Client, mentor: Client) -> None:
    data = {"door": "visit", "sector": "care", "came_of_it": "nothing_yet", "on": "2026-03-01", "words": "A care home"}
    assert "names of other people" in page(mentor, "introductions", pair)
    for _ in range(2):
        mentor.post(url("introductions", pair), data)
    door = Introduction.objects.get()
    mentee.post(url("introduction_edit", pair, door.pk), data | {"came_of_it": "internship"})
    assert "an internship" in page(mentor, "introductions", pair)


def test_notes_are_read_by_nobody_else(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("own_notes", pair), {"text": "kanarieownnote"})
    note = OwnNote.objects.get()
    assert "kanarieownnote" in page(mentee, "own_notes", pair)
    assert "kanarieownnote" not in page(mentor, "own_notes", pair)
    assert mentor.get(url("own_note_edit", pair, note.pk)).status_code == 404
    assert mentor.post(url("own_note_edit", pair, note.pk), {"text": ""}).status_code == 404
    mentee.post(url("own_note_edit", pair, note.pk), {"text": ""})
    assert not OwnNote.objects.exists()


# Pausing and ending ---------------------------------------------------------------------------------------------------


def test_pausing_and_going_on(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("pause", pair), {"until": "2026-04-01"})
    assert "You have a pause until" in page(mentor, "partnership", pair)
    mentor.post(url("go_on", pair))
    pair.refresh_from_db()
    assert pair.state == "matched"


def test_the_wish_to_end_goes_to_the_coordinator_alone(pair: Partnership, mentee: Client, mentor: Client) -> None:
    mentee.post(url("end", pair), {"words": "kanarieend"})
    assert Task.objects.filter(kind=Kind.TO_END, target_id=pair.pk).exists()
    for name in PAGES:
        assert "kanarieend" not in page(mentor, name, pair)


def test_who_wants_to_end_reads_that_it_was_heard_and_the_other_one_does_not(
    pair: Partnership, mentee: Client, mentor: Client
) -> None:
    heard = "You have told us that you want to end."
    assert heard not in page(mentee, "partnership", pair)
    mentee.post(url("end", pair), {"words": ""})
    assert f"{heard} Your coordinator calls you by" in page(mentee, "partnership", pair)
    assert heard not in page(mentor, "partnership", pair)
    Task.objects.filter(kind=Kind.TO_END).update(due_on=TODAY - timedelta(days=1))
    assert f"{heard} Your coordinator has been asked to call you." in page(mentee, "partnership", pair)
    Task.objects.filter(kind=Kind.TO_END).update(done_at=AT, done_by="tests")
    assert heard not in page(mentee, "partnership", pair)
