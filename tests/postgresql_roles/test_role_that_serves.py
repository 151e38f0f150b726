"""The role that serves, past the program: what it sees without a scope, and what it may not do at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from access.worlds import World
from entering import sign_in_participant
from factories.django_rows import (
    AT,
    TODAY,
    make_application,
    make_enrolment,
    make_person,
    make_programme,
    saved,
    user_of,
)
from mentornet.backups.reaching import connected, live
from mentornet.common import row_scope
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, Enrolment
from mentornet.matching.models import MatchingMeeting, MeetingDivision, MeetingPerson, Proposal
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role as Part
from mentornet.people.models import LanguageSkill, Person
from mentornet.privacy import policies
from mentornet.privacy.isolation import FUNCTIONS, OUTSIDE, POLICIES, VIEWS
from served import ROLE, served_role
from signing import enter

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]


def asked(question: str, *values: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, list(values))
        return cursor.fetchall()


def counts() -> dict[str, int]:
    return {table: asked(f"SELECT count(*) FROM {table}")[0][0] for table in POLICIES}


# Without the program ------------------------------------------------------------------------------------------------


def test_without_a_scope_there_are_no_rows(world: World) -> None:
    there = counts()
    assert sum(count > 0 for count in there.values()) > 25
    with served_role():
        assert set(counts().values()) == {0}
        assert asked("SELECT count(*) FROM mentornet_known") == [(0,)]
        assert asked("SELECT mentornet_met(), mentornet_met_people(), mentornet_own_lent()") == [([], [], [])]
        with row_scope.within(row_scope.EVERYTHING):
            # The control: it is the scope that holds them back.
            assert counts() == there


@pytest.mark.parametrize("scope", ["", "{}", "{not-a-key}", "*,", "all", "{00000000-0000-0000-0000-000000000000}"])
def test_a_scope_that_means_nothing_gives_nothing(world: World, scope: str) -> None:
    with served_role():
        asked("SELECT set_config('mentornet.scope', %s, true)", scope)
        try:
            with transaction.atomic():
                found = asked("SELECT count(*) FROM intake_application")[0][0]
        except DatabaseError:
            found = 0
        assert found == 0


def test_each_division_is_given_its_own(world: World) -> None:
    there = counts()
    given = {}
    with served_role():
        for place in (world.here, world.elsewhere):
            with row_scope.within(row_scope.of_divisions([place.division.pk])):
                given[place.division.pk] = counts()
                assert {one for (one,) in asked("SELECT DISTINCT division_id FROM intake_enrolment")} == {
                    place.division.pk
                }
    here, elsewhere = given.values()
    # Letters to staff and people whom nobody knows yet are everybody's.
    shared = {"messaging_letter", "people_person"}
    assert {table: (here[table] + elsewhere[table], there[table]) for table in there if table not in shared} == {
        table: (there[table] - without_division(table), there[table]) for table in there if table not in shared
    }


def without_division(table: str) -> int:
    """Return how many rows of a table belong to no division: forms that are being filled in."""
    if table == "intake_applicationdraft":
        return int(asked(f"SELECT count(*) FROM {table} WHERE division_id IS NULL")[0][0])
    return 0


def test_a_row_of_another_division_cannot_be_written(world: World) -> None:
    mine = str(world.here.objects["application_id"])
    with served_role(), row_scope.within(row_scope.of_divisions([world.here.division.pk])):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Application.objects.filter(pk=mine).update(division=world.elsewhere.division)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            make_application(Part.MENTEE, world.elsewhere.division, person=world.here.mentee)
        foreign = Application.objects.filter(division=world.elsewhere.division)
        assert foreign.update(heard_through="") == foreign.delete()[0] == 0
        # Her own can.
        assert Application.objects.filter(pk=mine).update(heard_through="a friend") == 1


def test_somebody_just_written_down_is_seen_by_whoever_enters_her(division: Division, other_division: Division) -> None:
    with served_role(), row_scope.within(row_scope.of_divisions([division.pk])):
        person = make_person("Nadia")
        # Their keys are the database's, so the row that was written is read as well.
        saved(LanguageSkill(person=person, code="ar", level="C2", position=0))
        assert Person.objects.filter(pk=person.pk).exists()
        make_application(Part.MENTEE, division, person=person)
        with row_scope.within(row_scope.of_divisions([other_division.pk])):
            assert not Person.objects.filter(pk=person.pk).exists()
        assert Person.objects.filter(pk=person.pk).exists()


def test_a_meeting_of_two_divisions_is_given_to_whoever_works_in_both(
    division: Division, other_division: Division
) -> None:
    programme = make_programme("Mentor network")
    version = programme.versions.get()
    meeting = saved(
        MatchingMeeting(
            programme=programme, version=version, weights=version.weights, floor=version.floor, asked_at=AT,
            opened_by="system:tests", author_name="Tests", created_at=AT,
        )
    )  # fmt: skip
    for one in (division, other_division):
        saved(MeetingDivision(meeting=meeting, division=one, created_at=AT))
    mentee = make_enrolment(Part.MENTEE, division, programme=programme)
    facts = {"meeting": meeting, "enrolment": mentee, "number": 1, "mark": "0" * 16, "facts": {"education": 6}}
    saved(MeetingPerson(created_at=AT, **facts))
    given = []
    with served_role():
        for some in ([division.pk], [other_division.pk], [division.pk, other_division.pk]):
            with row_scope.within(row_scope.of_divisions(some)):
                given.append((MatchingMeeting.objects.count(), MeetingPerson.objects.count()))
    assert given == [(0, 0), (0, 0), (1, 1)]


def test_both_divisions_see_the_two_of_a_pair_that_was_lent(division: Division, other_division: Division) -> None:
    programme = make_programme("Mentor network")
    mentee = make_enrolment(Part.MENTEE, division, programme=programme, enrolment={"active": 1})
    mentor = make_enrolment(Part.MENTOR, other_division, programme=programme, enrolment={"active": 1})
    stranger = make_enrolment(Part.MENTOR, other_division, programme=programme)
    saved(
        Partnership(
            mentee=mentee, mentor=mentor, division=division, state=PartnershipState.ACTIVE, created_at=AT,
            matched_on=TODAY - timedelta(days=9), first_met_on=TODAY,
        )
    )  # fmt: skip
    with served_role():
        for own, other in ((division, mentor), (other_division, mentee)):
            with row_scope.within(row_scope.of_divisions([own.pk])):
                assert Partnership.objects.count() == 1
                assert Enrolment.objects.filter(pk=other.pk).exists()
                assert Person.objects.filter(pk=other.person_id).exists()
        with row_scope.within(row_scope.of_divisions([division.pk])):
            assert not Enrolment.objects.filter(pk=stranger.pk).exists()
            # Nor how she came to be with them.
            assert not Application.objects.filter(pk=mentor.application_id).exists()


# What it may not do -------------------------------------------------------------------------------------------------


@pytest.fixture
def served(transactional_db: None) -> Iterator[Any]:
    """A connection of the role's own, as ``mentornet serve`` has it: nobody it could go back to being."""
    owner = connection.settings_dict["USER"]
    # As ``mentornet migrate`` ends: a test of migrations before this one may have made tables anew.
    policies.let_serve(connection, ROLE)
    with connected(live() | {"NAME": connection.settings_dict["NAME"], "USER": ROLE, "PASSWORD": ""}) as link:
        link.owner = owner
        yield link


