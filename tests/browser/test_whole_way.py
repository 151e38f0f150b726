"""From the first page to the first meeting told of: as those walk it who know nothing but their letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from browser.letter_box import LetterBox
from browser.onlooker import Onlooker
from browser.readable import listen
from factories.django_rows import (
    AT,
    make_division,
    make_enrolment,
    make_person,
    make_programme,
    make_staff,
    saved,
    user_of,
)
from mentornet.accounts.models import User
from mentornet.common.actors import System
from mentornet.divisions.models import Division, MeetingPlace, Role
from mentornet.learning.services import install_shipped
from mentornet.matching.bank import forget
from mentornet.partnerships.services import install_agreement_texts
from signing import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: Final = {"viewport": {"width": 360, "height": 740}}
DESK: Final = {"viewport": {"width": 1280, "height": 900}}
READING: Final = timedelta(seconds=30)
NUMBER, MAIL = "+4561234567", "karen@example.org"
EVENINGS: Final = ("mon-evening", "wed-evening", "sat-morning")

Meet = Callable[..., Onlooker]


@pytest.fixture
def clock() -> Iterator[Traveller]:
    """A Monday morning, and time that goes on when somebody waits."""
    forget()
    cache.clear()
    with time_machine.travel(AT) as clock:
        yield clock
    cache.clear()


@pytest.fixture
def box(clock: Traveller, settings: Settings, live_server: LiveServer, tmp_path: Path) -> LetterBox:
    """What the two find in their mail and on their telephones."""
    settings.ADDRESS = live_server.url
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    return LetterBox(clock, tmp_path / "text-messages.jsonl")


@pytest.fixture
def place(clock: Traveller) -> Division:
    """A division as it is on its first day, with a neutral place where two may meet."""
    by = System("shipped", AT)
    install_shipped(by=by)
    install_agreement_texts(by=by)
    division = make_division("Odense", area="Odense og Fyn", email="odense@net.example")
    saved(MeetingPlace(division=division, name="Hovedbiblioteket", note="Ved aviserne.", created_at=AT))
    return division


@pytest.fixture
def coordinator(place: Division) -> User:
    """The coordinator, who reads Danish."""
    return user_of(make_staff(Role.COORDINATOR, place, name="Inger Holm"))


@pytest.fixture
def meet(browser: Browser, live_server: LiveServer) -> Iterator[Meet]:
    """Gives somebody a browser; whatever its console says, and whatever it asks of another server, fails the test."""
    contexts: list[BrowserContext] = []
    said: list[str] = []
    met: list[Onlooker] = []

    def is_foreign(url: str) -> bool:
        return not url.startswith((live_server.url, "data:"))

    def met_(name: str, language: str, *, user: User | None = None, **options: Any) -> Onlooker:
        context = browser.new_context(base_url=live_server.url, locale=language, **options)
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        listen(page, said)
        page.on("request", lambda request: said.append(request.url) if is_foreign(request.url) else None)
        one = Onlooker(page, name, language)
        met.append(one)
        if user is not None:
            sign_in(one, user, live_server)
        return one

    yield met_
    for context in contexts:
        context.close()
    assert "\n".join(fault for one in met for fault in one.wrong) == ""
    assert said == []


def sign_in(one: Onlooker, user: User, live_server: LiveServer) -> None:
    """Let staff in, as after a pause; the way in has tests of its own."""
    cookies = {"django_language": one.language, "session": enter(Client(), user).cookies["session"].value}
    one.page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )


def go_on(one: Onlooker, what: str) -> Page:
    return one.press(".apply-actions button", what)


def prove(one: Onlooker, box: LetterBox, whom: str, what: str, *, again: bool = False) -> Page:
    """Open the newest link, and give the code of the next letter where the browser has not been given one lately.

    ``again``: the link of a letter that was read before.
    """
    page = one.open(box.link_had_by(whom) if again else box.link_to(whom), what)
    if page.url.partition("?")[0].endswith("/code/"):
        one.press("main form button", f"{what}-code-sent")
        page.locator("[name=code]").fill(box.code_to(whom))
        one.press("main form button", f"{what}-opened")
    return page


# A woman who reads Arabic --------------------------------------------------------------------------------------------


def test_a_woman_who_reads_arabic(
    meet: Meet, box: LetterBox, clock: Traveller, place: Division, coordinator: User, live_server: LiveServer
) -> None:
    eligibility = {"ar": "نساء فوق سن 18 عامًا.", "da": "Kvinder over 18.", "en": "Women over 18."}
    programme = make_programme("Job og sprog", eligibility=eligibility, meets_first=True)
    make_enrolment(
        "mentor",
        place,
        programme=programme,
        person=make_person("Karen", "Dahl", email=MAIL, phone="+45 20 30 40 50", language="da"),
        languages={"da": "C2", "en": "C1"},
        occupation="2221",
        occupation_title="Sygeplejerske",
        topics=("cv", "network", "danish"),
        availability=EVENINGS,
        meeting=("in person",),
        about="Jeg har arbejdet på sygehuset i tyve år.",
    )
    she = meet("mentee", "ar", **PHONE)
    she.turn_scripts(on=False)
    desk = meet("coordinator", "da", user=coordinator, **DESK)

    apply_as_mentee(she, box, clock)
    she.open(box.link_to(NUMBER), "status")
    expect(she.page.locator(".portal-dates")).to_be_visible()

    # From here on as her telephone is.
    she.turn_scripts(on=True)
    offer_times(desk, "أمينة")
    she.open(box.link_to(NUMBER), "times")
    she.page.locator("[name=slot]").nth(1).check()
    she.press("main form button", "time-chosen", ends=".my-facts")
    box.wait(timedelta(days=2), NUMBER)
    sign_in(desk, coordinator, live_server)
    interview(desk, "أمينة")
    prove(she, box, NUMBER, "confirm")
    she.press("#fact-about a", "correct")
    she.page.locator("[name=about]").fill("أحب عملي وأطفالي.")
    she.press("main form button", "corrected", ends="#toasts")
    she.press(".my-yes button", "confirmed", ends=".callout")
    approve(desk, "أمينة")
    propose(desk, "أمينة", "Karen")
    he = meet("mentor", "da", **PHONE)
    prove(she, box, NUMBER, "proposal")
    she.press("#answer form button", "proposal-yes", ends=".steps")
    prove(he, box, MAIL, "proposal")
    he.press("#answer form button", "proposal-yes", ends="[name=times]")
    pair = meet_once(she, he, box, clock)
    agree(she, he, pair)
    for one in (she, he):
        log_meeting(one, pair)
    one_step(she, he, pair)


def apply_as_mentee(she: Onlooker, box: LetterBox, clock: Traveller) -> None:
    """Fill in the form from the first page of all to the last, a question at a time."""
    page = she.open("/", "home")
    she.press('.way-in-first a[href="/ar/mentee/"]', "what-it-is")
    she.press('a[href="/ar/apply/mentee/"]', "apply")
    clock.shift(READING)
    she.press("main form button", "apply-place")
    page.get_by_text("Odense", exact=True).check()
    go_on(she, "apply-programme")
    page.locator("[name=eligible][value=yes]").check()
    go_on(she, "apply-name")
    page.locator("[name=first_name]").fill("أمينة")
    go_on(she, "apply-contact")
    page.locator("[name=contact_way][value=text]").check()
    page.locator("[name=phone]").fill("٦١ ٢٣ ٤٥ ٦٧")
    page.locator("[name=contact_from]").select_option("9")
    page.locator("[name=contact_until]").select_option("15")
    page.locator("[name=hides_network]").check()
    go_on(she, "apply-confirm")
    page.locator("[name=code]").fill(box.code_to(NUMBER).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    go_on(she, "apply-languages")
    page.locator("[name=language_0]").select_option("ar")
    page.locator("[name=level_0]").select_option("C2")
    page.locator("[name=danish]").select_option("B1")
    go_on(she, "apply-life")
    page.locator("[name=birth_year]").fill("١٩٩٠")
    page.locator("[name=area]").fill("Vollsmose")
    go_on(she, "apply-work")
    page.locator("[name=occupation_title]").fill("ممرضة")
    she.press("[name=look]", "apply-work-found")
    page.locator("[name=occupation][value='2221']").check()
    go_on(she, "apply-goals")
    page.locator("[name=topics][value=cv]").check()
    page.locator("[name=topics][value=network]").check()
    go_on(she, "apply-times")
    for slot in EVENINGS:
        page.locator(".apply-part", has=page.locator(f"[value={slot}]")).click()
    go_on(she, "apply-meeting")
    page.locator("[name=meeting]").first.check()
    go_on(she, "apply-words")
    page.locator("[name=about]").fill("أحب عملي.")
    go_on(she, "apply-heard")
    page.locator("[name=referrer][value=language_school]").check()
    go_on(she, "apply-consents")
    page.locator("[name=handling]").check()
    page.locator("[name=introduction]").check()
    go_on(she, "apply-check")
    clock.shift(READING)
    she.press(".apply-actions button", "apply-sent", ends=".steps")


# The desk -------------------------------------------------------------------------------------------------------------


def case_of(desk: Onlooker, name: str) -> None:
    """Open somebody's application from the list."""
    desk.open(reverse("desk:applications"), "applications")
    desk.press(f"main a:has-text('{name}')", "application")


