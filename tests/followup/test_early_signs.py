"""Early signs by night: opened, brought up to date, ended, put aside, and what is to be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY, make_staff, make_version
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import snooze
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import sign_queries
from mentornet.followup.models import EarlySign
from mentornet.followup.services import look_for_signs, put_aside, take_up_again
from mentornet.followup.services import signs as signs_service
from mentornet.followup.sign_kinds import SignKind
from mentornet.followup.signs import signs_of
from mentornet.partnerships import services
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Agreement, AgreementSignature, Meeting, Partnership
from mentornet.people.enums import Role as Part
from mentornet.people.limiting import restrict
from mentornet.programmes.models import Programme
from mentornet.surveys.enums import Aim, AskState
from mentornet.surveys.models import Ask, QuestionnaireVersion
from mentornet.surveys.services import install_questionnaires
from partnerships.couples import make_couple
from signing import CountQueries

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def night(days: int = 0) -> System:
    return System("look for early signs", AT + days * DAY)


def make_pair(
    by: Staff, division: Division, programme: Programme, *, met: int = 100, name: str = "Amina", **fields: Any
) -> Partnership:
    """Make an active pair who met so many days ago for the first and last time."""
    pair = make_couple(
        by, division, programme, names=(name, f"Mentor of {name}"), matched_on=TODAY - (met + 5) * DAY,
        first_met_on=TODAY - met * DAY,
    )  # fmt: skip
    Partnership.objects.filter(pk=pair.pk).update(
        **{"state": PartnershipState.ACTIVE, "agreement_on": TODAY - met * DAY} | fields
    )
    pair.refresh_from_db()
    return pair


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_pair(coordinator, division, programme)


def signs(pair: Partnership, **only: Any) -> list[tuple[str, str, date, date | None]]:
    rows = EarlySign.objects.filter(partnership=pair, **only).order_by("first_seen_on", "kind", "side")
    return list(rows.values_list("kind", "side", "first_seen_on", "gone_on"))


def tasks(pair: Partnership) -> list[Task]:
    return list(Task.objects.filter(kind=Kind.WARNED, target_id=pair.pk, done_at=None))


def test_a_night_opens_a_sign_and_asks_for_a_call(pair: Partnership, coordinator: Staff) -> None:
    assert look_for_signs(by=night()) == signs_service.Night(looked_at=1, new=1, gone=0)
    assert signs(pair) == [("unmet", "", TODAY, None)]
    sign = EarlySign.objects.get()
    assert sign.facts == {"last": (TODAY - 100 * DAY).isoformat(), "days": 100, "limit": 45}
    (task,) = tasks(pair)
    assert (task.owner_id, task.division_id, task.due_on) == (pair.mentee.coordinator_id, pair.division_id, TODAY)
    assert task.words == {"mentee": "Amina Yusuf", "mentor": "Mentor of Amina Lund", "why": "unmet"}
    entry = Entry.objects.get(act="followup.warn")
    assert (entry.object_id, entry.detail) == (str(sign.pk), {"kind": "unmet"})


def test_the_same_night_twice_and_the_next_one(pair: Partnership) -> None:
    look_for_signs(by=night())
    before = list(EarlySign.objects.values()), list(Task.objects.values()), Entry.objects.count()
    assert look_for_signs(by=night()).new == 0
    assert (list(EarlySign.objects.values()), list(Task.objects.values()), Entry.objects.count()) == before
    look_for_signs(by=night(3))
    sign = EarlySign.objects.get()
    assert (sign.first_seen_on, sign.last_seen_on, sign.facts["days"]) == (TODAY, TODAY + 3 * DAY, 103)
    # It is due since the first day.
    assert [task.due_on for task in tasks(pair)] == [TODAY]


def test_a_meeting_ends_it_and_another_silence_is_another_sign(pair: Partnership) -> None:
    look_for_signs(by=night())
    Meeting.objects.create(partnership=pair, on=TODAY, told_by="user:x", created_at=AT)
    assert look_for_signs(by=night(1)).gone == 1
    assert signs(pair) == [("unmet", "", TODAY, TODAY + DAY)]
    assert tasks(pair) == []
    look_for_signs(by=night(44))
    assert len(signs(pair)) == 1
    look_for_signs(by=night(45))
    assert signs(pair)[-1] == ("unmet", "", TODAY + 45 * DAY, None)
    assert len(tasks(pair)) == 1


@pytest.mark.parametrize("state", [PartnershipState.PAUSED, PartnershipState.CLOSING])
def test_who_rests_or_is_ending_is_warned_of_no_more(pair: Partnership, state: PartnershipState) -> None:
    look_for_signs(by=night())
    Partnership.objects.filter(pk=pair.pk).update(state=state)
    assert look_for_signs(by=night(1)).gone == 1
    assert signs(pair, gone_on=None) == []
    assert tasks(pair) == []
    assert Entry.objects.filter(act="followup.warn_no_more").count() == 1


def test_whose_data_rest_is_not_looked_at(pair: Partnership, coordinator: Staff) -> None:
    look_for_signs(by=night())
    lead = make_staff(Role.DIVISION_LEAD, pair.division)
    restrict(by=lead, person=pair.mentor.person, reason="She has asked.")
    assert look_for_signs(by=night(1)).gone == 1


def test_after_a_pause_the_days_begin_anew(pair: Partnership, coordinator: Staff) -> None:
    services.pause_partnership(by=coordinator, partnership=pair)
    services.resume_partnership(by=replace(coordinator, at=AT + 10 * DAY), partnership=pair)
    assert look_for_signs(by=night(10 + 44)).new == 0
    assert look_for_signs(by=night(10 + 45)).new == 1


def agree(
    pair: Partnership, frequency: str, number: int = 1, signed: int = 100, names: Sequence[str] = Part.values
) -> None:
    agreement = Agreement.objects.create(
        partnership=pair, number=number, template_number=1, terms={"frequency": frequency}, texts={},
        language_mentee="da", language_mentor="da", side="mentor", made_by="x", created_at=AT,
    )  # fmt: skip
    for side in names:
        AgreementSignature.objects.create(
            agreement=agreement, side=side, signed_on=TODAY - signed * DAY, name="N", language="da", text_hash="0",
            how="paper", noted_by="x", created_at=AT,
        )  # fmt: skip


def test_the_pace_is_that_of_the_agreement_both_have_signed_last(pair: Partnership) -> None:
    for days in (1, 30):
        Meeting.objects.create(partnership=pair, on=TODAY - days * DAY, told_by="user:x", created_at=AT)
    assert look_for_signs(by=night()).new == 0
    agree(pair, "month")
    assert look_for_signs(by=night()).new == 0
    Agreement.objects.update(superseded_at=AT)
    agree(pair, "week", number=2, names=[Part.MENTEE])
    # Only one has signed it: the former one still holds.
    assert look_for_signs(by=night()).new == 0
    AgreementSignature.objects.create(
        agreement=Agreement.objects.get(number=2), side=Part.MENTOR, signed_on=TODAY - 90 * DAY, name="N",
        language="da", text_hash="0", how="paper", noted_by="x", created_at=AT,
    )  # fmt: skip
    assert look_for_signs(by=night()).new == 1
    assert EarlySign.objects.get().facts == {"met": 2, "agreed": 12, "days": 84, "frequency": "week"}


class Asked:
    """An answer as the surveys hand it out."""

    def __init__(self, side: str, days: int, going: int | None) -> None:
        self.side, self.asked_on, self.going = side, TODAY - days * DAY, going
        self.answered_on = self.asked_on + DAY if going is not None else None


def answering(monkeypatch: pytest.MonkeyPatch, pair: Partnership, *asked: Asked) -> None:
    monkeypatch.setattr(sign_queries, "check_ins_of", lambda _pairs: {pair.pk: list(asked)})


def test_answers_make_signs_of_each_side_and_one_task(pair: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, pair, *(Asked("mentee", days, going) for days, going in ((60, 4), (30, 2))))
    assert look_for_signs(by=night()).new == 2
    assert signs(pair) == [("falling", "mentee", TODAY, None), ("unmet", "", TODAY, None)]
    (task,) = tasks(pair)
    assert task.words["why"] == "several"


def test_what_the_surveys_keep_is_what_is_looked_at(pair: Partnership) -> None:
    install_questionnaires(by=night())
    version = QuestionnaireVersion.objects.select_related("questionnaire").get(questionnaire__aim=Aim.CHECK_IN)
    for days, going in ((60, 5), (30, 3)):
        at = AT - days * DAY
        Ask.objects.create(
            questionnaire=version.questionnaire, version=version, partnership=pair, side="mentee",
            occasion=f"days:{days}", due_on=TODAY - days * DAY, asked_at=at, answered_at=at, state=AskState.ANSWERED,
            answers={"going": going}, said=("going",), created_at=at,  # type: ignore[misc]  # a field of words
        )  # fmt: skip
    look_for_signs(by=night())
    falling = EarlySign.objects.get(kind="falling")
    assert (falling.side, falling.facts["going"], falling.facts["before"]) == ("mentee", 3, 5)


def test_a_programme_sets_its_own_limits(pair: Partnership, programme: Programme) -> None:
    make_version(programme, care_settings={"warn_unmet_days": 120})
    assert look_for_signs(by=night()).new == 0
    assert look_for_signs(by=night(20)).new == 1


# Put aside ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sign(pair: Partnership) -> EarlySign:
    look_for_signs(by=night())
    return EarlySign.objects.select_related("partnership__mentee", "partnership__mentor").get()


def test_put_aside_until_a_day_and_back_on_it(sign: EarlySign, pair: Partnership, coordinator: Staff) -> None:
    put_aside(by=coordinator, sign=sign, until=TODAY + 10 * DAY, reason=" They are both away. ")
    assert tasks(pair) == []
    sign.refresh_from_db()
    assert (sign.put_aside_reason, sign.put_aside_by) == ("They are both away.", coordinator.key)
    look_for_signs(by=night(9))
    assert tasks(pair) == []
    look_for_signs(by=night(10))
    assert [task.due_on for task in tasks(pair)] == [TODAY + 10 * DAY]
    assert EarlySign.objects.get().put_aside_reason == "They are both away."


def test_it_is_taken_up_again(sign: EarlySign, pair: Partnership, coordinator: Staff) -> None:
    put_aside(by=coordinator, sign=sign, until=TODAY + 10 * DAY, reason="Away.")
    take_up_again(by=coordinator, sign=sign)
    (task,) = tasks(pair)
    assert task.words["why"] == "unmet"
    sign.refresh_from_db()
    assert (sign.put_aside_until, sign.put_aside_reason, sign.put_aside_by) == (None, "", "")
    acts = [entry.act for entry in Entry.objects.filter(object_id=str(sign.pk)).order_by("pk")]
    assert acts == ["followup.warn", "followup.put_aside", "followup.take_up_again"]


def test_one_of_two_put_aside_leaves_the_other(
    pair: Partnership, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, pair, Asked("mentor", 30, 1))
    look_for_signs(by=night())
    (task,) = tasks(pair)
    snooze(by=coordinator, task=task, until=TODAY + 5 * DAY, reason="On Friday.")
    falling = EarlySign.objects.get(kind=SignKind.FALLING)
    put_aside(by=coordinator, sign=falling, until=TODAY + 10 * DAY, reason="A bad day.")
    (left,) = tasks(pair)
    assert (left.pk, left.words["why"], left.snoozed_until) == (task.pk, "unmet", TODAY + 5 * DAY)


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [(10, "  ", "reason"), (0, "Away.", "until"), (184, "Away.", "until"), (10, "x" * 301, "put_aside_reason")],
)
def test_what_cannot_be_is_refused(sign: EarlySign, coordinator: Staff, until: int, reason: str, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        put_aside(by=coordinator, sign=sign, until=TODAY + until * DAY, reason=reason)
    assert set(error.value.message_dict) == {field}
    assert EarlySign.objects.get().put_aside_until is None


def test_another_division_may_not(sign: EarlySign) -> None:
    stranger = make_staff(Role.COORDINATOR, Division.objects.create(name="Far", opened_on=TODAY, created_at=AT))
    with pytest.raises(NotAllowedError):
        put_aside(by=stranger, sign=sign, until=TODAY + DAY, reason="Away.")
    with pytest.raises(NotAllowedError):
        take_up_again(by=stranger, sign=sign)


def test_what_is_gone_is_not_put_aside(sign: EarlySign, coordinator: Staff) -> None:
    EarlySign.objects.update(gone_on=TODAY)
    with pytest.raises(ChangedMeanwhileError):
        put_aside(by=coordinator, sign=sign, until=TODAY + DAY, reason="Away.")


def test_one_open_row_of_each_kind_and_side(sign: EarlySign) -> None:
    values: dict[str, Any] = {
        "partnership": sign.partnership, "kind": "unmet", "created_at": AT,
        "first_seen_on": TODAY, "last_seen_on": TODAY,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlySign.objects.create(**values)
    EarlySign.objects.create(**values | {"gone_on": TODAY})
    EarlySign.objects.create(**values | {"kind": "falling", "side": "mentee"})
    EarlySign.objects.create(**values | {"kind": "falling", "side": "mentor"})


# Many, and cut short --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_night_asks_as_much_for_one_pair_as_for_three(
    count: int, coordinator: Staff, division: Division, programme: Programme, django_assert_num_queries: CountQueries
) -> None:
    for number in range(count):
        make_pair(coordinator, division, programme, name=f"A{number}")
    with django_assert_num_queries(17):
        look_for_signs(by=night())


def test_cut_short_it_stands_rightly_and_the_next_round_goes_on(
    coordinator: Staff, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [make_pair(coordinator, division, programme, name=f"A{number}") for number in range(5)]
    monkeypatch.setattr(sign_queries, "AT_ONCE", 2)
    rules, asked = signs_of, list[tuple[Any, ...]]()

    def dies_on_the_fourth(*arguments: Any) -> Any:
        asked.append(arguments)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return rules(*arguments)

    monkeypatch.setattr(signs_service, "signs_of", dies_on_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        look_for_signs(by=night())
    assert (EarlySign.objects.count(), Task.objects.filter(kind=Kind.WARNED).count()) == (2, 2)
    monkeypatch.setattr(signs_service, "signs_of", rules)
    assert look_for_signs(by=night()).new == 3
    assert {task.target_id for task in Task.objects.filter(kind=Kind.WARNED)} == {pair.pk for pair in pairs}


def test_two_years_of_a_pairs_life(
    coordinator: Staff, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Night after night: they meet every second week, fall silent, pause, go on, and part."""
    begin = AT
    pair = make_pair(coordinator, division, programme, met=0)
    agree(pair, "fortnight", signed=0)
    story: dict[int, str] = {200: "pause", 260: "resume", 500: "close"}
    meets = {*range(14, 120, 14), *range(262, 500, 14)}
    seen: dict[str, list[int]] = {}
    for day in range(1, 730):
        at: datetime = begin + day * DAY
        if day in meets:
            Meeting.objects.create(partnership=pair, on=at.date(), told_by="user:x", created_at=at)
        by = replace(coordinator, at=at)
        match story.get(day):
            case "pause":
                services.pause_partnership(by=by, partnership=pair)
            case "resume":
                services.resume_partnership(by=by, partnership=pair)
            case "close":
                services.close_partnership(by=by, partnership=pair, on=at.date(), reason="agreed")
        pair.refresh_from_db()
        look_for_signs(by=System("night", at))
        for kind in EarlySign.objects.filter(gone_on=None).values_list("kind", flat=True):
            seen.setdefault(kind, []).append(day)
        assert bool(tasks(pair)) == EarlySign.objects.filter(gone_on=None).exists()
    # The last meeting before the silence was on day 112; the pause began on day 200.
    assert seen == {"unmet": list(range(112 + 45, 200))}
