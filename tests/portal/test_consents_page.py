"""What she has said yes to: shown with its words and its day, taken back, given again; and what then is not done."""

from __future__ import annotations

from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from matching.pairs import answer, make_pair, propose

import signing
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
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.common.jobs import run_ready_job
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.agreeing import asked_of
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Consent, ContactPerson, Wish
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.matching import services
from mentornet.matching.enums import Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.services import keep_apart
from portal.conftest import AsParticipant, WithLink
from portal.proposal_pages import enter, main_of, person_of, post, read, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

P = ConsentPurpose
LIST: Final = "/my/profile/consents/"


def agree(by: Staff, person: Person, division: Division, *purposes: ConsentPurpose) -> list[Consent]:
    return note_consents(by=by, person=person, division_id=division.pk, purposes=purposes, language="en")


def herself(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def take_back(person: Person, purpose: ConsentPurpose) -> Consent:
    return take_consent_back(by=herself(person), consent=Consent.objects.get(person=person, purpose=purpose))


def stands(person: Person, purpose: ConsentPurpose) -> bool:
    return next(one.stands for one in asked_of(person.pk) if one.purpose == purpose)


def address(purpose: ConsentPurpose) -> str:
    return f"{LIST}{purpose.value}/"


def test_list_has_the_words_their_version_the_day_and_what_taking_it_back_means(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    mentee = make_enrolment("mentee", division)
    agree(coordinator, mentee.person, division, P.HANDLING, P.INTRODUCTION)
    client = as_participant(mentee.person)
    for page in ("/my/", "/my/profile/", "/my/leaving/"):
        assert f'href="{LIST}"' in read(client, page)
    page = main_of(read(client, LIST))
    for consent in Consent.objects.select_related("text"):
        assert consent.text.text in page
    assert "Version 1." in page
    assert "2 March 2026" in page
    assert "we suggest you to nobody" in page
    # Two stand; of the third that is asked nothing is written.
    assert (page.count("You say yes"), page.count("Nothing is written here")) == (2, 1)


def test_letters_that_nobody_sends_are_asked_about_nowhere(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    """Whoever has agreed to them earlier still sees it, and can take it back."""
    events = "We may write to you about meetings and courses"
    mentee, earlier = make_enrolment("mentee", division), make_enrolment("mentee", division)
    helper = saved(
        ContactPerson(person=make_person("Dina"), division=division, state="confirmed", asked_on=TODAY, created_at=AT)
    )
    agree(coordinator, earlier.person, division, P.EVENTS)
    for person in (mentee.person, helper.person):
        client = as_participant(person)
        assert events not in read(client, LIST)
        assert client.post(address(P.EVENTS), {"say": "yes"}).status_code == 404
    assert Consent.objects.filter(purpose=P.EVENTS).count() == 1
    assert events in read(as_participant(earlier.person), LIST)


def test_she_takes_it_back_on_a_second_page_and_gives_it_again(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    mentee = make_enrolment("mentee", division)
    agree(coordinator, mentee.person, division, P.HANDLING, P.EVENTS)
    client = as_participant(mentee.person)
    assert "Take this yes back?" in read(client, address(P.EVENTS))
    assert stands(mentee.person, P.EVENTS)
    assert "It is taken back." in client.post(address(P.EVENTS), {"say": "back"}, follow=True).content.decode()
    assert not stands(mentee.person, P.EVENTS)
    # Pressed twice, nothing turns round.
    client.post(address(P.EVENTS), {"say": "back"})
    assert not stands(mentee.person, P.EVENTS)
    client.post(address(P.EVENTS), {"say": "yes"})
    assert stands(mentee.person, P.EVENTS)
    newest = Consent.objects.get(person=mentee.person, purpose=P.EVENTS, withdrawn_at__isnull=True)
    assert (newest.how, newest.heard_by) == ("herself", "")
    acts = list(
        Entry.objects.filter(act__startswith="intake.consent").order_by("at", "pk").values_list("act", flat=True)
    )
    assert acts.count("intake.consent_back") == 1
    assert client.get(f"{LIST}nonsense/").status_code == 404
    assert client.post(f"{LIST}nonsense/").status_code == 404


def test_without_the_first_consent_applications_end(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    application = make_application("mentee", division)
    agree(coordinator, application.person, division, P.HANDLING)
    as_participant(application.person).post(address(P.HANDLING), {"say": "back"})
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_who_has_a_place_is_called_before_anything_is_changed(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    mentee = make_enrolment("mentee", division)
    agree(coordinator, mentee.person, division, P.HANDLING)
    as_participant(mentee.person).post(address(P.HANDLING), {"say": "back"})
    mentee.refresh_from_db()
    assert mentee.ended_on is None
    assert Wish.objects.get().kind == "leave"


def test_another_office_where_she_has_a_place_is_asked_as_well(
    coordinator: Staff, division: Division, other_division: Division, as_participant: AsParticipant
) -> None:
    here = make_enrolment("mentee", division)
    there = make_enrolment("mentor", other_division, person=here.person)
    agree(coordinator, here.person, division, P.HANDLING)
    as_participant(here.person).post(address(P.HANDLING), {"say": "back"})
    (task,) = Task.objects.filter(kind=Kind.NO_CONSENT)
    assert {task.target_id: task.division_id, Wish.objects.get().division_id: None} in (
        {there.pk: other_division.pk, division.pk: None},
        {here.pk: division.pk, other_division.pk: None},
    )


def test_contact_person_is_asked_no_more(coordinator: Staff, division: Division, as_participant: AsParticipant) -> None:
    contact = saved(ContactPerson(person=make_person("Dina"), division=division, asked_on=TODAY, created_at=AT))
    agree(coordinator, contact.person, division, P.HANDLING)
    client = as_participant(contact.person)
    assert "your introduction" not in main_of(read(client, LIST))
    assert client.get(address(P.INTRODUCTION)).status_code == 404
    client.post(address(P.HANDLING), {"say": "back"})
    contact.refresh_from_db()
    assert contact.state == "left"


# What it is asked for -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_nobody_is_proposed_who_has_taken_her_introduction_back(
    side: Side, coordinator: Staff, division: Division
) -> None:
    pair = make_pair(division, make_programme())
    draft = propose(coordinator, pair, send=False)
    person = pair[side == Side.MENTOR].person
    agree(coordinator, person, division, P.INTRODUCTION)
    take_back(person, P.INTRODUCTION)
    with pytest.raises(RefusedError, match="introduction"):
        services.send_draft(by=coordinator, proposal=draft)
    with pytest.raises(RefusedError, match="introduction"):
        propose(coordinator, pair)
    assert not Letter.objects.exists()
    agree(coordinator, person, division, P.INTRODUCTION)
    services.send_draft(by=coordinator, proposal=draft)
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("whose", Side)
@pytest.mark.parametrize("side", Side)
def test_open_proposal_stands_to_both_as_ended(
    side: Side, whose: Side, coordinator: Staff, division: Division, with_link: WithLink
) -> None:
    proposal = propose(coordinator, make_pair(division, make_programme()))
    other = person_of(proposal, Side.MENTOR if side == Side.MENTEE else Side.MENTEE)
    client = enter(with_link, proposal, side)
    agree(coordinator, person_of(proposal, whose), division, P.INTRODUCTION)
    # The control: with her consent she is introduced.
    assert other.first_name in main_of(read(client, url(proposal)))
    take_back(person_of(proposal, whose), P.INTRODUCTION)
    assert other.first_name not in main_of(read(client, url(proposal)))
    post(client, proposal, "proposal_yes", {"asked": "proposal"})
    assert not Proposal.objects.get().answers.exists()
    # Her coordinator learns of it, and of the other's yes nothing follows either.
    while run_ready_job("tests", timezone.now()):
        pass
    assert Task.objects.filter(kind=Kind.NO_CONSENT, target_id=proposal.pk).exists()
    with pytest.raises(NotAllowedError, match="introduction"):
        answer(coordinator, proposal, side)


def test_first_page_leads_to_no_proposal_of_hers_then(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    proposal = propose(coordinator, make_pair(division, make_programme()))
    agree(coordinator, proposal.mentor.person, division, P.INTRODUCTION)
    client = as_participant(proposal.mentee.person)
    assert url(proposal) in read(client, "/my/")
    take_back(proposal.mentor.person, P.INTRODUCTION)
    page = read(client, "/my/")
    assert url(proposal) not in page
    # Nor is it spoken of: the page that she knew says that it is no longer open.
    assert "suggest" not in main_of(page)
    assert "We are looking for a mentor who fits you." in page


@pytest.mark.parametrize("reason", ["consent", "apart"])
def test_the_desk_says_that_nothing_leads_on_and_what_to_do(
    reason: str, coordinator: Staff, division: Division, client: Client
) -> None:
    proposal = propose(coordinator, make_pair(division, make_programme()))
    signing.enter(client, user_of(coordinator))
    where = reverse("desk:proposal", args=[proposal.pk])
    words = {
        "consent": "One of the two has taken back that we may show her introduction.",
        "apart": "It has been noted that these two must not meet. Take the proposal back.",
    }[reason]
    assert words not in read(client, where)
    if reason == "consent":
        agree(coordinator, proposal.mentor.person, division, P.INTRODUCTION)
        take_back(proposal.mentor.person, P.INTRODUCTION)
    else:
        keep_apart(by=coordinator, person=proposal.mentee.person, other=proposal.mentor.person)
    page = read(client, where)
    assert words in page
    assert "each can answer on her own page" not in page
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She does not want to be introduced.")
    assert words not in read(client, where)
