"""Asking both sides when it is due: a letter with a link, one reminder, and then silence, which is counted as it is.

Many pairs at once: their rows are read in parts of a thousand, each part is one transaction, and whoever is cut short
begins again where it stopped, since an occasion has one row whoever finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, QuerySet

from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import close_links
from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.jobs import enqueue
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.messaging.services import LetterTo, call_back_letters, queue_letters
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.models import Person
from mentornet.people.queries import who_is_restricted, who_objects
from mentornet.people.recipients import person_key
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions
from mentornet.surveys.by_hand import BY_HAND, asking_by_hand, by_hand_on, pairs_asked_by_hand
from mentornet.surveys.dues import AT_END, END_LASTS, Due
from mentornet.surveys.enums import Aim, AskState
from mentornet.surveys.models import Ask, Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import newest_versions, open_questionnaires, pairs_to_ask, to_remind
from mentornet.surveys.rules import ANSWER_WITHIN, may_ask

ASKED: Final = "questions_asked"
REMINDED: Final = "questions_waiting"
REMIND_AFTER: Final = timedelta(days=5)
REMIND_WITHIN: Final = timedelta(days=14)
"""Whom we have not reminded by then is left in peace."""
AT_ONCE: Final = 1_000
"""Pairs in one transaction: with the embedded database everybody else waits meanwhile."""

Occasion = Callable[["Plan", "Pair", date | None], str]
"""Says on which occasion one side of a pair is asked now; with when she was last asked this."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A questionnaire as the pairs of one programme are asked it."""

    questionnaire: Questionnaire
    version: QuestionnaireVersion
    due: Due


@dataclass(frozen=True, slots=True)
class Pair:
    """What the asking needs to know of a pair."""

    key: UUID
    division_id: UUID
    programme_id: UUID
    begun_on: date | None
    closed_on: date | None
    people: dict[Role, UUID]


def ask_both_sides(*, by: System) -> int:
    """Ask whom it is time to ask, remind once who has not answered, and let go of what is too old to be answered.

    Returns how many letters were written.
    """
    let_go(by=by)
    return ask_due(by=by) + remind(by=by)


def ask_due(*, by: System) -> int:
    """Ask each side of each running pair what is due today. Returns how many were asked; doing it twice asks once."""
    plans = _plans_by_programme()
    pairs = pairs_to_ask(by.today - END_LASTS)

    def occasion(plan: Plan, pair: Pair, last_on: date | None) -> str:
        return plan.due.occasion(today=by.today, begun_on=pair.begun_on, last_on=last_on, closed_on=pair.closed_on)

    if not any(not plan.due.is_by_hand for some in plans.values() for plan in some):
        return 0
    return sum(_ask_some(by, some, plans, occasion) for some in _in_parts(pairs))


@transaction.atomic
def ask_in_background(*, by: Staff, questionnaire: Questionnaire) -> None:
    """Have the active pairs of somebody's divisions asked by the worker. Asked for twice meanwhile, it is done once.

    Raises:
        NotAllowedError: she does not set this questionnaire up, or it is closed.
    """
    require(may_ask(by, questionnaire))
    there = asking_by_hand(by, questionnaire)
    if there is None or there.job.is_over:
        enqueue(BY_HAND, questionnaire_id=str(questionnaire.pk), user_id=str(by.user_id), on=by.today.isoformat())


def ask_by_hand(*, by: Actor, questionnaire: Questionnaire, on: date | None = None) -> int:
    """Ask the active pairs of somebody's divisions now. Returns how many were asked; twice on a day asks once.

    Some hundreds at once, each in a transaction of its own: cut short and done again, it goes on where it was.

    Args:
        by: whose divisions.
        questionnaire: of which the version in force is asked.
        on: the day on which it was asked for, where the work was done later.

    Raises:
        NotAllowedError: she does not set this questionnaire up, or it is closed.
    """
    require(may_ask(by, questionnaire))
    why = by_hand_on(on or by.today)
    plans = {
        programme: [plan for plan in some if plan.questionnaire.pk == questionnaire.pk]
        for programme, some in _plans_by_programme().items()
    }
    pairs = pairs_asked_by_hand(by)
    asked = sum(_ask_some(by, some, plans, lambda *_: why) for some in _in_parts(pairs))
    record(by=by, act="surveys.ask_by_hand", of=questionnaire, detail={"asked": asked})
    return asked


