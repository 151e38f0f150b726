"""The pages of what she has of it: thoughts, letters to the mentor, certificates; and who sees nothing of them."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import segno
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from factories.django_rows import AT, user_of
from followup.value_pairs import letter_of, make_year, night
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Certificate, Reflection
from mentornet.learning.services import install_shipped
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from mentornet.web.ui.papers import certificate_address, certificate_paper
from mentornet.web.ui.printing import missing
from pages import untranslated
from partnerships.couples import make_couple
from partnerships.sides import acting
from portal.conftest import AsParticipant
from signing import enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
NEEDED: Final = Path("/usr/bin/pdftotext").exists() and not missing()
needs_press = pytest.mark.skipif(not NEEDED, reason="could not run: needs WeasyPrint, Pango and pdftotext")
CANARY: Final = "kanariethought"


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_year(coordinator, division, programme)


@pytest.fixture
def mentee(pair: Partnership, as_participant: AsParticipant) -> Client:
    return as_participant(pair.mentee.person)


@pytest.fixture
def mentor(pair: Partnership, as_participant: AsParticipant) -> Client:
    return as_participant(pair.mentor.person)


def url(name: str, pair: Partnership, *rest: Any) -> str:
    return reverse(f"portal:{name}", args=[pair.pk, *rest])


def page(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


# Thoughts -------------------------------------------------------------------------------------------------------------


def test_thought_is_on_her_page_and_nowhere_else(
    pair: Partnership, mentee: Client, mentor: Client, coordinator: Staff, client: Client
) -> None:
    assert "What do you see now about your own work" in page(mentor, url("thoughts", pair))
    mentor.post(url("thoughts", pair), {"prompt": "learned", "text": CANARY})
    row = Reflection.objects.get()
    assert CANARY in page(mentor, url("thoughts", pair))
    assert "Which unwritten rule" in page(mentor, url("thoughts", pair))
    for address in (url("thoughts", pair), url("partnership", pair), reverse("portal:home")):
        assert CANARY not in page(mentee, address)
    assert mentee.get(url("thought", pair, row.pk)).status_code == 404
    assert mentee.post(url("thought", pair, row.pk), {"prompt": "learned", "text": ""}).status_code == 404
    office = enter(Client(), user_of(coordinator))
    for name in ("desk:partnership", "desk:partnership_shared"):
        assert CANARY not in page(office, reverse(name, args=[pair.pk]))
    shared = {"prompt": "learned", "text": CANARY, "with_coordinator": "on"}
    mentor.post(url("thought", pair, row.pk), shared)
    assert CANARY in page(office, reverse("desk:partnership_shared", args=[pair.pk]))
    assert CANARY not in page(office, reverse("desk:partnership", args=[pair.pk]))
    mentor.post(url("thought", pair, row.pk), {"prompt": "learned", "text": ""})
    assert not Reflection.objects.exists()


def test_another_question_and_one_for_hard_times(pair: Partnership, mentor: Client) -> None:
    assert "Which unwritten rule" in page(mentor, url("thoughts", pair) + "?after=learned")
    assert "What is hard just now?" in page(mentor, url("thoughts", pair) + "?stage=hard")


# Letters --------------------------------------------------------------------------------------------------------------


def mark_on(text: str) -> str:
    found = re.search(r'name="mark" value="(\w+)"', text)
    assert found is not None
    return found[1]


def test_she_reads_chooses_says_yes_and_the_mentor_reads_it_a_day_later(
    pair: Partnership, mentee: Client, mentor: Client
) -> None:
    night()
    letter = letter_of(pair)
    assert "A letter to your mentor?" in page(mentee, reverse("portal:home"))
    assert mentor.get(url("impact_letter", pair, letter.pk)).status_code == 404, "that she is asked is told to nobody"
    assert "There is no letter now." in page(mentor, url("impact_letters", pair))
    mentee.post(url("impact_choose", pair, letter.pk), {"chosen": ["met"], "words": "You opened a door."})
    whole = page(mentee, url("impact_letter", pair, letter.pk))
    assert "You opened a door." in whole
    assert "You have met 3 times." in whole
    assert "small step" not in whole
    answer = mentee.post(url("impact_answer", pair, letter.pk), {"what": "yes", "mark": mark_on(whole)})
    assert answer.status_code == 302
    assert letter_of(pair).state == "approved"
    night(AT + timedelta(days=1, minutes=1))
    read = page(mentor, url("impact_letter", pair, letter.pk))
    for words in ("You opened a door.", "You have met 3 times.", "Amina"):
        assert words in read
    assert "Yusuf" not in read
    assert "Take the letter back" not in read
    mentee.post(url("impact_answer", pair, letter.pk), {"what": "back"})
    assert mentor.get(url("impact_letter", pair, letter.pk)).status_code == 404
    assert mentor.get(url("impact_paper", pair, letter.pk)).status_code == 404


@pytest.mark.parametrize("what", ["no", "never"])
def test_no_is_one_tap(pair: Partnership, mentee: Client, what: str) -> None:
    night()
    letter = letter_of(pair)
    answer = mentee.post(url("impact_answer", pair, letter.pk), {"what": what}, follow=True)
    assert "That is all right. Nothing is sent" in answer.content.decode()
    assert letter_of(pair).state == "declined"
    # Pressed twice.
    assert mentee.post(url("impact_answer", pair, letter.pk), {"what": what}).status_code == 404


def test_words_that_tell_too_much_are_refused_in_the_form(pair: Partnership, mentee: Client) -> None:
    night()
    typed = {"chosen": ["met"], "words": "Call 12 34 56 78"}
    answer = mentee.post(url("impact_choose", pair, letter_of(pair).pk), typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Please leave out last names" in text
    assert "Call 12 34 56 78" in text


def test_another_pair_s_letter_is_not_there(
    pair: Partnership, mentee: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    other = make_year(coordinator, division, programme, names=("Nour", "Tove"))
    night()
    for name in ("impact_letter", "impact_choose", "impact_paper"):
        assert mentee.get(url(name, other, letter_of(other).pk)).status_code == 404
        assert mentee.get(url(name, pair, letter_of(other).pk)).status_code == 404


def test_desk_is_told_of_a_letter_only_when_it_was_sent(pair: Partnership, coordinator: Staff) -> None:
    office = enter(Client(), user_of(coordinator))
    address = reverse("desk:partnership", args=[pair.pk])
    before = page(office, address)
    assert "No letter to the mentor has been sent." in before
    night()
    assert "No letter to the mentor has been sent." in page(office, address)
    services.decline_letter(by=acting(pair, "mentee"), letter=letter_of(pair))
    assert "No letter to the mentor has been sent." in page(office, address)


# Certificates ---------------------------------------------------------------------------------------------------------


def make(client: Client, name: str = "Karen Lund", way: str = "page") -> Any:
    return client.post(reverse("portal:certificates"), {"role": "mentor", "name": name, "as": way})


def number_on(text: str) -> str:
    found = re.search(r"\b([A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4})\b", text)
    assert found is not None
    return found[1]


def without_token(content: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)


def test_home_leads_to_a_certificate_once_there_can_be_one(pair: Partnership, mentee: Client) -> None:
    assert reverse("portal:certificates") in page(mentee, reverse("portal:home"))
    pair.meetings.all().delete()
    assert reverse("portal:certificates") not in page(mentee, reverse("portal:home"))


def test_certificate_is_checked_without_a_name_on_the_page(pair: Partnership, mentor: Client, client: Client) -> None:
    paper = make(mentor).content.decode()
    assert "Karen Lund" in paper
    assert "has been a volunteer mentor" in paper
    with override("en"):
        address = reverse("public:certificate", args=[number_on(paper)])
    text = page(client, address)
    assert "It is valid." in text
    assert "Karen" not in text
    same = client.post(address, {"name": "karen lund"})
    assert "Yes: the name that you wrote is the name on this certificate." in same.content.decode()
    wrong = [client.post(address, {"name": name}) for name in ("Karen Lind", "A", "Inger Holm " * 5)]
    assert len({without_token(one.content) for one in wrong}) == 1, "whichever name it was, the page is the same"
    assert {one.status_code for one in wrong} == {200}
    assert "cannot confirm this name" in wrong[0].content.decode()
    mentor.post(reverse("portal:certificate_withdraw", args=[Certificate.objects.get().pk]))
    assert "no longer valid" in page(client, address)


def test_names_are_tried_a_few_times_an_hour_and_no_more(pair: Partnership, mentor: Client, client: Client) -> None:
    with override("en"):
        address = reverse("public:certificate", args=[number_on(make(mentor).content.decode())])
    answers = [client.post(address, {"name": f"Name {number}"}).status_code for number in range(14)]
    assert answers == [200] * 12 + [429] * 2
    # Also the right one: who guesses learns nothing more.
    assert client.post(address, {"name": "Karen Lund"}).status_code == 429
    with time_machine.travel(AT + timedelta(hours=2)):
        assert client.post(address, {"name": "Karen Lund"}).status_code == 200


def test_unknown_number_says_so(client: Client, division: Division) -> None:
    with override("en"):
        answer = client.get(reverse("public:certificate", args=["AAAA-AAAA-AAAA-AAAA"]))
    assert answer.status_code == 404
    assert "We have no certificate with this number" in answer.content.decode()


def squares(drawn: str) -> set[tuple[int, int]]:
    """Read which squares are dark out of a drawn code: its path goes from left to right, row by row."""
    path = re.findall(r'<path[^>]*class="qrline"[^>]*d="([^"]+)"', drawn)[0]
    dark, x, y = set(), 0.0, 0.0
    for act, numbers in re.findall(r"([Mmhv])([-\d. ]+)", path):
        values = [float(one) for one in numbers.split()]
        if act == "M":
            x, y = values
        elif act == "m":
            x, y = x + values[0], y + values[1]
        else:
            dark |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
    return dark


def test_picture_on_the_paper_leads_to_the_page_that_checks_it(pair: Partnership) -> None:
    by = acting(pair, "mentor")
    issued = services.issue_certificate(by=by, person=pair.mentor.person, role="mentor", name="Karen Lund")
    paper = certificate_paper(issued, "Karen Lund", "ar")
    address = certificate_address(issued.code)
    assert address.endswith(f"/da/certificate/{issued.code}/")
    border = 2
    expected = {
        (column + border, row + border)
        for row, line in enumerate(segno.make(address, error="m").matrix)
        for column, is_dark in enumerate(line)
        if is_dark
    }
    assert squares(str(paper["drawn"])) == expected
    assert [part["code"] for part in paper["parts"]] == ["da", "en", "ar"]


def test_titles_stand_in_a_language_in_which_somebody_has_written_them(pair: Partnership) -> None:
    install_shipped(by=System("shipped", AT))
    by = acting(pair, "mentor")
    issued = services.issue_certificate(by=by, person=pair.mentor.person, role="mentor", name="Karen Lund")
    issued.certificate.facts["modules"] = ["opening-doors"]
    parts = certificate_paper(issued, "Karen Lund", "ar")["parts"]
    assert [(part["code"], part["modules"]) for part in parts] == [
        ("da", ["Åbn døre"]), ("en", ["Opening doors"]), ("ar", []),
    ]  # fmt: skip


@needs_press
def test_pdf_holds_the_name_and_is_kept_nowhere(
    pair: Partnership, mentor: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = make(mentor, "كارين لوند", "pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = subprocess.run(
        ["/usr/bin/pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True
    ).stdout
    assert "كارين" in text.decode()
    assert number_on(text.decode())
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["lock"]


def test_coordinator_makes_it_together_with_her_and_nobody_elsewhere(
    pair: Partnership, coordinator: Staff, other_coordinator: Staff
) -> None:
    address = reverse("desk:certificate_mentee", args=[pair.pk])
    assert enter(Client(), user_of(other_coordinator)).get(address).status_code == 404
    answer = enter(Client(), user_of(coordinator)).post(address, {"name": "Amina Yusuf", "as": "page"})
    assert "has taken part as a mentee" in answer.content.decode()


# Words ----------------------------------------------------------------------------------------------------------------


def test_none_is_offered_before_there_is_something_to_certify(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    new = make_couple(coordinator, division, programme, matched_on=coordinator.today)
    shown = enter(Client(), user_of(coordinator)).get(reverse("desk:certificate_mentee", args=[new.pk]))
    assert "There is no certificate yet" in shown.content.decode()
    assert "Make a page to print" not in shown.content.decode()


def test_every_page_can_be_translated(pair: Partnership, mentee: Client) -> None:
    night()
    letter = letter_of(pair)
    addresses = [url(name, pair) for name in ("thoughts", "impact_letters", "impact_wishes")]
    addresses += [url("impact_letter", pair, letter.pk), reverse("portal:certificates")]
    for address in addresses:
        assert untranslated(page(mentee, address, language="xb")) == [], address
