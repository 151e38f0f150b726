"""What is done about one person on the desk of one division reaches every division that knows her.

On PostgreSQL each page is answered by the role that serves, which is given no rows of another division: a service that
forgets to look further does half of it, and only these tests see that.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from exporting import proposal
from factories.django_rows import (
    AT,
    TODAY,
    give_role,
    make_division,
    make_enrolment,
    make_person,
    make_programme,
    make_staff,
    saved,
    user_of,
)
from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment, Wish
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.people.models import Person, Restriction
from mentornet.privacy.models import Request
from mentornet.programmes.models import Programme
from signing import enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@dataclass
class Both:
    """Somebody whom two divisions know: a mentor there, a mentee here and there, each in a programme of its own."""

    here: Division
    there: Division
    programme: Programme
    person: Person
    mentor_there: Enrolment
    mentee_there: Enrolment
    by: Staff
    other: Staff
    desk: Client


@pytest.fixture
def both() -> Both:
    here, there = make_division("Aa"), make_division("Bb")
    person, programme = make_person("Amina", "Noor"), make_programme()
    make_enrolment("mentee", here, person=person, programme=programme)
    mentor_there = make_enrolment("mentor", there, person=person, programme=programme)
    mentee_there = make_enrolment("mentee", there, person=person, programme=make_programme("Another"))
    by, other = make_staff(Role.COORDINATOR, here), make_staff(Role.COORDINATOR, there)
    return Both(here, there, programme, person, mentor_there, mentee_there, by, other, enter(Client(), user_of(by)))


def promise(case: Enrolment) -> Task:
    return saved(
        Task(kind=Kind.PROMISE, target_id=case.pk, division_id=case.division_id, due_on=TODAY,
             words={"name": "Amina"}, created_at=AT),
        exclude=("snoozed_until", "done_at", "owner_id"),
    )  # fmt: skip


def open_promises(case: Enrolment) -> int:
    return Task.objects.filter(target_id=case.pk, kind=Kind.PROMISE, done_at__isnull=True).count()


def test_her_data_rest_and_are_used_again_in_both(both: Both) -> None:
    mentee = make_enrolment("mentee", both.there, programme=both.programme)
    one = proposal(mentee, both.mentor_there)
    promise(both.mentee_there)
    assert both.desk.post(reverse("desk:person_rest_begin", args=[both.person.pk]), {"reason": "x"}).status_code == 302
    assert Restriction.objects.count() == 1
    assert Proposal.objects.get(pk=one.pk).state == ProposalState.WITHDRAWN
    assert open_promises(both.mentee_there) == 0
    both.desk.post(reverse("desk:person_rest_lift", args=[both.person.pk]))
    assert Restriction.objects.get().lifted_at is not None
    assert open_promises(both.mentee_there) == 1


def test_her_case_goes_to_somebody_else_in_both(both: Both) -> None:
    cousin = make_staff(Role.COORDINATOR, both.there, name="Cousin")
    give_role(user_of(cousin), Role.COORDINATOR, both.here)
    Enrolment.objects.filter(pk=both.mentor_there.pk).update(coordinator=user_of(cousin))
    url = reverse("desk:person_unseen", args=[both.person.pk])
    assert both.desk.post(url, {"user": str(cousin.user_id), "reason": "x"}).status_code == 302
    both.mentor_there.refresh_from_db()
    assert both.mentor_there.coordinator_id == both.other.user_id


def test_she_is_hidden_from_nobody_who_is_the_last_one_elsewhere(both: Both) -> None:
    give_role(user_of(both.other), Role.COORDINATOR, both.here)
    url = reverse("desk:person_unseen", args=[both.person.pk])
    page = both.desk.post(url, {"user": str(both.other.user_id), "reason": "x"})
    assert "nobody would be left" in page.content.decode()
    assert not HiddenPerson.objects.exists()


def test_what_she_asked_another_division_is_seen_to_when_she_is_protected(both: Both) -> None:
    wish = saved(
        Wish(person=both.person, division=both.there, kind="protect", words="Please.", created_at=AT),
        exclude=("settled_at",),
    )
    saved(
        Task(kind=Kind.PROTECT, target_id=wish.pk, division_id=both.there.pk, due_on=TODAY, words={}, created_at=AT),
        exclude=("snoozed_until", "done_at", "owner_id", "words"),
    )
    url = reverse("desk:person_protect", args=[both.person.pk])
    both.desk.post(url, {"alias": "Solveig", "area": "", "words": "", "reason": "Her brother looks for her."})
    both.person.refresh_from_db()
    assert both.person.is_protected
    wish.refresh_from_db()
    assert wish.settled_at is not None
    assert not Task.objects.filter(kind=Kind.PROTECT, done_at__isnull=True).exists()


def test_each_division_has_a_request_of_its_own_and_none_hears_of_the_others(both: Both) -> None:
    url = reverse("desk:person_request", args=[both.person.pk])
    told = {"kind": "access", "way": "letter", "received_on": TODAY.isoformat(), "is_she": "on"}
    theirs = enter(Client(), user_of(both.other))
    pages = [desk.post(url, {**told, "words": words}) for desk, words in ((both.desk, "first"), (theirs, "second"))]
    assert [page.status_code for page in pages] == [302, 302]
    mine, other = Request.objects.order_by("pk")
    mine, other = (mine, other) if mine.division_id == both.here.pk else (other, mine)
    assert (mine.words, other.words) == ("first", "second")
    # Each is shown its own, and nothing of the other's.
    for desk, page, own, words in ((both.desk, pages[0], mine, "second"), (theirs, pages[1], other, "first")):
        assert page.headers["Location"] == reverse("desk:request", args=[own.pk])
        assert words not in desk.get(page.headers["Location"]).content.decode()
    # Twice in one division is once.
    theirs.post(url, {**told, "words": "second"})
    assert Request.objects.count() == 2


def test_name_that_another_division_was_asked_for_is_chosen_once(both: Both) -> None:
    protect_url = reverse("desk:person_protect", args=[both.person.pk])
    cover = {"alias": "Solveig", "area": "", "words": ""}
    both.desk.post(protect_url, {**cover, "reason": "Her brother looks for her."})
    saved(
        Task(kind=Kind.PROTECT, target_id=both.person.pk, division_id=both.there.pk, due_on=TODAY,
             words={"name": "N.N. 1", "why": "again"}, created_at=AT),
        exclude=("snoozed_until", "done_at", "owner_id"),
    )  # fmt: skip
    both.desk.post(reverse("desk:person_cover", args=[both.person.pk]), {**cover, "alias": "Signe"})
    assert not Task.objects.filter(kind=Kind.PROTECT, done_at__isnull=True).exists()


def test_place_that_she_has_elsewhere_is_not_given_twice(both: Both) -> None:
    again = make_enrolment("mentor", both.here, person=both.person, programme=make_programme("A third"))
    Enrolment.objects.filter(pk=again.pk).update(
        programme=both.programme, ended_on=TODAY, end_reason="moved", capacity=1
    )
    page = both.desk.post(reverse("desk:enrolment_resume", args=[again.pk]), follow=True)
    assert page.status_code == 200
    again.refresh_from_db()
    assert again.ended_on == TODAY
