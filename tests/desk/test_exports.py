"""Lists as files: exactly the rows of the list, what stands in them, the entry in the audit, the page before."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from days import TODAY
from exporting import (
    ASKED,
    NAMES,
    address,
    exported,
    make_people,
    mentee,
    mentor,
    pair,
    proposal,
    proven,
    rows_of,
    warned,
)
from factories.django_rows import (
    give_role,
    make_user,
    user_of,
)
from imports_steps import Journey
from mentornet.audit.models import Entry, Kind
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup.services import put_aside
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import PartnershipState
from mentornet.programmes.models import Programme
from mentornet.web.desk.exports import views
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return proven(sign_in(client, coordinator), coordinator)


@pytest.fixture
def people(division: Division, programme: Programme, coordinator: Staff) -> None:
    make_people(division, programme, coordinator)


def first_names(client: Client, name: str, **query: Any) -> list[str]:
    return [row["first name"] for row in exported(client, name, query)]


# Which rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("waiting", {}, ["Amina", "Oksana"]),
        ("waiting", {"language": "uk"}, ["Oksana"]),
        ("waiting", {"whose": "mine"}, ["Amina"]),
        ("waiting", {"word": "overdue"}, ["Amina"]),
        ("waiting", {"page": "7", "everybody": "1"}, ["Amina", "Oksana"]),
        ("bank", {}, ["Bodil", "Karen"]),
        ("bank", {"topic": "cv"}, ["Bodil"]),
        ("bank", {"topic": ["cv", "network"], "sort": "name"}, ["Bodil", "Karen"]),
        ("bank", {"q": "karen"}, ["Karen"]),
        ("bank", {"state": "resting"}, ["Rikke"]),
        ("people", {}, ["Amina", "Bodil", "Karen", "Oksana", "Rikke"]),
        ("people", {"role": "mentee"}, ["Amina", "Oksana"]),
        ("people", {"state": "resting"}, ["Rikke"]),
        ("people", {"q": "lund", "state": "in_bank"}, ["Bodil", "Karen"]),
    ],
)
def test_file_holds_the_rows_of_the_list(desk: Client, name: str, query: dict[str, Any], expected: list[str]) -> None:
    page = desk.get(reverse(f"desk:{name}", query=query)).content.decode()
    assert first_names(desk, name, **query) == expected
    # The page shows the same: what the two read apart must not drift apart.
    shown = {first for first in ("Amina", "Oksana", "Bodil", "Karen", "Rikke") if f"{first} Haddad" in page
             or f"{first} Lund" in page}  # fmt: skip
    assert shown >= set(expected)
    if name != "waiting":  # there the best mentor stands beside her
        assert shown == set(expected)


@pytest.mark.usefixtures("people")
def test_nobody_fits_is_filtered_as_on_the_page(desk: Client) -> None:
    page = desk.get(reverse("desk:waiting"), {"fit": "nobody"}).content.decode()
    names = first_names(desk, "waiting", fit="nobody")
    assert [name for name in ("Amina", "Oksana") if f"{name} Haddad" in page] == names


@pytest.mark.parametrize("state", ["", "active", "closed", "not-met"])
def test_partnerships_are_those_of_the_tab(desk: Client, division: Division, programme: Programme, state: str) -> None:
    states: tuple[dict[str, Any], ...] = (
        {},
        {"state": PartnershipState.MATCHED, "first_met_on": None},
        {"state": PartnershipState.CLOSED, "closing_reason": "goal", "closed_on": TODAY},
    )
    for number, more in enumerate(states):
        pair(mentee(division, programme, f"Amina{number}"), mentor(division, programme, f"Bodil{number}"), **more)
    page = desk.get(reverse("desk:partnerships"), {"state": state}).content.decode()
    rows = exported(desk, "partnerships", {"state": state})
    assert rows
    assert {row["mentee"] for row in rows} == {f"Amina{n} Haddad" for n in range(3) if f"Amina{n} Haddad" in page}


def test_early_signs_say_why_in_plain_words_and_leave_what_was_written_of_them(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    mine = {"coordinator": user_of(coordinator)}
    sign = warned(
        pair(mentee(division, programme, "D'Alia & <b>", enrolment=mine), mentor(division, programme, "Edith"))
    )
    warned(pair(mentee(division, programme, "Farah"), mentor(division, programme, "Gerda")), kind="one_silent",
            side="mentee", facts={"unanswered": 3, "other_on": "2026-02-20"})  # fmt: skip
    rows = sorted(exported(desk, "early_signs"), key=lambda row: row["mentee"])
    assert [row["mentee"] for row in rows] == ["D'Alia & <b> Haddad", "Farah Haddad"]
    assert rows[0]["why"] == "Nobody has told of a meeting for 50 days; the last one was on 10 January 2026."
    assert rows[1]["why"].startswith("Farah has left the last 3 questions unanswered; Gerda answered on ")
    assert (rows[0]["early signs"], rows[0]["seen since"]) == ("not met for long", TODAY.isoformat())
    assert [row["mentee"] for row in exported(desk, "early_signs", {"whose": "mine"})] == ["D'Alia & <b> Haddad"]
    until = TODAY + timedelta(days=9)
    put_aside(by=replace(coordinator, at=timezone.now()), sign=sign, until=until, reason="She is travelling.")
    assert [row["mentee"] for row in exported(desk, "early_signs")] == ["Farah Haddad"]
    answer = desk.post(address("early_signs", state="aside"), ASKED)
    assert [row["put aside until"] for row in rows_of(answer)] == [until.isoformat()]
    assert "travelling" not in answer.content.decode()
    assert Entry.objects.filter(act="desk.export").latest("pk").detail["filters"] == {"state": ["aside"]}


def test_every_page_of_the_list_is_in_the_file(desk: Client, division: Division, programme: Programme) -> None:
    for number in range(27):
        mentor(division, programme, f"Nr{number:02}")
    assert first_names(desk, "bank", page=1, sort="name") == [f"Nr{number:02}" for number in range(27)]


def test_many_are_read_some_at_a_time(
    desk: Client, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        mentor(division, programme, f"Nr{number}")
    monkeypatch.setattr("mentornet.web.desk.exports.listings.AT_ONCE", 2)
    assert first_names(desk, "bank", sort="name") == [f"Nr{number}" for number in range(5)]


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_the_rows(desk: Client, division: Division, programme: Programme, name: str) -> None:
    def add(number: int) -> None:
        # Coordinators differ from row to row, so that each would be asked for anew.
        user = make_user(f"Staff {number}")
        give_role(user, Role.COORDINATOR, division)

        def two(one: str, other: str) -> tuple[Enrolment, Enrolment]:
            own = {"coordinator": user}
            return (
                mentee(division, programme, f"{one}{number}", enrolment=own),
                mentor(division, programme, f"{other}{number}", enrolment=own),
            )

        two("Amina", "Bodil")
        warned(pair(*two("Dalia", "Edith")))
        proposal(*two("Farah", "Gerda"))

    counts, found = [], []
    for number in (1, 2, 3):
        add(number)
        desk.post(address(name), ASKED)
        with CaptureQueriesContext(connection) as queries:
            found.append(len(rows_of(desk.post(address(name), ASKED))))
        counts.append(len(queries))
    assert found[2] == 3 * found[0]
    assert len(set(counts)) == 1, counts


# The file -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_workbook_has_days_as_days_and_a_name(desk: Client) -> None:
    answer = desk.post(address("waiting"), {"purpose": "meeting", "format": "xlsx"})
    assert answer["Content-Disposition"] == f'attachment; filename="waiting-list-{TODAY.isoformat()}.xlsx"'
    assert answer["Cache-Control"] == "no-store"
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    headers, first = list(sheet.iter_rows(values_only=True))[:2]
    row = dict(zip(headers, first, strict=True))
    since = row["waiting since"]
    assert isinstance(since, datetime)
    assert since.date() == TODAY - timedelta(days=90)
    assert (row["days waited"], row["first name"], row["languages"]) == (90, "Amina", "Arabic:C2; Danish:B1")


@pytest.mark.usefixtures("people")
def test_csv_is_marked_as_utf_8(desk: Client) -> None:
    answer = desk.post(address("bank"), ASKED)
    assert answer.content.startswith(b"\xef\xbb\xbfid,first name,")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.usefixtures("people")
def test_headers_and_words_are_in_her_language(desk: Client) -> None:
    desk.cookies["django_language"] = "da"
    row = exported(desk, "waiting")[0]
    assert (row["fornavn"], row["sprog"]) == ("Amina", "arabisk:C2; dansk:B1")
    assert row["venter siden"] == (TODAY - timedelta(days=90)).isoformat()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_formula_is_disarmed(desk: Client, division: Division, programme: Programme, kind: str) -> None:
    person = {"phone": "+45 20 00 00 00", "area": "@SUM(A1)"}
    mentee(division, programme, "=HYPERLINK(1)", person=person, wishes='=cmd|"/c calc"!A1')
    answer = desk.post(address("waiting"), {"purpose": "meeting", "format": kind, "contact": "on"})
    if kind == "csv":
        cells = [cell for row in rows_of(answer) for cell in row.values()]
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
        cells = [str(cell) for row in sheet.iter_rows(min_row=2, values_only=True) for cell in row if cell is not None]
    assert "'=HYPERLINK(1)" in cells
    assert "'+45 20 00 00 00" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_bank_is_read_back_without_a_fault(
    desk: Client, division: Division, other_division: Division, programme: Programme, coordinator: Staff,
    other_coordinator: Staff, kind: str, language: str,
) -> None:  # fmt: skip
    mentor(
        division, programme, "Bodil",
        person={"email": "bodil@example.org", "phone": "20 00 00 00", "birth_year": 1970, "postcode": "5000"},
        languages={"da": "C2", "ar": "", "prs": "B1", "ckb": "A2"}, occupation="2221", occupation_title="Nurse",
        sector="health", education=6, topics=("cv", "network"), interests=("running", "bees"),
        availability=("mon-evening", "sat-morning"), meeting=("in person", "online"), hours_per_month=2.5, months=6,
        requires=("language:ar", "online"), wishes="Two lines\nof wishes", min_danish="A2", pairs_before=3,
        enrolment={"capacity": 2, "resting_until": date(2026, 1, 1)},
    )  # fmt: skip
    mentor(division, programme, "Karen", languages={})
    desk.cookies["django_language"] = language
    answer = desk.post(address("bank", sort="name"), {"purpose": "meeting", "format": kind, "contact": "on"})
    Division.objects.filter(pk=division.pk).update(name="Old name")
    Division.objects.filter(pk=other_division.pk).update(name="Odense")
    other_division.refresh_from_db()
    journey = Journey.begin(other_coordinator, other_division, programme, {"mentors": answer.content}).checked()
    assert journey.faults == []
    journey.write()
    read = Enrolment.objects.get(division=other_division, person__first_name="Bodil")
    before = Enrolment.objects.get(division=division, person__first_name="Bodil")
    names = ("occupation", "sector", "education", "topics", "interests", "availability", "meeting", "hours_per_month",
             "months", "requires", "wishes", "min_danish", "pairs_before")  # fmt: skip
    assert {name: getattr(read.profile, name) for name in names} == {
        name: getattr(before.profile, name) for name in names
    }
    spoken = [[(one.code, one.level) for one in row.person.languages.all()] for row in (read, before)]
    assert spoken[0] == spoken[1]
    for name in ("last_name", "email", "phone", "birth_year", "postcode", "language"):
        assert getattr(read.person, name) == getattr(before.person, name)
    assert (read.capacity, read.since, read.briefed_on) == (before.capacity, before.since, before.briefed_on)


# The audit ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_export_is_written_down_once_and_without_names(desk: Client, coordinator: Staff, division: Division) -> None:
    query = {"role": "mentor", "q": "Lund"}
    assert len(exported(desk, "people", query, purpose="other", other="the autumn meeting")) == 3
    entry = Entry.objects.get(act="desk.export")
    assert (entry.kind, entry.actor, entry.division_id) == (Kind.READ, coordinator.key, division.pk)
    assert (entry.object_type, entry.object_id) == ("accounts.User", str(coordinator.user_id))
    assert entry.detail == {
        "list": "people",
        "filters": {"q": [True], "role": ["mentor"]},
        "rows": 3,
        "format": "csv",
        "contact": False,
        "purpose": "other",
        "other": "the autumn meeting",
    }


@pytest.mark.usefixtures("people")
def test_looking_at_the_page_is_no_export(desk: Client) -> None:
    desk.get(address("people"))
    desk.post(address("people"), {"format": "csv"})
    assert not Entry.objects.filter(act="desk.export").exists()


@pytest.mark.usefixtures("people")
def test_nothing_is_handed_out_that_could_not_be_written_down(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError("no room left")

    desk.raise_request_exception = False
    monkeypatch.setattr(views, "record_export", full)
    answer = desk.post(address("people"), ASKED)
    assert answer.status_code == 500
    assert b"Amina" not in answer.content


def test_export_is_not_shown_on_a_persons_page(desk: Client, division: Division, programme: Programme) -> None:
    url = reverse("desk:person", args=[mentee(division, programme, "Amina").person_id])
    page = desk.get(url).content.decode()
    exported(desk, "waiting")
    after = desk.get(url).content.decode()
    assert [page.count("<li"), "desk.export" in after] == [after.count("<li"), False]


# The page -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("waiting", {"language": "ar", "whose": "mine"}),
        ("bank", {"topic": ["cv", "network"], "q": "Lund"}),
        ("people", {"role": "mentor", "state": "in_bank", "q": "Lund"}),
        ("partnerships", {"state": "active", "q": "Dalia"}),
        ("early_signs", {"kind": "unmet"}),
        ("proposals", {"state": "sent", "q": "Haddad"}),
    ],
)
def test_list_leads_to_its_export_with_its_filters(
    desk: Client, division: Division, programme: Programme, name: str, query: dict[str, Any]
) -> None:
    warned(pair(mentee(division, programme, "Dalia"), mentor(division, programme, "Edith")))
    proposal(mentee(division, programme, "Farah"), mentor(division, programme, "Gerda"))
    asked = desk.get(reverse(f"desk:{name}", query=query))
    href = asked.content.decode().partition(f'href="{address(name)}')[2].partition('"')[0]
    there = desk.get(address(name) + href.replace("&amp;", "&"))
    assert there.status_code == 200
    assert {one.name for one in there.context["filters"]} == set(query) | (
        {"state"} if name in {"partnerships", "proposals"} else set()
    )
    assert there.context["rows"] == len(asked.context["rows"]) > 0
    again = desk.get(there.context["back"])
    assert [str(row) for row in again.context["rows"]] == [str(row) for row in asked.context["rows"]]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", NAMES)
def test_page_is_translated(desk: Client, name: str) -> None:
    query: dict[str, Any] = {"bank": {"q": "Lund", "topic": "cv"}, "waiting": {"whose": "mine", "language": "ar"}}.get(
        name, {}
    )
    desk.cookies["django_language"] = "xb"
    for answer in (desk.get(address(name, **query)), desk.post(address(name, **query), {"purpose": "other"})):
        assert untranslated(answer.content.decode()) == []


@pytest.mark.usefixtures("people")
def test_purpose_has_to_be_told(desk: Client) -> None:
    answer = desk.post(address("people"), {"purpose": "other", "other": "", "format": "xlsx", "contact": "on"})
    assert "Say in a few words what the file is for." in answer.content.decode()
    form = answer.context["form"]
    assert (form["purpose"].value(), form["format"].value(), form["contact"].value()) == ("other", "xlsx", True)


def test_empty_list_says_so(desk: Client) -> None:
    assert "Nothing to put into a file" in desk.get(address("people")).content.decode()
    answer = desk.post(address("people"), ASKED)
    assert not answer["Content-Type"].startswith("text/csv")
    assert not Entry.objects.filter(act="desk.export").exists()


@pytest.mark.usefixtures("people")
def test_too_many_are_refused_with_what_to_do(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 4)
    assert "A file holds at most 4 rows" in desk.get(address("people")).content.decode()
    assert not desk.post(address("people"), ASKED)["Content-Type"].startswith("text/csv")
    assert len(exported(desk, "people", {"role": "mentor"})) == 3
