"""Handover packs: what stands in them and what never does, who makes them, and that it is on the record."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exporting import proven
from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_staff, saved
from mentornet.agenda.models import Kind as TaskKind
from mentornet.agenda.queries import FOR_ITS_OWNER
from mentornet.agenda.services import ask_for
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Concern
from mentornet.followup.packs import gather
from mentornet.intake.models import Enrolment, Interview
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.partnerships.models import Goal, Note, OwnNote, Partnership
from mentornet.people.models import Avoidance, Person
from mentornet.programmes.models import Programme
from mentornet.web.desk.packs import views
from mentornet.web.desk.packs.shown import Line
from mentornet.web.ui.printing import missing
from partnerships.couples import make_couple
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
NEEDED: Final = Path("/usr/bin/pdftotext").exists() and not missing()
needs_press = pytest.mark.skipif(not NEEDED, reason="could not run: needs WeasyPrint, Pango and pdftotext")
SECRETS: Final = ("kanarierestricted", "kanarieconcern", "kanarieownnote", "kanarieapart", "+4561000099", "kanarie@x")


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return proven(sign_in(client, coordinator), coordinator)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return a_pair(coordinator, division, programme)


def a_pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    pair = make_couple(coordinator, division, programme)
    Enrolment.objects.filter(pk__in=[pair.mentee_id, pair.mentor_id]).update(coordinator_id=coordinator.user_id)
    made = {"created_at": AT}
    saved(
        Note(
            partnership=pair,
            text="They like the library.",
            written_by=coordinator.key,
            author_name="Inger Holm",
            **made,
        )
    )
    saved(Goal(partnership=pair, words="A CV in Danish", side="mentee", **made))
    ask_for(
        by=coordinator, kind=TaskKind.CONTACT, target_id=pair.pk, division_id=division.pk,
        due_on=TODAY + timedelta(days=2), owner_id=coordinator.user_id, words={"mentee": "Amina", "mentor": "Karen"},
    )  # fmt: skip
    proposal(pair, ProposalState.ACCEPTED, "Both have built a house.", partnership=pair)
    declined = proposal(pair, ProposalState.DECLINED, "Another try.")
    saved(
        ProposalAnswer(
            proposal=declined, side="mentor", round="proposal", reply="no", decline_reason="time",
            note="Too far by bus.", channel="phone", taken_by=coordinator.key, author_name="Inger Holm", **made,
        )
    )  # fmt: skip
    # What never stands in a pack.
    person = pair.mentee.person
    Person.objects.filter(pk=person.pk).update(phone="+4561000099", email="kanarie@x.example")
    talk = make_application("mentor", division, person=person)
    held = {"interviewer_id": coordinator.user_id, "at": AT, "held_at": AT, "place": "The library"}
    saved(Interview(application=talk, coordinator_only="kanarierestricted", **held, **made))
    saved(OwnNote(partnership=pair, person=person, text="kanarieownnote", changed_at=AT, **made))
    other = make_enrolment("mentor", division, programme=programme).person
    saved(Avoidance(person=person, other=other, reason="kanarieapart", created_by="system:tests", created_at=AT))
    saved(
        Concern(
            raised_by=person, partnership=pair, division=division, coordinator_id=coordinator.user_id, about="other",
            addressee="coordinator", words="kanarieconcern", **made,
        )
    )  # fmt: skip
    return pair


def proposal(pair: Partnership, state: str, reason: str, **more: object) -> Proposal:
    return Proposal.objects.create(
        mentee=pair.mentee, mentor=pair.mentor, division=pair.division, state=state, reason=reason, score=7000, rank=1,
        ranked=3, meets_first=False,
        version=pair.mentee.programme.versions.get(), chosen_by="system:tests", author_name="Inger Holm",
        created_at=AT, sent_at=AT, ended_at=AT, expires_on=TODAY, **more,
    )  # fmt: skip


def everything(staff: Staff, division: Division) -> str:
    return reverse("desk:pack_all", args=[staff.user_id, division.pk])


def test_pack_of_a_pair_tells_what_a_colleague_needs(desk: Client, coordinator: Staff, pair: Partnership) -> None:
    address = reverse("desk:pack_pair", args=[pair.pk])
    before = desk.get(address).content.decode()
    # Only opened, it shows nothing and is nothing to note.
    assert "They like the library." not in before
    assert not Entry.objects.filter(act="followup.make_pack").exists()
    page = desk.post(address).content.decode()
    for words in (
        "They like the library.", "A CV in Danish", "Both have built a house.", "Too far by bus.",
        "Call <bdi>Amina</bdi> and <bdi>Karen</bdi>", "There is a restricted note on <bdi>Amina Yusuf</bdi>",
        "Made by <bdi>Inger Holm</bdi>",
    ):  # fmt: skip
        assert words in page, words
    for secret in SECRETS:
        assert secret not in page
    entry = Entry.objects.get(act="followup.make_pack")
    assert (entry.kind, entry.object_id, entry.actor) == ("read", str(pair.pk), coordinator.key)


def test_pack_of_everything_begins_with_the_agenda(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, pair: Partnership
) -> None:
    since = TODAY - timedelta(days=200)
    waiting = make_enrolment(
        "mentee", division, programme=programme, enrolment={"coordinator_id": coordinator.user_id, "since": since}
    )
    page = desk.post(everything(coordinator, division)).content.decode()
    agenda = page[page.index('class="pack-agenda"') : page.index('class="pack-case"')]
    assert "Call <bdi>Amina</bdi>" in agenda
    assert waiting.person.name in agenda
    assert "Waits 200 days" in agenda
    assert page.count('class="pack-case"') == 2
    for secret in SECRETS:
        assert secret not in page
    entry = Entry.objects.get(act="followup.make_packs")
    assert (entry.object_type, entry.detail) == ("accounts.User", {"count": 2})


def _printed(pdf: bytes, *how: str) -> str:
    return subprocess.run(
        ["/usr/bin/pdftotext", *how, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


@needs_press
def test_as_a_file_it_holds_the_same_and_is_as_much_on_the_record(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, pair: Partnership
) -> None:
    idle = [
        make_enrolment("mentor", division, programme=programme, enrolment={"coordinator_id": coordinator.user_id})
        for _number in range(3)
    ]
    one, every = reverse("desk:pack_pair", args=[pair.pk]), everything(coordinator, division)
    pdf = b""
    for address, act in ((one, "followup.make_pack"), (every, "followup.make_packs")):
        assert 'name="as" value="pdf"' in desk.get(address).content.decode()
        answer = desk.post(address, {"as": "pdf"})
        assert (answer["Content-Type"], "attachment" in answer["Content-Disposition"]) == ("application/pdf", True)
        assert "no-store" in answer["Cache-Control"]
        pdf = answer.content
        text = " ".join(_printed(pdf).split())
        for words in ("They like the library.", "A CV in Danish", "Too far by bus.", "Amina", "Inger Holm"):
            assert words in text, words
        for secret in SECRETS:
            assert secret not in text
        assert Entry.objects.filter(act=act, actor=coordinator.key).count() == 1
    # The agenda, the pair, and those of whom there is nothing to tell on one page together.
    pages = _printed(pdf).rstrip("\f").split("\f")
    assert len(pages) == 3
    assert all(place.person.name in pages[2] for place in idle)


def test_of_too_many_there_is_the_page(
    desk: Client, coordinator: Staff, division: Division, pair: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is made while somebody waits for it."""
    monkeypatch.setattr(views, "MOST_IN_A_PDF", 1)
    address = everything(coordinator, division)
    before = desk.get(address).content.decode()
    assert 'value="pdf"' not in before
    assert "choose there to keep it as a PDF" in before
    monkeypatch.setattr(views, "MOST_IN_A_PDF", 0)
    answer = desk.post(address, {"as": "pdf"})
    assert answer["Content-Type"].startswith("text/html")
    assert "They like the library." in answer.content.decode()


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        ("Call Amina Yusuf and Karen Lund", ""),
        ("Amina Yusuf was promised a word", "Amina Yusuf – Karen Lund"),
        ("They mean to meet", "Amina Yusuf – Karen Lund"),
    ],
)
def test_a_line_names_whom_its_words_do_not(words: str, whose: str) -> None:
    assert Line(TODAY, words, "today", "Amina Yusuf – Karen Lund").whose == whose