def _plans_by_programme() -> dict[UUID, list[Plan]]:
    """Return what the pairs of each programme are asked.

    A programme's own questionnaire stands instead of that of all programmes for the same thing.
    """
    questionnaires = list(open_questionnaires())
    versions = newest_versions(questionnaires)
    cares = {one.programme_id: one.care for one in current_versions(Programme.objects.all())}
    return {
        programme_id: list(_plans(programme_id, care, questionnaires, versions)) for programme_id, care in cares.items()
    }


def _plans(
    programme_id: UUID,
    care: Care,
    questionnaires: Sequence[Questionnaire],
    versions: dict[UUID, QuestionnaireVersion],
) -> Iterator[Plan]:
    own = {one.aim for one in questionnaires if one.programme_id == programme_id and one.pk in versions}
    for one in questionnaires:
        is_replaced = one.programme_id is None and one.aim != Aim.FREE and one.aim in own
        if one.pk in versions and one.programme_id in {None, programme_id} and not is_replaced:
            yield Plan(one, versions[one.pk], one.rule.under(care, one.aim))


def _in_parts(pairs: QuerySet[Partnership]) -> Iterator[list[Pair]]:
    columns = (
        *("pk", "division_id", "mentee__programme_id", "first_met_on", "agreement_on", "closed_on"),
        *("mentee__person_id", "mentor__person_id"),
    )
    last: UUID | None = None
    while True:
        rows = pairs if last is None else pairs.filter(pk__gt=last)
        some = list(rows.order_by("pk").values_list(*columns)[:AT_ONCE])
        if not some:
            return
        last = some[-1][0]
        yield [_pair(row) for row in some]


def _pair(row: tuple[UUID, UUID, UUID, date | None, date | None, date | None, UUID, UUID]) -> Pair:
    key, division_id, programme_id, first_met_on, agreement_on, closed_on, mentee, mentor = row
    begun_on = max((day for day in (first_met_on, agreement_on) if day is not None), default=None)
    return Pair(key, division_id, programme_id, begun_on, closed_on, {Role.MENTEE: mentee, Role.MENTOR: mentor})


@transaction.atomic
def _ask_some(by: Actor, pairs: list[Pair], plans: dict[UUID, list[Plan]], occasion: Occasion) -> int:
    keys = [pair.key for pair in pairs]
    last_on = {
        (questionnaire, key, side): day
        for questionnaire, key, side, day in Ask.objects.filter(partnership__in=keys)
        .order_by()
        .values_list("questionnaire_id", "partnership_id", "side")
        .annotate(day=Max("due_on"))
    }
    wanted = [
        (pair, plan, side, why)
        for pair in pairs
        for plan in plans.get(pair.programme_id, ())
        for side in plan.questionnaire.sides
        if (why := occasion(plan, pair, last_on.get((plan.questionnaire.pk, pair.key, side))))
    ]
    if not wanted:
        return 0
    # Asked of them alone: mostly it is few.
    people = {pair.people[side] for pair, _plan, side, _why in wanted}
    silent = _not_to_be_asked(people)
    # What is answered without a name is only counted, and could not be left out later.
    is_any = any(plan.questionnaire.is_anonymous for _pair, plan, _side, _why in wanted)
    uncounted = who_objects(people, ObjectionPurpose.STATISTICS) if is_any else set()
    asks = [
        _ask(by, pair, plan, side, why)
        for pair, plan, side, why in wanted
        if pair.people[side] not in (silent | uncounted if plan.questionnaire.is_anonymous else silent)
    ]
    Ask.objects.bulk_create(asks, batch_size=500, ignore_conflicts=True)
    # What another worker has written down at this moment is his to tell.
    mine = set(Ask.objects.filter(pk__in=[ask.pk for ask in asks]).values_list("pk", flat=True))
    _tell(by, [ask for ask in asks if ask.pk in mine], {pair.key: pair for pair in pairs})
    return len(mine)


def _not_to_be_asked(people: set[UUID]) -> set[UUID]:
    """Return whose data rest, and who has been erased: a row that only counts."""
    erased = Person.objects.filter(pk__in=people, search_text="").values_list("pk", flat=True)
    return who_is_restricted(people) | set(erased)


def _ask(by: Actor, pair: Pair, plan: Plan, side: Role, why: str) -> Ask:
    return Ask(
        id=uuid4(),
        created_at=by.at,
        questionnaire=plan.questionnaire,
        version=plan.version,
        partnership_id=pair.key,
        side=side,
        occasion=why,
        is_anonymous=plan.questionnaire.is_anonymous,
        due_on=by.today,
        asked_at=by.at,
    )


