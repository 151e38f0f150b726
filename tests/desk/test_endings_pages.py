"""The pages of an ending, kept as one goes; taking it back; going on for longer; and how it goes afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_division, make_person, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Afterwards
from mentornet.intake.models import Enrolment
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import end
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme, matched_on=TODAY - 60 * DAY)


def url(pair: Partnership, step: str = "") -> str:
    if step:
        return reverse("desk:partnership_close_step", args=[pair.pk, step])
    return reverse("desk:partnership_close", args=[pair.pk])


def fill(client: Client, pair: Partnership, step: str, **given: Any) -> str:
    return str(client.post(url(pair, step), given, follow=True).content.decode())


STEPS: dict[str, dict[str, Any]] = {
    "scenario": {"scenario": "unplanned"},
    "talk-mentee": {"talk": "held", "reason": "time", "said": "She has got a job."},
    "talk-mentor": {"talk": "not_reached", "remark": "Moves often."},
    "outcome": {"work": "ordinary", "hours": "30", "own_level": "no", "danish_step": "yes", "network": "unknown"},
    "contact": {"rule": "office", "mentee": "yes", "mentor": "unknown"},
    "next": {
        "mentee": "old_place", "mentor": "rests", "mentor_rests_until": (TODAY + 30 * DAY).isoformat(),
    },
    "thanks": {"thanks_mentee": "on", "ask_mentee": "on", "ask_mentor": "on"},
    "summary": {"on": TODAY.isoformat(), "reason": "time", "note": "She starts on Monday."},
}  # fmt: skip


def test_one_thing_after_the_other_and_each_is_kept(desk: Client, pair: Partnership) -> None:
    slugs = list(STEPS)
    for number, (step, given) in enumerate(STEPS.items()):
        assert desk.get(url(pair), follow=True).redirect_chain[-1][0] == url(pair, step)
        answer = desk.post(url(pair, step), given)
        after = url(pair, slugs[number + 1]) if step != "summary" else reverse("desk:partnership", args=[pair.pk])
        assert (answer.status_code, answer["Location"]) == (302, after)
    pair.refresh_from_db()
    assert (pair.state, pair.closing_reason, pair.closing_note) == ("closed", "time", "She starts on Monday.")
    closure = Closure.objects.get()
    assert (closure.work, closure.hours, closure.own_level, closure.later_contact) == ("ordinary", 30, "no", "office")
    sides = {one.side: one for one in ClosureSide.objects.all()}
    assert (sides["mentee"].talk_on, sides["mentor"].talk_on) == (TODAY, None)
    assert (sides["mentor"].has_thanks, sides["mentor"].remark) == (False, "Moves often.")
    assert sorted(Afterwards.objects.values_list("side", "month")) == [
        (side, month) for side in ("mentee", "mentor") for month in (3, 6, 12, 24)
    ]
    html = desk.get(reverse("desk:partnership", args=[pair.pk])).content.decode()
    for words in ("She has got a job.", "30 hours a week", "only through the office", "3 months after it ended"):
        assert words in html
    assert "Moves often." not in html
    # On one day, the newest first.
    assert html.index("Closed: ") < html.index("An ending was begun")


def test_what_was_kept_stands_there_again_and_the_page_before_leads_back(desk: Client, pair: Partnership) -> None:
    for step in ("scenario", "talk-mentee"):
        fill(desk, pair, step, **STEPS[step])
    html = desk.get(url(pair, "talk-mentee")).content.decode()
    assert "She has got a job." in html
    assert url(pair, "scenario") in html
    assert Task.objects.get(kind=Kind.CLOSING).target_id == pair.pk
    row = desk.get(reverse("desk:today")).content.decode()
    assert url(pair) in row


def test_an_answer_that_cannot_be_keeps_what_was_typed(desk: Client, pair: Partnership) -> None:
    fill(desk, pair, "scenario", scenario="planned")
    html = fill(desk, pair, "talk-mentee", talk="held", said="Typed with care.")
    assert "Choose what she says herself" in html
    assert "Typed with care." in html
    assert "Say which of the two wants to end." in fill(desk, pair, "scenario", scenario="one_sided")


def test_a_page_opened_before_takes_no_colleagues_safety_back(desk: Client, pair: Partnership) -> None:
    """She has the first page open; a colleague says that somebody may not be safe; then she sends what she has."""
    fill(desk, pair, "scenario", scenario="safety", who="mentor")
    html = fill(desk, pair, "scenario", scenario="planned", seen="")
    assert "Somebody else has worked on this partnership meanwhile" in html
    assert 'value="safety:mentor"' in html
    pair.refresh_from_db()
    assert (pair.stopped_on, Closure.objects.get().scenario) == (TODAY, "safety")
    # Pressed twice it is the same; and who has read it may say otherwise.
    assert "meanwhile" not in fill(desk, pair, "scenario", scenario="safety", who="mentor", seen="")
    assert "meanwhile" not in fill(desk, pair, "scenario", scenario="planned", seen="safety:mentor")
    pair.refresh_from_db()
    assert pair.stopped_on is None


def seen_on(desk: Client, pair: Partnership, step: str) -> str:
    """Return how a page tells what its reader has seen."""
    found = re.search(r'name="seen" value="([^"]*)"', desk.get(url(pair, step)).content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("step", ["talk-mentee", "talk-mentor", "outcome", "contact", "next", "thanks"])
def test_of_two_who_fill_in_a_page_neither_writes_over_the_other_unseen(
    step: str, desk: Client, pair: Partnership
) -> None:
    others: dict[str, dict[str, str]] = {
        "talk-mentee": {"said": "She moves to Aarhus."},
        "talk-mentor": {"talk": "held", "reason": "time", "said": "No time left."},
        "outcome": {"work": "unknown"},
        "contact": {"rule": "none"},
        "next": {"mentee": "leaves"},
        "thanks": {"thanks_mentor": "on"},
    }
    fill(desk, pair, "scenario", scenario="planned")
    seen = seen_on(desk, pair, step)
    hers, mine = STEPS[step], STEPS[step] | others[step]
    assert "meanwhile" not in fill(desk, pair, step, **hers, seen=seen)
    stood = rows_of_ending()
    html = fill(desk, pair, step, **mine, seen=seen)
    assert "A colleague has changed this since you opened the page." in html
    assert rows_of_ending() == stood
    assert others[step].get("said", "") in html
    # Pressed twice it is no other opinion; and who has been told may put hers in its place.
    assert "A colleague" not in fill(desk, pair, step, **hers, seen=seen)
    assert rows_of_ending() == stood
    again = re.search(r'name="seen" value="([^"]*)"', html)
    assert again is not None
    assert "A colleague" not in fill(desk, pair, step, **mine, seen=again[1])
    assert rows_of_ending() != stood


def test_what_cannot_be_does_not_make_a_page_seen(desk: Client, pair: Partnership) -> None:
    """First an error, then the word about a colleague: it is not swallowed by the error."""
    fill(desk, pair, "scenario", scenario="planned")
    seen = seen_on(desk, pair, "talk-mentee")
    fill(desk, pair, "talk-mentee", **STEPS["talk-mentee"], seen=seen)
    html = fill(desk, pair, "talk-mentee", talk="held", said="Mine.", seen=seen)
    assert "Choose what she says herself" in html
    assert f'name="seen" value="{seen}"' in html


def test_nothing_is_closed_that_a_colleague_has_changed_since_it_was_looked_through(
    desk: Client, pair: Partnership
) -> None:
    for step in list(STEPS)[:-1]:
        fill(desk, pair, step, **STEPS[step])
    seen, letters = seen_on(desk, pair, "summary"), Letter.objects.count()
    fill(desk, pair, "next", **(STEPS["next"] | {"mentee": "leaves"}))
    assert "A colleague has changed this" in fill(desk, pair, "summary", **STEPS["summary"], seen=seen)
    pair.refresh_from_db()
    assert (pair.state, Afterwards.objects.count(), Letter.objects.count()) == ("closing", 0, letters)
    fill(desk, pair, "summary", **STEPS["summary"], seen=seen_on(desk, pair, "summary"))
    pair.refresh_from_db()
    assert pair.state == "closed"


def rows_of_ending() -> list[object]:
    """Return all that is kept of an ending."""
    rows: list[object] = list(Closure.objects.values())
    return rows + list(ClosureSide.objects.order_by("side").values())


def test_what_was_noted_is_read_after_it_has_closed_too(desk: Client, pair: Partnership) -> None:
    given = STEPS | {"outcome": STEPS["outcome"] | {"words": "She knows the trade now."}}
    given["next"] = given["next"] | {"blame": "yes", "blame_words": "Her child was ill."}
    for step, values in given.items():
        fill(desk, pair, step, **values)
    here = reverse("desk:partnership", args=[pair.pk])
    html = desk.get(here).content.decode()
    for words in ("a step further in Danish", "She knows the trade now.", "Her child was ill."):
        assert words in html
    # For coordinators only: on asking, and on the record.
    assert "Moves often." not in html
    assert 'href="?read=mentor"' in html
    assert Entry.objects.filter(act="partnerships.read_remark").count() == 0
    assert "Moves often." in desk.get(f"{here}?read=mentor").content.decode()
    assert Entry.objects.filter(act="partnerships.read_remark", kind="read").count() == 1


def test_the_page_of_another_division_tells_no_remark(
    client: Client, sign_in: SignIn, coordinator: Staff, programme: Programme, division: Division
) -> None:
    elsewhere = make_division("Elsewhere")
    pair = make_couple(coordinator, division, programme, mentor_division=elsewhere)
    end(coordinator, pair)
    ClosureSide.objects.update(remark="canaryremark")
    lender = sign_in(client, make_staff(StaffRole.COORDINATOR, elsewhere, name="Karen Holm"))
    html = lender.get(reverse("desk:partnership", args=[pair.pk]), {"read": "mentee"})
    assert html.status_code == 200
    for word in ("canaryremark", 'href="?read='):
        assert word not in html.content.decode()


def test_the_last_page_says_with_whom_nobody_has_talked(desk: Client, pair: Partnership) -> None:
    for step in ("scenario", "talk-mentee"):
        fill(desk, pair, step, **STEPS[step])
    html = desk.get(url(pair, "summary")).content.decode()
    assert "Nothing is noted of a last talk with <bdi>Karen</bdi>" in html
    assert "Nothing is noted of a last talk with <bdi>Amina</bdi>" not in html
    fill(desk, pair, "scenario", scenario="safety", who="mentor", seen="unplanned")
    assert "Nothing is noted" not in desk.get(url(pair, "summary")).content.decode()
    fill(desk, pair, "scenario", scenario="unplanned", seen="safety:mentor")
    fill(desk, pair, "talk-mentor", **STEPS["talk-mentor"])
    assert "Nothing is noted" not in desk.get(url(pair, "summary")).content.decode()


def test_no_page_before_the_first_and_no_page_that_is_none(desk: Client, pair: Partnership) -> None:
    assert desk.get(url(pair, "thanks"))["Location"] == url(pair, "scenario")
    assert desk.get(url(pair, "nothing")).status_code == 404


def test_the_remark_is_shown_only_when_asked_for_and_that_is_recorded(desk: Client, pair: Partnership) -> None:
    fill(desk, pair, "scenario", scenario="planned")
    fill(desk, pair, "talk-mentor", talk="not_wanted", remark="Be gentle with her.")
    assert "Be gentle with her." not in desk.get(url(pair, "talk-mentor")).content.decode()
    reads = Entry.objects.filter(act="partnerships.read_remark")
    assert not reads.exists()
    assert "Be gentle with her." in desk.get(url(pair, "talk-mentor"), {"read": "remark"}).content.decode()
    assert reads.count() == 1


def test_the_reason_for_the_rule_on_blame_is_shown(desk: Client, pair: Partnership) -> None:
    fill(desk, pair, "scenario", scenario="unplanned")
    assert "Nobody is to blame" in desk.get(url(pair, "next")).content.decode()
    fill(desk, pair, "talk-mentee", talk="not_reached", reason="no_contact")
    html = desk.get(url(pair, "next")).content.decode()
    assert "nobody has reached the mentee either" in html
    assert desk.get(url(pair, "next")).context["form"].initial["mentee"] == "from_now"


def test_a_safety_ending_says_that_it_works_already(desk: Client, pair: Partnership) -> None:
    html = fill(desk, pair, "scenario", scenario="safety", who="mentor")
    assert "They no longer see how to reach each other" in html
    pair.refresh_from_db()
    assert pair.stopped_on == TODAY
    thanks = desk.get(url(pair, "thanks")).content.decode()
    assert 'name="thanks_mentee"' in thanks
    assert 'name="thanks_mentor"' not in thanks


def test_it_is_called_off(desk: Client, pair: Partnership) -> None:
    fill(desk, pair, "scenario", scenario="planned")
    off = reverse("desk:partnership_close_off", args=[pair.pk])
    assert "They go on." in desk.post(off, follow=True).content.decode()
    pair.refresh_from_db()
    assert pair.state == PartnershipState.MATCHED
    assert "no longer where it was" in desk.post(off, follow=True).content.decode()


def test_a_closed_one_goes_on_with_a_reason(desk: Client, pair: Partnership) -> None:
    for step, given in STEPS.items():
        fill(desk, pair, step, **given)
    reopen = reverse("desk:partnership_reopen", args=[pair.pk])
    assert reopen in desk.get(reverse("desk:partnership", args=[pair.pk])).content.decode()
    assert desk.post(reopen, {"words": ""}).context["form"].errors["words"]
    assert "They go on, as before." in desk.post(reopen, {"words": "The wrong pair."}, follow=True).content.decode()
    pair.refresh_from_db()
    assert pair.state == PartnershipState.MATCHED
    assert "The wrong pair." in desk.get(reverse("desk:partnership", args=[pair.pk])).content.decode()
    assert set(Afterwards.objects.values_list("state", flat=True)) == {"cancelled"}
    Enrolment.objects.filter(pk=pair.mentee_id).update(since=None)
    assert desk.get(reopen).status_code == 302


def test_they_go_on_for_longer(desk: Client, pair: Partnership) -> None:
    extend = reverse("desk:partnership_extend", args=[pair.pk])
    until = TODAY + 90 * DAY
    assert "after today" in desk.post(extend, {"until": TODAY.isoformat()}).content.decode()
    assert "They go on until" in desk.post(extend, {"until": until.isoformat()}, follow=True).content.decode()
    pair.refresh_from_db()
    assert pair.agreed_until == until


@pytest.mark.parametrize("name", ["close", "extend", "reopen", "close_off"])
def test_another_division_answers_404(
    name: str, client: Client, sign_in: SignIn, other_coordinator: Staff, pair: Partnership
) -> None:
    elsewhere = sign_in(client, other_coordinator)
    assert elsewhere.post(reverse(f"desk:partnership_{name}", args=[pair.pk])).status_code == 404
    assert elsewhere.post(url(pair, "scenario"), {"scenario": "safety"}).status_code == 404
    assert not Closure.objects.exists()


def _asked(pair: Partnership, side: str = "mentee", month: int = 3, **changes: Any) -> Afterwards:
    from_ = {"state": "no_answer", "asked_at": pair.created_at} | changes
    return Afterwards.objects.create(
        partnership=pair, side=side, month=month, due_on=TODAY - 14 * DAY, created_at=pair.created_at, **from_
    )


def test_the_list_of_questions_tells_of_how_many(desk: Client, pair: Partnership) -> None:
    silent, _answered = (
        _asked(pair),
        _asked(
            pair, month=6, state="answered", doing="work", how="herself", answered_by="x", answered_at=pair.created_at
        ),
    )
    _asked(pair, month=12, state="planned", asked_at=None)
    answer = desk.get(reverse("desk:afterwards"))
    assert [row["key"] for row in answer.context["rows"]] == [silent.pk]
    assert [tab["count"] for tab in answer.context["tabs"]] == [1, 0, 1, 1, 0]
    assert [rate["words"] for rate in answer.context["rates"]] == ["0 of 1 who were asked", "1 of 1 who were asked"]


@pytest.mark.parametrize(
    ("given", "state", "doing"),
    [
        ({"outcome": "answered", "doing": "work", "hours": "20", "may_ask_again": "yes"}, "answered", "work"),
        ({"outcome": "unreachable"}, "unreachable", ""),
        ({"outcome": "unwanted"}, "unwanted", ""),
    ],
)
def test_what_came_of_a_call_is_noted(
    given: dict[str, str], state: str, doing: str, desk: Client, pair: Partnership
) -> None:
    row = _asked(pair)
    Task.objects.create(
        kind=Kind.FOLLOW_UP, target_id=row.pk, division_id=pair.division_id, due_on=TODAY, created_at=pair.created_at,
        words={"name": "Amina"},
    )  # fmt: skip
    question = reverse("desk:afterwards_question", args=[row.pk])
    assert question in desk.get(reverse("desk:today")).content.decode()
    assert "Noted." in desk.post(question, given, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.state, row.doing) == (state, doing)
    assert not Task.objects.filter(kind=Kind.FOLLOW_UP, done_at=None).exists()


def test_a_mentor_is_asked_other_things(desk: Client, pair: Partnership) -> None:
    row = _asked(pair, side="mentor")
    question = reverse("desk:afterwards_question", args=[row.pk])
    assert set(desk.get(question).context["form"].fields) == {"outcome", "again", "may_ask_again"}
    assert "Choose what fits." in desk.post(question, {"outcome": "answered"}).content.decode()


def test_no_question_of_another_division(
    client: Client, sign_in: SignIn, other_coordinator: Staff, pair: Partnership
) -> None:
    row, elsewhere = _asked(pair), sign_in(client, other_coordinator)
    assert elsewhere.get(reverse("desk:afterwards_question", args=[row.pk])).status_code == 404
    assert elsewhere.get(reverse("desk:afterwards")).context["rows"] == []


@pytest.mark.parametrize("months", [(3,), (3, 6, 12)])
def test_queries_do_not_grow_with_the_questions(
    months: tuple[int, ...], desk: Client, pair: Partnership, django_assert_num_queries: CountQueries
) -> None:
    for month in months:
        _asked(pair, month=month)
    with django_assert_num_queries(8):
        desk.get(reverse("desk:afterwards"))


def test_alumnae_are_found_among_the_people(desk: Client, pair: Partnership, coordinator: Staff) -> None:
    for step, given in STEPS.items():
        fill(
            desk,
            pair,
            step,
            **(
                given | {"reason": "goal"}
                if step == "summary"
                else given | {"mentee": "leaves"}
                if step == "next"
                else given
            ),
        )
    make_person("Somebody")
    people = reverse("desk:people")
    assert [row.person.pk for row in desk.get(people, {"state": "alumnae"}).context["rows"]] == [pair.mentee.person_id]
    row = Afterwards.objects.filter(side="mentee").order_by("month").first()
    assert row is not None
    desk.post(reverse("desk:afterwards_question", args=[row.pk]), {"outcome": "unwanted"})
    assert list(desk.get(people, {"state": "alumnae"}).context["rows"]) == []


def test_whoever_has_lent_the_mentor_reads_what_the_mentor_said_and_no_more(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, sign_in: SignIn
) -> None:
    """What a mentee says is read in her division: the mentor's asks there."""
    far = make_division("Far")
    there = make_staff(StaffRole.COORDINATOR, far)
    pair = make_couple(coordinator, division, programme, matched_on=TODAY - 60 * DAY, mentor_division=far)
    both = STEPS | {"talk-mentor": {"talk": "held", "reason": "time", "said": "I have no time."}}
    for step, given in both.items():
        fill(desk, pair, step, **given)
    months = {row.side: row for row in Afterwards.objects.filter(month=3)}
    lender = sign_in(Client(), there)
    page = reverse("desk:partnership", args=[pair.pk])
    for client, hers in ((desk, True), (lender, False)):
        html = client.get(page).content.decode()
        assert "I have no time." in html
        assert ("She has got a job." in html) is hers
        assert ("an ordinary job" in html) is hers
        for side, may in (("mentor", True), ("mentee", hers)):
            url_ = reverse("desk:afterwards_question", args=[months[side].pk])
            assert (url_ in html) is may
            assert (client.get(url_).status_code == 200) is may


def test_the_pages_of_an_ending_are_not_for_whoever_has_lent_the_mentor(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, sign_in: SignIn
) -> None:
    far = make_division("Far")
    pair = make_couple(coordinator, division, programme, matched_on=TODAY - 60 * DAY, mentor_division=far)
    fill(desk, pair, "scenario", **STEPS["scenario"])
    fill(desk, pair, "talk-mentee", **STEPS["talk-mentee"])
    assert "She has got a job." in desk.get(url(pair, "talk-mentee")).content.decode()
    lender = sign_in(Client(), make_staff(StaffRole.COORDINATOR, far))
    for address in (url(pair), url(pair, "talk-mentee"), url(pair, "summary")):
        answer = lender.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("desk:partnership", args=[pair.pk])
        assert "She has got a job." not in answer.content.decode()
