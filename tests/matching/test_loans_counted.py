"""A pair with a mentor on loan: it counts for both divisions, and once in all that is counted of the network."""

from __future__ import annotations

import pytest
from matching.loans import Two, ask, make_two
from matching.pairs import both_say_yes

from mentornet.agenda.queries import open_tasks
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.caseload import caseloads
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank, people_ever_and_now, waiting_mentees
from mentornet.matching import services
from mentornet.matching.loan_queries import Parts, parts_of_divisions
from mentornet.matching.services import release_loan
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import partnerships_ever_and_now, visible_partnerships

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    made = make_two(division, other_division)
    for by, rows in ((made.asks, [made.mentee]), (made.lends, made.mentors)):
        Enrolment.objects.filter(pk__in=[one.pk for one in rows]).update(coordinator_id=by.user_id)
    return made


@pytest.fixture
def pair(two: Two) -> Partnership:
    loan = release_loan(by=two.lends, loan=ask(two))
    proposal = services.propose(
        by=two.asks, mentee=Enrolment.objects.get(pk=loan.mentee_id), mentor=Enrolment.objects.get(pk=loan.mentor_id),
        reason="Both are nurses.", seen_version=1,
    )  # fmt: skip
    made = both_say_yes(two.asks, proposal).partnership
    assert made is not None
    return made


def test_once_in_public_figures(two: Two, pair: Partnership) -> None:
    assert partnerships_ever_and_now() == (1, 1)
    assert people_ever_and_now(two.asks.today) == (6, 6)


def test_for_both_divisions_and_once_in_all(two: Two, pair: Partnership, national_lead: Staff) -> None:
    (here,), (there,) = two.asks.casework, two.lends.casework
    assert parts_of_divisions(two.asks) == ({here: Parts(borrowed=1)}, 1)
    assert parts_of_divisions(two.lends) == ({there: Parts(lent=1)}, 1)
    parts, total = parts_of_divisions(national_lead)
    assert (parts[here], parts[there], total) == (Parts(borrowed=1), Parts(lent=1), 1)
    assert sum(one.all for one in parts.values()) == 2
    assert sum(one.own + one.borrowed for one in parts.values()) == total


def test_in_both_lists_and_in_one_caseload(two: Two, pair: Partnership, national_lead: Staff) -> None:
    for by in (two.asks, two.lends, national_lead):
        assert list(visible_partnerships(by)) == [pair]
    loads = caseloads(
        national_lead,
        open_tasks(divisions=national_lead.casework, today=national_lead.today),
        [two.asks.user_id, two.lends.user_id],
    )
    assert [loads[by.user_id].pairs for by in (two.asks, two.lends)] == [1, 0]
    # Nor does she stand in the bank from which she is lent, or the mentee on a waiting list.
    assert pair.mentor_id not in mentor_bank(two.lends.casework, two.lends.today).values_list("pk", flat=True)
    assert not waiting_mentees(two.asks.casework).exists()
    assert not mentor_bank(two.asks.casework, two.asks.today).exists()
