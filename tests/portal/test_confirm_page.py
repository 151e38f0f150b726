"""She reads what was written about her in her language, corrects it fact by fact, and says that it is right."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import make_application, make_person, make_profile
from intake.planning import herself
from mentornet.accounts.enums import Purpose
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Interview, ProfileConfirmation
from mentornet.intake.services.confirmations import ask_to_confirm, confirm_profile
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.web.portal import facts
from pages import untranslated
from portal.conftest import WithLink
from signing import CountQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


def make(role: str, division: Division, by: Staff) -> Application:
    application = make_application(
        role,
        division,
        person=make_person("Amina", "Yusuf-CANARY", area="Vollsmose", language="en", email="amina@example.org"),
        state=ApplicationState.INTERVIEWED,
    )
    make_profile(
        application.person, role, languages={"ar": "C2", "da": "B1"}, occupation="2221", occupation_title="Nurse",
        topics=("cv", "network"), interests=("cooking",), about="I like people.", sector="health", education=6,
        availability=("mon-evening", "tue-morning"), meeting=("in person",), hours_per_month=2.5, months=6,
        wishes="A calm one", requires=("language:ar", "online"),
        **({"practise_danish": True} if role == "mentee" else {"min_danish": "B1", "pairs_before": 2}),
    )  # fmt: skip
    ask_to_confirm(by=by, application=application, author_name="Inger")
    return application


@pytest.fixture
def application(division: Division, coordinator: Staff) -> Application:
    return make("mentee", division, coordinator)


@pytest.fixture
def hers(application: Application, with_link: WithLink) -> Client:
    return with_link(Purpose.CONFIRM, str(application.pk), application.person)


def address(application: Application, *name: str) -> str:
    return reverse("portal:confirm_fact" if name else "portal:confirm", args=[application.pk, *name])


def test_she_reads_all_of_it_by_who_sees_it(hers: Client, application: Application) -> None:
    html = hers.get(address(application)).content.decode()
    introduction, _, casework = html.partition("Only we at the office read this")
    for words in ("Amina", "Vollsmose", "Arabic", "Nurse", "the CV", "cooking", "I like people."):
        assert words in introduction
    for words in ("health", "A bachelor’s degree", "Monday: Evening", "We meet in person", "2.5", "A calm one",
                  "She speaks", "You want to practise Danish"):  # fmt: skip
        assert words in casework
        assert words not in introduction
    # What nobody but the office is told of her stands nowhere in the part that the other side reads.
    assert "Yusuf-CANARY" not in html
    assert "amina@example.org" not in html


def test_what_coordinators_keep_to_themselves_is_not_here(
    hers: Client, application: Application, coordinator: Staff
) -> None:
    Interview.objects.create(
        application=application, at=coordinator.at, held_at=coordinator.at, interviewer_id=coordinator.user_id,
        shareable="CANARY-1", coordinator_only="CANARY-2", created_at=coordinator.at,
    )  # fmt: skip
    html = hers.get(address(application)).content.decode()
    assert "CANARY" not in html.replace("Yusuf-CANARY", "")


def test_without_the_code_nothing_is_shown(application: Application, with_link: WithLink) -> None:
    browser = with_link(Purpose.CONFIRM, str(application.pk), application.person, code=False)
    for url in (address(application), address(application, "about")):
        response = browser.get(url)
        assert response.status_code == 302
        assert reverse("portal:code") in response["Location"]


def test_another_ones_page_does_not_exist(hers: Client, division: Division) -> None:
    other = make_application("mentee", division, state=ApplicationState.INTERVIEWED)
    assert hers.get(address(other)).status_code == 404
    assert hers.post(address(other), {"seen": "1"}).status_code == 404


CORRECTIONS = {
    "first_name": ({"first_name": "Aamina"}, "Aamina"),
    "area": ({"area": "Bolbro"}, "Bolbro"),
    "sector": ({"sector": "Hospitals"}, "Hospitals"),
    "about": ({"about": "I like to cook."}, "I like to cook."),
    "wishes": ({"wishes": ""}, ""),
    "interests": ({"interests": "كرة القدم، الطبخ"}, ("كرة القدم", "الطبخ")),
    "practise_danish": ({"practise_danish": "no"}, False),
    "needs_experience": ({"needs_experience": "yes"}, True),
    "hours_per_month": ({"hours_per_month": "4"}, 4.0),
    "months": ({"months": "12"}, 12.0),
    "education": ({"education": "7"}, 7),
    "meeting": ({"meeting": ["online"]}, ("online",)),
    "availability": ({"availability": ["sat-morning"]}, ("sat-morning",)),
    "topics": ({"goal_0": "danish", "goal_1": "cv"}, ("danish", "cv")),
}


@pytest.mark.parametrize("name", CORRECTIONS)
def test_each_fact_can_be_corrected(name: str, hers: Client, application: Application) -> None:
    given, stored = CORRECTIONS[name]
    assert hers.get(address(application, name)).status_code == 200
    response = hers.post(address(application, name), given)
    assert response["Location"] == f"{address(application)}#fact-{name}"
    profile = Profile.objects.get()
    row = Person.objects.get() if name in facts.OF_PERSON else profile
    assert getattr(row, name) == stored
    assert list(ProfileConfirmation.objects.get().corrected) == [name]
    if name not in facts.OF_PERSON and stored != "":
        assert profile.provenance[name][0] == "confirmed"


def test_her_languages_can_be_corrected(hers: Client, application: Application) -> None:
    given = {"language_0": "ar", "level_0": "C2", "language_1": "so", "level_1": "", "language_2": "", "level_2": ""}
    hers.post(address(application, "languages"), given)
    assert list(LanguageSkill.objects.values_list("code", "level")) == [("ar", "C2"), ("so", "")]
    wrong = {"language_0": "ar", "level_0": "C2", "language_1": "ar", "level_2": "B1"}
    html = hers.post(address(application, "languages"), wrong).content.decode()
    assert "You have chosen this language already." in html
    assert "Choose which language this is." in html


WORK = "occupation_title"


def test_her_words_for_her_work_and_its_group_are_corrected_together(hers: Client, application: Application) -> None:
    # Both rows lead to the one page.
    assert hers.get(address(application)).content.decode().count(f'href="{address(application, WORK)}"') == 2
    opened = hers.get(address(application, WORK)).content.decode()
    assert '<input type="hidden" name="looked_for" value="Nurse">' in opened
    assert 'value="2221" checked' in opened
    # Without JavaScript: looked for, then chosen.
    looked = hers.post(
        address(application, WORK), {WORK: "Midwife", "occupation": "2221", "looked_for": "Nurse", "look": "1"}
    )
    assert looked.status_code == 200
    assert '<input type="hidden" name="looked_for" value="Midwife">' in looked.content.decode()
    assert 'name="occupation" value="2222"' in looked.content.decode()
    assert 'name="occupation" value="2221"' not in looked.content.decode()
    assert not ProfileConfirmation.objects.get().corrected
    saved = hers.post(address(application, WORK), {WORK: "Midwife", "occupation": "2222", "looked_for": "Midwife"})
    assert saved["Location"] == f"{address(application)}#fact-{WORK}"
    profile = Profile.objects.get()
    assert (profile.occupation_title, profile.occupation) == ("Midwife", "2222")
    assert (profile.provenance[WORK][0], profile.provenance["occupation"][0]) == ("confirmed", "confirmed")
    assert ProfileConfirmation.objects.get().corrected == {WORK: "Nurse", "occupation": "2221"}


def test_a_group_for_other_words_is_never_kept_unseen(hers: Client, application: Application) -> None:
    answer = hers.post(address(application, WORK), {WORK: "Midwife", "occupation": "2221", "looked_for": "Nurse"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "You have written other words. Choose once more which of these fits." in html
    assert 'name="occupation" value="2222"' in html
    assert (Profile.objects.get().occupation_title, Profile.objects.get().occupation) == ("Nurse", "2221")
    # None of these: her own words alone.
    hers.post(address(application, WORK), {WORK: "Midwife", "occupation": "", "looked_for": "Midwife"})
    assert (Profile.objects.get().occupation_title, Profile.objects.get().occupation) == ("Midwife", "")


def test_every_fact_of_both_roles_has_its_form(division: Division, coordinator: Staff, with_link: WithLink) -> None:
    application = make("mentor", division, coordinator)
    browser = with_link(Purpose.CONFIRM, str(application.pk), application.person)
    for role in Role:
        names = set(facts.names_for(role))
        assert names - {"practise_danish", "needs_experience", "min_danish", "pairs_before"} < set(facts.ORDER)
    for name in facts.names_for("mentor"):
        status = 404 if name in facts.FIXED else 200
        assert browser.get(address(application, name)).status_code == status, name
    for name in ("practise_danish", "email", "nothing"):
        assert browser.get(address(application, name)).status_code == 404


def test_what_cannot_be_stored_is_kept_and_said(hers: Client, application: Application) -> None:
    response = hers.post(address(application, "hours_per_month"), {"hours_per_month": "9999"})
    assert response.status_code == 422
    assert "9999" in response.content.decode()
    response = hers.post(address(application, "first_name"), {"first_name": ""})
    assert response.status_code == 422
    assert not ProfileConfirmation.objects.get().corrected


def test_she_says_that_it_is_right(hers: Client, application: Application) -> None:
    seen = Profile.objects.get().stamp
    html = hers.post(address(application), {"seen": str(seen)}, follow=True).content.decode()
    assert "Thank you. We know now that it is right." in html
    assert "You told us on 2 March 2026 that this is right." in html
    assert "We write to you about what happens next." in html
    assert ProfileConfirmation.objects.get().language == "en"
    # Now it is read, not changed.
    assert hers.get(address(application, "about")).status_code == 302
    assert address(application, "about") not in html


def test_what_changed_meanwhile_she_reads_once_more(hers: Client, application: Application) -> None:
    seen = Profile.objects.get().stamp
    hers.post(address(application, "about"), {"about": "New"})
    html = hers.post(address(application), {"seen": str(seen)}, follow=True).content.decode()
    assert "Please read it once more" in html
    for wrong in ("", "x", "-1"):
        hers.post(address(application), {"seen": wrong})
    assert ProfileConfirmation.objects.get().confirmed_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_after_one_confirmation_as_after_three(
    count: int, hers: Client, application: Application, coordinator: Staff, django_assert_num_queries: CountQueries
) -> None:
    for _ in range(count):
        seen = Profile.objects.get().stamp
        confirm_profile(by=herself(application), application=application, language="en", seen=seen)
        ask_to_confirm(by=coordinator, application=application, author_name="Inger")
    hers.get(address(application))
    with django_assert_num_queries(9):
        hers.get(address(application))


def test_nothing_is_left_untranslated(hers: Client, application: Application) -> None:
    hers.cookies["django_language"] = "xb"
    pages = [hers.get(address(application))]
    pages += [hers.get(address(application, name)) for name in (*CORRECTIONS, WORK, "languages")]
    pages += [hers.post(address(application, "hours_per_month"), {"hours_per_month": "9999"})]
    pages += [hers.post(address(application), {"seen": str(Profile.objects.get().stamp)}, follow=True)]
    for page in pages:
        assert untranslated(page.content.decode()) == []


def test_her_work_is_named_in_her_language(hers: Client) -> None:
    Profile.objects.update(occupation="2221")
    hers.cookies["django_language"] = "ar"
    html = hers.get(address(Application.objects.get())).content.decode()
    assert '<span lang="ar">ممرضة</span>' in html
    assert "Nurses" not in html
