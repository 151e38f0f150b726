"""The bank that a process keeps is never out of date, and asks the database little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from matching.mistakes import take_back
from matching.pairs import answer, both_say_yes, later, propose

from factories.django_rows import TODAY, make_enrolment, make_programme, make_version
from imports_steps import Journey
from mentornet.divisions.models import Division
from mentornet.divisions.services import change_division
from mentornet.divisions.staff import Staff
from mentornet.imports.enums import BatchState
from mentornet.imports.models import Batch
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.services import enrolments
from mentornet.matching.bank import bank_of, forget
from mentornet.matching.enums import Reply, Side
from mentornet.matching.models import Proposal
from mentornet.matching.ranking import Ranking, rank_for
from mentornet.matching.services import withdraw_proposal
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import close_partnership
from mentornet.people import services as people
from mentornet.people.models import Avoidance, Profile
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from reference.people import Mentee

pytestmark = pytest.mark.django_db

Act = Callable[[Staff, Enrolment, Enrolment], object]
FILLERS: Final = 20
"""Others in the bank: beside so few changed rows nobody else is read again, so that a stamp that is missing shows."""


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    forget()


@pytest.fixture
def pair(division: Division, programme: Programme) -> tuple[Enrolment, Enrolment]:
    times: dict[str, Any] = {"availability": ("mon-evening",), "meeting": ("in person",)}
    return (
        make_enrolment("mentee", division, programme=programme, topics=("cv",), **times),
        make_enrolment("mentor", division, programme=programme, topics=("cv",), occupation="2221", **times),
    )


@pytest.fixture
def amid_others(pair: tuple[Enrolment, Enrolment]) -> tuple[Enrolment, Enrolment]:
    """Return the two among others, all of them enrolled in a second programme as well."""
    division, programme, second = pair[0].division, pair[0].programme, make_programme("Second")
    others = [make_enrolment("mentor", division, programme=programme) for _ in range(FILLERS)]
    for one in (*pair, *others):
        make_enrolment(one.role, division, person=one.person, programme=second)
    return pair


def ranking(by: Staff, mentee: Enrolment) -> Ranking | None:
    version = current_version(mentee.programme_id)
    return rank_for(bank_of(version=version, divisions=by.casework, today=by.today), mentee.pk)


def seen(by: Staff, mentee: Enrolment) -> object:
    """Return what the next request would show: everything that is known of all, and how they are judged for one."""
    version = current_version(mentee.programme_id)
    bank = bank_of(version=version, divisions=by.casework, today=by.today)
    found = rank_for(bank, mentee.pk)
    page = found.page(0, FILLERS + 9, standing_only=False) if found is not None else []
    candidates = [(one.enrolment_id, one.score, one.fails) for one in page]
    return candidates, bank.people.mentees, bank.people.mentors, bank.names


def seen_in_both(by: Staff, mentee: Enrolment) -> list[object]:
    """Return what is shown in her programme, and in the second one."""
    hers = Enrolment.objects.filter(person=mentee.person, role=mentee.role)
    return [seen(by, one) for one in hers.order_by("programme__name")]


def write(by: Staff, side: Enrolment, **facts: object) -> object:
    return people.write_profile(by=by, person=side.person, role=side.role, facts=facts, source="heard")


def refresh(pair: tuple[Enrolment, Enrolment]) -> None:
    for side in pair:
        side.refresh_from_db()
        side.person.refresh_from_db()


def close(by: Staff) -> object:
    return close_partnership(
        by=by, partnership=Partnership.objects.get(), on=TODAY, reason="mismatch", mentee_waits_again=True
    )


def bring(texts: Mapping[str, str], by: Staff, *two: Enrolment) -> object:
    """Import lists in which the two, M1 and E1, are known already."""
    for side, reference in zip(two, ("E1", "M1"), strict=True):
        Application.objects.filter(pk=side.application_id).update(reference=reference, is_imported=True)
    names = {side.role: side.person.name for side in two}
    written = {subject: text.format(**names) for subject, text in texts.items()}
    journey = Journey.begin(by, two[0].division, two[0].programme, written).checked()
    journey.choose(rest="same").write()
    assert journey.batch.state == BatchState.DONE
    return journey


def undo(by: Staff, *_two: Enrolment) -> object:
    return undo_import(by=by, batch=Batch.objects.get(), author=by.name)


LISTS: Final[Mapping[str, Mapping[str, str]]] = {
    "postcode": {"mentors": "id;name;postcode\nM1;{mentor};8000\n"},
    "languages": {"mentors": "id;name;languages\nM1;{mentor};uk:B1\n"},
    "must not meet": {"mentees": "id;name;must not meet\nE1;{mentee};M1\n"},
    "closed pair": {"pairs": "mentee id;mentor id;since;until;reason\nE1;M1;2024-01-10;2025-01-10;goal reached\n"},
    "running pair": {"pairs": "mentee id;mentor id;since;until;reason\nE1;M1;2025-12-01;;\n"},
}
IMPORTS: Final[Mapping[str, Act]] = {name: partial(bring, texts) for name, texts in LISTS.items()}


ACTS: Final[Mapping[str, Act]] = {
    "people.change_person": lambda by, _mentee, mentor: people.change_person(
        by=by, person=mentor.person, facts={"postcode": "5000"}
    ),
    "people.rename": lambda by, _mentee, mentor: people.change_person(
        by=by, person=mentor.person, facts={"first_name": "Kirsten"}
    ),
    "people.write_profile of the mentor": lambda by, _mentee, mentor: write(by, mentor, topics=("danish",)),
    "people.write_profile of the mentee": lambda by, mentee, _mentor: write(by, mentee, topics=("danish",)),
    "people.write_languages": lambda by, _mentee, mentor: people.write_languages(
        by=by, person=mentor.person, skills=[("ar", "C1")], source="heard"
    ),
    "people.keep_apart": lambda by, mentee, mentor: people.keep_apart(by=by, person=mentee.person, other=mentor.person),
    "intake.rest": lambda by, _mentee, mentor: enrolments.rest(
        by=by, enrolment=mentor, until=TODAY + timedelta(days=30)
    ),
    "intake.set_capacity": lambda by, _mentee, mentor: enrolments.set_capacity(by=by, enrolment=mentor, capacity=3),
    "intake.end of the mentor": lambda by, _mentee, mentor: enrolments.end_enrolment(
        by=by, enrolment=mentor, reason="moved"
    ),
    "intake.end of the mentee": lambda by, mentee, _mentor: enrolments.end_enrolment(
        by=by, enrolment=mentee, reason="moved"
    ),
    "matching.propose": lambda by, mentee, mentor: propose(by, (mentee, mentor)),
    "matching.accept": lambda by, mentee, mentor: both_say_yes(by, propose(by, (mentee, mentor))),
    "divisions.rename": lambda by, mentee, _mentor: change_division(
        by=by, division=mentee.division, facts={"name": "Svendborg"}
    ),
    "programmes.new_version": lambda _by, mentee, _mentor: make_version(
        mentee.programme, floor="0.9", weights={**current_version(mentee.programme_id).weights, "topics": 90.0}
    ),
    **{f"imports.{name}": act for name, act in IMPORTS.items()},
    "people.let_meet": lambda by, *_two: people.let_meet(by=by, avoidance=Avoidance.objects.get()),
    "partnerships.close": lambda by, *_two: close(by),
    "matching.take_back_answer": lambda by, *_two: take_back(by, Proposal.objects.get()),
    **{f"imports.undo of {name}": undo for name in IMPORTS},
}
FIRST: Final[Mapping[str, Act]] = {
    "people.let_meet": ACTS["people.keep_apart"],
    "partnerships.close": ACTS["matching.accept"],
    "matching.take_back_answer": ACTS["matching.accept"],
    **{f"imports.undo of {name}": act for name, act in IMPORTS.items()},
}
"""What must have been done before an act."""
ONLY_HERE: Final = {
    *("intake.rest", "intake.set_capacity", "intake.end of the mentor", "intake.end of the mentee"),
    *("matching.propose", "programmes.new_version", "partnerships.close"),
}
"""Acts that a second programme does not see; all others are about the people themselves."""


@pytest.mark.parametrize("act", ACTS)
def test_each_act_changes_the_next_ranking(
    act: str, national_lead: Staff, amid_others: tuple[Enrolment, Enrolment]
) -> None:
    if act in FIRST:
        FIRST[act](national_lead, *amid_others)
        refresh(amid_others)
    before = seen_in_both(national_lead, amid_others[0])
    assert seen_in_both(national_lead, amid_others[0]) == before
    ACTS[act](national_lead, *amid_others)
    after = seen_in_both(national_lead, amid_others[0])
    forget()
    assert after == seen_in_both(national_lead, amid_others[0])
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, act not in ONLY_HERE]


def test_without_a_stamp_a_pair_elsewhere_is_not_seen(
    national_lead: Staff, amid_others: tuple[Enrolment, Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above: that the two are a pair is no fact of their enrolments in the second programme.
    monkeypatch.setattr("mentornet.partnerships.services.pairs.restamp_all", lambda **_given: None)
    before = seen_in_both(national_lead, amid_others[0])
    ACTS["matching.accept"](national_lead, *amid_others)
    assert seen_in_both(national_lead, amid_others[0])[1] == before[1]
    forget()
    assert seen_in_both(national_lead, amid_others[0])[1] != before[1]


@pytest.mark.parametrize("name", ["postcode", "languages"])
def test_an_import_of_somebody_in_both_roles_changes_her_in_both(
    name: str, national_lead: Staff, amid_others: tuple[Enrolment, Enrolment]
) -> None:
    make_enrolment("mentee", amid_others[1].division, person=amid_others[1].person, programme=amid_others[1].programme)
    before = seen_in_both(national_lead, amid_others[0])
    acts: list[Act] = [IMPORTS[name], undo]
    for act in acts:
        act(national_lead, *amid_others)
        after = seen_in_both(national_lead, amid_others[0])
        assert after != before
        forget()
        assert seen_in_both(national_lead, amid_others[0]) == after
        before = after


def test_briefing_opens_the_bank_to_her(coordinator: Staff, division: Division, programme: Programme) -> None:
    mentee = make_enrolment("mentee", division, programme=programme)
    mentor = make_enrolment("mentor", division, programme=programme, enrolment={"briefed_on": None})
    found = ranking(coordinator, mentee)
    assert found is not None
    assert (found.standing, found.mentors) == (0, 1)
    enrolments.brief(by=coordinator, enrolment=mentor, on=TODAY)
    found = ranking(coordinator, mentee)
    assert found is not None
    assert found.standing == 1


@pytest.mark.parametrize("way", ["no", "taken back", "closed"])
def test_a_free_place_is_seen_at_once(way: str, coordinator: Staff, pair: tuple[Enrolment, Enrolment]) -> None:
    mentee, _mentor = pair
    proposal = propose(coordinator, pair)
    taken = ranking(coordinator, mentee)
    assert taken is not None
    assert taken.standing == 0
    if way == "no":
        answer(coordinator, proposal, Side.MENTOR, Reply.NO)
    elif way == "taken back":
        withdraw_proposal(by=coordinator, proposal=proposal, note="She is ill.")
    else:
        partnership = both_say_yes(coordinator, proposal).partnership
        assert partnership is not None
        assert ranking(coordinator, mentee) is None
        close_partnership(by=coordinator, partnership=partnership, on=TODAY, reason="mismatch", mentee_waits_again=True)
    found = ranking(coordinator, mentee)
    assert found is not None
    # A closed pair is free again, but not for each other.
    assert [one.fails for one in found.page(0, 9, standing_only=False)] == [("conflict",) if way == "closed" else ()]


def test_a_new_day_is_another_bank(coordinator: Staff, division: Division, programme: Programme) -> None:
    mentee = make_enrolment("mentee", division, programme=programme)
    make_enrolment("mentor", division, programme=programme, enrolment={"resting_until": TODAY + timedelta(days=1)})
    first, second = ranking(coordinator, mentee), ranking(later(coordinator, 2), mentee)
    assert first is not None
    assert second is not None
    assert (first.standing, second.standing) == (0, 1)


def test_a_write_past_the_services_is_not_seen(coordinator: Staff, pair: tuple[Enrolment, Enrolment]) -> None:
    # The control: without a new stamp nobody notices. That is why only services write.
    before = seen(coordinator, pair[0])
    Profile.objects.filter(pk=pair[0].profile_id).update(topics=("danish",))
    assert seen(coordinator, pair[0]) == before
    forget()
    assert seen(coordinator, pair[0]) != before


def test_each_division_sees_its_own(
    coordinator: Staff, national_lead: Staff, other_division: Division, pair: tuple[Enrolment, Enrolment]
) -> None:
    make_enrolment("mentor", other_division, programme=pair[0].programme)
    mine, all_ = ranking(coordinator, pair[0]), ranking(national_lead, pair[0])
    assert mine is not None
    assert all_ is not None
    assert (mine.mentors, all_.mentors) == (1, 2)


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("mentors", [1, 30])
def test_queries_do_not_depend_on_the_bank(
    mentors: int, coordinator: Staff, division: Division, programme: Programme
) -> None:
    mentee = make_enrolment("mentee", division, programme=programme)
    free = [make_enrolment("mentor", division, programme=programme) for _ in range(mentors)]
    version = current_version(programme.pk)

    def ask() -> None:
        bank_of(version=version, divisions=coordinator.casework, today=TODAY)

    # Sums and names; then who there is, facts, languages, and who must not meet (partnerships, words).
    assert queries(ask) == 7
    assert queries(ask) == 2
    enrolments.set_capacity(by=coordinator, enrolment=free[0], capacity=2)
    assert queries(ask) == 7
    assert queries(ask) == 2
    assert isinstance(mentee, Enrolment)


def test_only_whom_somebody_changed_is_read_again(
    coordinator: Staff, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee = make_enrolment("mentee", division, programme=programme)
    mentors = [make_enrolment("mentor", division, programme=programme) for _ in range(9)]
    before = ranking(coordinator, mentee)
    enrolments.set_capacity(by=coordinator, enrolment=mentors[3], capacity=2)
    after = ranking(coordinator, mentee)
    assert before is not None
    assert after is not None
    kept = {one.id: one for one in before.bank.people.mentors}
    fresh = [one.id for one in after.bank.people.mentors if one is not kept[one.id]]
    assert fresh == [str(mentors[3].pk)]
    assert isinstance(after.bank.people.mentees[0], Mentee)