def offer_times(desk: Onlooker, name: str) -> None:
    """Put times into the plan, and send them to her who waits."""
    desk.open(reverse("desk:interviews_add"), "add-times")
    desk.page.locator("[name=place]").fill("Borgernes Hus, lokale 2")
    desk.press("form.form-narrow .form-actions button", "times-added", ends="#toasts")
    desk.press(f".planner-row:has-text('{name}') form button", "times-sent", ends="#toasts")


def interview(desk: Onlooker, name: str) -> None:
    """Write down what was said, and ask her to read it."""
    case_of(desk, name)
    desk.press("a[href$='/interview/']", "interview")
    desk.page.locator("[name=shareable]").fill("Amina har været sygeplejerske i Damaskus i ni år.")
    desk.page.locator("textarea").first.fill("Hun vil arbejde på et sygehus igen.")
    desk.press(".talk-form .form-actions button.button-primary", "interviewed", ends="#toasts")
    desk.press("form[action$='/confirm/'] button", "asked-to-confirm", ends="#toasts")


def approve(desk: Onlooker, name: str) -> None:
    """Say yes to somebody."""
    case_of(desk, name)
    desk.press("a[href$='/decide/']", "decide")
    desk.page.locator("[name=outcome][value=approved]").check()
    desk.page.locator("[name=reason]").fill("Hun ved, hvad hun vil, og har tid.")
    desk.press("form.card .form-actions button", "approved", ends="#toasts")


