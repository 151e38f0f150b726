"""People: the list, one person's page, the forms that correct what is known, and whom she must not meet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_application, make_enrolment, make_person, make_profile, user_of
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, Enrolment, Interview
from mentornet.intake.services.apart import keep_apart
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person, Profile
from mentornet.programmes.models import Programme
from pages import untranslated
from partnerships.couples import make_couple
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

NOTES = "CANARY-4711 she is afraid of her brother"


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def mentee(division: Division, programme: Programme, coordinator: Staff) -> Enrolment:
    return make_enrolment(
        Role.MENTEE,
        division,
        programme=programme,
        person=make_person("Amina", "Yusuf", email="amina@example.org", phone="+45 12 34 56 78", area="Vollsmose",
                           safe_contact="Text messages only"),
        enrolment={"since": TODAY - timedelta(days=143), "coordinator": user_of(coordinator)},
        languages={"ar": "C2", "da": "B1"},
        occupation="2221",
        occupation_title="sygeplejerske",
        topics=("recognition", "cv"),
        availability=("mon-evening", "sat-morning"),
        requires=("language:ar",),
        about="Jeg er sygeplejerske.",
        wishes="Gerne en kvinde.",
        provenance={"occupation": ["heard", "2026-03-02"], "topics": ["confirmed", "2026-03-03"]},
    )  # fmt: skip


@pytest.fixture
def interview(mentee: Enrolment, coordinator: Staff) -> Interview:
    at = coordinator.at
    return Interview.objects.create(
        application=mentee.application, at=at, held_at=at, created_at=at, interviewer=user_of(coordinator),
        shareable="Wants to work again.", coordinator_only=NOTES,
    )  # fmt: skip


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"desk:{name}", args=args), query)
    assert response.status_code == 200
    return str(response.content.decode())


def names(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("desk:people"), query)
    return [row.person.name for row in response.context["rows"]]


# The list -----------------------------------------------------------------------------------------------------------


def test_the_list_stands_in_danish_order(desk: Client, division: Division) -> None:
    for first, last in (("Åse", "Bro"), ("Zeinab", "Ali"), ("Anna", "Ø"), ("Anna", "Å"), ("Ærø", "X")):
        make_application(Role.MENTEE, division, person=make_person(first, last))
    assert names(desk) == ["Anna Ø", "Anna Å", "Zeinab Ali", "Ærø X", "Åse Bro"]


def test_search_and_filters_stand_in_the_address(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme, other_division: Division
) -> None:
    make_enrolment(Role.MENTOR, division, programme=programme, person=make_person("Karen", "Lund"))
    make_enrolment(Role.MENTOR, other_division, programme=programme, person=make_person("Amina", "Elsewhere"))
    assert names(desk) == ["Amina Yusuf", "Karen Lund"]
    assert names(desk, q="yus AMI") == names(desk, q="amina@") == names(desk, q="34") == ["Amina Yusuf"]
    assert names(desk, role="mentor") == names(desk, state="in_bank") == ["Karen Lund"]
    assert names(desk, state="waiting") == ["Amina Yusuf"]
    assert names(desk, state="in_bank", role="mentee") == []
    assert names(desk, division=str(other_division.pk)) == ["Amina Yusuf", "Karen Lund"]
    assert names(desk, state="nonsense", role="nonsense") == ["Amina Yusuf", "Karen Lund"]
    assert "Nobody is found" in page(desk, "people", q="nobody")


def test_the_list_says_where_each_stands(desk: Client, mentee: Enrolment) -> None:
    html = page(desk, "people")
    assert "Waiting 143 days" in html
    assert reverse("desk:person", args=[mentee.person_id]) in html


def test_the_fragment_is_the_list_alone(desk: Client, mentee: Enrolment) -> None:
    response = desk.get(reverse("desk:people"), headers={"hx-request": "true", "hx-target": "people-found"})
    html = response.content.decode()
    assert "Amina Yusuf" in html
    assert "<html" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    count: int, desk: Client, division: Division, programme: Programme, coordinator: Staff,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    for number in range(count):
        make_couple(coordinator, division, programme, names=(f"A{number}", f"B{number}"))
    page(desk, "people")
    with django_assert_num_queries(10):
        page(desk, "people")


# One person ---------------------------------------------------------------------------------------------------------


def test_the_page_tells_all_that_her_coordinators_work_with(
    desk: Client, mentee: Enrolment, interview: Interview
) -> None:
    html = page(desk, "person", mentee.person_id)
    for words in (
        "Amina Yusuf", "Waiting 143 days", "Find a mentor", "sygeplejerske", "heard at the interview, 2 March 2026",
        "confirmed by her, 3 March 2026", "The other side", "Coordinators", "Text messages only", "+4512345678",
        "amina@example.org", "Jeg er sygeplejerske.", "Wants to work again.", "Inger Holm", "speaks Arabic",
        "recognition of qualifications",
    ):  # fmt: skip
        assert words in html, words
    assert reverse("desk:match", args=[mentee.pk]) in html
    assert NOTES not in html
    assert not Entry.objects.filter(kind="read").exists()


def test_where_most_facts_come_from_is_said_once(desk: Client, mentee: Enrolment) -> None:
    told = {name: ["heard", "2026-03-02"] for name in ("occupation", "requires", "availability", "about")}
    Profile.objects.filter(pk=mentee.profile_id).update(provenance=told | {"topics": ["confirmed", "2026-03-03"]})
    html = page(desk, "person", mentee.person_id)
    assert html.count("Where nothing else is said: heard at the interview, 2 March 2026") == 1
    # Beside each of them it is there for whoever listens; another source is there for everybody.
    assert html.count('<span class="visually-hidden"> (heard at the interview, 2 March 2026)</span>') == 4
    assert html.count("<span>confirmed by her, 3 March 2026</span>") == 1


def test_two_sources_of_two_facts_are_said_beside_them(desk: Client, mentee: Enrolment) -> None:
    assert "Where nothing else is said" not in page(desk, "person", mentee.person_id)


def test_reading_the_notes_is_noted(desk: Client, mentee: Enrolment, interview: Interview, coordinator: Staff) -> None:
    url = reverse("desk:interview_notes", args=[interview.pk])
    assert desk.get(url).status_code == 405
    html = desk.post(url).content.decode()
    assert NOTES in html
    [entry] = Entry.objects.filter(kind="read")
    assert (entry.actor, entry.object_id) == (coordinator.key, str(interview.pk))
    assert "Read what is for coordinators only" in page(desk, "person", mentee.person_id)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_a_long_story_as_for_a_short_one(
    count: int, desk: Client, division: Division, programme: Programme, coordinator: Staff,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    person = make_couple(coordinator, division, programme).mentor.person
    for _ in range(count - 1):
        make_enrolment(Role.MENTOR, division, person=person)
    page(desk, "person", person.pk)
    with django_assert_num_queries(21):
        page(desk, "person", person.pk)


def test_another_division_answers_as_if_nobody_was_there(
    client: Client, sign_in: SignIn, other_coordinator: Staff, mentee: Enrolment, interview: Interview
) -> None:
    elsewhere = sign_in(client, other_coordinator)
    person = mentee.person_id
    for name, args in (
        ("person", [person]), ("person_details", [person]), ("person_profile", [person, "mentee"]),
        ("person_apart", [person]), ("person_keep_apart", [person]), ("person_let_meet", [person, 1]),
        ("interview_notes", [interview.pk]), ("give_word", [mentee.pk]), ("enrolment_rest", [mentee.pk]),
        ("enrolment_wake", [mentee.pk]), ("enrolment_brief", [mentee.pk]), ("enrolment_capacity", [mentee.pk]),
        ("enrolment_end", [mentee.pk]), ("enrolment_resume", [mentee.pk]), ("enrolment_hand_over", [mentee.pk]),
    ):  # fmt: skip
        assert elsewhere.post(reverse(f"desk:{name}", args=args)).status_code == 404, name
    assert not Entry.objects.filter(kind="read").exists()
    assert desk_sees_nothing(elsewhere)


def desk_sees_nothing(client: Client) -> bool:
    return names(client) == []


# Correcting what is known -------------------------------------------------------------------------------------------


def _profile(mentee: Enrolment, **changes: Any) -> dict[str, Any]:
    profile = Profile.objects.get(pk=mentee.profile_id)
    return {
        "occupation_title": "sygeplejerske", "occupation": "2221", "sector": "", "education": "",
        "language_0": "ar", "level_0": "C2", "language_1": "da", "level_1": "B1",
        "goal_0": "recognition", "goal_1": "cv", "interests": "", "practise_danish": "", "needs_experience": "",
        "availability": ["mon-evening", "sat-morning"], "requires": "language:ar", "about": "Jeg er sygeplejerske.",
        "wishes": "Gerne en kvinde.", "source": "heard", "seen": profile.stamp,
    } | changes  # fmt: skip


def _save(desk: Client, mentee: Enrolment, **changes: Any) -> Any:
    return desk.post(reverse("desk:person_profile", args=[mentee.person_id, "mentee"]), _profile(mentee, **changes))


def test_only_what_was_changed_gets_a_new_source(desk: Client, mentee: Enrolment) -> None:
    response = _save(desk, mentee, sector="sundhed", goal_0="cv", goal_1="recognition", interests="kor, have")
    assert response.status_code == 302
    profile = Profile.objects.get(pk=mentee.profile_id)
    assert (profile.sector, profile.topics, profile.interests) == ("sundhed", ("cv", "recognition"), ("kor", "have"))
    assert profile.availability == ("mon-evening", "sat-morning")
    today = TODAY.isoformat()
    assert profile.provenance == {
        "occupation": ["heard", "2026-03-02"],
        "topics": ["heard", today],
        "sector": ["heard", today],
        "interests": ["heard", today],
    }


def test_she_confirms_all_of_it(desk: Client, mentee: Enrolment) -> None:
    _save(desk, mentee, source="confirmed")
    sources = {source for source, _day in Profile.objects.get(pk=mentee.profile_id).provenance.values()}
    assert sources == {"confirmed"}


def test_languages_are_changed_with_their_levels(desk: Client, mentee: Enrolment) -> None:
    _save(desk, mentee, language_0="", level_0="", language_2="uk", level_2="")
    assert [str(skill) for skill in mentee.person.languages.all()] == ["da:B1", "uk"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"language_1": "ar"}, "This language stands above already."),
        ({"goal_1": "recognition"}, "This goal stands above already."),
        ({"language_3": "", "level_3": "B2"}, "Choose the language that this level is of."),
        ({"requires": "must be kind"}, "must be kind"),
        ({"hours_per_month": "0"}, "greater than or equal to 0.25"),
    ],
)
def test_a_wrong_profile_keeps_what_was_typed(
    changes: dict[str, str], words: str, desk: Client, mentee: Enrolment
) -> None:
    response = _save(desk, mentee, wishes="Something typed", **changes)
    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    assert "Something typed" in html
    assert Profile.objects.get(pk=mentee.profile_id).wishes == "Gerne en kvinde."


def test_a_profile_changed_meanwhile_is_not_written_over(desk: Client, mentee: Enrolment) -> None:
    typed = _profile(mentee, wishes="Mine")
    _save(desk, mentee, wishes="Hers")
    html = desk.post(reverse("desk:person_profile", args=[mentee.person_id, "mentee"]), typed).content.decode()
    assert "Somebody else has changed this profile meanwhile" in html
    assert "Mine" in html
    assert Profile.objects.get(pk=mentee.profile_id).wishes == "Hers"


def test_details_are_changed_and_refused(desk: Client, mentee: Enrolment) -> None:
    url = reverse("desk:person_details", args=[mentee.person_id])
    typed = {"first_name": "Amina", "last_name": "Noor", "email": "no address", "language": "da"}
    assert "no address" in desk.post(url, typed).content.decode()
    assert desk.post(url, typed | {"email": "new@example.org"}).status_code == 302
    person = Person.objects.get(pk=mentee.person_id)
    assert (person.last_name, person.email, person.search_text) == ("Noor", "new@example.org", "amina noor")


# Whom she must not meet ---------------------------------------------------------------------------------------------


def test_two_are_kept_apart_and_reading_it_is_noted(desk: Client, mentee: Enrolment, division: Division) -> None:
    other = make_application(Role.MENTOR, division, person=make_person("Karen", "Lund")).person
    url = reverse("desk:person_keep_apart", args=[mentee.person_id])
    assert "Karen Lund" in page(desk, "person_keep_apart", mentee.person_id, q="karen")
    desk.post(url, {"other": str(other.pk), "reason": "CANARY neighbours"})
    avoidance = Avoidance.objects.get()
    for person in (mentee.person_id, other.pk):
        html = page(desk, "person", person)
        assert "There is somebody." in html
        assert "CANARY" not in html
    assert not Entry.objects.filter(kind="read").exists()
    shown = reverse("desk:person_apart", args=[other.pk])
    assert desk.get(shown).status_code == 405
    html = desk.post(shown).content.decode()
    assert "CANARY neighbours" in html
    assert "Amina Yusuf" in html
    assert Entry.objects.get(kind="read").act == "intake.read_apart"
    back = reverse("desk:person_let_meet", args=[other.pk, avoidance.pk])
    for _ in range(2):
        assert desk.post(back).status_code == 302
    assert not Avoidance.objects.exists()


def test_somebody_of_another_division_stays_unnamed(
    desk: Client, mentee: Enrolment, national_lead: Staff, other_division: Division
) -> None:
    stranger = make_application(Role.MENTOR, other_division, person=make_person("Secret", "Stranger")).person
    keep_apart(by=national_lead, application=mentee.application, other=stranger)
    html = desk.post(reverse("desk:person_apart", args=[mentee.person_id])).content.decode()
    assert "Somebody of another division" in html
    assert "Stranger" not in html
    url = reverse("desk:person_keep_apart", args=[mentee.person_id])
    assert "Stranger" not in page(desk, "person_keep_apart", mentee.person_id, q="secret")
    desk.post(url, {"other": str(stranger.pk)})
    assert Avoidance.objects.count() == 1


# Words --------------------------------------------------------------------------------------------------------------


def test_nothing_is_left_untranslated(
    desk: Client, mentee: Enrolment, interview: Interview, division: Division
) -> None:
    mentor = make_person("Karen")
    make_profile(mentor, Role.MENTOR, min_danish="B1", pairs_before=2)
    make_application(Role.MENTOR, division, person=mentor)
    desk.cookies["django_language"] = "xb"
    for html in (
        page(desk, "people"),
        page(desk, "people", q="nobody"),
        page(desk, "person", mentee.person_id),
        page(desk, "person", mentor.pk),
        page(desk, "person_details", mentee.person_id),
        page(desk, "person_profile", mentee.person_id, "mentee"),
        page(desk, "person_profile", mentor.pk, "mentor"),
        page(desk, "person_keep_apart", mentee.person_id),
        _save(desk, mentee, language_1="ar", requires="x").content.decode(),
        desk.post(reverse("desk:person_apart", args=[mentee.person_id])).content.decode(),
        desk.post(reverse("desk:interview_notes", args=[interview.pk])).content.decode(),
    ):
        assert untranslated(html) == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_both_languages_render(language: str, desk: Client, mentee: Enrolment) -> None:
    desk.cookies["django_language"] = language
    for name, args in (
        ("people", []),
        ("person", [mentee.person_id]),
        ("person_profile", [mentee.person_id, "mentee"]),
    ):
        assert f'lang="{language}"' in page(desk, name, *args)


def test_an_application_without_a_profile_has_a_page(desk: Client, division: Division) -> None:
    application = make_application(Role.MENTEE, division)
    assert "Book the interview" in page(desk, "person", application.person_id)
    assert Application.objects.count() == 1
