"""What a coordinator sees of other divisions' mentors: of five alike at least, and nothing of who is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from matching.loans import Two, ask, make_mentors, make_two

from factories.django_rows import AT, TODAY, make_division, make_enrolment, saved
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Consent, ConsentText, Enrolment
from mentornet.matching import bank, lending
from mentornet.matching.alike import LEAST
from mentornet.matching.lending import Offered, offered_to
from mentornet.matching.services import look_beyond, release_loan
from mentornet.people.models import Avoidance, Objection, Person, Profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


def seen(two: Two, by: Staff | None = None) -> list[dict[str, Any]]:
    """Return all that is told, as it is told."""
    bank.forget()
    offered = offered_to(by or two.asks, two.mentee)
    assert offered is not None
    return [asdict(one.told) for one in offered]


def leave(mentor: Enrolment) -> None:
    Enrolment.objects.filter(pk=mentor.pk).update(ended_on=TODAY, active=0, promised=0)


def test_five_alike_are_told_of_as_one(two: Two) -> None:
    (line,) = seen(two)
    assert line["division_id"] == two.mentors[0].division_id
    assert (line["field"], line["languages"], line["topics"]) == ("2", ("ar",), ("cv", "network"))
    assert line["fit"]["occupation"] == line["fit"]["topics"] == lending.STEPS
    assert set(line["fit"]) <= {"total", *lending.TOLD}


@pytest.mark.parametrize("count", range(LEAST))
def test_fewer_than_five_are_as_good_as_none(division: Division, other_division: Division, count: int) -> None:
    assert seen(make_two(division, other_division, count)) == []


def test_nothing_that_is_told_names_anybody(two: Two) -> None:
    offered = look_beyond(by=two.asks, mentee=two.mentee)
    assert offered
    told = json.dumps([asdict(one) for one in offered], default=str)
    for mentor in two.mentors:
        for word in (mentor.pk, mentor.person_id, mentor.pk.hex, mentor.person.first_name, mentor.person.last_name):
            assert str(word) not in told


def test_a_division_of_few_is_not_told(two: Two) -> None:
    small = make_division("Small")
    make_mentors(small, two.programme, 2)
    bank.forget()
    # Two divisions, seven alike: neither part may be told apart, for one of them would be of two.
    (line,) = seen(two)
    assert line["division_id"] is None


def test_a_rare_language_is_not_told_but_found(two: Two) -> None:
    # She alone could talk with somebody who speaks nothing else.
    place = two.mentors[0].division
    rare = make_enrolment(
        "mentor", place, programme=two.programme, occupation="2221", topics=("cv", "network"),
        languages={"da": "C2", "ar": "C1", "ti": "C2"},
    )  # fmt: skip
    hers = make_enrolment("mentee", two.mentee.division, programme=two.programme, languages={"ti": "C2"})
    (line,) = seen(two._replace(mentee=hers))
    assert line["languages"] == ("ar",)
    assert ask(two, mentee=hers).mentor_id == rare.pk


# Who is not there -----------------------------------------------------------------------------------------------------


def protect(mentor: Enrolment) -> None:
    Person.objects.filter(pk=mentor.person_id).update(
        is_protected=True, last_name="", email="", phone="", safe_contact="", postcode=""
    )
    Enrolment.objects.filter(pk=mentor.pk).update(stamp=7)


def rest(mentor: Enrolment) -> None:
    Enrolment.objects.filter(pk=mentor.pk).update(resting_until=TODAY + timedelta(days=9), stamp=7)


def object_to_it(mentor: Enrolment) -> None:
    saved(Objection(person=mentor.person, purpose="ranking", noted_by="user:x", created_at=AT))


def take_consent_back(mentor: Enrolment) -> None:
    text = saved(
        ConsentText(purpose="introduction", language="en", number=1, text="Words", hash="0" * 64, created_at=AT)
    )
    saved(Consent(person=mentor.person, purpose="introduction", text=text, how="herself", withdrawn_at=AT,
                  created_at=AT, given_at=AT))  # fmt: skip


def fill(mentor: Enrolment) -> None:
    Enrolment.objects.filter(pk=mentor.pk).update(active=1, stamp=7)


ABSENT: list[Callable[[Enrolment], None]] = [protect, rest, object_to_it, take_consent_back, fill]


@pytest.mark.parametrize("away", ABSENT, ids=lambda one: str(one.__name__))
@pytest.mark.parametrize("beside", [LEAST, LEAST - 1], ids=["with enough others", "as one of five"])
def test_who_is_not_there_is_as_if_she_had_left(
    away: Callable[[Enrolment], None], beside: int, division: Division, other_division: Division
) -> None:
    two = make_two(division, other_division, beside)
    # The best of all for her, and told apart from the others by nothing that is said.
    best = make_enrolment(
        "mentor", other_division, programme=two.programme, occupation="2221", topics=("cv", "network"),
        languages={"da": "C2", "ar": "C2"}, interests=("gardens",),
    )  # fmt: skip
    with_her = seen(two)
    away(best)
    without = seen(two)
    leave(best)
    assert without == seen(two)
    assert with_her != without or beside == LEAST


def test_who_is_hidden_from_one_of_the_staff_is_not_there_for_her(division: Division, other_division: Division) -> None:
    two = make_two(division, other_division)
    blind = replace(two.asks, hidden=frozenset({two.mentors[0].person_id}))
    assert len(seen(two)) == 1
    assert seen(two, blind) == []


def test_who_must_not_meet_her_is_like_somebody_with_other_demands(
    division: Division, other_division: Division
) -> None:
    two = make_two(division, other_division)
    other = make_enrolment("mentee", division, programme=two.programme, occupation="2221", topics=("cv",),
                           languages={"da": "B1", "ar": "C2"})  # fmt: skip
    # Four whom a hidden fact keeps away, and one who fits.
    best, rest_of_them = two.mentors[0], two.mentors[1:]
    for mentor in rest_of_them:
        Profile.objects.filter(pk=mentor.profile_id).update(requires=("language:uk",), stamp=mentor.profile.stamp + 1)
    before = seen(two)
    assert len(before) == 1
    apart = saved(Avoidance(person=two.mentee.person, other=best.person, reason="He is her brother.", created_at=AT,
                            created_by="user:x"))  # fmt: skip
    for one in (two.mentee.person, best.person):
        Profile.objects.filter(person=one).update(stamp=99)
    with_note = seen(two)
    # Others see her group as before: it is not made for anybody.
    assert seen(two._replace(mentee=other)) == before
    apart.delete()
    Profile.objects.filter(pk=best.profile_id).update(requires=("language:uk",), stamp=100)
    assert with_note == seen(two) == []


def test_hers_is_the_only_way_that_differs(two: Two) -> None:
    # The control of the three above: were she simply found, the lists would differ.
    with_five = seen(two)
    leave(two.mentors[0])
    assert seen(two) != with_five


# Coming nearer by looking often ---------------------------------------------------------------------------------------


def varied(two: Two) -> None:
    """Add mentors of whom each is unlike the others."""
    division = two.mentors[0].division
    fields, topics = ("2221", "2310", "5120"), ("cv", "network", "danish", "interview")
    for number in range(24):
        make_enrolment(
            "mentor", division, programme=two.programme, occupation=fields[number % 3],
            topics=topics[: 1 + number % 4], languages={"da": "C2", "ar" if number % 2 else "en": "C1"},
            availability=(("mon-evening", "sat-morning")[number % 2],),
        )  # fmt: skip


def statements(one: Offered) -> set[str]:
    told = one.told
    return {f"division:{told.division_id}", f"field:{told.field}", *told.languages, *told.times, *told.topics}


def test_no_two_choices_differ_by_fewer_than_five(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    varied(two)
    sizes: dict[str, int] = {}
    made = lending._told

    def counted(group: Any, fit: Any) -> Any:
        told = made(group, fit)
        sizes[repr(told)] = len(group.rows)
        return told

    monkeypatch.setattr(lending, "_told", counted)
    offered = offered_to(two.asks, two.mentee)
    assert offered is not None
    assert len(offered) >= 4
    assert min(sizes.values()) >= LEAST
    known = sorted({one for line in offered for one in statements(line)})
    chosen = [set(one) for length in range(3) for one in combinations(known, length)]
    shown = [frozenset(line.handle for line in offered if one <= statements(line)) for one in chosen]
    size = {line.handle: sizes[repr(line.told)] for line in offered}
    for one, other in combinations(set(shown), 2):
        assert sum(size[handle] for handle in one ^ other) >= LEAST


def test_groups_are_the_same_for_every_mentee(two: Two) -> None:
    varied(two)
    other = make_enrolment("mentee", two.mentee.division, programme=two.programme, occupation="5120",
                           topics=("danish",), languages={"da": "B1", "en": "C2"})  # fmt: skip
    first, second = (
        {repr(replace(one.told, fit={})) for one in offered_to(two.asks, mentee) or ()}
        for mentee in (two.mentee, other)
    )
    assert first
    assert second
    every = first | second
    ids = [*Enrolment.objects.filter(role="mentor").values_list("pk", flat=True)]
    assert len(every) <= len(ids) // LEAST


def test_a_line_has_another_handle_for_another_mentee(two: Two) -> None:
    other = make_enrolment("mentee", two.mentee.division, programme=two.programme, occupation="2221", topics=("cv",),
                           languages={"da": "B1", "ar": "C2"})  # fmt: skip
    handles = [[one.handle for one in offered_to(two.asks, mentee) or ()] for mentee in (two.mentee, other)]
    assert len(handles[0]) == len(handles[1]) == 1
    assert handles[0] != handles[1]
    # And is the same one as long as it is she.
    assert [one.handle for one in offered_to(two.asks, two.mentee) or ()] == handles[0]


# Who may look, and what is asked --------------------------------------------------------------------------------------


def test_looking_is_on_the_record(two: Two) -> None:
    look_beyond(by=two.asks, mentee=two.mentee)
    entry = Entry.objects.get(act="matching.look_beyond")
    assert (entry.kind, entry.actor, entry.object_id) == (EntryKind.READ, two.asks.key, str(two.mentee.pk))


def test_only_for_ones_own_who_waits(two: Two) -> None:
    with pytest.raises(NotAllowedError, match="do not work"):
        look_beyond(by=two.lends, mentee=two.mentee)
    Enrolment.objects.filter(pk=two.mentee.pk).update(promised=1)
    two.mentee.refresh_from_db()
    with pytest.raises(NotAllowedError, match="open proposal"):
        look_beyond(by=two.asks, mentee=two.mentee)


def test_whoever_works_everywhere_has_no_other_divisions(two: Two, national_lead: Staff) -> None:
    assert offered_to(national_lead, two.mentee) == []


def test_who_is_asked_for_or_lent_is_not_offered_again(two: Two) -> None:
    loan = ask(two)
    # Another of the five stands there now.
    assert len(seen(two)) == 1
    other = make_enrolment("mentee", two.mentee.division, programme=two.programme, occupation="2221", topics=("cv",),
                           languages={"da": "B1", "ar": "C2"})  # fmt: skip
    release_loan(by=two.lends, loan=loan)
    # Her one place is lent: four are left, and nobody is told of.
    assert seen(two) == seen(two._replace(mentee=other)) == []


@pytest.mark.parametrize("more", [0, 3 * LEAST])
def test_queries_do_not_grow_with_who_is_there(
    two: Two, more: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    make_mentors(two.mentors[0].division, two.programme, more)
    offered_to(two.asks, two.mentee)
    with django_assert_num_queries(7):
        offered_to(two.asks, two.mentee)


def test_nobody_is_lent_by_the_program(two: Two) -> None:
    with pytest.raises(AttributeError):
        offered_to(System("tests", AT), two.mentee)  # type: ignore[arg-type]  # it has no divisions