def propose(desk: Onlooker, mentee: str, mentor: str) -> None:
    """Find a mentor for somebody who waits, and propose the two to each other."""
    desk.open(reverse("desk:waiting"), "waiting")
    desk.press(f".waiting-row:has-text('{mentee}') a.button[href*='/matching/']", "match")
    desk.press(f"[data-row]:has-text('{mentor}') .match-row-foot a.button", "pair")
    desk.page.locator("textarea[name=reason]").fill("Begge er sygeplejersker, og de bor i samme by.")
    desk.press("button[value=propose]", "proposed", ends="#toasts")


# The two --------------------------------------------------------------------------------------------------------------


def meet_once(she: Onlooker, he: Onlooker, box: LetterBox, clock: Traveller) -> str:
    """Find a time, meet, and say in private that it was good. Returns the address of what they have begun."""
    he.page.locator("[name=times]").first.check()
    he.press("form.answer-box button.button-primary", "times-chosen")
    prove(she, box, NUMBER, "choose-times")
    she.page.locator("[name=times]").first.check()
    she.press("form.answer-box button.button-primary", "times-chosen", ends=".appointment")
    box.wait(timedelta(days=1))
    both = ((she, NUMBER), (he, MAIL))
    for one, whom in both:
        one.open(box.link_to(whom), "appointment")
    box.wait(timedelta(days=8))
    prove(she, box, NUMBER, "met", again=True)
    she.press(".answer-box form button.button-primary", "go-on")
    she.press(".answer-box form button.button-primary", "said-go-on", ends=".steps")
    prove(he, box, MAIL, "go-on")
    he.press(".answer-box form button.button-primary", "said-go-on")
    for one, whom in both:
        prove(one, box, whom, "begun")
    return she.page.url


