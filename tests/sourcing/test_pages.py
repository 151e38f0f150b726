"""The pages: a search from the match desk to the answer behind a link, and experts from a list to their no."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from entering import open_with_link, sign_in_participant
from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_person, user_of
from mentornet.accounts.enums import Purpose
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import ApplicationDraft, ContactPerson, Enrolment
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from mentornet.sourcing import services
from mentornet.sourcing.briefs import Brief
from mentornet.sourcing.enums import AskingState, ClosedBecause, ProspectState, SearchState
from mentornet.sourcing.models import Asking, Found, OptOut, Prospect, ProspectList, Search
from signing import CountQueries, enter
from sourcing.conftest import DUE, NURSE, MakeContact, MakeExpert, MakeWoman, herself

pytestmark = pytest.mark.django_db
NOW: Final = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def that_day() -> Any:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def desk(client: Client, coordinator: Staff) -> Client:
    return enter(client, user_of(coordinator))


def words(answer: Any) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# The desk -------------------------------------------------------------------------------------------------------------


def test_search_begins_from_the_match_desk(desk: Client, waiting: list[Enrolment], contact: ContactPerson) -> None:
    woman = waiting[0]
    match = desk.get(reverse("desk:match", args=[woman.pk]))
    address = f"{reverse('desk:search_new')}?mentee={woman.pk}"
    assert address in match.content.decode()
    form = desk.get(address)
    assert form.status_code == 200
    assert f'<option value="{NURSE}" selected>' in form.content.decode()
    sent = {
        "division": woman.division_id,
        "programme": woman.programme_id,
        "occupation": NURSE,
        "topics": ["cv", "network"],
        "times": ["mon-evening"],
        "due_on": DUE.isoformat(),
    }
    answer = desk.post(address, sent)
    search = Search.objects.get()
    assert answer.url == reverse("desk:search", args=[search.pk])  # type: ignore[attr-defined]  # a redirect has one
    page = words(desk.get(answer.url))  # type: ignore[attr-defined]
    assert "It fits 3 women who wait." in page
    assert "How it was widened" in page
    asked = desk.post(reverse("desk:search_send", args=[search.pk]), {"contact": [str(contact.pk)]}, follow=True)
    assert "1 is asked." in words(asked)
    assert Letter.objects.get().event == "search_asked"
    # Asked for again, the search that goes on is shown.
    assert desk.get(address).url == reverse("desk:search", args=[search.pk])  # type: ignore[attr-defined]


def test_search_for_a_profile_begins_with_what_the_address_says(
    desk: Client, waiting: list[Enrolment], division: Division
) -> None:
    query = f"?division={division.pk}&occupation=22&language=ar&time=mon-evening&time=tue-evening"
    page = desk.get(reverse("desk:search_new") + query).content.decode()
    for chosen in ('value="22" selected', 'value="ar" selected'):
        assert chosen in page
    assert len(re.findall(r'name="times" value="(?:mon|tue)-evening"[^>]*checked', page)) == 2
    assert desk.get(reverse("desk:search_new") + "?mentee=nobody").status_code == 404


def test_too_few_who_wait_is_said_in_the_form(desk: Client, make_woman: MakeWoman) -> None:
    woman = make_woman()
    address = f"{reverse('desk:search_new')}?mentee={woman.pk}"
    sent = {"division": woman.division_id, "programme": woman.programme_id, "due_on": DUE.isoformat()}
    answer = desk.post(address, sent)
    assert answer.status_code == 422
    assert "Fewer than three women wait here" in words(answer)


def test_nobody_ticked_is_said_kindly(desk: Client, search: Search) -> None:
    answer = desk.post(reverse("desk:search_send", args=[search.pk]), {}, follow=True)
    assert "Choose somebody to ask." in words(answer)


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_searches_costs_the_same_queries(
    count: int,
    desk: Client,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    waiting: list[Enrolment],
    make_contact: MakeContact,
    django_assert_num_queries: CountQueries,
) -> None:
    contact = make_contact("22")
    for woman in waiting[:count]:
        search = services.begin_search(
            by=coordinator, division=division, programme=programme, brief=Brief(), due_on=DUE, mentee=woman
        )
        services.send_search(by=coordinator, search=search, contacts=[contact])
    desk.get(reverse("desk:searches"))
    with django_assert_num_queries(7):
        page = desk.get(reverse("desk:searches"))
    assert words(page).count("0 of 1 have answered") == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_search_costs_the_same_queries(
    count: int,
    desk: Client,
    coordinator: Staff,
    search: Search,
    make_contact: MakeContact,
    make_expert: MakeExpert,
    django_assert_num_queries: CountQueries,
) -> None:
    contacts = [make_contact("22", name=f"Frida{number}") for number in range(count)]
    experts = [make_expert(f"Karen Nr{number}", f"karen{number}@example.org") for number in range(count)]
    services.send_search(by=coordinator, search=search, contacts=contacts, prospects=experts)
    for number in range(count):
        make_contact("22", name=f"Gerda{number}")
    desk.get(reverse("desk:search", args=[search.pk]))
    with django_assert_num_queries(11):
        page = desk.get(reverse("desk:search", args=[search.pk]))
    assert words(page).count("asked on") == 2 * count


def test_search_is_moved_closed_and_opened_again(desk: Client, asking: Asking) -> None:
    key = [asking.search_id]
    late = (TODAY + timedelta(days=30)).isoformat()
    assert "reminded once more" in words(desk.post(reverse("desk:search_day", args=key), {"due_on": late}, follow=True))
    assert desk.post(reverse("desk:search_day", args=key), {"due_on": "2020-01-01"}).status_code == 422
    desk.post(reverse("desk:search_close", args=key), {"because": ClosedBecause.GIVEN_UP})
    search = Search.objects.get()
    assert (search.state, search.closed_because) == (SearchState.CLOSED, ClosedBecause.GIVEN_UP)
    desk.post(reverse("desk:search_reopen", args=key))
    search.refresh_from_db()
    assert search.state == SearchState.OPEN


def test_unsent_search_is_widened_by_hand_and_thrown_away(desk: Client, search: Search) -> None:
    desk.post(reverse("desk:search_widen", args=[search.pk]), {"without": ["occupation"]})
    search.refresh_from_db()
    assert (search.brief, search.fits) == (Brief(), 4)
    answer = desk.post(reverse("desk:search_discard", args=[search.pk]), follow=True)
    assert "Nobody was asked" in words(answer)
    assert not Search.objects.exists()


def test_answer_stands_on_today(desk: Client, asking: Asking, contact: ContactPerson) -> None:
    services.answer(by=herself(contact), asking=asking, reply="knows")
    page = words(desk.get(reverse("desk:today")))
    assert "Answers in a search: 1 can help, 0 cannot now" in page


# Behind the link ------------------------------------------------------------------------------------------------------


def holding(contact: ContactPerson, asking: Asking) -> Client:
    return open_with_link(Purpose.SEARCH, str(asking.pk), contact.person, code=False)


def test_contact_person_answers_and_gets_an_address_to_pass_on(
    asking: Asking, contact: ContactPerson, waiting: list[Enrolment]
) -> None:
    browser, address = holding(contact, asking), reverse("portal:search_asked", args=[asking.pk])
    page = browser.get(address)
    told = words(page)
    assert "Do you know her?" in told
    assert "Odense" in told
    # Neither a name nor how many wait, nor anything that was left out of the brief.
    for woman in waiting:
        assert woman.person.last_name not in page.content.decode()
    assert "Arabic" not in told
    answered = words(browser.post(address, {"reply": "knows"}, follow=True))
    asking.refresh_from_db()
    assert asking.code is not None
    assert reverse("public:found_by", kwargs={"code": asking.code}).partition("/known/")[2] in answered
    assert "Give another answer" in answered
    again = words(browser.post(address, {"reply": "not_now"}, follow=True))
    assert "It does not suit you now" in again


@pytest.mark.parametrize(
    ("language", "title"),
    [("ar", "الطب والتمريض والصحة"), ("fa", "پزشکی و پرستاری و سلامت"), ("uk", "Медицина, медсестринство, здоров’я")],
)
@pytest.mark.parametrize("occupation", ["22", "222", "2263"])
def test_field_is_read_in_the_language_of_the_page(
    asking: Asking, contact: ContactPerson, occupation: str, language: str, title: str
) -> None:
    Search.objects.update(occupation=occupation)
    browser = holding(contact, asking)
    browser.cookies["django_language"] = language
    page = browser.get(reverse("portal:search_asked", args=[asking.pk])).content.decode()
    assert f'<span lang="{language}">{title}</span>' in page
    assert "ealth" not in page[page.index("<main") :].partition("</main>")[0]


def test_somebody_elses_asking_is_not_there(asking: Asking, make_contact: MakeContact, make_expert: MakeExpert) -> None:
    other = make_contact(name="Gerda")
    address = reverse("portal:search_asked", args=[asking.pk])
    assert sign_in_participant(other.person).get(address).status_code == 404
    assert Client().get(address).status_code in {302, 404}
    wrong = open_with_link(Purpose.SEARCH, str(asking.pk), other.person, code=False)
    assert wrong.get(address).status_code == 404


def test_closed_search_says_so(coordinator: Staff, asking: Asking, contact: ContactPerson) -> None:
    services.close_search(by=coordinator, search=asking.search, because=ClosedBecause.GIVEN_UP)
    page = words(holding(contact, asking).get(reverse("portal:search_asked", args=[asking.pk])))
    assert "This search is over" in page


def test_first_page_asks_and_tells_in_numbers(asking: Asking, contact: ContactPerson) -> None:
    browser = sign_in_participant(contact.person)
    page = words(browser.get(reverse("portal:home")))
    assert "We are looking for somebody" in page
    services.answer(by=herself(contact), asking=asking, reply="knows")
    numbers = words(browser.get(reverse("portal:helped")))
    assert "We have asked you 1 time. You have answered 1 time." in numbers
    assert "0 women have written to us because of you." in numbers


def passed_on(asking: Asking, contact: ContactPerson) -> str:
    answered = services.answer(by=herself(contact), asking=asking, reply="knows")
    return reverse("public:found_by", kwargs={"code": answered.code})


def test_found_woman_says_yes_before_anything_is_kept(
    client: Client, asking: Asking, contact: ContactPerson, programme: Programme, coordinator: Staff
) -> None:
    address, people = passed_on(asking, contact), Person.objects.count()
    page = client.get(address)
    assert "Somebody thought of you" in words(page)
    assert contact.person.last_name not in page.content.decode()
    refused = client.post(address, {"opened": opened(page)})
    assert refused.status_code == 422
    assert not ApplicationDraft.objects.exists()
    with time_machine.travel(NOW + timedelta(seconds=20)):
        begun = client.post(address, {"opened": opened(page), "agrees": "on"})
    assert begun.status_code == 302
    draft = ApplicationDraft.objects.get()
    assert draft.answered("consents").keys() == {ConsentPurpose.HANDLING.value}
    assert draft.programme == programme
    assert Found.objects.get().draft_key == draft.pk
    assert Person.objects.count() == people
    desk, search = enter(Client(), user_of(coordinator)), reverse("desk:search", args=[asking.search_id])
    assert "1 has begun to write and has not sent it" in words(desk.get(search))
    place = make_enrolment(Role.MENTOR, asking.search.division, programme=programme, person=make_person("Bodil"))
    sent = ApplicationDraft.objects.filter(pk=draft.pk)
    sent.update(submitted_at=NOW, person=place.person, application=place.application)
    told = words(desk.get(search))
    assert "1 has sent her application just now" in told
    assert "has not sent it" not in told
    sent.update(submitted_at=None, person=None, application=None)
    # The form she goes on in holds what is looked for, and asks her the rest.
    assert client.get(begun.url).status_code == 200  # type: ignore[attr-defined]  # a redirect has one


def opened(page: Any) -> str:
    found = re.search(r'name="opened" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def test_code_that_nobody_has_tells_nothing(
    client: Client, asking: Asking, contact: ContactPerson, coordinator: Staff
) -> None:
    known = passed_on(asking, contact)
    unknown = reverse("public:found_by", kwargs={"code": "nosuchcode"})
    services.close_search(by=coordinator, search=asking.search, because=ClosedBecause.FOUND)
    assert client.get(known).url == client.get(unknown).url == reverse("public:mentor")  # type: ignore[attr-defined]


# Experts --------------------------------------------------------------------------------------------------------------

LIST: Final = "name;e-mail;fag\nKaren Holm;karen@example.org;2221\nLone Bak;lone@example.org;2142\n"


def bring_in(desk: Client, division: Division, text: str = LIST, **more: str) -> Any:
    sent = {
        "division": str(division.pk),
        "file": SimpleUploadedFile("list.csv", text.encode()),
        "basis": "published",
        "source": "an open list",
        "obtained_on": TODAY.isoformat(),
    } | more
    return desk.post(reverse("desk:prospect_import"), sent)


def test_list_is_shown_and_then_taken_over(desk: Client, division: Division) -> None:
    answer = bring_in(desk, division)
    found = ProspectList.objects.get()
    assert answer.url == reverse("desk:prospect_list", args=[found.pk])
    page = words(desk.get(answer.url))
    assert "2 experts would be brought in." in page
    assert "Karen Holm" in page
    taken = desk.post(reverse("desk:prospect_list_take", args=[found.pk]), follow=True)
    assert "2 experts brought in" in words(taken)
    assert desk.get(answer.url).status_code == 404


def test_every_fault_is_named_and_nothing_kept(desk: Client, division: Division) -> None:
    wrong = "name;e-mail;fag\nKaren;karen;2221\n;lone@example.org;9999\n<b>x</b>;=1+1;\n"
    answer = bring_in(desk, division, wrong)
    assert answer.status_code == 422
    page = words(answer)
    for place in ("row 2, e-mail", "row 3, fag", "row 4, e-mail"):
        assert place in page
    assert b"<b>x</b>" not in answer.content
    assert not ProspectList.objects.exists()


def test_expert_is_invited_reads_all_and_says_no(desk: Client, make_expert: MakeExpert) -> None:
    expert = make_expert()
    desk.post(reverse("desk:prospects_invite"), {"prospect": [str(expert.pk), "nobody"]})
    assert Letter.objects.get().event == "expert_invited"
    browser = open_with_link(Purpose.EXPERT, str(expert.pk), None, code=False)
    address = reverse("portal:expert", args=[expert.pk])
    page = words(browser.get(address))
    for told in (expert.name, expert.email, expert.source, expert.field_words, "Deleted on this day"):
        assert told in page
    # She is spoken to, not of.
    assert "You have published it yourself, to be asked as an expert." in page
    assert not re.search(r"\b(she|her|herself)\b", page.partition("What we have about you")[2], re.IGNORECASE)
    browser.post(address)
    expert.refresh_from_db()
    assert expert.state == ProspectState.WILLING
    never = reverse("portal:expert_never", args=[expert.pk])
    assert "never again" in words(browser.get(never))
    gone = browser.post(never, follow=True)
    assert "It is deleted" in words(gone)
    expert.refresh_from_db()
    assert (expert.state, expert.name) == (ProspectState.OUT, "")
    assert OptOut.objects.exists()
    assert browser.get(address).status_code == 404
    assert desk.get(reverse("desk:prospect", args=[expert.pk])).status_code == 404


def test_expert_answers_a_search_and_says_no_there(
    desk: Client, coordinator: Staff, search: Search, make_expert: MakeExpert
) -> None:
    expert = make_expert()
    asking = services.send_search(by=coordinator, search=search, prospects=[expert])[0]
    browser = open_with_link(Purpose.SEARCH, str(asking.pk), None, code=False)
    address = reverse("portal:search_asked", args=[asking.pk])
    assert expert.source in words(browser.get(address))
    browser.post(address, {"reply": "is"})
    asking.refresh_from_db()
    assert (asking.state, asking.reply) == (AskingState.ANSWERED, "is")
    browser.post(reverse("portal:search_never", args=[asking.pk]))
    page = words(desk.get(reverse("desk:search", args=[search.pk])))
    assert "an expert of whom nothing is kept any more" in page
    assert expert.name not in page
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_experts_costs_the_same_queries(
    count: int, desk: Client, make_expert: MakeExpert, django_assert_num_queries: CountQueries
) -> None:
    for number in range(count):
        make_expert(f"Karen Nr{number}", f"karen{number}@example.org")
    desk.get(reverse("desk:prospects"))
    with django_assert_num_queries(8):
        page = desk.get(reverse("desk:prospects"), {"q": "nurse", "field": "22"})
    assert words(page).count("head nurse") == count


@pytest.mark.parametrize(("typed", "found"), [("Nurse", 1), ("sygepleje", 1), ("Karen nurse", 1), ("dentist", 0)])
def test_expert_is_found_by_what_her_kind_of_work_is_called(
    desk: Client, make_expert: MakeExpert, typed: str, found: int
) -> None:
    make_expert(field_words="leads a ward")
    assert words(desk.get(reverse("desk:prospects"), {"q": typed})).count("leads a ward") == found


def test_experts_of_another_division_are_not_there(desk: Client, make_expert: MakeExpert) -> None:
    elsewhere = make_expert(division=make_division())
    assert elsewhere.name not in words(desk.get(reverse("desk:prospects")))
    assert desk.get(reverse("desk:prospect", args=[elsewhere.pk])).status_code == 404
    desk.post(reverse("desk:prospects_invite"), {"prospect": [str(elsewhere.pk)]})
    assert not Letter.objects.exists()
    assert Prospect.objects.get().state == ProspectState.NEW
