"""What an import or its undoing changes of people who stood before is seen by every bank kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from factories.django_rows import make_enrolment, make_programme
from imports_steps import Journey
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.imports.services import undoing, writing
from mentornet.imports.services.undoing import undo_import
from mentornet.intake import bank_search
from mentornet.intake.models import Application, Enrolment
from mentornet.matching.bank import bank_of, forget
from mentornet.people.models import Avoidance, Person
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

Begin = Callable[..., Journey]

# With so many more, a bank that has changed little reads only what has changed.
FILLERS: Final = "".join(f"X{number};Filler{number} Berg;da;5000\n" for number in range(20))
MENTORS: Final = f"id;name;languages;postcode\nM1;Karen Holm;da;5000\nM2;Bodil Dam;da;5000\n{FILLERS}"
MENTEES: Final = "id;name;languages;postcode\nE1;Amina Yusuf;ar;5000\nE2;Rania Haddad;ar;5000\n"
ENDED_PAIR: Final = "mentee id;mentor id;since;until;reason\nE1;M1;2024-01-10;2025-01-10;goal reached\n"

LATER: Final[Mapping[str, Mapping[str, str]]] = {
    "a postcode": {"mentors": "id;name;postcode\nM1;Karen Holm;8000\n"},
    "a name": {"mentors": "id;name\nM1;Kirsten Holm\n"},
    "a language": {"mentors": "id;name;languages\nM1;Karen Holm;uk\n"},
    "a fact": {"mentors": "id;name;occupation\nM1;Karen Holm;2330\n"},
    "a mentor's word": {"mentors": "id;name;must not meet\nM1;Karen Holm;E1\n"},
    "a mentee's word": {"mentees": "id;name;must not meet\nE1;Amina Yusuf;M1\n"},
    "a closed pair": {
        "mentors": "id;name\nM1;Karen Holm\n",
        "mentees": "id;name\nE1;Amina Yusuf\n",
        "pairs": ENDED_PAIR,
    },
    "pairs alone": {"pairs": ENDED_PAIR},
    "a running pair": {"pairs": "mentee id;mentor id;since\nE1;M1;2026-01-10\n"},
}


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    forget()
    bank_search.forget()


def take(begun: Journey) -> Journey:
    """Take an import to its end; whoever is like somebody known is the same."""
    checked = begun.checked()
    if checked.content.get("duplicates"):
        checked.choose(rest="same")
    written = checked.write()
    assert written.batch.state == "done"
    return written


def seen(by: Staff, programme: Programme) -> tuple[Any, ...]:
    """Return all that the next request would show of a programme's bank."""
    bank = bank_of(version=current_version(programme.pk), divisions=by.casework, today=by.today)
    index = bank_search.mentor_index(by.casework)
    return (
        sorted(map(str, bank.problem.conflicts)),
        bank.people.mentees,
        bank.people.mentors,
        bank.names,
        index.languages(),
    )


def seen_afresh(by: Staff, programme: Programme) -> tuple[Any, ...]:
    forget()
    bank_search.forget()
    return seen(by, programme)


@pytest.mark.parametrize("later", LATER)
def test_what_is_told_anew_of_the_known_changes_every_bank_and_so_does_undoing_it(
    later: str, journey: Begin, coordinator: Staff, programme: Programme
) -> None:
    take(journey(mentors=MENTORS, mentees=MENTEES))
    before = seen(coordinator, programme)

    done = take(journey(**LATER[later]))

    after = seen(coordinator, programme)
    assert after == seen_afresh(coordinator, programme)
    assert after != before

    undo_import(by=coordinator, batch=done.batch, author="Inger Holm")

    again = seen(coordinator, programme)
    assert again == seen_afresh(coordinator, programme)
    assert again == before


@pytest.mark.parametrize("later", ["a mentor's word", "pairs alone", "a postcode"])
def test_without_new_stamps_a_bank_keeps_what_was(
    later: str, journey: Begin, coordinator: Staff, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(journey(mentors=MENTORS, mentees=MENTEES))
    before = seen(coordinator, programme)
    with monkeypatch.context() as patched:
        patched.setattr(writing, "restamp_all", lambda **_: None)
        done = take(journey(**LATER[later]))
    assert seen(coordinator, programme) == before
    after = seen_afresh(coordinator, programme)
    assert after != before
    monkeypatch.setattr(undoing, "restamp_all", lambda **_: None)
    undo_import(by=coordinator, batch=done.batch, author="Inger Holm")
    assert seen(coordinator, programme) == after


def test_what_is_told_of_a_mentor_is_seen_of_the_same_woman_as_mentee(
    journey: Begin, coordinator: Staff, programme: Programme
) -> None:
    take(journey(mentors=MENTORS))
    take(journey(mentees="id;name;languages;postcode\nE1;Karen Holm;da;5000\nE2;Rania Haddad;ar;5000\n"))
    assert Person.objects.get(last_name="Holm").enrolments.count() == 2
    seen(coordinator, programme)

    take(journey(mentors="id;name;languages;postcode\nM1;Karen Holm;uk:B1;8000\n"))

    after = seen(coordinator, programme)
    assert [mentee.postcode for mentee in after[1] if mentee.name == "Karen"] == ["8000"]
    assert after == seen_afresh(coordinator, programme)


def test_a_pair_taken_over_is_known_in_the_other_programme_of_the_two(
    journey: Begin, coordinator: Staff, division: Division
) -> None:
    other = make_programme("Job mentors")
    take(journey(mentors=MENTORS, mentees=MENTEES))
    for reference in ("M1", "E1"):
        person = Enrolment.objects.get(application__reference=reference).person
        profile = person.profiles.get()
        make_enrolment(profile.role, division, person=person, programme=other)
    before = seen(coordinator, other)

    take(journey(pairs=ENDED_PAIR))

    after = seen(coordinator, other)
    assert after[0] != before[0]
    assert after == seen_afresh(coordinator, other)


def test_a_known_one_who_is_kept_apart_from_one_who_is_new_stays_known(
    journey: Begin, coordinator: Staff, programme: Programme
) -> None:
    take(journey(mentors=MENTORS))
    seen(coordinator, programme)
    take(journey(mentees="id;name;must not meet\nE1;Amina Yusuf;M1\n"))
    assert Avoidance.objects.count() == 1
    assert Application.objects.count() == 23
    assert seen(coordinator, programme) == seen_afresh(coordinator, programme)