def agree(she: Onlooker, he: Onlooker, pair: str) -> None:
    """Write down what they agree on, read it side by side, and sign."""
    he.open(pair, "pair")
    he.press("a[href$='/agreement/fill-in/']", "agreement-fill")
    he.page.locator("[name=goals]").fill("Et cv på dansk\nEt netværk i faget")
    he.press("form.two-form button.button-primary", "agreement", ends="#sign")
    for one, name in ((he, "Karen Dahl"), (she, "أمينة")):
        page = one.open(f"{pair}agreement/", "agreement-read")
        expect(page.locator(".paper [lang=da]").first).to_be_visible()
        if one is she:
            expect(page.locator(".paper-two [lang=ar][dir=rtl]").first).to_be_visible()
        page.locator("#sign [name=name]").fill(name)
        one.press("#sign button", "agreement-signed", ends="#toasts")


def log_meeting(one: Onlooker, pair: str) -> None:
    """Tell of a meeting in twenty seconds: three taps at most, and nothing to type."""
    page = one.open(pair, "pair-to-log")
    form = page.locator("form[action$='/meetings/']")
    assert form.locator("input:not([type=hidden]), textarea, select").count() == 0
    before = one.taps
    one.press("form[action$='/meetings/'] button", "meeting-told", ends="#toasts")
    assert one.taps - before <= 3


def one_step(she: Onlooker, he: Onlooker, pair: str) -> None:
    """A goal with a small step; a door that was opened."""
    page = she.open(f"{pair}goals/", "goals")
    page.locator("textarea[name$=words]").last.fill("أريد سيرة ذاتية بالدنماركية.")
    she.press("form.two-card button[type=submit]", "goal")
    page.locator(".two-add [name$=words]").first.fill("أكتب صفحة واحدة.")
    she.press(".two-add button", "step")
    she.press(".two-tick", "step-done")
    page = he.open(f"{pair}doors/", "doors")
    page.locator("[name=door]").first.check()
    page.locator("[name=sector]").select_option(index=1)
    he.press("form.two-form button.button-primary", "door", ends="ol.portal-rows")


# A mentor -------------------------------------------------------------------------------------------------------------


def test_a_mentor_and_the_coordinator_in_danish(
    meet: Meet, box: LetterBox, clock: Traveller, place: Division, coordinator: User, live_server: LiveServer
) -> None:
    programme = make_programme("Job og sprog", eligibility={"da": "Kvinder over 18.", "en": "Women over 18."})
    make_enrolment(
        "mentee",
        place,
        programme=programme,
        person=make_person("Amina", "Yusuf", language="ar", phone="61 23 45 67"),
        occupation="2221",
        topics=("cv",),
        availability=EVENINGS,
        meeting=("in person",),
    )
    karen, desk = meet("karen", "da", **PHONE), meet("inger", "da", user=coordinator, **DESK)
    karen.turn_scripts(on=False)
    apply_as_mentor(karen, box, clock)
    karen.open(box.link_to(MAIL), "status")
    expect(karen.page.locator(".portal-dates")).to_be_visible()
    karen.turn_scripts(on=True)

    offer_times(desk, "Karen")
    karen.open(box.link_to(MAIL), "times")
    karen.press("main a[href$='/none/']", "none")
    karen.page.locator("textarea").fill("Kun efter klokken 18, eller på telefonen.")
    karen.press("main form button", "none-sent", ends="h1")
    desk.open(reverse("desk:interviews"), "none-suits")
    expect(desk.page.locator(".planner-said q")).to_contain_text("telefonen")
    desk.press(".planner-row a[href*='?for=']", "choose-for-her")
    desk.press("form[action*='/give/'] button", "given", ends="#toasts")
    box.wait(timedelta(days=2), MAIL)
    sign_in(desk, coordinator, live_server)
    interview(desk, "Karen")
    desk.press("form[action$='/confirmed/'] button", "confirmed-in-talk", ends="#toasts")
    approve(desk, "Karen")
    box.wait(timedelta(minutes=5), MAIL)

    enter_portal(karen, box)
    train(karen)
    sign_in(desk, coordinator, live_server)
    propose(desk, "Amina", "Karen")
    karen.open("/my/", "home-proposal")
    karen.press(".next-step a.button", "proposal")
    karen.press("#answer a[href$='/ask/']", "ask")
    karen.page.locator("textarea").fill("Kan vi mødes på biblioteket?")
    karen.press("main form button.button-primary", "asked")
    expect(karen.page.locator(".my-questions")).to_contain_text("biblioteket")
    desk.page.reload()
    desk.look("question")
    expect(desk.page.locator("#questions")).to_contain_text("biblioteket")
    desk.press("#questions form button", "question-answered", ends="#toasts")
    karen.press("#answer form button", "proposal-yes", ends=".steps")
    desk.page.reload()
    desk.page.locator("#mentee input[value=yes]").check()
    desk.press("#mentee form.answer-form button", "mentee-says-yes", ends="#toasts")
    desk.press("main a[href*='/partnerships/']", "partnership")
    karen.open("/my/", "home-begun")
    karen.press(".next-step a.button", "begun", ends="form.two-form")