FORBIDDEN = {
    "become the owner": "SET ROLE {owner}",
    "become the owner for the session": "SET SESSION AUTHORIZATION {owner}",
    "open a table": "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
    "take a policy away": "DROP POLICY mentornet_scope ON people_person",
    "add a policy": "CREATE POLICY all_of_it ON people_person USING (true)",
    "say anew what a scope is": "CREATE OR REPLACE FUNCTION mentornet_everything() RETURNS boolean"
    " LANGUAGE sql AS 'SELECT true'",
    "say anew who is lent": "CREATE OR REPLACE FUNCTION mentornet_met() RETURNS uuid[]"
    " LANGUAGE sql AS 'SELECT array_agg(id) FROM intake_enrolment'",
    "make a function": "CREATE FUNCTION peep() RETURNS bigint SECURITY DEFINER LANGUAGE sql"
    " AS 'SELECT count(*) FROM people_person'",
    "make a table": "CREATE TABLE kept_aside (id int)",
    "empty a table": "TRUNCATE people_person CASCADE",
    "take a table away": "DROP TABLE people_reveal",
    "look at all past the policies": "SET row_security = off; SELECT count(*) FROM people_person",
    "forget an act": "DELETE FROM audit_entry",
    "change an act": "UPDATE audit_entry SET act = 'nothing'",
    "seal": "UPDATE audit_entry SET seal = ''",
    "move the chain's head": "UPDATE audit_head SET sealed = 0",
    "forget an erasure": "DELETE FROM privacy_erasure",
    "say that another was erased": "UPDATE privacy_erasure SET key = ''",
    "say that a migration was carried out": "INSERT INTO django_migrations (app, name) VALUES ('a', 'b')",
    "stop the triggers": "SET session_replication_role = replica",
    "read the server's files": "SELECT pg_read_file('PG_VERSION')",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_it_may_not(served: Any, what: str) -> None:
    with (
        served.cursor() as cursor,
        pytest.raises(DatabaseError, match=r"permission denied|must be|would be affected|cannot"),
    ):
        cursor.execute(FORBIDDEN[what].format(owner=served.owner))


def test_what_it_may(served: Any) -> None:
    # The control: it is connected, and may do what serving needs.
    with served.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        cursor.execute("SELECT count(*) FROM audit_entry")
        cursor.execute("DELETE FROM django_session")


def test_only_a_role_beneath_the_policies_may_serve(db: None) -> None:
    for role in (connection.settings_dict["USER"], "nobody of this name"):
        with pytest.raises(policies.NoSuchRoleError, match=role):
            policies.let_serve(connection, role)


# One connection, many requests --------------------------------------------------------------------------------------


def scope_told() -> str:
    return str(asked("SELECT current_setting('mentornet.scope', true)")[0][0])


def test_the_next_request_inherits_nothing(coordinator: Staff, division: Division) -> None:
    person = make_application(Part.MENTEE, division).person
    desk = enter(Client(), user_of(coordinator))
    assert person.first_name in desk.get(reverse("desk:people")).content.decode()
    assert scope_told() == ""
    with served_role():
        assert Person.objects.count() == 0
    # After whoever may ask for all rows, too.
    assert sign_in_participant(person).get(reverse("portal:home")).status_code == 200
    assert scope_told() == ""


def test_a_request_that_fails_leaves_nothing_behind(
    coordinator: Staff, division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = enter(Client(raise_request_exception=False), user_of(coordinator))

    def fail(*_: object, **__: object) -> None:
        assert scope_told() == f"{{{division.pk}}}"
        asked("SELECT 1 / 0")

    monkeypatch.setattr("mentornet.web.desk.people.views.render", fail)
    with transaction.atomic():
        assert desk.get(reverse("desk:people")).status_code == 500
        transaction.set_rollback(True)
    assert scope_told() == ""


def test_what_is_left_of_somebody_elses_ends_as_a_request_begins(coordinator: Staff, other_division: Division) -> None:
    stranger = make_application(Part.MENTEE, other_division).person
    desk = enter(Client(), user_of(coordinator))
    asked("SELECT set_config('mentornet.scope', '*', false)")
    assert desk.get(reverse("desk:person", args=[stranger.pk])).status_code == 404


def test_scope_holds_through_what_is_rolled_back(division: Division) -> None:
    own = row_scope.of_divisions([division.pk])
    with row_scope.within(own):
        with pytest.raises(DatabaseError), transaction.atomic(), row_scope.beyond_division(reason="a test"):
            asked("SELECT 1 / (length(current_setting('mentornet.scope')) - 1)")
        assert scope_told() == own.value
        with row_scope.beyond_division(reason="a test"):
            with pytest.raises(DatabaseError), transaction.atomic():
                asked("SELECT 1 / 0")
            assert scope_told() == "*"
        assert scope_told() == own.value
    assert scope_told() == ""


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_opened_anew_is_told() -> None:
    with row_scope.within(row_scope.EVERYTHING):
        connection.close()
        assert scope_told() == "*"
        asked("SELECT pg_backend_pid()")
    assert scope_told() == ""
    with row_scope.within(row_scope.EVERYTHING):
        connection.close()
    assert scope_told() == ""


@pytest.mark.django_db(transaction=True)
def test_a_server_that_was_started_anew_is_reached_again() -> None:
    link: Any = connection
    link.ensure_connection()
    link.health_check_enabled, link.health_check_done = True, False
    with connected(live() | {"NAME": connection.settings_dict["NAME"]}) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [link.connection.info.backend_pid])
    with row_scope.within(row_scope.EVERYTHING):
        assert scope_told() == "*"
    link.health_check_enabled = False


# Laid, and laid anew ------------------------------------------------------------------------------------------------


def laid() -> set[str]:
    found = asked(
        "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relrowsecurity"
        " AND p.polname = 'mentornet_scope' AND NOT c.relforcerowsecurity"
    )
    return {table for (table,) in found}


def test_policies_lie_on_every_table_that_is_named() -> None:
    assert laid() == set(POLICIES)
    assert policies.are_laid(connection)


def test_lifted_policies_leave_the_tables_closed(world: World) -> None:
    with connection.cursor() as cursor:
        # As at a migration, nothing of a transaction is left to be checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    policies.lift(connection)
    assert laid() == set()
    assert not policies.are_laid(connection)
    with served_role(), row_scope.within(row_scope.EVERYTHING):
        assert Person.objects.count() == Proposal.objects.count() == 0
    policies.lay(connection)
    assert laid() == set(POLICIES)
    policies.let_serve(connection, ROLE)
    with served_role(), row_scope.within(row_scope.EVERYTHING):
        assert Person.objects.count() > 0


def test_policies_of_another_release_are_replaced(db: None) -> None:
    asked_before = asked("SELECT count(*) FROM pg_policy")
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON FUNCTION mentornet_divisions() IS 'of another release'")
        cursor.execute("DROP POLICY mentornet_scope ON people_person")
        cursor.execute("CREATE POLICY mentornet_scope ON people_person USING (true)")
    make_person("Nobody")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with served_role():
        assert Person.objects.count() == 1
    policies.lay(connection)
    assert asked("SELECT count(*) FROM pg_policy") == asked_before
    with served_role():
        assert Person.objects.count() == 0


def test_names_in_the_database_are_ours_alone(db: None) -> None:
    assert all(name.startswith("mentornet_") for name in [*FUNCTIONS, *VIEWS])
    assert not set(POLICIES) & set(OUTSIDE)
