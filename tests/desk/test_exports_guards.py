"""Who may take which list out: levels, divisions, filters, methods, and the second factor once more."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from allauth.account.internal.flows import login
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from access.worlds import Place, build_place, with_second_factor
from exporting import (
    ASKED,
    NAMES,
    OF_PEOPLE,
    address,
    code,
    exported,
    make_people,
    mentee,
    mentor,
    proven,
    warned,
)
from factories.django_rows import (
    make_programme,
    user_of,
)
from mentornet.audit.models import Entry
from mentornet.common import fields
from mentornet.common.fields import Level
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from mentornet.web.desk.exports import chosen, columns, views
from mentornet.web.desk.exports.listings import LISTINGS
from mentornet.web.desk.exports.second_factor import FRESH_FOR
from signing import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return proven(sign_in(client, coordinator), coordinator)


@pytest.fixture
def people(division: Division, programme: Programme, coordinator: Staff) -> None:
    make_people(division, programme, coordinator)


# Only what may be seen ----------------------------------------------------------------------------------------------


@pytest.fixture
def places(programme: Programme) -> tuple[Place, Place]:
    here = build_place("here", programme, last_name="Herby", phone="+4561000001")
    return here, build_place("elsewhere", programme, last_name="Fjernholm", phone="+4562000002")


@pytest.fixture
def staff_here(client: Client, sign_in: SignIn, places: tuple[Place, Place], at: datetime) -> Client:
    staff = staff_member(places[0].staff, at)
    return proven(sign_in(client, staff), staff)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", NAMES)
def test_no_canary_leaves_that_may_not(staff_here: Client, places: tuple[Place, Place], name: str, kind: str) -> None:
    here, elsewhere = places
    for place in places:
        warned(Partnership.objects.get(pk=str(place.objects["partnership_id"])))
    query = {"bank": {"state": "all"}}.get(name, {})
    answer = staff_here.post(address(name, **query), ASKED | {"format": kind, "contact": "on"})
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig") if kind == "csv" else _text_of(answer.content)
    assert "Herby" in text
    # Another division's people, and what named staff alone may read.
    for value in (*elsewhere.canaries.values(), *elsewhere.names, *here.secrets.values()):
        assert value not in text
    # Notes and reasons stay, too.
    for column in ("partnerships.Note.text", "matching.Proposal.reason", "matching.ProposalAnswer.note",
                   "intake.Interview.shareable", "intake.Application.heard_through"):  # fmt: skip
        assert here.canaries[column] not in text


def _text_of(workbook: bytes) -> str:
    sheet = load_workbook(io.BytesIO(workbook)).worksheets[0]
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_how_to_reach_them_leaves_only_when_asked_for(staff_here: Client, places: tuple[Place, Place]) -> None:
    here, _elsewhere = places
    reach = [here.canaries[f"people.Person.{name}"] for name in ("email", "phone", "safe_contact")]
    without = staff_here.post(address("waiting"), ASKED).content.decode()
    assert not [value for value in reach if value in without]
    with_it = staff_here.post(address("waiting"), ASKED | {"contact": "on"}).content.decode()
    assert [value for value in reach if value in with_it] == reach


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_what_is_declared_restricted_leaves_no_more(
    desk: Client, division: Division, programme: Programme, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee(division, programme, "Amina", person={"birth_year": 1990})
    mentor(division, programme, "Bodil", person={"birth_year": 1960})
    assert "birth year" in exported(desk, name)[0]
    registry = fields._REGISTRY["people.Person"]
    monkeypatch.setitem(registry, "birth_year", replace(registry["birth_year"], level=Level.RESTRICTED))
    assert "birth year" not in exported(desk, name)[0]
    assert "birth year" not in desk.get(address(name)).content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_field_shown_is_declared_for_casework(name: str) -> None:
    for column in LISTINGS[name].columns():
        assert column.shows, column.header
        for field in column.shows:
            model, _dot, plain = field.rpartition(".")
            assert fields.level_of(model, plain) <= Level.CASEWORK, field


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "field"), [("waiting", "division"), ("waiting", "programme"), ("bank", "division"), ("people", "division")]
)
def test_another_divisions_filter_is_answered_like_a_missing_one(
    desk: Client, other_division: Division, name: str, field: str, method: str
) -> None:
    key = other_division.pk
    if field == "programme":
        local = make_programme("Elsewhere", division=other_division)
        mentee(other_division, local, "Fatima")
        key = local.pk
    answers = [getattr(desk, method)(address(name, **{field: str(one)})) for one in (key, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Entry.objects.filter(act="desk.export").exists()


@pytest.mark.parametrize(
    ("name", "query"),
    [("waiting", {"language": "xx"}), ("bank", {"state": "gone"}), ("people", {"role": "x"}),
     ("people", {"state": "x"}),
     ("partnerships", {"state": "x"}), ("proposals", {"state": "x"}), ("proposals", {"whose": "hers"}),
     ("early_signs", {"state": "x"}), ("early_signs", {"kind": "x"}), ("early_signs", {"whose": str(uuid4())})],
)  # fmt: skip
def test_filter_that_does_not_exist_never_means_everybody(desk: Client, name: str, query: dict[str, str]) -> None:
    assert desk.get(address(name, **query)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(desk: Client, name: str, method: str) -> None:
    assert getattr(desk, method)(address(name)).status_code == 405


def test_forged_request_takes_nothing_out(sign_in: SignIn, coordinator: Staff) -> None:
    strict = proven(sign_in(Client(enforce_csrf_checks=True), coordinator), coordinator)
    assert strict.post(address("people"), ASKED).status_code == 403


# The second factor once more ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_not_just_given_her_second_factor_is_asked_for_it(
    client: Client, sign_in: SignIn, coordinator: Staff, name: str, method: str
) -> None:
    sign_in(client, coordinator)
    wanted = f"{reverse('mfa_reauthenticate')}?next="
    # A session that nothing is known of, and one that began too long ago.
    for session in (client, proven(client, coordinator, ago=FRESH_FOR + timedelta(minutes=1))):
        answer = getattr(session, method)(address(name), ASKED)
        assert (answer.status_code, answer["Location"].startswith(wanted)) == (302, True)
    assert not Entry.objects.filter(act="desk.export").exists()


@pytest.mark.usefixtures("people")
def test_password_alone_is_not_enough(client: Client, sign_in: SignIn, coordinator: Staff) -> None:
    proven(sign_in(client, coordinator), coordinator, ago=timedelta(hours=2))
    session = client.session
    records = session[login.AUTHENTICATION_METHODS_SESSION_KEY]
    records.append({"method": "password", "at": time.time(), "reauthenticated": True})
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = records
    session.save()
    assert client.post(address("people"), ASKED).status_code == 302


@pytest.mark.usefixtures("people")
def test_what_was_ticked_for_one_list_is_not_ticked_for_another(
    client: Client, sign_in: SignIn, coordinator: Staff
) -> None:
    sign_in(client, coordinator)
    assert client.post(address("waiting"), ASKED | {"contact": "on"}).status_code == 302
    proven(client, coordinator)
    assert not client.get(address("bank")).context["form"]["contact"].value()
    form = client.get(address("waiting")).context["form"]
    assert (form["contact"].value(), form["purpose"].value()) == ("on", ASKED["purpose"])
    # And once: the next time she chooses anew.
    assert not client.get(address("waiting")).context["form"]["contact"].value()


@pytest.mark.usefixtures("people")
def test_only_answers_that_stand_rightly_wait_behind_the_code(
    client: Client, sign_in: SignIn, coordinator: Staff
) -> None:
    sign_in(client, coordinator)
    wrong = {"purpose": "no such purpose", "other": "x" * 200, "format": "csv", "contact": "on", "evil": "kept"}
    client.post(address("waiting"), wrong)
    assert [value for name, value in client.session.items() if name.startswith(views._KEPT)] == [
        {"format": "csv", "contact": "on"}
    ]
    client.post(address("proposals"), ASKED | {"contact": "on"})
    assert client.session[f"{views._KEPT}proposals"] == {"purpose": "meeting", "format": "csv"}, "none to be had there"


@pytest.mark.usefixtures("people")
def test_code_leads_back_to_the_export_with_its_filters(client: Client, coordinator: Staff) -> None:
    user = with_second_factor(user_of(coordinator))
    client.force_login(user)
    there = address("waiting", language="ar")
    asked = client.get(there)
    page = client.get(asked["Location"])
    assert page.status_code == 200
    assert 'name="next"' in page.content.decode()
    wrong = client.post(reverse("mfa_reauthenticate"), {"code": "000000", "next": there})
    assert wrong.status_code == 200
    assert client.get(there).status_code == 302
    back = client.post(reverse("mfa_reauthenticate"), {"code": code(), "next": there})
    assert back["Location"] == there
    shown = client.get(there)
    assert shown.status_code == 200
    assert "1 row goes into the file" in shown.content.decode()


@pytest.mark.usefixtures("people")
def test_answers_wait_behind_the_code(client: Client, coordinator: Staff) -> None:
    user = with_second_factor(user_of(coordinator))
    client.force_login(user)
    proven(client, coordinator, ago=timedelta(hours=1))
    told = {"purpose": "other", "other": "The autumn meeting", "contact": "on", "format": "csv"}
    asked = client.post(address("people"), told)
    client.post(asked["Location"], {"code": code(), "next": address("people")})
    form = client.get(address("people")).context["form"]
    assert {name: form[name].value() for name in told} == told
    # Once: the next export begins with nothing chosen.
    assert client.get(address("people")).context["form"]["purpose"].value() is None


# Without the guards -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_without_the_question_an_old_session_would_take_the_list(
    client: Client, sign_in: SignIn, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven(sign_in(client, coordinator), coordinator, ago=timedelta(hours=3))
    monkeypatch.setattr(views, "is_fresh", lambda _request: True)
    assert len(exported(client, "people")) == 5


@pytest.mark.usefixtures("people")
def test_without_the_refusal_a_foreign_filter_would_mean_everybody(
    desk: Client, other_division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "_refuse_others", lambda _query, _understood: None)
    assert len(exported(desk, "people", {"division": str(other_division.pk)})) == 5


def test_without_the_levels_a_restricted_field_would_leave(
    desk: Client, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee(division, programme, "Amina", person={"birth_year": 1990})
    registry = fields._REGISTRY["people.Person"]
    monkeypatch.setitem(registry, "birth_year", replace(registry["birth_year"], level=Level.RESTRICTED))
    monkeypatch.setattr(columns, "HIGHEST", Level.RESTRICTED)
    assert exported(desk, "waiting")[0]["birth year"] == "1990"
