"""A programme's own criteria in the bank: who answered what, the order, the rules, the preview; and nothing without."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import TODAY, make_division, make_enrolment, make_programme, make_staff
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import Bank, bank_of, forget
from mentornet.matching.policy import policy_of
from mentornet.matching.preview import cases, tried_out
from mentornet.matching.ranking import REQUIRES, bars_kept, bars_read, rank_for
from mentornet.matching.reasons import why_not
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Profile
from mentornet.people.own_answers import change_customs, write_answers
from mentornet.programmes.models import Programme, ProgrammeVersion, RefusedName
from mentornet.programmes.queries import current_version
from mentornet.programmes.services import note_refused_names
from pairing.terms import CRITERIA
from reference.people import Answer, Mentee, Mentor

pytestmark = [pytest.mark.database, pytest.mark.django_db]

CHILDREN: dict[str, Any] = {
    "key": "children",
    "names": {"en": "Has small children", "da": "Har små børn"},
    "kind": "yes-no",
    "compared": "same",
    "wishes": "both",
    "weight": 50.0,
    "neutral": 0.5,
}
CAR_RULE: dict[str, Any] = {
    "key": "car",
    "names": {"en": "Can drive to her", "da": "Kan køre hen til hende"},
    "kind": "yes-no",
    "compared": "at least",
    "wishes": "mentee",
    "rule": True,
}


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


@pytest.fixture
def division() -> Division:
    return make_division()


@pytest.fixture
def lead(division: Division) -> Staff:
    return make_staff(StaffRoleName.DIVISION_LEAD, division)


@pytest.fixture
def programme(division: Division) -> Programme:
    return make_programme(division=division)


def somebody(role: Role, programme: Programme, answers: dict[str, Any] | None = None) -> Enrolment:
    assert programme.division is not None
    return make_enrolment(role, programme.division, programme=programme, answers=answers or {})


def asked(lead: Staff, programme: Programme, *customs: dict[str, Any]) -> ProgrammeVersion:
    seen = current_version(programme.pk).number
    return change_customs(
        by=lead,
        programme=programme,
        seen=seen,
        customs=list(customs),
        author_name="Lead",
        reason="We have seen it help.",
    )


def bank(programme: Programme) -> Bank:
    assert programme.division is not None
    return bank_of(version=current_version(programme.pk), divisions={programme.division.pk}, today=TODAY)


def first(programme: Programme, mentee: Enrolment) -> list[str]:
    ranking = rank_for(bank(programme), mentee.pk)
    assert ranking is not None
    return [str(candidate.enrolment_id) for candidate in ranking.page(0, 10)]


def test_an_own_criterion_moves_who_answers_alike_to_the_front(lead: Staff, programme: Programme) -> None:
    mentee = somebody(Role.MENTEE, programme, {"children": True})
    mentors = [somebody(Role.MENTOR, programme, {"children": answer}) for answer in (False, True, False)]
    before = first(programme, mentee)
    asked(lead, programme, CHILDREN)
    after = first(programme, mentee)
    assert after[0] == str(mentors[1].pk)
    # Negative control: the answers alone, which nobody asks about, moved nobody.
    assert before == sorted(str(mentor.pk) for mentor in mentors)
    ranking = rank_for(bank(programme), mentee.pk)
    assert ranking is not None
    best = ranking.page(0, 1)[0]
    own = next(bar for bar in best.bars if bar.custom is not None)
    assert (own.name, own.value) == ("custom_children", 1.0)
    assert own.most == pytest.approx(50 / 150)
    assert best.pair.reasons[0].text("da") == "„Har små børn“: begge siger ja." or "Har små børn" in best.pair.reasons[
        0
    ].text("da")
    kept = bars_kept(best.bars)
    assert bars_read(kept, current_version(programme.pk).own)[-2].custom is not None
    assert [bar.name for bar in bars_read(kept)] == [*(criterion.value for criterion in CRITERIA), "waiting"]


def test_an_answer_that_changes_is_in_the_bank_at_once(lead: Staff, programme: Programme) -> None:
    asked(lead, programme, CHILDREN)
    mentee = somebody(Role.MENTEE, programme, {"children": True})
    one, other = (somebody(Role.MENTOR, programme, {"children": answer}) for answer in (True, False))
    assert first(programme, mentee)[0] == str(one.pk)

    def says(mentor: Enrolment, answer: Answer | None) -> None:
        write_answers(
            by=lead, person=mentor.person, role=Role.MENTOR, answers={"children": answer}, source=Provenance.HEARD
        )

    says(one, False)
    says(other, True)
    assert first(programme, mentee)[0] == str(other.pk)
    profile = Profile.objects.get(person=other.person)
    assert profile.answers == {"children": True}
    assert profile.provenance["custom_children"] == [Provenance.HEARD, TODAY.isoformat()]
    says(other, None)
    profile.refresh_from_db()
    assert (profile.answers, profile.provenance) == ({}, {})
    # The audit names the question, and no answer.
    detail = Entry.objects.filter(act="people.write_profile").latest("pk").detail
    assert detail == {"fields": ["custom_children"], "source": "heard"}


def test_the_unknown_counts_neutral_whoever_has_not_been_asked(lead: Staff, programme: Programme) -> None:
    asked(lead, programme, CHILDREN)
    mentee = somebody(Role.MENTEE, programme, {"children": True})
    for answer in ({"children": True}, {}, {"children": False}):
        somebody(Role.MENTOR, programme, answer)
    ranking = rank_for(bank(programme), mentee.pk)
    assert ranking is not None
    values = [next(bar.value for bar in one.bars if bar.custom) for one in ranking.page(0, 3)]
    assert values == [1.0, None, 0.0]


def test_a_hard_rule_removes_and_flags_the_unknown(lead: Staff, programme: Programme) -> None:
    asked(lead, programme, CAR_RULE)
    mentee = somebody(Role.MENTEE, programme, {"car": True})
    drives, walks, unasked = (
        somebody(Role.MENTOR, programme, answer) for answer in ({"car": True}, {"car": False}, {})
    )
    ranking = rank_for(bank(programme), mentee.pk)
    assert ranking is not None
    found = {one.enrolment_id: one for one in ranking.page(0, 10, standing_only=False)}
    assert {key for key, one in found.items() if not one.fails} == {drives.pk, unasked.pk}
    assert found[walks.pk].fails == (REQUIRES,)
    assert [custom.key for custom in found[unasked.pk].pair.own_unsure] == ["car"]
    assert REQUIRES in found[unasked.pk].unsure
    pair, policy = found[walks.pk].pair, ranking.bank.problem.policy
    assert isinstance(pair.mentee, Mentee)
    assert isinstance(pair.mentor, Mentor)
    said = why_not(REQUIRES, pair.mentee, pair.mentor, policy.min_language, policy.own_rules)
    assert said.startswith("The programme’s own rule does not hold. “Can drive to her”: the mentee wishes yes")
    # Set aside for one pair, with a reason, as other must-haves can be.
    loosened = rank_for(bank(programme), mentee.pk, [REQUIRES])
    assert loosened is not None
    assert loosened.standing == 3


def test_weights_are_points_beside_the_hundred_of_the_ten_however_those_were_written(
    lead: Staff, programme: Programme
) -> None:
    version = asked(lead, programme, {**CHILDREN, "weight": 25.0})
    as_shares = policy_of(version)
    version.weights = {name: weight * 740 for name, weight in version.weights.items()}
    as_points = policy_of(version)
    for policy in (as_shares, as_points):
        assert policy.customs[0].weight == pytest.approx(0.2)
        assert sum(policy.weights.values()) == pytest.approx(0.8)


def test_the_preview_tries_a_criterion_out_on_real_cases(lead: Staff, programme: Programme) -> None:
    mentee = somebody(Role.MENTEE, programme, {"children": True})
    mentors = [somebody(Role.MENTOR, programme, {"children": answer}) for answer in (False, True)]
    now = current_version(programme.pk)
    wanted = ProgrammeVersion(**now.settings() | {"programme": programme, "number": 2, "customs": [CHILDREN]})
    (case,) = cases(by=lead, now=now, wanted=wanted, mentees=[mentee])
    assert case.places[0].mentor_id == mentors[1].pk
    assert current_version(programme.pk).number == 1
    # And a rule, by which somebody would no longer be allowed.
    rule = {**CHILDREN, "rule": True}
    ruled = ProgrammeVersion(**now.settings() | {"programme": programme, "number": 2, "customs": [rule]})
    (case,) = cases(by=lead, now=now, wanted=ruled, mentees=[mentee])
    assert {place.mentor_id: place.after for place in case.places} == {mentors[1].pk: 1, mentors[0].pk: None}
    tried = tried_out(bank(programme), wanted)
    assert tried.problem.features is not bank(programme).problem.features


def test_a_change_is_a_version_with_a_reason_and_who_asks_no_more_forgets(lead: Staff, programme: Programme) -> None:
    asked(lead, programme, CHILDREN, CAR_RULE)
    mentor = somebody(Role.MENTOR, programme, {"children": True, "car": False, "elsewhere": True})
    mentor.profile.provenance = {"custom_car": ["heard", "2026-01-01"], "sector": ["heard", "2026-01-01"]}
    mentor.profile.save()
    stamp = mentor.profile.stamp
    version = asked(lead, programme, CHILDREN)
    assert (version.number, version.reason) == (3, "We have seen it help.")
    mentor.profile.refresh_from_db()
    assert mentor.profile.answers == {"children": True, "elsewhere": True}
    assert mentor.profile.provenance == {"sector": ["heard", "2026-01-01"]}
    assert mentor.profile.stamp != stamp
    with pytest.raises(ChangedMeanwhileError):
        change_customs(by=lead, programme=programme, seen=2, customs=[], author_name="Lead", reason="Late.")
    assert Profile.objects.get(pk=mentor.profile.pk).answers == {"children": True, "elsewhere": True}
    coordinator = make_staff(StaffRoleName.COORDINATOR, programme.division)
    with pytest.raises(NotAllowedError):
        asked(coordinator, programme)


@pytest.mark.parametrize("name", ["Religion", "Opholdsgrundlag", "Etnisk baggrund", "Helbred", "الديانة"])
def test_what_nobody_is_matched_by_is_in_no_version(lead: Staff, programme: Programme, name: str) -> None:
    with pytest.raises(ValidationError) as raised:
        asked(lead, programme, {**CHILDREN, "names": {"da": name}})
    assert name in str(raised.value)
    assert current_version(programme.pk).number == 1


def test_what_was_refused_is_kept_once_a_day_for_the_national_lead(lead: Staff, programme: Programme) -> None:
    for _again in range(2):
        note_refused_names(by=lead, programme=programme, author_name="Lead", names={"Religion": "religion"})
    kept = RefusedName.objects.get()
    assert (kept.words, kept.ground, kept.author_name, kept.programme) == ("Religion", "religion", "Lead", programme)
    entry = Entry.objects.get(act="programmes.refuse_name")
    assert entry.detail == {"ground": "religion"}
    with pytest.raises(NotAllowedError):
        note_refused_names(
            by=make_staff(StaffRoleName.COORDINATOR, programme.division),
            programme=programme,
            author_name="X",
            names={"Tro": "religion"},
        )
