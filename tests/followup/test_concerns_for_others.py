"""A quiet word that one of the staff writes down for somebody: as secret as her own."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from factories.django_rows import make_application, make_person, make_staff, user_of
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_in
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern
from mentornet.followup.queries import readable_concerns
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from signing import enter

pytestmark = pytest.mark.django_db(transaction=True)
WORDS: Final = "kanarietold"


def told(by: Staff, pair: Partnership, side: str = "mentor", **facts: Any) -> Concern:
    person = pair.mentor.person if side == "mentor" else pair.mentee.person
    values: dict[str, Any] = {"about": "other", "words": WORDS, "heard": "told", "partnership": pair} | facts
    return services.raise_for(by=by, person=person, **values)


@pytest.fixture
def colleague(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


def readers(*staff: Staff) -> set[str]:
    return {one.name for one in staff if readable_concerns(one).exists()}


def test_it_reaches_whom_it_is_for_and_says_who_wrote_it_down(
    pair: Partnership, coordinator: Staff, colleague: Staff, division_lead: Staff, national_lead: Staff
) -> None:
    before = (Task.objects.count(), Letter.objects.count())
    concern = told(colleague, pair)
    assert (concern.heard, concern.written_by, concern.author_name) == ("told", colleague.key, "Mette Rask")
    assert concern.raised_by == pair.mentor.person
    # Whoever has written it down reads it only if it is for her.
    assert readers(coordinator, colleague, division_lead, national_lead) == {
        coordinator.name, division_lead.name, national_lead.name,
    }  # fmt: skip
    assert (Task.objects.count(), Letter.objects.count()) == before
    assert not entries_in(Entry.objects.filter(act="followup.raise"), colleague.casework).exists()
    assert told(colleague, pair).pk == concern.pk
    # Told, and seen: two things.
    assert told(colleague, pair, heard="seen").pk != concern.pk


def test_about_a_coordinator_to_the_national_lead_past_her(
    pair: Partnership, coordinator: Staff, colleague: Staff, division_lead: Staff, national_lead: Staff
) -> None:
    told(coordinator, pair, about="coordinator")
    # She herself has written it down, and passes it on.
    assert readers(coordinator, colleague, division_lead, national_lead) == {national_lead.name}


def test_about_a_colleague_it_is_kept_from_her_whatever_her_role(
    pair: Partnership, coordinator: Staff, division_lead: Staff, national_lead: Staff
) -> None:
    concern = told(coordinator, pair, colleague=user_of(division_lead))
    assert (concern.kept_from, concern.addressee) == ((division_lead.key,), "national_lead")
    # Past the office, where they work beside each other: whoever wrote it down passes it on.
    assert readers(coordinator, division_lead, national_lead) == {national_lead.name}


def test_where_nobody_would_read_it_nothing_is_kept(pair: Partnership, coordinator: Staff) -> None:
    with pytest.raises(RefusedError):
        told(coordinator, pair, about="coordinator")
    assert not Concern.objects.exists()


@pytest.mark.parametrize("who", ["applicant", "contact person"])
def test_for_somebody_without_a_place_too(who: str, coordinator: Staff, division: Division) -> None:
    person = make_application("mentee", division).person
    concern = services.raise_for(by=coordinator, person=person, about="other", words=WORDS, heard="seen")
    assert (concern.division, concern.coordinator) == (division, None)


def test_only_whoever_works_where_she_is_known(
    pair: Partnership, other_coordinator: Staff, administrator: Staff, coordinator: Staff
) -> None:
    for by in (other_coordinator, administrator):
        with pytest.raises(NotAllowedError):
            told(by, pair)
        with pytest.raises(NotAllowedError):
            services.raise_for(by=by, person=pair.mentor.person, about="other", words=WORDS, heard="told")
    with pytest.raises(RefusedError):
        services.raise_for(by=coordinator, person=make_person(), about="other", words=WORDS, heard="told")
    assert not Concern.objects.exists()


@pytest.mark.parametrize("facts", [{"words": " "}, {"heard": "written"}])
def test_what_cannot_be(facts: dict[str, str], pair: Partnership, coordinator: Staff) -> None:
    with pytest.raises(ValidationError):
        told(coordinator, pair, **facts)


def test_the_database_knows_who_wrote_it(pair: Partnership, coordinator: Staff) -> None:
    concern = told(coordinator, pair)
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(written_by="")


def test_written_at_the_desk_and_shown_to_nobody_else(
    pair: Partnership, colleague: Staff, coordinator: Staff, client: Client
) -> None:
    desk = enter(client, user_of(colleague))
    address = reverse("desk:concern_new", args=[pair.mentor.person_id])
    assert address in desk.get(reverse("desk:person", args=[pair.mentor.person_id])).content.decode()
    answer = desk.post(
        address,
        {"heard": "seen", "partnership": str(pair.pk), "about": "partner", "words": WORDS, "addressee": "coordinator"},
        follow=True,
    )  # fmt: skip
    concern = Concern.objects.get()
    assert (concern.heard, concern.partnership) == ("seen", pair)
    pages = [answer.content.decode()]
    pages += [
        desk.get(one, follow=True).content.decode()
        for one in (
            reverse("desk:today"), reverse("desk:concerns"), reverse("desk:partnership", args=[pair.pk]),
            reverse("desk:person", args=[pair.mentor.person_id]), reverse("desk:person", args=[pair.mentee.person_id]),
        )
    ]  # fmt: skip
    pages.append(desk.post(reverse("desk:pack_pair", args=[pair.pk])).content.decode())
    for page in pages:
        assert WORDS not in page
        assert reverse("desk:concern", args=[concern.pk]) not in page
    # Whoever it is for reads who wrote it down.
    hers = enter(Client(), user_of(coordinator))
    page = hers.post(reverse("desk:concern", args=[concern.pk])).content.decode()
    assert WORDS in page
    assert "written down by <bdi>Mette Rask</bdi>" in page


def test_too_few_words_are_said_and_the_rest_stays(pair: Partnership, colleague: Staff, client: Client) -> None:
    desk = enter(client, user_of(colleague))
    answer = desk.post(
        reverse("desk:concern_new", args=[pair.mentor.person_id]),
        {"heard": "told", "about": "other", "words": "", "addressee": "coordinator", "call_words": "after five"},
    )
    assert answer.status_code == 422
    assert "after five" in answer.content.decode()


def test_a_partner_who_works_here_never_reads_it(
    pair: Partnership, coordinator: Staff, colleague: Staff, division_lead: Staff
) -> None:
    Person.objects.filter(pk=pair.mentee.person_id).update(user=user_of(division_lead))
    told(colleague, pair, about="partner")
    assert readers(coordinator, colleague, division_lead) == {coordinator.name}
