"""What somebody who waits reads about her place: where it stands, what we do, when she hears, what she can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_enrolment, make_person
from mentornet.accounts.enums import Purpose
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake import expecting
from mentornet.intake.enums import NOTED_REASONS, WaitReason
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places, waiting
from mentornet.matching.forecast import words_for_her
from mentornet.people.enums import Role
from mentornet.people.models import Person, Restriction
from mentornet.programmes.models import Programme
from mentornet.web.portal.waiting import wait_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
AsParticipant = Callable[[Person], Client]
WithLink = Callable[..., Client]
DAY = timedelta(days=1)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(
        Role.MENTEE,
        division,
        person=make_person("Amina", email="amina@example.org"),
        programme=programme,
        languages={"da": "B1"},
        enrolment={"word_due_on": TODAY + 9 * DAY, "last_word_on": TODAY - 19 * DAY, "since": TODAY - 60 * DAY},
        topics=("cv",),
        availability=("mon-evening",),
    )


def both_pages(mentee: Enrolment, as_participant: AsParticipant, with_link: WithLink) -> tuple[str, str]:
    """Return her first page, signed in, and her page behind the link in a letter, without a code."""
    linked = with_link(Purpose.STATUS, str(mentee.application_id), mentee.person, code=False)
    answer = linked.get(reverse("portal:application", args=[mentee.application_id]))
    home = as_participant(mentee.person).get(reverse("portal:home"))
    assert (answer.status_code, home.status_code) == (200, 200)
    return home.content.decode(), answer.content.decode()


def test_she_reads_where_it_stands_when_she_hears_and_what_she_can_do(
    mentee: Enrolment, as_participant: AsParticipant, with_link: WithLink
) -> None:
    for html in both_pages(mentee, as_participant, with_link):
        assert "We are looking for a mentor who fits you." in html
        assert "We write to you by 11 March 2026, also if we have not found a mentor yet." in html
    linked = both_pages(mentee, as_participant, with_link)[1]
    assert "On our list since" in linked
    assert "Call us when something changes. We are glad to hear from you." in linked


@pytest.mark.parametrize("reason", NOTED_REASONS)
def test_each_noted_reason_has_words_and_the_coordinators_own_stay_hers(
    reason: WaitReason, mentee: Enrolment, coordinator: Staff, as_participant: AsParticipant, with_link: WithLink
) -> None:
    waiting.note_why(by=coordinator, enrolment=mentee, reason=reason, words="Only for colleagues")
    found = wait_of(mentee, reason, TODAY)
    assert found is not None
    for html in both_pages(mentee, as_participant, with_link):
        assert found.doing in html
        assert "Only for colleagues" not in html
    assert found.can_do in both_pages(mentee, as_participant, with_link)[1]


def test_whoever_tells_too_little_is_led_to_where_she_can_tell_more(
    mentee: Enrolment, as_participant: AsParticipant, with_link: WithLink
) -> None:
    mentee.profile.topics = None
    mentee.profile.save()
    for html in both_pages(mentee, as_participant, with_link):
        assert "We know too little about you to find the right mentor." in html
        assert f'<a href="{reverse("portal:profile")}">Tell us more about you</a>' in html


def test_late_word_is_said_to_be_late(mentee: Enrolment, as_participant: AsParticipant, with_link: WithLink) -> None:
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=TODAY - DAY)
    for html in both_pages(mentee, as_participant, with_link):
        assert "We should have written to you already. We are sorry." in html


def test_nothing_of_it_is_said_to_whom_it_does_not_hold(
    mentee: Enrolment, coordinator: Staff, as_participant: AsParticipant, with_link: WithLink
) -> None:
    """With a mentor, with a proposal, with a break, and while her data rest."""
    Restriction.objects.create(person=mentee.person, reason="…", restricted_by="user:1", created_at=AT)
    for html in both_pages(mentee, as_participant, with_link):
        assert "We write to you by" not in html
        assert "We are looking for a mentor who fits you." not in html
    Restriction.objects.all().delete()
    Enrolment.objects.filter(pk=mentee.pk).update(resting_until=TODAY + DAY)
    mentee.refresh_from_db()
    assert wait_of(mentee, WaitReason.BREAK, TODAY) is None
    Enrolment.objects.filter(pk=mentee.pk).update(resting_until=None)
    places.hold(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    assert wait_of(mentee, WaitReason.MENTOR, TODAY) is None
    places.take(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    assert wait_of(mentee, WaitReason.MENTOR, TODAY) is None


def test_how_long_it_can_take_is_told_by_whoever_can_reckon_it_and_else_by_nobody(
    mentee: Enrolment, as_participant: AsParticipant, with_link: WithLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By the forecast, once the program runs.
    assert [words_for_her] == expecting._TOLD_BY
    monkeypatch.setattr(expecting, "_TOLD_BY", [])
    assert expecting.expected_wait(mentee) == ""

    def tells(enrolment: Enrolment) -> str:
        return f"It can take two to four months, {enrolment.person.first_name}."

    expecting.register(tells)
    expecting.register(tells)
    with pytest.raises(ValueError, match="by one alone"):
        expecting.register(lambda enrolment: str(enrolment.pk))
    for html in both_pages(mentee, as_participant, with_link):
        assert "It can take two to four months, Amina." in html
