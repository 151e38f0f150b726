"""The match desk: one mentee beside the ranked bank, rules set aside, why not her, and comparing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import both_say_yes, bring_to, propose

from factories.django_rows import TODAY, make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment, Interview
from mentornet.intake.services.enrolments import end_enrolment
from mentornet.matching.enums import ProposalState
from mentornet.people.enums import Provenance
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

FACTS: dict[str, Any] = {
    "occupation": "2221",
    "topics": ("cv", "interview"),
    "interests": ("swimming",),
    "meeting": ("in person",),
    "hours_per_month": 3,
    "months": 6,
    "education": 6,
}


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(
        "mentee",
        division,
        programme=programme,
        person=make_person("Amina", "Yusuf", area="Vollsmose"),
        occupation_title="sygeplejerske",
        availability=("mon-evening", "tue-morning"),
        wishes="أريد أن أعمل في المستشفى",
        about="I was a head nurse.",
        practise_danish=True,
        **FACTS,
    )


def make_mentor(division: Division, programme: Programme, name: str, **given: Any) -> Enrolment:
    facts = FACTS | {"availability": ("mon-evening",)} | given
    return make_enrolment("mentor", division, programme=programme, person=make_person(name, "Dahl"), **facts)


def page(desk: Client, mentee: Enrolment, **query: Any) -> str:
    answer = desk.get(reverse("desk:match", args=[mentee.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(html: str) -> list[str]:
    """Return the mentors of the list, in its order."""
    listed = html.rsplit('class="match-rows"', maxsplit=1)[-1].split("<bdi>")[1:]
    return [part.partition("<")[0] for part in listed if " Dahl<" in part]


@pytest.mark.parametrize(("source", "is_hers"), [(Provenance.SELF_REPORTED, True), (Provenance.HEARD, False)])
def test_what_was_heard_of_her_is_not_called_her_own_words(
    desk: Client, mentee: Enrolment, source: Provenance, is_hers: bool
) -> None:
    mentee.profile.provenance = {"about": [source, "2026-01-05"]}
    mentee.profile.save()
    html = page(desk, mentee)
    assert ("About her, in her own words" in html) is is_hers
    assert ("heard at the interview" in html) is not is_hers


def test_the_mentee_stands_beside_the_list(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    make_mentor(division, programme, "Kirsten")
    html = page(desk, mentee)
    for words in ("Amina Yusuf", "Waiting 30 days", "sygeplejerske", "the CV", "Vollsmose", "practise Danish"):
        assert words in html
    assert "1 of 1 mentor" in html
    assert '<p dir="auto">أريد' in html
    assert "Kirsten Dahl" in html
    assert reverse("desk:match_pair", args=[mentee.pk, Enrolment.objects.get(role="mentor").pk]) in html


def test_of_the_interview_only_what_may_be_shared(desk: Client, mentee: Enrolment, coordinator: Staff) -> None:
    Interview.objects.create(
        application=mentee.application,
        at=coordinator.at,
        held_at=coordinator.at,
        interviewer_id=coordinator.user_id,
        shareable="Longs to be back at work.",
        coordinator_only="CANARY-7781",
        created_at=coordinator.at,
    )
    html = page(desk, mentee)
    assert "Longs to be back at work." in html
    assert "CANARY-7781" not in html


def test_order_pages_and_counts(desk: Client, mentee: Enrolment, division: Division, programme: Programme) -> None:
    for number in range(23):
        make_mentor(
            division, programme, f"Mentor{number}", topics=("cv", "interview") if number % 2 else ("family_school",)
        )
    make_mentor(division, programme, "Fransk", languages={"fr": "C1"})
    first, second = page(desk, mentee), page(desk, mentee, page=2)
    assert "23 of 24 mentors fit" in first
    assert first.count("data-row") == 20
    assert second.count("data-row") == 3
    assert "Fransk" not in first + second
    assert names(first)[0].startswith("Mentor")


def test_a_rule_set_aside_shows_who_appears(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    make_mentor(division, programme, "Kirsten")
    make_mentor(division, programme, "Lise", availability=("sat-morning",))
    html = page(desk, mentee)
    assert "opens 1 more" in html
    assert "Lise Dahl" not in html
    looser = page(desk, mentee, loosen="time")
    assert "2 of 2 mentors fit" in looser
    assert "Only without: a common time" in looser
    assert "?loosen=time#choose" in looser
    assert 'name="loosen" value="time"' in looser.split('id="compare-form"')[1]


@pytest.mark.parametrize("rule", ["capacity", "resting", "nonsense"])
def test_a_rule_that_protects_is_not_set_aside_by_an_address(
    rule: str, desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    make_mentor(division, programme, "Kirsten", enrolment={"capacity": 0})
    assert "Kirsten" not in page(desk, mentee, loosen=rule)


def test_why_not_her(desk: Client, mentee: Enrolment, division: Division, programme: Programme) -> None:
    make_mentor(division, programme, "Kirsten")
    make_mentor(
        division, programme, "Lise", languages={"fr": "C1"}, enrolment={"resting_until": TODAY + timedelta(days=9999)}
    )
    html = page(desk, mentee, q="lise")
    assert "Mentors named" in html
    assert "They share no language" in html
    assert "is resting until" in html
    assert "Kirsten Dahl" not in html
    assert "Look at" in html
    nobody = page(desk, mentee, q="Gudrun")
    assert "Nobody of that name is in this mentor bank" in nobody


def test_narrowed_by_language_and_field(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    make_mentor(division, programme, "Kirsten", languages={"da": "C2", "ar": "B2"})
    make_mentor(division, programme, "Lise", occupation="3411")
    assert names(page(desk, mentee, language="ar")) == ["Kirsten Dahl"]
    assert names(page(desk, mentee, field="3")) == ["Lise Dahl"]
    html = page(desk, mentee, language="ar", field="3")
    assert "None of those who fit speaks that language" in html


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (ProposalState.DRAFT, "A draft of 2 March 2026 by Inger Holm"),
        (ProposalState.DECLINED, "The mentor said no on 2 March 2026: not the time for it now"),
        (ProposalState.EXPIRED, "no answer until"),
        (ProposalState.WITHDRAWN, "taken back on 2 March 2026"),
    ],
)
def test_what_became_of_an_earlier_proposal(
    end: ProposalState,
    words: str,
    desk: Client,
    mentee: Enrolment,
    coordinator: Staff,
    division: Division,
    programme: Programme,
) -> None:
    bring_to(end, coordinator, (mentee, make_mentor(division, programme, "Kirsten")))
    assert words in page(desk, mentee)


def test_flags_tell_what_is_not_known(desk: Client, division: Division, programme: Programme) -> None:
    mentee = make_enrolment("mentee", division, programme=programme)
    make_enrolment("mentor", division, programme=programme, languages={"da": ""})
    html = page(desk, mentee)
    assert "Not known: occupation" in html
    assert "To be asked:" in html


def test_nobody_fits_says_what_would_help(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    make_mentor(division, programme, "Lise", availability=("sat-morning",))
    html = page(desk, mentee)
    assert "No mentor fits her as the rules stand" in html
    assert "Set aside a common time: 1 mentor more" in html
    assert f"{reverse('desk:match', args=[mentee.pk])}?loosen=time" in html


def test_an_empty_bank(desk: Client, mentee: Enrolment) -> None:
    html = page(desk, mentee)
    assert "0 of 0 mentors fit" in html
    assert "No single rule stands in the way" in html


def test_an_open_proposal_comes_first(
    desk: Client, mentee: Enrolment, coordinator: Staff, division: Division, programme: Programme
) -> None:
    proposal = propose(coordinator, (mentee, make_mentor(division, programme, "Kirsten")))
    make_mentor(division, programme, "Lise")
    html = page(desk, mentee)
    assert "There is an open proposal for her" in html
    assert reverse("desk:proposal", args=[proposal.pk]) in html
    assert "Choose <bdi>" not in html


def test_a_mentee_with_a_mentor_leads_to_the_partnership(
    desk: Client, mentee: Enrolment, coordinator: Staff, division: Division, programme: Programme
) -> None:
    both_say_yes(coordinator, propose(coordinator, (mentee, make_mentor(division, programme, "Kirsten"))))
    html = page(desk, mentee)
    assert "She has a mentor" in html
    assert "Kirsten Dahl" in html


def test_a_mentee_who_has_left(desk: Client, mentee: Enrolment, coordinator: Staff) -> None:
    end_enrolment(by=coordinator, enrolment=mentee, reason="moved")
    assert "no longer on the waiting list" in page(desk, mentee)


def test_another_division_is_not_there(
    desk: Client, mentee: Enrolment, division: Division, other_division: Division, programme: Programme
) -> None:
    mentor = make_mentor(division, programme, "Kirsten")
    other_mentee = make_enrolment("mentee", other_division, programme=programme)
    other_mentor = make_mentor(other_division, programme, "Elsewhere", meeting=("online", "in person"))
    other_programme = make_mentor(division, make_programme(), "Otherwise")
    for address in (
        reverse("desk:match", args=[other_mentee.pk]),
        reverse("desk:match", args=[mentor.pk]),
        reverse("desk:match", args=[uuid4()]),
        reverse("desk:match_compare", args=[other_mentee.pk]),
        reverse("desk:match_pair", args=[other_mentee.pk, mentor.pk]),
        reverse("desk:match_pair", args=[mentee.pk, other_mentor.pk]),
        reverse("desk:match_pair", args=[mentee.pk, other_programme.pk]),
        reverse("desk:match_pair", args=[mentee.pk, mentee.pk]),
    ):
        assert desk.get(address).status_code == 404
    for pair in ((other_mentee, mentor), (mentee, other_mentor)):
        address = reverse("desk:propose", args=[side.pk for side in pair])
        assert desk.post(address, {"reason": "Why", "seen_version": 1}).status_code == 404
    assert "Elsewhere" not in page(desk, mentee, q="else")
    compared = desk.get(reverse("desk:match_compare", args=[mentee.pk]), {"with": [str(other_mentor.pk)]})
    assert "Elsewhere" not in compared.content.decode()


def test_fragment_and_page(desk: Client, mentee: Enrolment, division: Division, programme: Programme) -> None:
    make_mentor(division, programme, "Kirsten")
    address = reverse("desk:match", args=[mentee.pk])
    part = desk.get(address, headers={"HX-Request": "true", "HX-Target": "candidates"}).content.decode()
    assert part.lstrip().startswith('<div id="candidates"')
    assert "Kirsten Dahl" in part
    assert "<html" not in part
    again = desk.get(address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in again.content.decode()


def test_up_to_three_are_compared(desk: Client, mentee: Enrolment, division: Division, programme: Programme) -> None:
    mentors = [
        make_mentor(division, programme, "Kirsten"),
        make_mentor(division, programme, "Lise", topics=("family_school",)),
        make_mentor(division, programme, "Mona", education=2),
        make_mentor(division, programme, "Nina"),
    ]
    address = reverse("desk:match_compare", args=[mentee.pk])
    html = desk.get(address, {"with": [str(mentor.pk) for mentor in mentors]}).content.decode()
    assert "You had ticked more than three" in html
    assert "Nina" not in html
    assert "best" in html
    assert html.count("Choose <bdi>") == 3
    assert "Nobody is ticked yet" in desk.get(address).content.decode()
    assert "Nobody is ticked yet" in desk.get(address, {"with": "nonsense"}).content.decode()


def test_the_best_of_a_line_is_marked_once_it_differs(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    two = [make_mentor(division, programme, "Kirsten"), make_mentor(division, programme, "Lise")]
    address = reverse("desk:match_compare", args=[mentee.pk])
    alike = desk.get(address, {"with": [str(mentor.pk) for mentor in two]}).content.decode()
    assert "compare-best" not in alike


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_depend_on_rows(
    rows: int,
    desk: Client,
    mentee: Enrolment,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    django_assert_num_queries: CountQueries,
) -> None:
    mentors = [make_mentor(division, programme, f"Mentor{number}") for number in range(rows)]
    for mentor in mentors:
        bring_to(ProposalState.DECLINED, coordinator, (mentee, mentor))
    page(desk, mentee)
    with django_assert_num_queries(LIST_QUERIES):
        page(desk, mentee)
    address = reverse("desk:match_compare", args=[mentee.pk])
    asked = {"with": [str(mentor.pk) for mentor in mentors]}
    # Whose pages somebody opens is noted once, and then no more for a while.
    desk.get(address, asked)
    with django_assert_num_queries(COMPARE_QUERIES):
        desk.get(address, asked)


LIST_QUERIES = 14
COMPARE_QUERIES = 12


def test_nothing_is_left_untranslated(
    desk: Client, mentee: Enrolment, coordinator: Staff, division: Division, programme: Programme
) -> None:
    mentors = [make_mentor(division, programme, "Kirsten"), make_mentor(division, programme, "Lise", education=None)]
    make_mentor(division, programme, "Mona", languages={"fr": "C1"}, availability=("sat-morning",))
    bring_to(ProposalState.DECLINED, coordinator, (mentee, mentors[0]))
    desk.cookies["django_language"] = "xb"
    assert untranslated(page(desk, mentee)) == []
    assert untranslated(page(desk, mentee, q="mona")) == []
    assert untranslated(page(desk, mentee, q="nobody of this name")) == []
    assert untranslated(page(desk, mentee, loosen=["language", "time"])) == []
    compared = reverse("desk:match_compare", args=[mentee.pk])
    assert untranslated(desk.get(compared, {"with": [str(one.pk) for one in mentors]}).content.decode()) == []
    assert untranslated(desk.get(reverse("desk:match_pair", args=[mentee.pk, mentors[1].pk])).content.decode()) == []
    propose(coordinator, (mentee, mentors[0]), again="She has time again.")
    assert untranslated(page(desk, mentee)) == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_both_languages_render(
    language: str, desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    mentor = make_mentor(division, programme, "Kirsten")
    desk.cookies["django_language"] = language
    assert f'lang="{language}"' in page(desk, mentee)
    answer = desk.get(reverse("desk:match_pair", args=[mentee.pk, mentor.pk]))
    assert "Kirsten Dahl" in answer.content.decode()


def test_the_pages_own_languages_stay(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    # The list is narrowed by languages too: the picker of the page must not be given those.
    make_mentor(division, programme, "Kirsten")
    assert 'name="language" value="da"' in page(desk, mentee)
