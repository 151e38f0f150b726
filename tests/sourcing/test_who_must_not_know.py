"""Searches before the eyes of those who must not know: who is hidden, who is elsewhere, whom a programme would tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from access.test_hidden import hide
from factories.django_rows import (
    AT,
    TODAY,
    make_division,
    make_enrolment,
    make_person,
    make_programme,
    make_staff,
    user_of,
)
from mentornet.common.actors import Visitor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Application, ApplicationDraft, ContactPerson, Enrolment
from mentornet.intake.services.consents import text_in_force
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.privacy.enums import Reason
from mentornet.privacy.services import erase
from mentornet.programmes.models import Programme
from mentornet.sourcing import services
from mentornet.sourcing.briefs import Brief
from mentornet.sourcing.enums import ClosedBecause, ProspectState, Reply
from mentornet.sourcing.models import Asking, Found, Prospect, Search
from mentornet.sourcing.queries import (
    MOST_A_YEAR,
    askable_prospects,
    askings_of,
    begun_through,
    came_of,
    visible_searches,
)
from signing import enter
from sourcing.conftest import DUE, NURSE, MakeExpert, MakeWoman, herself
from sourcing.test_searches import program, sent_application

pytestmark = pytest.mark.django_db


def not_seeing(division: Division, *people: Person) -> Staff:
    """Return a coordinator from whom these people are hidden."""
    by = make_staff(StaffRole.COORDINATOR, division)
    hide(user_of(by), people)
    return staff_member(user_of(by), AT)


def test_found_woman_of_another_division_is_not_named(
    client: Client, coordinator: Staff, asking: Asking, contact: ContactPerson
) -> None:
    application = sent_application(asking, contact)
    services.follow_found(by=program())
    # She may choose another division than the one that looks; then she is that one's.
    elsewhere = make_division("Aalborg")
    Application.objects.filter(pk=application.pk).update(division=elsewhere)
    Enrolment.objects.filter(application=application).update(division=elsewhere)
    assert came_of(asking.search, coordinator) == []
    assert visible_searches(coordinator).get().written == 0  # type: ignore[attr-defined]  # annotated
    page = enter(client, user_of(coordinator)).get(reverse("desk:search", args=[asking.search_id]))
    assert page.status_code == 200
    assert application.person.last_name not in page.content.decode()


def test_contact_person_hidden_from_a_colleague_is_neither_named_nor_counted(
    client: Client, division: Division, coordinator: Staff, asking: Asking, contact: ContactPerson
) -> None:
    blind = not_seeing(division, contact.person)
    assert askings_of(coordinator, asking.search) == [asking]
    assert askings_of(blind, asking.search) == []
    counts = [visible_searches(by).get().asked for by in (coordinator, blind)]  # type: ignore[attr-defined]
    assert counts == [1, 0]
    page = enter(client, user_of(blind)).get(reverse("desk:search", args=[asking.search_id]))
    assert page.status_code == 200
    assert contact.person.name not in page.content.decode()


def test_found_woman_hidden_from_a_colleague_is_not_counted(
    division: Division, coordinator: Staff, asking: Asking, contact: ContactPerson
) -> None:
    application = sent_application(asking, contact)
    services.follow_found(by=program())
    blind = not_seeing(division, application.person)
    counts = [visible_searches(by).get().written for by in (coordinator, blind)]  # type: ignore[attr-defined]
    assert counts == [1, 0]


def test_woman_hidden_from_a_colleague_is_not_counted_in_what_that_colleague_reads(
    coordinator: Staff, division: Division, programme: Programme, waiting: list[Enrolment], make_woman: MakeWoman
) -> None:
    not_seeing(division, make_woman("2212").person)
    search = services.begin_search(
        by=coordinator, division=division, programme=programme, brief=Brief(occupation="22"), due_on=DUE
    )
    assert search.fits == 3


def begun(asking: Asking, contact: ContactPerson) -> ApplicationDraft:
    services.answer(by=herself(contact), asking=asking, reply=Reply.KNOWS)
    asking.refresh_from_db()
    by = Visitor(AT)
    text = text_in_force(by=by, purpose=ConsentPurpose.HANDLING, language="en")
    return services.begin_through(by=by, asking=asking, language="en", agreed_to=text)


def test_programme_is_told_only_where_brief_and_programme_together_tell_of_nobody(
    coordinator: Staff, division: Division, waiting: list[Enrolment], contact: ContactPerson
) -> None:
    few = make_programme("For those who have just fled")
    her = make_enrolment(Role.MENTEE, division, programme=few, occupation=NURSE)
    search = services.begin_search(
        by=coordinator, division=division, programme=few, brief=Brief(occupation="22"), due_on=DUE, mentee=her
    )
    # Four nurses and doctors wait here; but only she does in this programme.
    assert search.fits == 4
    (asking,) = services.send_search(by=coordinator, search=search, contacts=[contact])
    assert begun(asking, contact).programme is None
    for _number in range(2):
        make_enrolment(Role.MENTEE, division, programme=few, occupation=NURSE)
    assert begun(asking, contact).programme == few


def test_nothing_is_kept_of_whoever_has_begun_and_never_sent_it(asking: Asking, contact: ContactPerson) -> None:
    draft = begun(asking, contact)
    services.follow_found(by=program())
    assert begun_through(asking.search, program()).writing == 1
    ApplicationDraft.objects.filter(pk=draft.pk).delete()
    services.follow_found(by=program(40))
    assert not begun_through(asking.search, program(40))
    assert not Found.objects.exists()


def ask(by: Staff, division: Division, programme: Programme, expert: Prospect) -> Search:
    search = services.begin_search(
        by=by, division=division, programme=programme, brief=Brief(occupation="22"), due_on=DUE
    )
    services.send_search(by=by, search=search, prospects=[expert])
    return search


def test_expert_is_asked_a_few_times_a_year_and_no_more(
    coordinator: Staff, division: Division, programme: Programme, waiting: list[Enrolment], make_expert: MakeExpert
) -> None:
    expert = make_expert()
    for _number in range(MOST_A_YEAR):
        search = ask(coordinator, division, programme, expert)
        services.close_search(by=coordinator, search=search, because=ClosedBecause.GIVEN_UP)
    another = services.begin_search(
        by=coordinator, division=division, programme=programme, brief=Brief(occupation="22"), due_on=DUE
    )
    assert askable_prospects(coordinator, another) == []
    with pytest.raises(ChangedMeanwhileError, match="cannot be asked any more"):
        services.send_search(by=coordinator, search=another, prospects=[expert])
    Asking.objects.update(asked_at=AT - timedelta(days=365))
    assert [one.whom for one in askable_prospects(coordinator, another)] == [expert]


def test_expert_who_may_be_asked_is_kept_as_long_as_she_was_told(
    coordinator: Staff, division: Division, programme: Programme, waiting: list[Enrolment], make_expert: MakeExpert
) -> None:
    until = TODAY + timedelta(days=2 * 365)
    expert = make_expert(state=ProspectState.WILLING, told_at=AT, keep_until=until)
    ask(coordinator, division, programme, expert)
    expert.refresh_from_db()
    assert expert.keep_until == until


def test_whoever_is_erased_is_on_no_list_of_experts_either(make_expert: MakeExpert) -> None:
    person = make_person("Karen", "Holm", email="karen@example.org", phone="20 11 22 33")
    hers = [
        make_expert(email="KAREN@example.org", division=make_division("Aalborg")),
        make_expert("K. Holm", "other@example.org", phone="+45 20112233"),
    ]
    namesake = make_expert(email="namesake@example.org")
    erase(by=make_staff(StaffRole.NATIONAL_LEAD), person=person, reason=Reason.ASKED)
    assert {one.state for one in Prospect.objects.filter(pk__in=[one.pk for one in hers])} == {ProspectState.GONE}
    assert Prospect.objects.get(pk=namesake.pk).state == ProspectState.NEW
