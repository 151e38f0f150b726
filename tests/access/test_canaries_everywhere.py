"""A canary in every column that tells of people or casework: whoever is not to read it does not, wherever she looks."""

from __future__ import annotations

import io
import json
import logging
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core import mail, serializers
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from pytest_django import Settings

from access.canaries_everywhere import (
    EXCUSED,
    SET_UP,
    Everywhere,
    Planted,
    build_everywhere,
    read,
    text_columns,
    to_be_planted,
    unpacked,
)
from access.crawling import crawl
from access.matrix import Crossing, addresses, uses_of, with_addresses
from access.worlds import ELSEWHERE, HERE
from exporting import ASKED, NAMES, address, proven
from factories.django_rows import AT
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.audit.services import record_read
from mentornet.common.actors import System
from mentornet.common.fields import Level, declared, declared_models
from mentornet.intake.queries import visible_people
from mentornet.matching.models import Proposal
from mentornet.messaging.services import deliver_due_letters
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.web.access import Policy, open_to
from reference.writing import Table
from reference.xlsx_writing import xlsx_bytes

pytestmark = pytest.mark.django_db

OUTSIDERS: Final = (
    "administrator",
    "anonymous",
    "before second factor",
    "disabled",
    "link holder without code",
    "no role",
    "role begins tomorrow",
    "role ended yesterday",
    "role ends today",
)
"""Who reads nothing about anybody."""
BREACH: Final = frozenset(f"privacy.Breach.{name}" for name in declared("privacy.Breach"))
"""Read by whom decision 31 names: an event, in which whoever writes it is asked to name nobody."""
OPENED: Final = frozenset({"accounts.SignInSession.browser"})
"""Restricted columns that stand on a page that is only opened: one's own browsers."""
OF_HERSELF: Final = frozenset(
    {
        *(f"people.Person.{name}" for name in ("email", "phone", "postcode", "safe_contact")),
        *(f"people.Profile.{name}" for name in ("sector", "wishes")),
        *("intake.Interview.place", "privacy.Request.words", "partnerships.OwnNote.text", "intake.Referral.code"),
        # Her thoughts; and of the two, by no staff, the letter as the mentee has said yes to it.
        *("followup.Reflection.text", "followup.ImpactLetter.texts"),
        # In which browser she is signed in.
        "accounts.SignInSession.browser",
        # Who at the office writes to her.
        "matching.Proposal.author_name",
    }
)
"""What only casework reads of others, and she of herself."""
OF_THE_OFFICE: Final = frozenset({"intake.InterviewSlot.place"})
"""Nobody's rows, offered to whoever chooses among them."""
MOST: Final = 150
"""Pages for each place with which a role begins, beyond its objects under all addresses: what they lead to."""


@pytest.fixture
def everywhere(db: None, moment: None, caplog: pytest.LogCaptureFixture) -> Everywhere:
    """The usual two divisions with a canary in every column; all that is logged is kept."""
    everywhere = build_everywhere()
    caplog.set_level(logging.DEBUG)
    return everywhere


@pytest.fixture
def crossing(everywhere: Everywhere) -> Crossing:
    """Asks in the names of the world's users."""
    return Crossing(everywhere.world)


Found = dict[str, Planted]


def _seen(
    crossing: Crossing, everywhere: Everywhere, role: str, *, places: Collection[str] = (HERE, ELSEWHERE)
) -> tuple[Found, dict[str, Found]]:
    """Return the canaries that a role reads on whatever it can open, in all and by page."""
    pages = crawl(crossing, role, places=places, most=MOST * len(places))
    assert len(pages) > 300
    assert {url: page.status_code for url, page in pages.items() if page.status_code >= 500} == {}
    found = {url: here for url, page in pages.items() if (here := everywhere.found(read(page)))}
    return {word: planted for here in found.values() for word, planted in here.items()}, found


