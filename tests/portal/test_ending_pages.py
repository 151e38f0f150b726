"""On her own pages: why it ends, what is agreed for later, going on longer, how it goes since, what she becomes."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY
from mentornet.accounts.enums import Purpose
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Afterwards
from mentornet.intake.models import Application, Enrolment
from mentornet.partnerships import services
from mentornet.partnerships.models import Agreement, ClosureSide, Partnership
from mentornet.partnerships.services import install_agreement_texts
from mentornet.people.models import Person, Profile
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import end
from partnerships.sides import TERMS, acting
from portal.conftest import AsParticipant, WithLink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

DAY: Final = timedelta(days=1)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    before = TODAY - 60 * DAY
    return make_couple(coordinator, division, programme, matched_on=before, first_met_on=before)


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("rule", "words"),
    [("free", "may keep in touch"), ("office", "Do you want to reach Karen later?"), ("none", "no contact any more")],
)
def test_each_reads_what_is_agreed_for_later(
    rule: str, words: str, pair: Partnership, coordinator: Staff, as_participant: AsParticipant
) -> None:
    end(coordinator, pair, rule=rule)
    html = page(as_participant(pair.mentee.person), "partnership", pair.pk)
    assert words in html
    assert "They parted well." not in html


def test_she_says_why_and_the_other_does_not_see_it(
    pair: Partnership, coordinator: Staff, as_participant: AsParticipant
) -> None:
    why = reverse("portal:why", args=[pair.pk])
    hers = as_participant(pair.mentee.person)
    assert hers.get(why).status_code == 404
    services.begin_ending(by=coordinator, partnership=pair, scenario="one_sided", who="mentor")
    assert why in page(hers, "partnership", pair.pk)
    assert "Choose one." in hers.post(why, {}).content.decode()
    sent = {"reason": "no_contact", "words": "She never called back.", "contact": "no"}
    assert "Thank you." in hers.post(why, sent, follow=True).content.decode()
    side = ClosureSide.objects.get(side="mentee")
    assert (side.own_reason, side.own_words, side.own_contact) == ("no_contact", "She never called back.", "no")
    other = as_participant(pair.mentor.person)
    for name in ("partnership", "why"):
        assert "She never called back." not in page(other, name, pair.pk)


def test_where_somebody_may_not_be_safe_her_page_tells_neither_who_nor_how(
    pair: Partnership, coordinator: Staff, as_participant: AsParticipant
) -> None:
    Person.objects.filter(pk=pair.mentee.person_id).update(phone="+4520301020")
    services.share_contact(by=acting(pair, "mentee"), partnership=pair, what="phone")
    mentor = as_participant(pair.mentor.person)
    assert "+4520301020" in page(mentor, "partnership", pair.pk)
    services.begin_ending(by=coordinator, partnership=pair, scenario="safety", who="mentor")
    mentor = as_participant(pair.mentor.person)
    html = page(mentor, "partnership", pair.pk)
    # As in every other ending.
    assert "You are about to end. Your coordinator helps you both." in html
    assert pair.mentee.person.last_name not in html
    assert "+4520301020" not in html
    assert mentor.get(reverse("portal:plan", args=[pair.pk])).status_code == 404
    home = mentor.get(reverse("portal:home")).content.decode()
    assert reverse("portal:partnership", args=[pair.pk]) in home
    assert pair.mentee.person.last_name not in home


def test_the_two_go_on_by_a_new_version(pair: Partnership, as_participant: AsParticipant) -> None:
    install_agreement_texts(by=System("tests", AT))
    hers = as_participant(pair.mentee.person)
    longer = reverse("portal:longer", args=[pair.pk])
    assert longer not in page(hers, "partnership", pair.pk)
    first = services.fill_in(by=acting(pair, "mentee"), partnership=pair, terms=TERMS, seen=0)
    for side in ("mentee", "mentor"):
        by = acting(pair, side)
        services.sign(by=by, agreement=first, name=by.name, language="da")
    Partnership.objects.filter(pk=pair.pk).update(agreed_until=TODAY + 10 * DAY)
    Task.objects.create(kind=Kind.ENDING, target_id=pair.pk, division_id=pair.division_id, due_on=TODAY, created_at=AT)
    assert longer in page(hers, "partnership", pair.pk)
    for _twice in range(2):
        assert "Now you both sign it." in hers.post(longer, {"months": TERMS["months"]}, follow=True).content.decode()
    second = Agreement.objects.get(number=2)
    assert (second.terms, Agreement.objects.count()) == (first.terms, 2)
    for side in ("mentee", "mentor"):
        by = acting(pair, side)
        services.sign(by=by, agreement=second, name=by.name, language="da")
    pair.refresh_from_db()
    assert pair.agreed_until is not None
    assert pair.agreed_until > TODAY + 150 * DAY
    assert not Task.objects.filter(kind=Kind.ENDING, done_at=None).exists()


# Afterwards -----------------------------------------------------------------------------------------------------------


def asked(pair: Partnership, side: str = "mentee") -> Afterwards:
    return Afterwards.objects.create(
        partnership=pair, side=side, month=3, due_on=TODAY, state="asked", asked_at=AT, created_at=AT
    )


def test_one_tap_each_by_the_link_alone(pair: Partnership, coordinator: Staff, with_link: WithLink) -> None:
    end(coordinator, pair)
    row = asked(pair)
    browser = with_link(Purpose.AFTERWARDS, f"{row.pk}:{pair.mentee.person_id}", pair.mentee.person, code=False)
    url = reverse("portal:afterwards", args=[row.pk])
    first = browser.get(url).content.decode()
    assert "What do you do now?" in first
    for name in (pair.mentor.person.first_name, pair.mentor.person.last_name):
        assert name not in first
    taps = [
        ({"doing": "work"}, "How many hours"), ({"hours": "30"}, "fit what you have learned"),
        ({"own_level": "no"}, "Is your Danish better"), ({"danish_better": "yes"}, "May we ask you again"),
        ({"may_ask_again": "yes"}, "Thank you for telling us"),
    ]  # fmt: skip
    for sent, then in taps:
        assert then in browser.post(url, sent, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.state, row.doing, row.hours, row.own_level, row.danish_better, row.may_ask_again) == (
        "answered", "work", 30, "no", "yes", True,
    )  # fmt: skip
    assert "What do you do now?" in browser.get(url, {"again": ""}).content.decode()


def test_what_is_no_button_is_kept_nowhere(pair: Partnership, coordinator: Staff, with_link: WithLink) -> None:
    end(coordinator, pair)
    row = asked(pair)
    browser = with_link(Purpose.AFTERWARDS, f"{row.pk}:{pair.mentee.person_id}", pair.mentee.person, code=False)
    url = reverse("portal:afterwards", args=[row.pk])
    for sent in ({"doing": "rich"}, {"hours": "1000"}, {"again": "yes"}, {}):
        browser.post(url, sent)
    row.refresh_from_db()
    assert row.state == "asked"


def test_she_does_not_want_to_be_asked(pair: Partnership, coordinator: Staff, with_link: WithLink) -> None:
    end(coordinator, pair)
    row = asked(pair, "mentor")
    browser = with_link(Purpose.AFTERWARDS, f"{row.pk}:{pair.mentor.person_id}", pair.mentor.person, code=False)
    url = reverse("portal:afterwards", args=[row.pk])
    assert "Would you like to be a mentor again?" in browser.get(url).content.decode()
    assert "We do not ask you again" in browser.post(url, {"stop": "1"}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == "unwanted"


def test_nobody_elses_link_opens_it(pair: Partnership, coordinator: Staff, with_link: WithLink, client: Client) -> None:
    end(coordinator, pair)
    row = asked(pair)
    url = reverse("portal:afterwards", args=[row.pk])
    assert client.get(url).status_code == 404
    crossed = with_link(Purpose.AFTERWARDS, f"{row.pk}:{pair.mentor.person_id}", pair.mentor.person, code=False)
    assert crossed.get(url).status_code == 404
    assert crossed.post(url, {"doing": "work"}).status_code == 404


# From mentee to mentor ------------------------------------------------------------------------------------------------


def test_she_becomes_a_mentor_from_what_is_known(
    pair: Partnership, coordinator: Staff, as_participant: AsParticipant
) -> None:
    her = pair.mentee
    Profile.objects.filter(pk=her.profile_id).update(occupation_title="Nurse", interests=("cooking",))
    become = reverse("portal:become_mentor")
    browser = as_participant(her.person)
    assert browser.get(become)["Location"] == reverse("portal:home")
    end(coordinator, pair, mentee="leaves", reason="goal")
    assert become in page(browser, "home")
    assert "Nurse" in browser.get(become).content.decode()
    for _twice in range(2):
        assert "We have got your application" in browser.post(become, follow=True).content.decode()
    application = Application.objects.get(person=her.person, role="mentor")
    assert (application.programme_id, application.division_id) == (her.programme_id, her.division_id)
    profile = Profile.objects.get(person=her.person, role="mentor")
    assert (profile.occupation_title, profile.interests) == ("Nurse", ("cooking",))
    assert Task.objects.filter(kind=Kind.INTERVIEW, target_id=application.pk).count() == 1
    assert become not in page(browser, "home")
    assert Enrolment.objects.filter(person=her.person).count() == 1
