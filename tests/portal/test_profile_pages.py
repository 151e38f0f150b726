"""Her profile as each may see it, by the field registry; what she corrects; who has seen it; what she asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from factories.customs import a_custom
from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_staff, saved
from mentornet.agenda.models import Kind, Task
from mentornet.common import fields
from mentornet.common.fields import Level
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment, Wish
from mentornet.intake.services import places, wishes
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person, Profile
from mentornet.people.own_answers import change_customs
from mentornet.people.participants import Participant
from mentornet.programmes.queries import current_version
from mentornet.web.portal.profile import shown
from mentornet.web.portal.profile.shown import Reader
from reference.customs import written_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

AsParticipant = Callable[[Person], Client]
PROFILE = "/my/profile/"


def page_of(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def mentee(division: Division) -> Enrolment:
    """A mentee in whose every field something unmistakable stands."""
    person = make_person(
        "Introfirst",
        "Partnerlast",
        area="Introarea",
        postcode="5999",
        email="casemail@example.org",
        phone="61 62 63 64",
        safe_contact="Casesafe",
        birth_year=1987,
        contact_way="text",
        contact_from=time(9, 15),
        contact_until=time(17, 45),
        hides_network=True,
    )
    return make_enrolment(
        Role.MENTEE,
        division,
        person=person,
        languages={"ar": "C2", "da": "B1"},
        about="Introabout",
        occupation="2221",
        occupation_title="Introwork",
        topics=("job_search", "cv"),
        interests=("introbaking",),
        sector="Casesector",
        education=7,
        availability=("mon-evening",),
        meeting=("online",),
        hours_per_month=3,
        months=9,
        wishes="Casewish",
        practise_danish=True,
        needs_experience=False,
        provenance={"wishes": ["heard", "2026-01-15"], "about": ["self_reported", "2026-02-01"]},
    )


def names_seen(enrolment: Enrolment, reader: Reader) -> set[str]:
    person = enrolment.person
    return {row.name for row in shown.rows(person, enrolment.profile, list(person.languages.all()), reader)}


# Who sees what --------------------------------------------------------------------------------------------------------


def test_each_reader_sees_what_the_registry_says(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser = as_participant(mentee.person)
    before = page_of(browser, f"{PROFILE}?reader=before")
    after = page_of(browser, f"{PROFILE}?reader=after")
    office = page_of(browser, f"{PROFILE}?reader=office")
    hers = page_of(browser, PROFILE)
    for word in ("Introfirst", "Introarea", "Introabout", "Introwork", "introbaking", "Arabic", "finding a job"):
        for page in (before, after, office, hers):
            assert word in page, word
    assert "Partnerlast" not in before
    for page in (after, office, hers):
        assert "Partnerlast" in page
    for word in ("casemail@", "61 62 63 64", "Casesafe", "Casesector", "Casewish", "5999", "1987"):
        assert word not in before, word
        assert word not in after, word
        assert word in office, word
        assert word in hers, word


def test_field_of_a_higher_level_disappears(mentee: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: the page has no list of its own. What the registry raises is gone, what it lowers appears.
    assert "about" in names_seen(mentee, Reader.INTRODUCED)
    assert "wishes" not in names_seen(mentee, Reader.INTRODUCED)
    registry = fields._REGISTRY["people.Profile"]
    monkeypatch.setitem(registry, "about", replace(registry["about"], level=Level.RESTRICTED))
    monkeypatch.setitem(registry, "wishes", replace(registry["wishes"], level=Level.INTRODUCTION))
    assert "about" not in names_seen(mentee, Reader.INTRODUCED)
    assert "about" not in names_seen(mentee, Reader.HERSELF)
    assert "wishes" in names_seen(mentee, Reader.INTRODUCED)


def test_fact_of_two_columns_takes_the_stricter_one(mentee: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "languages" in names_seen(mentee, Reader.INTRODUCED)
    registry = fields._REGISTRY["people.LanguageSkill"]
    monkeypatch.setitem(registry, "level", replace(registry["level"], level=Level.CASEWORK))
    assert "languages" not in names_seen(mentee, Reader.INTRODUCED)


def test_every_declared_fact_of_hers_is_shown_to_her(mentee: Enrolment, division: Division) -> None:
    mentor = make_enrolment(Role.MENTOR, division)
    change_customs(
        by=make_staff(StaffRole.NATIONAL_LEAD),
        programme=mentee.programme,
        seen=current_version(mentee.programme_id).number,
        customs=written_all([a_custom("children")]),
        author_name="Lead",
        reason="We have seen it help.",
    )
    mentee.profile.answers = {"children": True}
    hers = names_seen(mentee, Reader.HERSELF) | {
        row.name for row in shown.rows(mentor.person, mentor.profile, [], Reader.HERSELF)
    }
    # Not facts: what holds rows together, what follows from others, and how she signs in, which has a page of its own.
    aside = {"search_text", "sort_key", "user", "contact_until", "provenance", "requires", "pairs_before"}
    for model in ("people.Person", "people.Profile"):
        known = {
            name for name, policy in fields.declared(model).items() if policy.purpose != "holds the record together"
        }
        assert known - aside <= hers | {"languages"}


def test_answers_to_a_programmes_own_questions_stand_on_her_page(
    mentee: Enrolment, as_participant: AsParticipant
) -> None:
    def page() -> str:
        return as_participant(mentee.person).get(reverse("portal:profile")).content.decode()

    mentee.profile.answers = {"children": True, "asked_no_more": "few"}
    mentee.profile.save()
    assert "Question children" not in page()
    change_customs(
        by=make_staff(StaffRole.NATIONAL_LEAD),
        programme=mentee.programme,
        seen=current_version(mentee.programme_id).number,
        customs=written_all([a_custom("children")]),
        author_name="Lead",
        reason="We have seen it help.",
    )
    assert "Question children" in page()
    assert "asked_no_more" not in page()


def test_sources_and_days_in_plain_words(mentee: Enrolment, as_participant: AsParticipant) -> None:
    page = page_of(as_participant(mentee.person), PROFILE)
    assert "15 January 2026" in page
    assert "You wrote this, 1 February 2026" in page
    assert "You wrote this" not in page_of(as_participant(mentee.person), f"{PROFILE}?reader=before")
    assert page.index("Only the office reads this") < page.index("Casewish")
    assert page.index("Somebody whom we suggest to you reads this too") < page.index("Introabout")


def test_two_roles_are_two_profiles(mentee: Enrolment, division: Division, as_participant: AsParticipant) -> None:
    make_enrolment(Role.MENTOR, division, person=mentee.person, about="Asmentorabout")
    browser = as_participant(mentee.person)
    page = page_of(browser, f"{PROFILE}?role=mentor")
    assert "Asmentorabout" in page
    assert "Introabout" not in page
    assert "A mentee, before you both say yes" in page
    # What is nobody's role or reader shows her own page.
    assert "Introabout" in page_of(browser, f"{PROFILE}?role=queen&reader=king")


def test_before_the_interview_there_is_no_profile(as_participant: AsParticipant) -> None:
    browser = as_participant(make_person("Amina"))
    assert "There is no profile yet" in page_of(browser, PROFILE)
    assert "There is no profile yet" in page_of(browser, reverse("portal:availability"))


def test_as_many_questions_to_the_database_whatever_is_known(
    mentee: Enrolment, division: Division, as_participant: AsParticipant
) -> None:
    bare = make_enrolment(Role.MENTEE, division, languages={})
    counts = []
    for one in (bare, mentee):
        browser = as_participant(one.person)
        browser.get(PROFILE)
        with CaptureQueriesContext(connection) as asked:
            browser.get(PROFILE)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Correcting -----------------------------------------------------------------------------------------------------------


def test_she_corrects_one_fact(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser, url = as_participant(mentee.person), reverse("portal:profile_fact", args=["mentee", "wishes"])
    assert "Casewish" in page_of(browser, url)
    answer = browser.post(url, {"wishes": "Somebody who laughs", "seen": str(mentee.profile.stamp)})
    assert answer.status_code == 302
    profile = Profile.objects.get(pk=mentee.profile_id)
    assert profile.wishes == "Somebody who laughs"
    assert profile.provenance["wishes"] == ["self_reported", TODAY.isoformat()]
    # Somebody else has the older page open.
    answer = browser.post(url, {"wishes": "Another", "seen": str(mentee.profile.stamp)})
    assert answer.status_code == 200
    assert "just been changed" in answer.content.decode()
    assert "Another" in answer.content.decode()


@pytest.mark.parametrize("name", ["occupation", "requires", "pairs_before", "first_name", "stamp", "provenance", "x"])
def test_what_is_not_hers_to_write_has_no_page(mentee: Enrolment, as_participant: AsParticipant, name: str) -> None:
    browser = as_participant(mentee.person)
    assert browser.get(reverse("portal:profile_fact", args=["mentee", name])).status_code == 404
    assert browser.get(reverse("portal:profile_fact", args=["mentor", "about"])).status_code == 302
    assert browser.get(reverse("portal:details", args=[name])).status_code == 404


def test_her_work_and_its_group_on_one_page(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser, name = as_participant(mentee.person), "occupation_title"
    url = reverse("portal:profile_fact", args=["mentee", name])
    assert page_of(browser, reverse("portal:profile")).count(f'href="{url}"') == 2
    seen = {"seen": str(mentee.profile.stamp)}
    assert 'name="occupation" value="2221" checked' in page_of(browser, url)
    looked = browser.post(url, seen | {name: "bus driver", "look": "1"})
    assert 'name="occupation" value="8331"' in looked.content.decode()
    stale = browser.post(url, seen | {name: "bus driver", "occupation": "2221", "looked_for": "Introwork"})
    assert "Choose once more which of these fits." in stale.content.decode()
    assert Profile.objects.get(pk=mentee.profile_id).occupation == "2221"
    chosen = {name: "bus driver", "occupation": "8331", "looked_for": "bus driver"}
    assert browser.post(url, seen | chosen).status_code == 302
    profile = Profile.objects.get(pk=mentee.profile_id)
    assert (profile.occupation_title, profile.occupation) == ("bus driver", "8331")
    hers = ["self_reported", TODAY.isoformat()]
    assert (profile.provenance[name], profile.provenance["occupation"]) == (hers, hers)


def test_languages(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser, url = as_participant(mentee.person), reverse("portal:profile_fact", args=["mentee", "languages"])
    page = page_of(browser, url)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    data = {"language_0": "fa", "level_0": "C2", "language_1": "da", "level_1": "B2", "seen": seen}
    assert browser.post(url, data).status_code == 302
    assert list(mentee.person.languages.values_list("code", "level")) == [("fa", "C2"), ("da", "B2")]
    assert browser.post(url, data).status_code == 200


def test_times_on_one_page(mentee: Enrolment, as_participant: AsParticipant, coordinator: Staff) -> None:
    browser, url = as_participant(mentee.person), reverse("portal:availability")
    page = page_of(browser, url)
    assert page.count('name="availability"') == 21
    assert "You have chosen 1 time of 21 in a week." in page
    places.hold(by=coordinator, enrolment=mentee)
    data = {
        "availability": ["mon-evening", "sat-morning"],
        "meeting": ["online"],
        "hours_per_month": "2.5",
        "months": "9",
        "seen": str(mentee.profile.stamp),
    }
    answer = browser.post(url, data, follow=True)
    assert "your coordinator sees that this is new" in answer.content.decode()
    profile = Profile.objects.get(pk=mentee.profile_id)
    assert (profile.availability, profile.hours_per_month) == (("mon-evening", "sat-morning"), 2.5)
    assert Task.objects.filter(kind=Kind.CHANGED, target_id=mentee.person_id).exists()
    bad = browser.post(url, data | {"hours_per_month": "many", "seen": str(profile.stamp)})
    assert 'value="many"' in bad.content.decode()


def test_how_she_is_reached(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser, person = as_participant(mentee.person), mentee.person
    url = reverse("portal:details", args=["contact"])
    seen = page_of(browser, url).split('name="seen" value="')[1].split('"')[0]
    data = {"contact_way": "email", "email": "", "phone": "61 62 63 64", "seen": seen}
    assert "Write your e-mail address" in browser.post(url, data).content.decode()
    data |= {"contact_way": "call"}
    assert browser.post(url, data).status_code == 302
    person.refresh_from_db()
    assert (person.contact_way, person.email) == ("call", "")
    assert "just been changed" in browser.post(url, data | {"phone": "1"}).content.decode()


def test_safe_hours_are_both_or_none(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser, url = as_participant(mentee.person), reverse("portal:details", args=["safety"])
    page = page_of(browser, url)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    data = {"safe_contact": "Never in the evening", "contact_from": "22:00", "contact_until": "", "seen": seen}
    assert "Write both hours, or none." in browser.post(url, data).content.decode()
    assert browser.post(url, data | {"contact_until": "06:00"}).status_code == 302
    mentee.person.refresh_from_db()
    assert (mentee.person.contact_from, mentee.person.hides_network) == (time(22), False)


# Who has seen it, and what she asks for -------------------------------------------------------------------------------


def test_who_has_seen_her(
    mentee: Enrolment, division: Division, coordinator: Staff, as_participant: AsParticipant
) -> None:
    browser, url = as_participant(mentee.person), reverse("portal:seen")
    page = page_of(browser, url)
    assert "Nobody yet." in page
    assert "Nobody has opened notes about you" in page
    mentor = make_enrolment(Role.MENTOR, division, person=make_person("Birgit", "KANARIE"))
    places.hold(by=coordinator, enrolment=mentee)
    places.take(by=coordinator, enrolment=mentee)
    saved(
        Partnership(mentee=mentee, mentor=mentor, division=division, matched_on=TODAY, created_at=AT),
    )
    by = Participant(person_id=mentee.person_id, name="Amina", at=AT)
    wishes.read_wish(by=coordinator, wish=wishes.make_wish(by=by, kind="other", words="Hello"))
    page = page_of(browser, url)
    assert "On 2 March 2026 <bdi>Birgit</bdi> became your partner" in page
    assert "1 time, on 2 March 2026" in page
    assert "KANARIE" not in page
    hers = page_of(as_participant(mentor.person), url)
    assert "<bdi>Introfirst</bdi> became your partner" in hers
    assert "Nobody has opened notes about you" in hers


@pytest.mark.parametrize("kind", ["leave", "apart", "data", "other"])
def test_what_she_asks_for_reaches_her_coordinator(mentee: Enrolment, as_participant: AsParticipant, kind: str) -> None:
    browser, url = as_participant(mentee.person), reverse("portal:ask", args=[kind])
    page_of(browser, url)
    answer = browser.post(url, {"words": "KANARIE"}, follow=True)
    assert "Your coordinator reads it" in answer.content.decode()
    assert "KANARIE" not in answer.content.decode()
    assert Task.objects.filter(kind=Kind.WISH, target_id=Wish.objects.get(kind=kind).pk).exists()
    assert "What you write now is added." in page_of(browser, url)


def test_leaving_needs_no_words_and_deletes_nothing(mentee: Enrolment, as_participant: AsParticipant) -> None:
    browser = as_participant(mentee.person)
    assert browser.post(reverse("portal:ask", args=["apart"]), {"words": ""}).status_code == 200
    assert browser.post(reverse("portal:ask", args=["leave"]), {"words": ""}).status_code == 302
    assert Enrolment.objects.get(pk=mentee.pk).ended_on is None
    assert "Your coordinator calls you before anything is changed." in page_of(browser, reverse("portal:leaving"))
    assert browser.get(reverse("portal:ask", args=["money"])).status_code == 404


def test_text_messages_are_offered_where_they_leave(
    mentee: Enrolment, as_participant: AsParticipant, settings: Settings, tmp_path: Path
) -> None:
    browser, words = as_participant(mentee.person), "By text message"
    url = reverse("portal:details", args=["contact"])
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    assert words in page_of(browser, url)
    settings.SMS_URL = ""
    # Hers stays until she chooses another one: taken away, she would be written to in a way that she has not chosen.
    assert words in page_of(browser, url)
    assert "We cannot send text messages from here now." in page_of(browser, url)
    Person.objects.filter(pk=mentee.person_id).update(contact_way="email")
    assert words not in page_of(browser, url)