def _wrong(found: Mapping[str, Found], words: Iterable[str]) -> dict[str, set[str]]:
    """Return where these canaries stand, as the columns that they come from."""
    wrong = set(words)
    pages = {url: {one.column for word, one in here.items() if word in wrong} for url, here in found.items()}
    return {url: columns for url, columns in pages.items() if columns}


# Every column --------------------------------------------------------------------------------------------------------


def _without(planted: Iterable[Planted]) -> list[str]:
    """Return the columns that are neither planted in both places nor excused."""
    have = {(one.column, one.place) for one in planted}
    return [
        f"{label}.{column.name} {place}"
        for label, columns in to_be_planted().items()
        for column in columns
        for place in (HERE, ELSEWHERE)
        if (f"{label}.{column.name}", place) not in have
    ]


def test_every_column_holds_a_canary_or_is_excused(everywhere: Everywhere) -> None:
    assert _without(everywhere.planted.values()) == []
    columns = {one.column for one in everywhere.planted.values()}
    excused = [name for names in EXCUSED.values() for name in names]
    assert len(excused) == len(set(excused))
    known = {f"{label}.{column.name}" for label in declared_models() for column in text_columns(label)}
    assert set(excused) <= known, "excused, though there is no such column"
    assert not columns & set(excused)
    print(f"\n{len(columns)} columns, {len(everywhere.planted)} canaries, {len(excused)} columns excused")


def test_canaries_stand_in_the_database(everywhere: Everywhere) -> None:
    kept = serializers.serialize(
        "json", [row for label in to_be_planted() for row in apps.get_model(label).objects.all()]
    )
    assert everywhere.found(kept).keys() == everywhere.planted.keys()


def test_set_up_is_about_nobody() -> None:
    about_nobody = {
        label
        for label in declared_models()
        if list(text_columns(label)) and not any(declared(label)[one.name].about_person for one in text_columns(label))
    }
    assert about_nobody == SET_UP


def test_column_that_nobody_has_decided_would_be_found(everywhere: Everywhere, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = [one for one in everywhere.planted.values() if one.column != "intake.Wish.words"]
    assert _without(planted) == ["intake.Wish.words here", "intake.Wish.words elsewhere"]
    reason = next(reason for reason, names in EXCUSED.items() if "people.Person.language" in names)
    monkeypatch.setitem(EXCUSED, reason, tuple(one for one in EXCUSED[reason] if one != "people.Person.language"))
    assert _without(everywhere.planted.values()) == ["people.Person.language here", "people.Person.language elsewhere"]


# Who reads what on pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsider_reads_no_column(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture, role: str
) -> None:
    _, found = _seen(crossing, everywhere, role, places=[HERE])
    assert found == {}
    for name in NAMES:
        for kind in ("csv", "xlsx"):
            answer = crossing.ask(role, "POST", address(name), urlencode(ASKED | {"format": kind}))
            assert answer.status_code in {302, 403}
            assert everywhere.found(read(answer)) == {}
    assert everywhere.found(caplog.text) == {}


@pytest.mark.parametrize(
    ("role", "place"),
    [("coordinator here", HERE), ("division lead here", HERE), ("coordinator elsewhere", ELSEWHERE)],
)
def test_staff_read_their_own_division_alone(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture, role: str, place: str
) -> None:
    # What is not hers is asked for; her own she finds from her desk, and one of the three is asked for all of it.
    other = HERE if place == ELSEWHERE else ELSEWHERE
    places = [HERE, ELSEWHERE] if role == "coordinator here" else [other]
    seen, found = _seen(crossing, everywhere, role, places=places)
    assert _wrong(found, [word for word, one in seen.items() if one.place != place]) == {}
    # What is restricted is read by an act alone; her own browsers are hers.
    assert (
        _wrong(found, [w for w, one in seen.items() if one.level is Level.RESTRICTED and one.column not in OPENED])
        == {}
    )
    assert {url for url, here in found.items() if any("browser" in one.column for one in here.values())} <= {
        reverse("desk:sessions")
    }
    # Her own she reads, or the test would show nothing.
    assert len({one.column for one in seen.values()}) > 50
    assert everywhere.found(caplog.text) == {}


