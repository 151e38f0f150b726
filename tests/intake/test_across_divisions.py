"""A woman of one division and a mentor of another: who sees what, who may do what, and who neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import both_say_yes, propose

from factories.django_rows import make_division, make_enrolment, make_staff, user_of
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments, visible_people
from mentornet.intake.services import apart, enrolments
from mentornet.matching import services
from mentornet.matching.queries import visible_proposals
from mentornet.partnerships.queries import visible_partnerships
from mentornet.partnerships.services import close_partnership
from mentornet.people.models import Avoidance
from mentornet.programmes.models import Programme
from signing import enter

pytestmark = pytest.mark.django_db

REASON: Final = "kanarie-what-she-told"


class World(NamedTuple):
    """A mentee of one division, a mentor of another, and staff of each, of both, and of a third."""

    mentee: Enrolment
    mentor: Enrolment
    hers: Staff
    the_mentors: Staff
    third: Staff
    nation: Staff


@pytest.fixture
def world(division: Division, other_division: Division, programme: Programme) -> World:
    mentee = make_enrolment("mentee", division, programme=programme)
    mentor = make_enrolment("mentor", other_division, programme=programme)
    lead = make_staff(Role.NATIONAL_LEAD, None)
    third = make_staff(Role.COORDINATOR, make_division("Third"))
    # Made after the divisions: the national lead works in all of them.
    nation = staff_member(user_of(lead), lead.at)
    return World(
        mentee,
        mentor,
        make_staff(Role.COORDINATOR, division),
        make_staff(Role.COORDINATOR, other_division),
        third,
        nation,
    )


# Who must not meet ---------------------------------------------------------------------------------------------------


@pytest.fixture
def noted(world: World) -> Avoidance:
    """She must not meet a mentor of another division: the national lead, who sees both, has noted it."""
    return apart.keep_apart(
        by=world.nation, application=world.mentee.application, other=world.mentor.person, reason=REASON
    )


def test_only_who_sees_both_notes_it(world: World) -> None:
    for by, of, other in (
        (world.hers, world.mentee, world.mentor),
        (world.the_mentors, world.mentor, world.mentee),
    ):
        with pytest.raises(Exception, match="Choose somebody of your divisions"):
            apart.keep_apart(by=by, application=of.application, other=other.person)
    assert not Avoidance.objects.exists()


def test_neither_division_alone_takes_it_back(world: World, noted: Avoidance) -> None:
    for by, of in ((world.hers, world.mentee), (world.the_mentors, world.mentor)):
        with pytest.raises(NotAllowedError, match="national lead"):
            apart.let_meet(by=by, application=of.application, avoidance=noted)
    for of in (world.mentee, world.mentor):
        with pytest.raises(NotAllowedError, match="do not work in this division"):
            apart.let_meet(by=world.third, application=of.application, avoidance=noted)
    assert Avoidance.objects.filter(pk=noted.pk).exists()
    assert not Entry.objects.filter(act__endswith="let_meet").exists()


def test_who_works_with_both_takes_it_back_once(world: World, noted: Avoidance) -> None:
    apart.let_meet(by=world.nation, application=world.mentor.application, avoidance=noted)
    assert not Avoidance.objects.exists()
    again = Avoidance(pk=noted.pk, person=world.mentee.person, other=world.mentor.person)
    with pytest.raises(ChangedMeanwhileError, match="already"):
        apart.let_meet(by=world.nation, application=world.mentor.application, avoidance=again)
    assert Entry.objects.filter(act="intake.let_meet").count() == 2


def _apart(client: Client, enrolment: Enrolment) -> str:
    answer = client.post(reverse("desk:person_apart", args=[enrolment.person_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_division_reads_what_is_its_own(world: World, noted: Avoidance) -> None:
    hers = _apart(enter(Client(), user_of(world.hers)), world.mentee)
    assert REASON in hers
    assert "Somebody of another division" in hers
    theirs = _apart(enter(Client(), user_of(world.the_mentors)), world.mentor)
    # That there is somebody they must know; what she has told, and who she is, they must not.
    assert "Somebody of another division" in theirs
    for hidden in (REASON, world.mentee.person.last_name, str(world.mentee.person_id)):
        assert hidden not in theirs
    for page in (hers, theirs):
        assert "Let them meet" not in page
        assert "ask the national lead" in page
    both = _apart(enter(Client(), user_of(world.nation)), world.mentor)
    assert REASON in both
    assert "Let them meet" in both


def test_act_of_one_division_is_refused_and_noted(world: World, noted: Avoidance) -> None:
    client = enter(Client(), user_of(world.the_mentors))
    answer = client.post(reverse("desk:person_let_meet", args=[world.mentor.person_id, noted.pk]), follow=True)
    assert "ask the national lead" in answer.content.decode()
    assert Avoidance.objects.filter(pk=noted.pk).exists()
    third = enter(Client(), user_of(world.third))
    for one in (world.mentee, world.mentor):
        assert third.post(reverse("desk:person_let_meet", args=[one.person_id, noted.pk])).status_code == 404
    assert Avoidance.objects.filter(pk=noted.pk).exists()


# A pair of two divisions ---------------------------------------------------------------------------------------------


def test_only_who_works_in_both_proposes_a_mentor_of_another_division(world: World) -> None:
    pair = (world.mentee, world.mentor)
    for by in (world.hers, world.the_mentors, world.third):
        with pytest.raises(NotAllowedError):
            propose(by, pair)
    assert propose(world.nation, pair).mentor_id == world.mentor.pk


def test_both_divisions_see_the_proposal_and_hers_alone_acts(world: World) -> None:
    proposal = propose(world.nation, (world.mentee, world.mentor))
    staff = (world.hers, world.the_mentors, world.third, world.nation)
    assert [visible_proposals(by).filter(pk=proposal.pk).exists() for by in staff] == [True, True, False, True]
    for by in (world.the_mentors, world.third):
        with pytest.raises(NotAllowedError, match="do not work in this division"):
            services.withdraw_proposal(by=by, proposal=proposal, note="No.")
    services.withdraw_proposal(by=world.hers, proposal=proposal, note="She has moved.")
    world.mentor.refresh_from_db()
    assert world.mentor.promised == 0


def test_both_divisions_see_the_partnership_and_hers_alone_closes_it(world: World) -> None:
    partnership = both_say_yes(world.nation, propose(world.nation, (world.mentee, world.mentor))).partnership
    assert partnership is not None
    staff = (world.hers, world.the_mentors, world.third, world.nation)
    assert [visible_partnerships(by).filter(pk=partnership.pk).exists() for by in staff] == [True, True, False, True]
    for by in (world.the_mentors, world.third):
        with pytest.raises(NotAllowedError):
            close_partnership(by=by, partnership=partnership, on=by.today, reason="goal")
    close_partnership(by=world.hers, partnership=partnership, on=world.hers.today, reason="goal")
    world.mentor.refresh_from_db()
    assert world.mentor.active == 0


def test_a_pair_does_not_open_the_other_s_file(world: World) -> None:
    proposal = both_say_yes(world.nation, propose(world.nation, (world.mentee, world.mentor)))
    for by, mine, other in (
        (world.hers, world.mentee, world.mentor),
        (world.the_mentors, world.mentor, world.mentee),
    ):
        assert list(visible_people(by)) == [mine.person]
        assert list(visible_enrolments(by)) == [mine]
        client = enter(Client(), user_of(by))
        # Whom she is paired with stands on her page; the file of the other stays with the other division.
        assert other.person.first_name in client.get(reverse("desk:person", args=[mine.person_id])).content.decode()
        theirs = reverse("desk:person", args=[other.person_id])
        assert client.get(theirs).status_code == 404
        pages = [
            reverse("desk:proposal", args=[proposal.pk]),
            reverse("desk:partnership", args=[proposal.partnership_id]),
        ]
        for page in pages:
            shown = client.get(page).content.decode()
            assert other.person.first_name in shown
            # No link leads where nothing is open to her.
            assert theirs not in shown
            assert reverse("desk:person", args=[mine.person_id]) in shown


ACTS: Final[dict[str, Callable[[Staff, Enrolment], object]]] = {
    "rest": lambda by, one: enrolments.rest(by=by, enrolment=one, until=None),
    "capacity": lambda by, one: enrolments.set_capacity(by=by, enrolment=one, capacity=3),
    "end": lambda by, one: enrolments.end_enrolment(by=by, enrolment=one, reason="moved"),
    "brief": lambda by, one: enrolments.brief(by=by, enrolment=one, on=by.today),
    "resume": lambda by, one: enrolments.resume_enrolment(by=by, enrolment=one),
    "word": lambda by, one: enrolments.give_word(by=by, enrolment=one),
    "hand over": lambda by, one: enrolments.hand_over(by=by, enrolment=one, coordinator_id=by.user_id),
    "read apart": lambda by, one: apart.read_apart(by=by, application=one.application),
}


@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_on_the_other_division_s_enrolment(world: World, name: str) -> None:
    both_say_yes(world.nation, propose(world.nation, (world.mentee, world.mentor)))
    for by, one in ((world.hers, world.mentor), (world.the_mentors, world.mentee), (world.third, world.mentor)):
        with pytest.raises(NotAllowedError, match="do not work in this division"):
            ACTS[name](by, one)
