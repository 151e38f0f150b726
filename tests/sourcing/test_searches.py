"""Searches: what is sent tells of nobody, who is asked answers, and who was found writes to us herself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_person, make_staff, saved
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System, Visitor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose, ContactPersonState
from mentornet.intake.models import Application, ApplicationDraft, ContactPerson, Enrolment, Referral
from mentornet.intake.services.consents import text_in_force
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person
from mentornet.programmes.models import Programme
from mentornet.sourcing import services
from mentornet.sourcing.briefs import Brief
from mentornet.sourcing.enums import AskingState, ClosedBecause, ProspectState, Reply, SearchState
from mentornet.sourcing.models import Asking, Found, Search
from mentornet.sourcing.queries import Begun, askable_contacts, askable_prospects, begun_through, came_of, led_to
from partnerships.couples import make_couple
from sourcing.conftest import DUE, NURSE, MakeContact, MakeExpert, MakeWoman, herself


def program(days: int = 0) -> System:
    return System("look after searches", AT + timedelta(days=days))


def test_search_for_a_woman_states_only_what_fits_three(search: Search) -> None:
    assert search.state == SearchState.DRAFT
    assert (search.brief, search.fits) == (Brief(occupation="22"), 3)
    assert [step["what"] for step in search.steps] == ["times", "topics", "language", "occupation", "occupation"]
    assert all(step["fits"] < 3 for step in search.steps[:-1])


def test_too_few_wait_for_any_brief(
    coordinator: Staff, division: Division, programme: Programme, make_woman: MakeWoman
) -> None:
    woman = make_woman()
    make_woman()
    with pytest.raises(RefusedError, match="Fewer than three women wait"):
        services.begin_search(
            by=coordinator, division=division, programme=programme, brief=Brief(NURSE), due_on=DUE, mentee=woman
        )
    assert not Search.objects.exists()


def test_women_of_another_division_hide_nobody(
    coordinator: Staff, division: Division, programme: Programme, make_woman: MakeWoman
) -> None:
    woman = make_woman()
    elsewhere = make_division()
    for _number in range(5):
        make_woman(of=elsewhere)
    with pytest.raises(RefusedError, match="Fewer than three"):
        services.begin_search(
            by=coordinator, division=division, programme=programme, brief=Brief(NURSE), due_on=DUE, mentee=woman
        )


def test_somebody_who_waits_no_longer_is_searched_for_no_more(
    coordinator: Staff, division: Division, programme: Programme, waiting: list[Enrolment]
) -> None:
    Enrolment.objects.filter(pk=waiting[0].pk).update(ended_on=TODAY)
    waiting[0].refresh_from_db()
    with pytest.raises(NotAllowedError, match="left the waiting list"):
        services.begin_search(
            by=coordinator, division=division, programme=programme, brief=Brief(NURSE), due_on=DUE, mentee=waiting[0]
        )


def test_second_search_for_the_same_woman_is_refused(
    coordinator: Staff, division: Division, programme: Programme, search: Search, waiting: list[Enrolment]
) -> None:
    with pytest.raises(ChangedMeanwhileError, match="already"):
        services.begin_search(
            by=coordinator, division=division, programme=programme, brief=Brief(NURSE), due_on=DUE, mentee=waiting[0]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Search.objects.create(
            division=division, programme=programme, mentee=waiting[0], owner_id=coordinator.user_id, fits=3,
            due_on=DUE, created_at=AT,
        )  # fmt: skip


def test_sent_brief_that_fits_fewer_than_three_cannot_be_stored(search: Search) -> None:
    # The database itself refuses it, whoever writes past the services.
    with pytest.raises(IntegrityError), transaction.atomic():
        Search.objects.filter(pk=search.pk).update(state=SearchState.OPEN, fits=2)


def test_brief_that_has_become_too_narrow_is_not_sent(
    coordinator: Staff, search: Search, contact: ContactPerson, waiting: list[Enrolment]
) -> None:
    Enrolment.objects.filter(pk=waiting[2].pk).update(ended_on=TODAY)
    with pytest.raises(ChangedMeanwhileError, match="Fewer women wait by now"):
        services.send_search(by=coordinator, search=search, contacts=[contact])
    assert not Asking.objects.exists()
    assert not Letter.objects.exists()
    wider = services.widen_again(by=coordinator, search=search)
    assert (wider.brief, wider.fits) == (Brief(occupation="2"), 3)
    assert services.send_search(by=coordinator, search=wider, contacts=[contact])


def test_more_are_not_asked_with_a_brief_that_has_become_too_narrow(
    coordinator: Staff, asking: Asking, make_contact: MakeContact, waiting: list[Enrolment]
) -> None:
    Enrolment.objects.filter(pk=waiting[2].pk).update(ended_on=TODAY)
    with pytest.raises(ChangedMeanwhileError, match="begin another"):
        services.send_search(by=coordinator, search=asking.search, contacts=[make_contact("22", name="Gerda")])
    assert Asking.objects.count() == 1


def test_asking_writes_to_each_and_tells_of_nobody(
    coordinator: Staff, search: Search, contact: ContactPerson, make_expert: MakeExpert
) -> None:
    expert = make_expert()
    askings = services.send_search(by=coordinator, search=search, contacts=[contact], prospects=[expert])
    assert {one.state for one in askings} == {AskingState.ASKED}
    letters = {letter.event: letter for letter in Letter.objects.all()}
    assert set(letters) == {"search_asked", "expert_asked"}
    assert letters["search_asked"].recipient == f"person:{contact.person_id}"
    assert letters["search_asked"].values == {"link": f"search:{askings[0].pk}", "day": DUE.isoformat()}
    assert letters["expert_asked"].recipient == f"prospect:{expert.pk}"
    assert letters["expert_asked"].values["source"] == expert.source
    expert.refresh_from_db()
    assert (expert.state, expert.told_at) == (ProspectState.TOLD, AT)
    search.refresh_from_db()
    assert (search.state, search.sent_at) == (SearchState.OPEN, AT)


def test_nobody_is_asked_twice_nor_who_must_not_meet_her(
    coordinator: Staff, search: Search, make_contact: MakeContact, waiting: list[Enrolment]
) -> None:
    field, other = make_contact("22"), make_contact("5", name="Gerda")
    apart, left = make_contact("22", name="Hanne"), make_contact("22", name="Ida")
    ContactPerson.objects.filter(pk=left.pk).update(state=ContactPersonState.LEFT, left_on=TODAY)
    saved(
        Avoidance(person=apart.person, other=waiting[0].person, created_at=AT, created_by="system:tests"),
    )
    found = askable_contacts(coordinator, search)
    assert [(one.whom.pk, one.is_of_field) for one in found] == [(field.pk, True), (other.pk, False)]
    for wrong in (apart, left):
        with pytest.raises(ChangedMeanwhileError, match="cannot be asked"):
            services.send_search(by=coordinator, search=search, contacts=[wrong])
    services.send_search(by=coordinator, search=search, contacts=[field])
    with pytest.raises(ChangedMeanwhileError, match="cannot be asked"):
        services.send_search(by=coordinator, search=search, contacts=[field])
    assert Asking.objects.count() == 1


def test_experts_of_other_fields_and_divisions_are_not_offered(
    coordinator: Staff, search: Search, make_expert: MakeExpert
) -> None:
    fits = [make_expert(), make_expert("Lone Bak", "lone@example.org", occupation="2")]
    make_expert("Mie Friis", "mie@example.org", occupation="5151")
    make_expert("Nina Dam", "nina@example.org", division=make_division())
    assert {one.whom.pk for one in askable_prospects(coordinator, search)} == {one.pk for one in fits}


def test_answer_stands_on_today_and_may_be_changed(coordinator: Staff, asking: Asking, contact: ContactPerson) -> None:
    services.answer(by=herself(contact), asking=asking, reply=Reply.NOT_NOW)
    task = Task.objects.get(kind=Kind.SEARCH_ANSWERED)
    assert (task.target_id, task.owner_id) == (asking.search_id, coordinator.user_id)
    assert task.words == {"helping": 0, "not_now": 1}
    answered = services.answer(by=herself(contact, days=1), asking=asking, reply=Reply.KNOWS)
    assert answered.code is not None
    assert answered.answered_at == AT + timedelta(minutes=5)
    task.refresh_from_db()
    assert task.words == {"helping": 1, "not_now": 0}
    assert Referral.objects.filter(person=contact.person).exists()
    again = services.answer(by=herself(contact, days=2), asking=asking, reply=Reply.IS)
    assert again.code == answered.code


def test_nobody_else_answers(asking: Asking, make_contact: MakeContact, coordinator: Staff) -> None:
    for wrong in (herself(make_contact(name="Gerda")), Visitor(AT), coordinator, System("tests", AT)):
        with pytest.raises(NotAllowedError):
            services.answer(by=wrong, asking=asking, reply=Reply.KNOWS)


def test_nothing_is_stored_of_somebody_before_she_agrees_and_writes(
    asking: Asking, contact: ContactPerson, programme: Programme
) -> None:
    people, drafts = Person.objects.count(), ApplicationDraft.objects.count()
    answered = services.answer(by=herself(contact), asking=asking, reply=Reply.KNOWS)
    assert (Person.objects.count(), ApplicationDraft.objects.count(), Found.objects.count()) == (people, drafts, 0)
    wordy = {"TextField", "JSONField"}
    texts = {field.name for field in Asking._meta.concrete_fields if field.get_internal_type() in wordy}
    assert texts == set(), "no words about her can be written down with an answer"
    visitor = Visitor(AT + timedelta(hours=1))
    text = text_in_force(by=visitor, purpose=ConsentPurpose.HANDLING, language="en")
    draft = services.begin_through(by=visitor, asking=answered, language="en", agreed_to=text)
    assert draft.answered("consents") == {"handling": {"text": str(text.pk), "at": visitor.at.isoformat()}}
    assert (draft.division, draft.programme) == (asking.search.division, programme)
    assert draft.answered("work") == {"occupation": "22"}
    assert draft.referral == Referral.objects.get(person=contact.person)
    assert (draft.first_name, draft.email) == ("", "")


def test_another_consent_is_not_enough(asking: Asking, contact: ContactPerson) -> None:
    answered = services.answer(by=herself(contact), asking=asking, reply=Reply.KNOWS)
    text = text_in_force(by=Visitor(AT), purpose=ConsentPurpose.EVALUATION, language="en")
    with pytest.raises(ValueError, match="handled"):
        services.begin_through(by=Visitor(AT), asking=answered, language="en", agreed_to=text)


def test_address_leads_nowhere_before_an_answer_and_after_the_end(
    coordinator: Staff, asking: Asking, contact: ContactPerson
) -> None:
    text = text_in_force(by=Visitor(AT), purpose=ConsentPurpose.HANDLING, language="en")
    with pytest.raises(NotAllowedError):
        services.begin_through(by=Visitor(AT), asking=asking, language="en", agreed_to=text)
    answered = services.answer(by=herself(contact), asking=asking, reply=Reply.KNOWS)
    services.close_search(by=coordinator, search=asking.search, because=ClosedBecause.GIVEN_UP)
    answered.refresh_from_db()
    with pytest.raises(NotAllowedError, match="over"):
        services.begin_through(by=Visitor(AT), asking=answered, language="en", agreed_to=text)
    with pytest.raises(NotAllowedError, match="over"):
        services.answer(by=herself(contact), asking=answered, reply=Reply.IS)


def sent_application(asking: Asking, contact: ContactPerson) -> Application:
    """Let somebody come through an asking, and send what she has written."""
    answered = services.answer(by=herself(contact), asking=asking, reply=Reply.KNOWS)
    text = text_in_force(by=Visitor(AT), purpose=ConsentPurpose.HANDLING, language="en")
    draft = services.begin_through(by=Visitor(AT), asking=answered, language="en", agreed_to=text)
    place = make_enrolment(
        Role.MENTOR, asking.search.division, programme=asking.search.programme, person=make_person("Bodil")
    )
    ApplicationDraft.objects.filter(pk=draft.pk).update(
        submitted_at=AT, person=place.person, application=place.application
    )
    return place.application


def test_found_woman_is_followed_to_the_match(
    coordinator: Staff, asking: Asking, contact: ContactPerson, waiting: list[Enrolment], division: Division,
    programme: Programme,
) -> None:  # fmt: skip
    application = sent_application(asking, contact)
    # What she has sent is told at once, before the program has noted it.
    assert begun_through(asking.search, coordinator) == Begun(writing=0, sent=1)
    assert begun_through(asking.search, replace(coordinator, hidden=frozenset({application.person_id}))) == Begun(0, 0)
    assert services.follow_found(by=program()) == 1
    assert not begun_through(asking.search, coordinator)
    assert services.follow_found(by=program()) == 0
    # The draft goes after a month; what it has led to stays known.
    ApplicationDraft.objects.all().delete()
    assert services.follow_found(by=program(40)) == 0
    search = asking.search
    came = came_of(search, coordinator)
    assert [(one.found.application_id, one.pair, one.is_for_her) for one in came] == [(application.pk, None, False)]
    numbers = led_to([contact])
    assert (numbers.asked, numbers.answered, numbers.written, numbers.mentors, numbers.paired) == (1, 1, 1, 1, 0)
    pair = make_couple(coordinator, division, programme)
    type(pair).objects.filter(pk=pair.pk).update(mentee=waiting[0], mentor=application.enrolment)
    Enrolment.objects.filter(pk=waiting[0].pk).update(active=1)
    came = came_of(search, coordinator)
    assert [one.is_for_her for one in came] == [True]
    assert led_to([contact]).paired == 1
    services.look_after_searches(by=program(1))
    search.refresh_from_db()
    assert (search.state, search.closed_because) == (SearchState.CLOSED, ClosedBecause.MATCHED)


def test_who_was_found_and_is_hidden_from_somebody_has_not_come_for_her(
    coordinator: Staff, asking: Asking, contact: ContactPerson
) -> None:
    application = sent_application(asking, contact)
    services.follow_found(by=program())
    assert [one.found.application_id for one in came_of(asking.search, coordinator)] == [application.pk]
    blind = replace(coordinator, hidden=frozenset({application.person_id}))
    assert came_of(asking.search, blind) == []


def test_reminded_once_and_never_after_an_answer(
    coordinator: Staff, search: Search, make_contact: MakeContact, make_expert: MakeExpert
) -> None:
    silent, answers = make_contact("22"), make_contact("22", name="Gerda")
    told, willing = make_expert(), make_expert("Lone Bak", "lone@example.org", state=ProspectState.WILLING)
    askings = services.send_search(by=coordinator, search=search, contacts=[silent, answers], prospects=[told, willing])
    services.answer(by=herself(answers), asking=askings[1], reply=Reply.NOT_NOW)
    assert services.look_after_searches(by=program(2)) == 0
    assert services.look_after_searches(by=program(6)) == 2
    assert services.look_after_searches(by=program(7)) == 0
    reminded = Letter.objects.filter(event="search_waiting")
    assert [letter.recipient for letter in reminded] == [f"person:{silent.person_id}"]
    # An expert who has not said that she may be asked is not asked a second time.
    assert Letter.objects.filter(event="expert_asked", recipient=f"prospect:{told.pk}").count() == 1
    assert Letter.objects.filter(event="expert_asked", recipient=f"prospect:{willing.pk}").count() == 2


def test_day_that_has_come_stands_on_today_until_it_is_moved(coordinator: Staff, asking: Asking) -> None:
    services.look_after_searches(by=program(14))
    task = Task.objects.get(kind=Kind.SEARCH_DUE)
    assert (task.target_id, task.due_on, task.words) == (asking.search_id, DUE, {"asked": 1, "answered": 0})
    services.look_after_searches(by=program(15))
    assert Task.objects.filter(kind=Kind.SEARCH_DUE).count() == 1
    services.move_due(
        by=replace(coordinator, at=AT + timedelta(days=15)), search=asking.search, due_on=DUE + timedelta(days=10)
    )
    task.refresh_from_db()
    assert task.done_at is not None


def test_closed_search_is_opened_again_where_it_was(coordinator: Staff, asking: Asking) -> None:
    services.close_search(by=coordinator, search=asking.search, because=ClosedBecause.GIVEN_UP)
    asking.refresh_from_db()
    assert asking.state == AskingState.SILENT
    services.reopen_search(by=coordinator, search=asking.search)
    asking.refresh_from_db()
    assert (asking.state, asking.search.state) == (AskingState.ASKED, SearchState.OPEN)


def test_unsent_search_is_thrown_away_and_a_sent_one_is_not(
    coordinator: Staff, search: Search, contact: ContactPerson
) -> None:
    services.send_search(by=coordinator, search=search, contacts=[contact])
    with pytest.raises(NotAllowedError, match="has been sent"):
        services.discard_search(by=coordinator, search=search)
    with pytest.raises(NotAllowedError, match="has been sent"):
        services.widen_again(by=coordinator, search=search)


def test_colleague_of_another_division_does_nothing(search: Search, contact: ContactPerson) -> None:
    elsewhere = make_staff(StaffRole.COORDINATOR, make_division())
    for act in (
        lambda: services.send_search(by=elsewhere, search=search, contacts=[contact]),
        lambda: services.widen_again(by=elsewhere, search=search),
        lambda: services.discard_search(by=elsewhere, search=search),
    ):
        with pytest.raises(NotAllowedError):
            act()