def test_national_lead_opens_nothing_that_is_restricted(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture
) -> None:
    seen, found = _seen(crossing, everywhere, "national lead", places=[HERE])
    assert _wrong(found, [word for word, one in seen.items() if one.level is Level.RESTRICTED]) == {}
    assert {one.place for one in seen.values()} == {HERE, ELSEWHERE}
    assert everywhere.found(caplog.text) == {}


def test_data_protection_officer_reads_no_participant(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture
) -> None:
    # Decision 31: she has no casework. She reads breaches, and the audit, in which people are keys.
    seen, found = _seen(crossing, everywhere, "data-protection officer")
    assert _wrong(found, [word for word, one in seen.items() if one.column not in BREACH]) == {}
    assert {one.place for one in seen.values()} == {HERE, ELSEWHERE}
    assert everywhere.found(caplog.text) == {}


def _beyond(everywhere: Everywhere, person: Person, seen: Found) -> Found:
    """Return what a participant must not read: of the other more than her level allows, or of anybody else at all."""
    partners = {
        key
        for pair in Partnership.objects.values_list("mentee__person", "mentor__person")
        if person.pk in pair
        for key in pair
    }
    introduced = {
        key
        for two in Proposal.objects.values_list("mentee__person", "mentor__person")
        if person.pk in two
        for key in two
    }

    def may(one: Planted) -> bool:
        if one.place != HERE:
            return False
        if person.pk in one.people:
            return one.level <= Level.PARTNER or one.column in OF_HERSELF
        if one.people & partners:
            return one.level <= Level.PARTNER
        if one.people & introduced:
            return one.level <= Level.INTRODUCTION
        return not one.people and one.column in OF_THE_OFFICE

    del everywhere
    return {word: one for word, one in seen.items() if not may(one)}


@pytest.mark.parametrize("role", ["mentee here", "mentor here", "mentee of the pair", "contact person", "link holder"])
def test_participant_reads_her_own_and_what_is_shown_to_her(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture, role: str
) -> None:
    world = everywhere.world
    person = world.holders[role].person if role in world.holders else world.participants[role]
    seen, found = _seen(crossing, everywhere, role)
    assert _wrong(found, _beyond(everywhere, person, seen)) == {}
    assert any(person.pk in one.people for one in seen.values())
    if role != "contact person":
        assert any(person.pk not in one.people for one in seen.values()), "the other one is not shown at all"
    assert everywhere.found(caplog.text) == {}


def test_word_beyond_her_level_would_be_found(everywhere: Everywhere) -> None:
    mentee = everywhere.world.participants["mentee here"]
    beyond = _beyond(everywhere, mentee, everywhere.planted)
    columns = {one.column for one in beyond.values() if one.place == HERE}
    # Of the other one's, of nobody's, and of her own what only the office reads.
    assert {"people.Person.last_name", "privacy.Breach.happened", "intake.Decision.reason"} <= columns
    assert {one.column for one in everywhere.planted.values()} == {
        one.column for one in beyond.values() if one.place == ELSEWHERE
    }


# Restricted columns ---------------------------------------------------------------------------------------------------


def _acts(crossing: Crossing, everywhere: Everywhere, role: str) -> tuple[set[str], list[str]]:
    """Press every button; return the restricted columns that an answer shows, and where without a word in the audit."""
    columns, wrong = set[str](), list[str]()
    for one in addresses():
        if not one.name.startswith("desk:"):
            continue
        names = crossing.divisional(one)
        url = crossing.url(one, {name: str(crossing.object_of(one, name, HERE)) for name in names})
        start = transaction.savepoint()
        before = Entry.objects.filter(kind=EntryKind.READ).count()
        answer = crossing.client(role).post(url)
        found = {
            planted.column for planted in everywhere.found(read(answer)).values() if planted.level is Level.RESTRICTED
        } - OPENED
        noted = Entry.objects.filter(kind=EntryKind.READ).count() - before
        transaction.savepoint_rollback(start)
        if found and not noted:
            wrong.append(f"{url}: {found} read without a word in the audit")
        columns |= found
    return columns, wrong


