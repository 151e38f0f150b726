"""Two people side by side, the written reason, and what can go wrong between looking and choosing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import bring_to, counts, propose

from factories.django_rows import make_enrolment, make_person, make_version
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import end_enrolment
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

REASON = "Begge er sygeplejersker, og hun har ventet længe."


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    Division.objects.filter(pk=division.pk).update(phone="+45 00 11 22 33")
    division.refresh_from_db()
    person = make_person("Amina", "Yusuf", area="Vollsmose", email="amina@example.org", phone="+45 00 00 00 01")
    return make_enrolment(
        "mentee",
        division,
        programme=programme,
        person=person,
        topics=("cv", "danish"),
        availability=("mon-evening", "tue-morning"),
        wishes="A quiet place, please.",
    )


@pytest.fixture
def mentor(division: Division, programme: Programme) -> Enrolment:
    person = make_person("Kirsten", "Dahl", area="Skibhus", language="da", phone="+45 00 00 00 02")
    return make_enrolment(
        "mentor", division, programme=programme, person=person, topics=("cv",), availability=("mon-evening",)
    )


def look(desk: Client, mentee: Enrolment, mentor: Enrolment, **query: Any) -> str:
    answer = desk.get(reverse("desk:match_pair", args=[mentee.pk, mentor.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def press(desk: Client, mentee: Enrolment, mentor: Enrolment, **given: Any) -> Any:
    values = {"reason": REASON, "seen_version": 1, "act": "propose"} | given
    return desk.post(reverse("desk:propose", args=[mentee.pk, mentor.pk]), values, follow=True)


def test_the_two_side_by_side(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    html = look(desk, mentee, mentor)
    assert "<mark>the CV</mark>" in html
    assert "Place 1 of 1 mentors" in html
    assert html.count('class="rule rule-kept"') >= 5
    assert "unknown" in html
    assert 'data-keep="reason"' in html
    assert 'name="seen_version" value="1"' in html


def test_unknown_is_shown_with_what_stands_in_for_it(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    html = look(desk, mentee, mentor)
    assert "Not known of one of them: counted as a fit of 50 in a hundred." in html


def test_what_each_learns_is_what_an_introduction_holds(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    learnt = look(desk, mentee, mentor).split("What Amina learns of Kirsten")[1].split("The letter to Amina")[0]
    assert "Skibhus" in learnt
    for kept in ("Yusuf", "Dahl", "00 00 00", "A quiet place", "amina@"):
        assert kept not in learnt


def test_each_letter_in_its_own_language(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    Person.objects.filter(pk=mentee.person_id).update(language="en")
    html = look(desk, mentee, mentor)
    assert 'class="letter" lang="en" dir="ltr"' in html
    assert 'class="letter" lang="da" dir="ltr"' in html
    assert "+45 00 11 22 33" in html
    letters = html.split("The letter to Amina")[1]
    assert "Mentor network" not in letters
    # The mentor has no address: she is to be called.
    assert "No letter reaches her: call her instead." in letters
    # The words that will be sent: with a link to the page where she answers.
    assert "You can read it and answer before" in html
    assert "Please call" not in letters.partition("disclosure")[0]


def test_proposed_to_both(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    answer = press(desk, mentee, mentor)
    proposal = Proposal.objects.get()
    assert answer.redirect_chain == [(reverse("desk:proposal", args=[proposal.pk]), 302)]
    assert "Proposed to both. Their letters leave in a minute" in answer.content.decode()
    assert (proposal.state, proposal.reason, proposal.author_name) == (ProposalState.SENT, REASON, "Inger Holm")
    assert counts(mentee, mentor) == [(1, 0), (1, 0)]


def test_kept_as_a_draft_and_taken_up_again(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    html = press(desk, mentee, mentor, act="draft").content.decode()
    proposal = Proposal.objects.get()
    assert proposal.state == ProposalState.DRAFT
    assert "Kept as a draft" in html
    assert reverse("desk:proposal_withdraw", args=[proposal.pk]) in html
    again = look(desk, mentee, mentor)
    assert REASON in again
    assert "Kept as a draft on 2 March 2026" in again
    press(desk, mentee, mentor)
    assert Proposal.objects.get().state == ProposalState.SENT


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_reason_is_asked_for(reason: str, desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    html = press(desk, mentee, mentor, reason=reason).content.decode()
    assert "Write in a sentence why you choose her" in html
    assert "error-summary" in html
    assert not Proposal.objects.exists()


def test_pressed_twice_leads_to_what_the_first_has_done(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    press(desk, mentee, mentor)
    answer = press(desk, mentee, mentor)
    assert "These two have been proposed to each other already" in answer.content.decode()
    assert Proposal.objects.count() == 1
    assert counts(mentee, mentor) == [(1, 0), (1, 0)]


def test_the_back_button_after_a_proposal(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    press(desk, mentee, mentor)
    html = look(desk, mentee, mentor)
    assert "There is an open proposal for her" in html
    assert 'data-keep="reason"' not in html


def test_two_coordinators_on_one_mentee(
    desk: Client, mentee: Enrolment, mentor: Enrolment, coordinator: Staff, division: Division, programme: Programme
) -> None:
    other = make_enrolment("mentor", division, programme=programme, person=make_person("Lise", "Dahl"))
    first = propose(coordinator, (mentee, other))
    html = press(desk, mentee, mentor).content.decode()
    assert "There is an open proposal for her already" in html
    assert reverse("desk:proposal", args=[first.pk]) in html
    assert REASON in html
    assert Proposal.objects.get() == first


def test_the_mentor_was_taken_meanwhile(
    desk: Client, mentee: Enrolment, mentor: Enrolment, coordinator: Staff, division: Division, programme: Programme
) -> None:
    propose(coordinator, (make_enrolment("mentee", division, programme=programme), mentor))
    html = press(desk, mentee, mentor).content.decode()
    assert "it is taken or promised" in html
    assert "This cannot be set aside" in html
    assert REASON in html
    assert Proposal.objects.count() == 1


def test_the_weights_were_changed_meanwhile(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    make_version(mentee.programme, floor="0.9", reason="A higher floor")
    html = press(desk, mentee, mentor).content.decode()
    assert "weights were changed while you looked" in html
    assert 'name="seen_version" value="2"' in html
    assert "Below the floor of 90 points" in html
    assert f">{REASON}</textarea>" in html.replace("\n", "")
    assert not Proposal.objects.exists()
    assert press(desk, mentee, mentor, seen_version=2).redirect_chain


def test_the_mentor_has_left_meanwhile(desk: Client, mentee: Enrolment, mentor: Enrolment, coordinator: Staff) -> None:
    end_enrolment(by=coordinator, enrolment=mentor, reason="moved")
    html = press(desk, mentee, mentor).content.decode()
    assert "This mentor has left the bank" in html
    assert REASON in html


def test_a_page_that_lost_its_numbers(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    for lost in ({"seen_version": ""}, {"seen_version": "x"}, {"loosen": "capacity"}):
        html = press(desk, mentee, mentor, **lost).content.decode()
        assert "The page was not complete" in html
        assert REASON in html
    assert not Proposal.objects.exists()


def test_a_broken_rule_shows_the_way(desk: Client, mentee: Enrolment, division: Division, programme: Programme) -> None:
    french = make_enrolment("mentor", division, programme=programme, languages={"fr": "C1"})
    html = look(desk, mentee, french)
    assert "She cannot be proposed as the rules stand" in html
    assert "They share no language" in html
    assert "loosen=language" in html
    assert 'name="act"' not in html
    looser = look(desk, mentee, french, loosen="language")
    assert 'class="rule rule-aside"' in looser
    assert 'name="loosen" value="language"' in looser
    press(desk, mentee, french, loosen="language")
    assert Proposal.objects.get().loosened == ("language",)


def test_a_rule_broken_since_she_looked_keeps_what_was_written(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    french = make_enrolment("mentor", division, programme=programme, languages={"fr": "C1"})
    html = press(desk, mentee, french).content.decode()
    assert "What you wrote" in html
    assert REASON in html


def test_get_is_no_way_to_propose(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    assert desk.get(reverse("desk:propose", args=[mentee.pk, mentor.pk])).status_code == 405


def test_an_expired_form_changes_nothing(
    client: Client, sign_in: SignIn, coordinator: Staff, mentee: Enrolment, mentor: Enrolment
) -> None:
    strict = sign_in(Client(enforce_csrf_checks=True), coordinator)
    answer = strict.post(reverse("desk:propose", args=[mentee.pk, mentor.pk]), {"reason": REASON, "seen_version": 1})
    assert answer.status_code == 403
    assert not Proposal.objects.exists()


def test_queries_of_a_pair(
    desk: Client,
    mentee: Enrolment,
    mentor: Enrolment,
    coordinator: Staff,
    django_assert_num_queries: CountQueries,
) -> None:
    bring_to(ProposalState.DECLINED, coordinator, (mentee, mentor))
    look(desk, mentee, mentor)
    with django_assert_num_queries(PAIR_QUERIES):
        look(desk, mentee, mentor)


PAIR_QUERIES = 19


def test_nothing_is_left_untranslated(
    desk: Client, mentee: Enrolment, mentor: Enrolment, division: Division, programme: Programme
) -> None:
    french = make_enrolment(
        "mentor", division, programme=programme, languages={"fr": "C1"}, requires=("language:ar",), min_danish="B2"
    )
    desk.cookies["django_language"] = "xb"
    assert untranslated(look(desk, mentee, mentor)) == []
    assert untranslated(look(desk, mentee, french)) == []
    assert untranslated(look(desk, mentee, french, loosen=["language", "requires"])) == []
    assert untranslated(press(desk, mentee, french).content.decode()) == []
    assert untranslated(press(desk, mentee, mentor, reason="").content.decode()) == []
    assert untranslated(press(desk, mentee, mentor, act="draft").content.decode()) == []