def test_pack_of_everything_asks_for_the_code_again(
    client: Client, sign_in: SignIn, coordinator: Staff, division: Division, pair: Partnership
) -> None:
    desk = proven(sign_in(client, coordinator), coordinator, ago=timedelta(minutes=11))
    for answer in (desk.get(everything(coordinator, division)), desk.post(everything(coordinator, division))):
        assert answer.status_code == 302
        assert reverse("mfa_reauthenticate") in answer.url  # type: ignore[attr-defined]
    assert not Entry.objects.filter(act="followup.make_packs").exists()


def test_who_makes_whose(
    sign_in: SignIn, coordinator: Staff, division_lead: Staff, other_coordinator: Staff, division: Division,
    pair: Partnership,
) -> None:  # fmt: skip
    colleague = make_staff(Role.COORDINATOR, division, name="Mette Rask")
    for by, all_of, one in (
        (coordinator, 200, 200),
        (division_lead, 200, 200),
        (colleague, 404, 200),
        (other_coordinator, 404, 404),
    ):
        desk = proven(sign_in(Client(), by), by)
        assert desk.post(everything(coordinator, division)).status_code == all_of
        assert desk.post(reverse("desk:pack_pair", args=[pair.pk])).status_code == one
        assert desk.post(reverse("desk:pack_place", args=[pair.mentee_id])).status_code == one


def test_protected_people_stand_by_the_name_they_have_here(desk: Client, pair: Partnership) -> None:
    Person.objects.filter(pk=pair.mentee.person_id).update(
        is_protected=True, last_name="", email="", phone="", safe_contact="", postcode=""
    )
    page = desk.post(reverse("desk:pack_pair", args=[pair.pk])).content.decode()
    assert "protected: use no other name or place" in page


def test_queries_do_not_grow(
    desk: Client, coordinator: Staff, division: Division, programme: Programme,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    desk.get(everything(coordinator, division))
    for many in (1, 3):
        for _ in range(many):
            a_pair(coordinator, division, programme)
        with django_assert_num_queries(QUERIES):
            desk.post(everything(coordinator, division))


QUERIES: Final = 25


def test_what_is_for_its_owners_eyes_stands_in_nobody_elses_pack(
    desk: Client, pair: Partnership, coordinator: Staff, division: Division
) -> None:
    lead = make_staff(Role.DIVISION_LEAD, division, name="Birthe Dam")
    ask_for(
        by=coordinator, kind=TaskKind.REVEALED, target_id=pair.mentee.person_id, division_id=division.pk,
        due_on=TODAY, owner_id=lead.user_id, words={"name": "Kanarie", "why": FOR_ITS_OWNER},
    )  # fmt: skip
    assert gather(coordinator, [pair.mentee]).tasks.get(pair.mentee.person_id, []) == []
    assert len(gather(lead, [pair.mentee]).tasks[pair.mentee.person_id]) == 1