def test_restricted_columns_are_read_on_the_record(crossing: Crossing, everywhere: Everywhere) -> None:
    columns, wrong = _acts(crossing, everywhere, "coordinator here")
    assert wrong == []
    told = {"followup.Concern.words", "followup.ConcernNote.text"}
    assert columns >= {"intake.Interview.coordinator_only", "people.Avoidance.reason", "intake.Wish.words"} | told


def test_reading_off_the_record_is_found_in_any_column(
    crossing: Crossing, everywhere: Everywhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in uses_of(record_read):
        monkeypatch.setattr(module, name, lambda **_: None)
    assert len(_acts(crossing, everywhere, "coordinator here")[1]) >= 2


# Files, letters, errors -----------------------------------------------------------------------------------------------


def test_files_hold_the_own_division_alone(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture
) -> None:
    role = "coordinator here"
    proven(crossing.client(role), crossing.staff(role))
    columns = set[str]()
    for name in NAMES:
        for kind in ("csv", "xlsx"):
            # The signs of the two worlds have been put aside.
            place = address(name, state="aside") if name == "early_signs" else address(name)
            answer = crossing.ask(role, "POST", place, urlencode(ASKED | {"format": kind, "contact": "on"}))
            assert answer.status_code == 200
            assert "attachment" in answer["Content-Disposition"], name
            found = everywhere.found(read(answer))
            assert {one.place for one in found.values()} <= {HERE}
            assert all(one.level is not Level.RESTRICTED for one in found.values())
            columns |= {one.column for one in found.values()}
    assert columns >= {"people.Person.first_name", "people.Person.last_name"}
    assert everywhere.found(caplog.text) == {}


def test_copy_of_hers_holds_nobody_elses(
    crossing: Crossing, everywhere: Everywhere, caplog: pytest.LogCaptureFixture
) -> None:
    role, mentee = "division lead here", everywhere.world.participants["mentee here"]
    proven(crossing.client(role), crossing.staff(role))
    for asker, url in ((role, reverse("desk:person_copy", args=[mentee.pk])), ("mentee here", reverse("portal:data"))):
        answer = crossing.ask(asker, "POST", url)
        assert answer["Content-Type"] == "application/zip", asker
        found = everywhere.found(read(answer))
        assert len({one.column for one in found.values()}) > 20
        # Of the other one of a proposal her introduction, as it was shown to her.
        others = {
            one.column for one in found.values() if mentee.pk not in one.people and one.level > Level.INTRODUCTION
        }
        assert others == set()
        assert {one.place for one in found.values()} == {HERE}
    assert everywhere.found(caplog.text) == {}


def test_audit_that_is_handed_out_holds_no_canary(crossing: Crossing, everywhere: Everywhere) -> None:
    role = "data-protection officer"
    proven(crossing.client(role), crossing.staff(role))
    for method in ("GET", "POST"):
        assert everywhere.found(read(crossing.ask(role, method, reverse("desk:audit_export")))) == {}
    assert everywhere.found(serializers.serialize("json", Entry.objects.all())) == {}


def test_letters_hold_what_their_reader_may_see(
    crossing: Crossing,
    everywhere: Everywhere,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: object,
) -> None:
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    for one in addresses():
        names = crossing.divisional(one)
        url = crossing.url(one, {name: str(crossing.object_of(one, name, HERE)) for name in names})
        if one.name.startswith("desk:") and not one.name.startswith("desk:role"):
            # Nothing is taken back here: what each act leaves behind is looked at.
            crossing.client("coordinator here").post(url, {"reason": "A reason.", "note": "A note."})
    deliver_due_letters(by=System("tests", AT.replace(year=AT.year + 1)))
    assert mail.outbox
    for letter in mail.outbox:
        text = f"{letter.subject}\n{letter.body}\n{json.dumps(letter.extra_headers)}"
        beyond = {one.column for one in everywhere.found(text).values() if one.level > Level.PARTNER}
        assert beyond == set()
        # What it tells is from where its reader is.
        assert len({one.place for one in everywhere.found(f"{text}\n{letter.to}").values()}) == 1
    texts = "\n".join(file.read_text(encoding="utf-8") for file in tmp_path.rglob("*") if file.is_file())
    assert {one.column for one in everywhere.found(texts).values()} <= {"people.Person.phone"}
    assert everywhere.found(serializers.serialize("json", Entry.objects.all())) == {}
    assert everywhere.found(caplog.text) == {}


def test_pages_of_errors_hold_no_canary(
    crossing: Crossing, everywhere: Everywhere, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    @open_to(Policy.STAFF)
    def broken(request: HttpRequest) -> HttpResponse:
        people = list(Person.objects.values_list("first_name", "last_name", "email"))
        raise RuntimeError(f"{len(people)} rows, asked by {request.user.pk}")

    with_addresses(settings, [path("broken/", broken, name="broken")])
    word = next(iter(everywhere.planted))
    statuses = set()
    for role, url in (
        ("coordinator here", "/broken/"),
        ("coordinator here", "/no/such/page/"),
        ("coordinator here", reverse("desk:person", args=[everywhere.world.elsewhere.objects["person_id"]])),
        ("administrator", reverse("desk:person", args=[everywhere.world.here.objects["person_id"]])),
    ):
        answer = crossing.ask(role, "POST" if "broken" in url else "GET", url, urlencode({"reason": word}))
        statuses.add(answer.status_code)
        assert everywhere.found(read(answer)) == {}, url
    assert statuses == {500, 404, 403}
    assert everywhere.found(caplog.text) == {}


# The controls ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("past_policies")
def test_rule_that_is_taken_away_would_be_found(
    crossing: Crossing, everywhere: Everywhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in uses_of(visible_people):
        monkeypatch.setattr(module, name, lambda _by: visible_people(System("tests", AT)))
    pages = crawl(crossing, "coordinator here", places=[ELSEWHERE], only="desk:person", most=3)
    found = {word: one for page in pages.values() for word, one in everywhere.found(read(page)).items()}
    assert {"people.Person.email", "people.Person.phone", "people.Person.safe_contact"} <= {
        one.column for one in found.values() if one.place == ELSEWHERE
    }


def test_canary_is_found_wherever_it_stands(everywhere: Everywhere, caplog: pytest.LogCaptureFixture) -> None:
    word, phone = (
        next(word for word, one in everywhere.planted.items() if one.column == column)
        for column in ("people.Person.email", "people.Person.phone")
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a/list.xlsx", xlsx_bytes(Table(("Name",), [[word]]), "A list"))
    pdf = b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(f"({word}) Tj".encode()) + b"\nendstream"
    calendar = f"BEGIN:VCALENDAR\r\nSUMMARY:{word[:3]}\r\n {word[3:]}\r\n".encode()
    for content in (archive.getvalue(), pdf, calendar, word.upper().encode(), json.dumps({"x": word}).encode()):
        assert everywhere.found(unpacked(content)).keys() == {word}
    digits = phone[3:]
    for shown in (phone, " ".join(("+45", digits[:2], digits[2:4], digits[4:6], digits[6:])), f"tel:%2B45{digits}"):
        assert everywhere.found(shown).keys() == {phone}
    logging.getLogger("mentornet.tests").warning("She said %s", word)
    mail.send_mail("A message", f"She said {word}", None, ["her@example.org"])
    assert everywhere.found(caplog.text).keys() == {word}
    assert everywhere.found(str(mail.outbox[-1].body)).keys() == {word}
    assert everywhere.found("Nothing of hers: zqh99999, 7810000") == {}