def apply_as_mentor(karen: Onlooker, box: LetterBox, clock: Traveller) -> None:
    """Fill in the mentor's form, where it is not the mentee's."""
    page = karen.open("/", "home")
    karen.press("main a[href='/da/mentor/']", "what-it-takes")
    karen.press("a[href='/da/apply/mentor/']", "apply")
    clock.shift(READING)
    karen.press("main form button", "apply-place")
    page.get_by_text("Odense", exact=True).check()
    go_on(karen, "apply-programme")
    page.locator("[name=eligible][value=yes]").check()
    go_on(karen, "apply-name")
    page.locator("[name=first_name]").fill("Karen")
    page.locator("[name=last_name]").fill("Dahl")
    go_on(karen, "apply-contact")
    page.locator("[name=contact_way][value=email]").check()
    page.locator("[name=email]").fill(MAIL)
    go_on(karen, "apply-confirm")
    page.locator("[name=code]").fill(box.code_to(MAIL))
    go_on(karen, "apply-languages")
    page.locator("[name=danish]").select_option("C2")
    go_on(karen, "apply-life")
    page.locator("[name=area]").fill("Bolbro")
    go_on(karen, "apply-work")
    page.locator("[name=occupation_title]").fill("sygeplejerske")
    karen.press("[name=look]", "apply-work-found")
    page.locator("[name=occupation][value='2221']").check()
    go_on(karen, "apply-offer")
    page.locator("[name=topics][value=cv]").check()
    go_on(karen, "apply-times")
    for slot in EVENINGS:
        page.locator(".apply-part", has=page.locator(f"[value={slot}]")).click()
    go_on(karen, "apply-meeting")
    page.locator("[name=meeting]").first.check()
    go_on(karen, "apply-words")
    page.locator("[name=about]").fill("Jeg har arbejdet på sygehuset i tyve år.")
    go_on(karen, "apply-heard")
    go_on(karen, "apply-consents")
    page.locator("[name=handling]").check()
    page.locator("[name=introduction]").check()
    go_on(karen, "apply-check")
    clock.shift(READING)
    karen.press(".apply-actions button", "apply-sent", ends=".steps")


def enter_portal(karen: Onlooker, box: LetterBox) -> None:
    """Sign in with the address that she gave, and come to her own page."""
    karen.open("/", "home-again")
    page = karen.press("footer a[href*='/my/sign-in/']", "sign-in")
    page.locator("main form input:not([type=hidden])").first.fill(MAIL)
    karen.press("main form button.button-primary", "sign-in-code")
    page.locator("[name=code]").fill(box.code_to(MAIL))
    karen.press("main form button.button-primary", "own-page", ends=".next-step")


def train(karen: Onlooker) -> None:
    """Do all parts of the training; a wrong answer is tried again, as somebody does who does not know it yet."""
    page = karen.page
    karen.press(".next-step a.button", "training")
    number = 0
    while page.locator(".portal-row a.button-primary").count():
        number += 1
        karen.press(".portal-row a.button-primary", f"part-{number}")
        answers = 0
        while page.locator(".training-questions button").count():
            for question in page.locator(".training-question:not(.is-answered)").all():
                question.locator("[type=radio]").nth(answers).check()
            page.locator(".training-questions button").first.click()
            page.wait_for_load_state()
            answers += 1
            if number == 1 and answers == 1:
                karen.look("part-1-answered")
        assert answers <= 4
        if page.url.rstrip("/").endswith("training"):
            continue
        karen.open("/my/training/", f"after-part-{number}")
    karen.look("trained")
    expect(page.locator(".callout")).to_be_visible()