def _tell(by: Actor, asks: list[Ask], pairs: dict[UUID, Pair]) -> None:
    """Write to those who are asked; what was asked of them before, and is still open, is so no more."""
    for questionnaire in {ask.questionnaire for ask in asks}:
        theirs = [ask for ask in asks if ask.questionnaire_id == questionnaire.pk]
        for side in Role:
            Ask.objects.filter(
                questionnaire=questionnaire,
                side=side,
                state=AskState.OPEN,
                partnership__in=[ask.partnership_id for ask in theirs if ask.side == side],
                due_on__lt=by.today,
            ).update(state=AskState.SILENT)
    queue_letters(
        by=by,
        event=ASKED,
        letters=[
            LetterTo(
                recipient=person_key(pairs[ask.partnership_id].people[Role(ask.side)]),
                values={"link": link_to(ask)},
                about_id=ask.pk,
                division_id=pairs[ask.partnership_id].division_id,
            )
            for ask in asks
        ],
    )
    told = {(ask.questionnaire.pk, ask.partnership_id): ask for ask in asks}
    record_all(
        entry_of(
            by=by,
            act="surveys.ask",
            of=Partnership(pk=ask.partnership_id),
            division_id=pairs[ask.partnership_id].division_id,
            detail={"questionnaire": ask.questionnaire.key},
        )
        for ask in told.values()
    )


def link_to(ask: Ask) -> str:
    """Return the name of the link that leads her to what she is asked; whoever writes the letter makes it."""
    return f"survey:{ask.pk}"


# What is not answered -------------------------------------------------------------------------------------------------


def remind(*, by: System) -> int:
    """Write once more to who has not answered for some days. Returns how many letters were written."""
    waiting = to_remind(by.at - REMIND_WITHIN, by.at - REMIND_AFTER)
    reminded = 0
    while some := _remind_some(by, waiting):
        reminded += some
    return reminded


@transaction.atomic
def _remind_some(by: System, waiting: QuerySet[Ask]) -> int:
    # Held until the letters stand: another worker finds them reminded, and this one after it was cut short.
    asks = list(waiting.select_for_update(of=("self",))[:AT_ONCE])
    Ask.objects.filter(pk__in=[ask.pk for ask in asks]).update(reminded_at=by.at)
    queue_letters(by=by, event=REMINDED, letters=[_reminder(ask) for ask in asks])
    return len(asks)


def _reminder(ask: Ask) -> LetterTo:
    side = ask.partnership.mentee if ask.side == Role.MENTEE else ask.partnership.mentor
    return LetterTo(
        recipient=person_key(side.person_id),
        values={"link": link_to(ask)},
        about_id=ask.pk,
        division_id=ask.partnership.division_id,
    )


def let_go(*, by: System) -> int:
    """Let what nobody has answered for three weeks stand as not answered. Returns how many."""
    old = Ask.objects.filter(asked_at__lte=_too_old(by.at))
    silent = old.filter(state=AskState.OPEN).update(state=AskState.SILENT)
    old.filter(state=AskState.BEGUN).update(state=AskState.ANSWERED)
    return silent


def _too_old(at: datetime) -> datetime:
    return at - ANSWER_WITHIN


@transaction.atomic
def withdraw_end(*, by: Actor, partnership: Partnership) -> int:
    """Take back what the two are asked about an end that was none; it is asked anew should it end after all.

    What somebody has answered stands, as far as she has come. Who has not answered was never asked: nothing stands of
    it, so that no rate counts it, and the same day may be an end again.

    Returns how many askings were taken back.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, partnership))
    theirs = Ask.objects.filter(partnership=partnership, occasion__startswith=AT_END)
    theirs.filter(state=AskState.BEGUN).update(state=AskState.ANSWERED)
    # Held: somebody who answers at this moment either was faster, or finds it closed.
    asks = list(theirs.filter(state=AskState.OPEN).select_for_update(of=("self",)).order_by("pk"))
    for ask in asks:
        letters = Letter.objects.filter(about_id=ask.pk, event__in=[ASKED, REMINDED])
        call_back_letters(by=by, letters=letters.order_by("pk"))
        close_links(by=by, purpose=Purpose.SURVEY, subject=str(ask.pk))
    if asks:
        record(by=by, act="surveys.withdraw", of=partnership, division_id=partnership.division_id)
    Ask.objects.filter(pk__in=[ask.pk for ask in asks]).delete()
    return len(asks)
