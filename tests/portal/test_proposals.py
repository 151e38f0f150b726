"""A proposal on her own page: where it stands in every state, what she learns, and what stays private."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from matching.herself import herself, says
from matching.pairs import Pair, bring_to, make_pair, propose

from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.common.fields import Level, declared
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import HOLDING, ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.people.models import Person
from portal.conftest import AsParticipant, WithLink
from portal.proposal_pages import enter, main_of, person_of, read, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

S = ProposalState


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def meeting_pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


# Every state, for each of the two -----------------------------------------------------------------------------------

_KEPT: Final = "You keep your place with us"
_STATES: Final[Mapping[tuple[S, Side], tuple[str, bool]]] = {
    (S.SENT, Side.MENTEE): ("Would you like to meet", True),
    (S.SENT, Side.MENTOR): ("Would you like to meet", True),
    (S.TO_MEET, Side.MENTEE): ("you are going to meet", True),
    (S.TO_MEET, Side.MENTOR): ("you are going to meet", True),
    (S.MET, Side.MENTEE): ("Would you like to go on with", True),
    (S.MET, Side.MENTOR): ("Would you like to go on with", True),
    (S.ACCEPTED, Side.MENTEE): ("You have both said yes", False),
    (S.ACCEPTED, Side.MENTOR): ("You have both said yes", False),
    # The mentor has said no.
    (S.DECLINED, Side.MENTEE): ("This suggestion is no longer open", False),
    (S.DECLINED, Side.MENTOR): ("You have said no, and that is all right", False),
    (S.EXPIRED, Side.MENTEE): ("The last day to answer is over", False),
    (S.EXPIRED, Side.MENTOR): ("The last day to answer is over", False),
    (S.WITHDRAWN, Side.MENTEE): ("This suggestion is no longer open", False),
    (S.WITHDRAWN, Side.MENTOR): ("This suggestion is no longer open", False),
}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", S)
def test_every_state_for_each_of_the_two(
    state: S, side: Side, coordinator: Staff, meeting_pair: Pair, as_participant: AsParticipant
) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    client = as_participant(person_of(proposal, side))
    if state == S.DRAFT:
        assert client.get(url(proposal)).status_code == 404
        return
    words, is_open = _STATES[state, side]
    page = main_of(read(client, url(proposal)))
    assert words in page
    other = person_of(proposal, Side.MENTOR if side == Side.MENTEE else Side.MENTEE)
    # Where it has ended nothing is told of the other any more.
    assert (f"What you learn about {other.first_name}" in page) is is_open
    assert (other.first_name in page) is is_open
    # While she is asked it stands open; after that it is folded beneath what comes next.
    html = read(client, url(proposal))
    is_asked, folded = 'id="answer"' in html, html.partition("<summary>")[2]
    assert ("What you know about each other" in folded) is (is_open and not is_asked)
    assert ('id="she"' in folded) is (is_open and not is_asked)
    assert ("Write to your coordinator" in page) is is_open
    if state not in (*HOLDING, S.ACCEPTED):
        assert _KEPT in page
    if state == S.ACCEPTED:
        assert "Open your partnership" in page


def test_the_table_holds_every_state() -> None:
    assert set(_STATES) == {(state, side) for state in S for side in Side if state != S.DRAFT}


# Privacy of the answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hers", [None, Reply.YES])
def test_nothing_tells_whether_the_other_has_answered(
    hers: Reply | None, coordinator: Staff, pair: Pair, with_link: WithLink
) -> None:
    proposal = propose(coordinator, pair)
    if hers is not None:
        says(proposal, Side.MENTEE, hers)
    client = enter(with_link, proposal, Side.MENTEE)
    before = main_of(read(client, url(proposal)))
    if hers is None:
        says(proposal, Side.MENTOR)
        assert main_of(read(client, url(proposal))) == before
    assert ("You have said yes" in before) is (hers is not None)


def test_a_no_of_the_other_looks_like_a_withdrawal(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    seen = []
    ends: list[Callable[[Proposal], Proposal]] = [
        lambda one: says(one, Side.MENTOR, Reply.NO, note="KANARIE"),
        lambda one: services.withdraw_proposal(by=coordinator, proposal=one, note="KANARIE"),
    ]
    for end in ends:
        proposal = says(propose(coordinator, make_pair(division, make_programme())), Side.MENTEE)
        end(proposal)
        page = read(as_participant(person_of(proposal, Side.MENTEE)), url(proposal))
        assert "KANARIE" not in page
        seen.append(main_of(page))
    assert seen[0] == seen[1]


def test_her_words_are_the_coordinator_s_alone(coordinator: Staff, pair: Pair, as_participant: AsParticipant) -> None:
    proposal = propose(coordinator, pair, reason="KANARIE-REASON")
    services.ask_coordinator(by=herself(proposal, Side.MENTEE), proposal=proposal, text="KANARIE-QUESTION")
    theirs = read(as_participant(person_of(proposal, Side.MENTOR)), url(proposal))
    assert "KANARIE" not in theirs
    hers = read(as_participant(person_of(proposal, Side.MENTEE)), url(proposal))
    assert "KANARIE-QUESTION" in hers
    assert "KANARIE-REASON" not in hers


# What each learns ---------------------------------------------------------------------------------------------------

_TELLING: Final[Mapping[str, Any]] = {
    "first_name": "Kanfirst", "last_name": "Kanlast", "area": "Kanarea", "email": "kanmail@example.org",
    "phone": "70707071", "safe_contact": "Kansafe", "postcode": "5999", "birth_year": 1911,
    "about": "Kanabout", "occupation": "2221", "occupation_title": "Kanwork", "topics": ("cv",),
    "interests": ("kaninterest",), "sector": "Kansector", "education": 7, "availability": ("tue-morning",),
    "meeting": ("in person",), "hours_per_month": 13.25, "months": 17.75, "requires": ("language:sw",),
    "wishes": "Kanwishes",
}  # fmt: skip
_SAID: Final[Mapping[str, str]] = {
    "occupation": "Nurses", "topics": "the CV", "education": "master", "availability": "Tuesday",
    "meeting": "in person", "hours_per_month": "13.25", "months": "17.75", "requires": "Swahili",
    "interests": "kaninterest",
}  # fmt: skip


@pytest.mark.parametrize("side", Side)
def test_only_what_introduces_is_shown(
    side: Side, coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    # The registry decides: every column of hers is filled, and stands on the page exactly where it says so.
    person_columns = {field.name for field in Person._meta.concrete_fields} & set(_TELLING)
    person = make_person(**{name: _TELLING[name] for name in sorted(person_columns)})
    profile = {name: value for name, value in _TELLING.items() if name not in person_columns}
    programme = make_programme()
    other_side = Side.MENTOR if side == Side.MENTEE else Side.MENTEE
    told = make_enrolment(
        str(other_side), division, programme=programme, person=person, languages={"fa": "B1", "da": "C1"}, **profile
    )
    reader = make_enrolment(str(side), division, programme=programme, languages={"uk": "C2", "da": "C1"})
    two = (reader, told) if side == Side.MENTEE else (told, reader)
    proposal = propose(coordinator, two, loosened=("requires",))
    page = main_of(read(as_participant(reader.person), url(proposal)))
    for name in _TELLING:
        model = "people.Person" if name in person_columns else "people.Profile"
        is_shown = declared(model)[name].level <= Level.INTRODUCTION
        value = _SAID.get(name, str(_TELLING[name]))
        assert (value in page) is is_shown, name
    assert "Persian" in page
    # And the same of herself, as the other reads it.
    assert f"What {person.first_name} learns about you" in page


def test_both_read_the_same_of_her(coordinator: Staff, division: Division, as_participant: AsParticipant) -> None:
    programme = make_programme()
    mentee = make_enrolment(
        "mentee", division, programme=programme, occupation_title="Engineer", about="I came in 2019.", topics=("cv",)
    )
    mentor = make_enrolment("mentor", division, programme=programme, topics=("cv",))
    proposal = propose(coordinator, (mentee, mentor))
    mine, theirs = (read(as_participant(person_of(proposal, side)), url(proposal)) for side in Side)
    for words in ("Engineer", "I came in 2019.", "the CV"):
        assert words in mine
        assert words in theirs
    assert "She can help you with: the CV." in main_of(mine)
    assert "You can help her with: the CV." in main_of(theirs)
    assert "You both speak: Danish." in main_of(mine)


@pytest.mark.parametrize(
    ("codes", "mentee_reads", "mentor_reads"),
    [
        (("2221", "2221"), "She works with what you want to work with.", "She wants to work with what you work with."),
        (("2221", "2211"), "Her work is close to the work that you want.", "The work that she wants is close to yours"),
        (("2221", "7111"), "", ""),
    ],
)
def test_why_the_two_is_said_to_each(
    codes: tuple[str, str],
    mentee_reads: str,
    mentor_reads: str,
    coordinator: Staff,
    division: Division,
    as_participant: AsParticipant,
) -> None:
    programme = make_programme()
    mentee = make_enrolment("mentee", division, programme=programme, occupation=codes[0], interests=("Chess", "tea"))
    mentor = make_enrolment("mentor", division, programme=programme, occupation=codes[1], interests=("chess",))
    proposal = propose(coordinator, (mentee, mentor))
    for side, words in ((Side.MENTEE, mentee_reads), (Side.MENTOR, mentor_reads)):
        page = main_of(read(as_participant(person_of(proposal, side)), url(proposal)))
        assert words in page
        assert "You both like:" in page
        assert bool(words) or "work with" not in page


def test_she_reads_until_when_and_from_whom(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    page = main_of(read(enter(with_link, proposal, Side.MENTEE), url(proposal)))
    assert "Inger Holm has talked with you both" in page
    assert "You can answer until Thursday 12 March 2026." in page
    title = read(enter(with_link, proposal, Side.MENTEE), url(proposal))
    # Whoever looks over her shoulder reads a neutral title.
    assert re.search(r"<title>\s*Your page\s*</title>", title)
