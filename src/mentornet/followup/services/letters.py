"""Letters to the mentor: prepared by the program, decided by the mentee alone, and silent wherever she is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.models import mark_of
from mentornet.followup.enums import SPEAKING, UNDER_WAY, Fact, ImpactState, Occasion
from mentornet.followup.impact_words import Draft, check_words, written_in
from mentornet.followup.models import ImpactLetter, LetterWish
from mentornet.followup.value_queries import (
    MOST_YEARS,
    draft_of,
    facts_of,
    last_names_of,
    letters_due,
    letters_in,
    to_be_asked_now,
    years_before,
)
from mentornet.followup.value_rules import may_answer_letter, may_reflect, may_see_to_letters
from mentornet.messaging.models import Letter
from mentornet.messaging.services import LetterTo, call_back_letters, queue_letters
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on, side_of
from mentornet.partnerships.services.steps import link_of, lock
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key

AT_ONCE: Final = 500
ANSWER_WITHIN: Final = timedelta(days=21)
LEAVES_AFTER: Final = timedelta(days=1)
"""Until then she can think again."""
WAITS_AT_MOST: Final = timedelta(days=60)
_NOTHING: Final[dict[str, Any]] = {"chosen": (), "words": "", "texts": {}}


def mark_of_draft(draft: Draft) -> str:
    """Return by what it is known that a letter is the one that she has read."""
    return mark_of(
        draft.since, draft.until, draft.facts, sorted(draft.chosen), draft.words, sorted(draft.thoughts.items())
    )


def see_to_letters(*, by: System) -> int:
    """Do what is due about letters to mentors: prepare, ask, send, and let lapse. Returns how many have moved.

    Bears being run again, and being cut short: some hundreds take their step in a transaction of their own, in which
    their pairs are held.
    """
    require(may_see_to_letters(by))
    moved = _prepare(by)
    moved += _in_parts(by, letters_in(ImpactState.DRAFT), _ask)
    moved += _in_parts(by, letters_in(ImpactState.APPROVED).filter(approved_at__lte=by.at - LEAVES_AFTER), _send)
    silent = letters_in(ImpactState.ASKED).filter(answer_by__lt=by.today)
    return moved + _in_parts(by, silent, _lapse)


def _in_parts(by: System, due: QuerySet[ImpactLetter], act: Callable[[System, Sequence[ImpactLetter]], int]) -> int:
    """Let all of them take a step, some hundreds at once; those that cannot take it yet stay where they are."""
    moved = 0
    # Which they are is asked once: the time grows with their number alone.
    keys = list(due.values_list("pk", "partnership_id"))
    for start in range(0, len(keys), AT_ONCE):
        moved += _part(by, due, dict(keys[start : start + AT_ONCE]), act)
    return moved


@transaction.atomic
def _part(
    by: System,
    due: QuerySet[ImpactLetter],
    keys: Mapping[UUID, UUID],
    act: Callable[[System, Sequence[ImpactLetter]], int],
) -> int:
    # As whoever moves one of them does: first the pair is held, then its letter.
    pairs = Partnership.objects.filter(pk__in=set(keys.values())).order_by("pk")
    held = list(pairs.select_for_update().values_list("pk", flat=True))
    letters = due.filter(pk__in=list(keys), partnership__in=held).order_by("pk")
    return act(by, list(letters.select_for_update(of=("self",))))


def _prepare(by: System) -> int:
    rows = [_new(by, partnership) for partnership in letters_due(by.today)]
    # Another worker may have prepared one of them at the same moment.
    ImpactLetter.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(rows)


def _new(by: System, partnership: Partnership) -> ImpactLetter:
    began = partnership.matched_on or partnership.first_met_on
    assert began is not None or partnership.closed_on is not None
    if partnership.state == PartnershipState.CLOSED and partnership.closed_on is not None:
        since, due = began or partnership.closed_on, partnership.closed_on
        occasion = Occasion.END
    else:
        assert began is not None
        due = max(day for years in range(1, MOST_YEARS + 1) if (day := _anniversary(began, years)) <= by.today)
        since, occasion = years_before(due, 1), Occasion.YEAR
    return ImpactLetter(
        partnership=partnership,
        occasion=occasion,
        due_on=due,
        since=since,
        until=due,
        state=ImpactState.DRAFT,
        created_at=by.at,
    )


def _anniversary(began: Any, years: int) -> Any:
    return years_before(began, -years)


def _step(by: Actor, letter: ImpactLetter, before: ImpactState, after: ImpactState, act: str, **values: Any) -> bool:
    silent = {} if after in SPEAKING else {**_NOTHING, "ended_at": by.at}
    changed = ImpactLetter.objects.filter(pk=letter.pk, state=before).update(state=after, **{**silent, **values})
    if changed:
        letter.refresh_from_db()
        record(by=by, act=f"followup.{act}", of=letter, division_id=letter.partnership.division_id)
    return bool(changed)


def _step_all(
    by: Actor, letters: Sequence[ImpactLetter], after: ImpactState, act: str, names: Collection[str], **values: Any
) -> int:
    """Let letters that are held take the same step; ``names`` were set on each of them before."""
    silent = {} if after in SPEAKING else {**_NOTHING, "ended_at": by.at}
    values = {"state": after, **silent, **values}
    for letter in letters:
        for name, value in values.items():
            setattr(letter, name, value)
    ImpactLetter.objects.bulk_update(letters, [*values, *names])
    record_all(
        entry_of(by=by, act=f"followup.{act}", of=letter, division_id=letter.partnership.division_id)
        for letter in letters
    )
    return len(letters)


def _ask(by: System, letters: Sequence[ImpactLetter]) -> int:
    possible = to_be_asked_now(letters)
    asked = [letter for letter in letters if letter.pk in possible]
    facts = facts_of([(letter.partnership, letter.since, letter.until) for letter in asked])
    for letter in asked:
        letter.chosen = tuple(fact.value for fact in facts[letter.partnership_id].known if fact != Fact.DANISH)
    moved = _step_all(
        by,
        asked,
        ImpactState.ASKED,
        "ask_for_letter",
        ["chosen"],
        asked_at=by.at,
        answer_by=by.today + ANSWER_WITHIN,
    )
    _write(by, [(letter, letter.partnership.mentee.person_id) for letter in asked], "impact_asked")
    old = by.today - WAITS_AT_MOST
    return moved + _lapse(by, [letter for letter in letters if letter.pk not in possible and letter.due_on < old])


def _send(by: System, letters: Sequence[ImpactLetter]) -> int:
    possible = to_be_asked_now(letters)
    sent = [letter for letter in letters if letter.pk in possible]
    moved = _step_all(by, sent, ImpactState.SENT, "send_letter", (), sent_at=by.at)
    _write(by, [(letter, letter.partnership.mentor.person_id) for letter in sent], "impact_sent")
    # A pause is no reason to lose her yes; what speaks against it otherwise is.
    over = [one for one in letters if one.pk not in possible and one.partnership.state != PartnershipState.PAUSED]
    return moved + _lapse(by, over)


def drop_letter_of_end(*, by: Actor, partnership: Partnership) -> bool:
    """Drop the letter about an end that was none, unless it was sent: nobody is told, and nothing is kept of it.

    Should it end after all, another one is prepared, and she is asked anew. Returns whether there was one.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, partnership))
    letter = ImpactLetter.objects.filter(partnership=partnership, occasion=Occasion.END, state__in=UNDER_WAY).first()
    if letter is None:
        return False
    # A worker who sends it at this moment was faster, or finds none.
    if not _step(by, letter, ImpactState(letter.state), ImpactState.LAPSED, "lapse_letter", approved_at=None):
        return False
    if letter.asked_at is not None:
        asked = Letter.objects.filter(about_id=partnership.pk, event="impact_asked", created_at__gte=letter.asked_at)
        call_back_letters(by=by, letters=asked.order_by("pk"))
    letter.delete()
    return True


def _lapse(by: System, letters: Sequence[ImpactLetter]) -> int:
    return _step_all(by, letters, ImpactState.LAPSED, "lapse_letter", (), approved_at=None)


def _write(by: System, letters: Collection[tuple[ImpactLetter, UUID]], event: str) -> None:
    queue_letters(
        by=by,
        event=event,
        letters=[
            LetterTo(
                recipient=person_key(person_id),
                values={"link": link_of(letter.partnership, person_id)},
                about_id=letter.partnership_id,
                division_id=letter.partnership.division_id,
            )
            for letter, person_id in letters
        ],
    )


# What the mentee says -------------------------------------------------------------------------------------------------


def _now(by: Participant, letter: ImpactLetter, after: ImpactState) -> ImpactLetter:
    """Return the letter as it is now, if she may take this step with it, while nobody else moves the pair."""
    lock(letter.partnership)
    found = letters_in(ImpactState(letter.state)).filter(pk=letter.pk).first()
    if found is None:
        raise _moved()
    require(may_answer_letter(by, found, after))
    return found


def _moved() -> ChangedMeanwhileError:
    return ChangedMeanwhileError(_("Something has just changed here. Look at it again."))


@transaction.atomic
def choose_for_letter(*, by: Participant, letter: ImpactLetter, chosen: Collection[str], words: str) -> ImpactLetter:
    """Choose what stands in a letter, and write own words for it. Nobody sees it before she has said yes.

    Raises:
        NotAllowedError: she is not the mentee, or it does not wait for her.
        ChangedMeanwhileError: it has moved on.
        ValidationError: no such fact, too many words, or words that tell who the two are.
    """
    if letter.state != ImpactState.ASKED:
        raise _moved()
    found = _now(by, letter, ImpactState.APPROVED)
    words = words.strip()
    if not set(chosen) <= set(Fact.values):
        raise ValidationError({"chosen": _("Choose one of these.")})
    try:
        check_words(words, last_names_of(found.partnership))
    except ValidationError as error:
        raise ValidationError({"words": error.messages}) from error
    found.chosen, found.words = tuple(fact for fact in Fact.values if fact in chosen), words
    found.full_clean()
    found.save(update_fields=["chosen", "words"])
    record(by=by, act="followup.choose_for_letter", of=found, division_id=found.partnership.division_id)
    return found


@transaction.atomic
def approve_letter(*, by: Participant, letter: ImpactLetter, mark: str) -> ImpactLetter:
    """Say yes to a letter as she has read it: it is kept as it is now, and leaves a day later. Twice is once.

    Raises:
        NotAllowedError: she is not the mentee, or the time is over.
        ChangedMeanwhileError: it is no longer what she has read, or has moved on.
    """
    if letter.state == ImpactState.APPROVED:
        return letter
    found = _now(by, letter, ImpactState.APPROVED)
    draft = draft_of(found)
    if mark_of_draft(draft) != mark:
        raise ChangedMeanwhileError(_("The letter has changed since you read it. Please read it once more."))
    pair = found.partnership
    languages = {"language_mentee": pair.mentee.person.language, "language_mentor": pair.mentor.person.language}
    texts = {language: written_in(language, draft) for language in sorted(set(languages.values()))}
    values = {"approved_at": by.at, "texts": texts, "chosen": tuple(sorted(draft.chosen)), **languages}
    if not _step(by, found, ImpactState.ASKED, ImpactState.APPROVED, "approve_letter", **values):
        raise _moved()
    return found


@transaction.atomic
def think_again(*, by: Participant, letter: ImpactLetter) -> ImpactLetter:
    """Take her yes back before the letter has left: it waits for her as before.

    Raises:
        NotAllowedError: she is not the mentee, or it has left.
        ChangedMeanwhileError: it has moved on.
    """
    found = _now(by, letter, ImpactState.ASKED)
    values: dict[str, Any] = {"approved_at": None, "texts": {}}
    if not _step(by, found, ImpactState.APPROVED, ImpactState.ASKED, "think_again", **values):
        raise _moved()
    return found


@transaction.atomic
def decline_letter(*, by: Participant, letter: ImpactLetter, never_again: bool = False) -> ImpactLetter:
    """Say no to a letter: nothing of it is kept, and nobody is told. ``never_again``: nor is she asked once more.

    Raises:
        NotAllowedError: she is not the mentee, or it has left.
        ChangedMeanwhileError: it has moved on.
    """
    if letter.state == ImpactState.DECLINED:
        return letter
    found = _now(by, letter, ImpactState.DECLINED)
    if not _step(by, found, ImpactState(found.state), ImpactState.DECLINED, "decline_letter", approved_at=None):
        raise _moved()
    if never_again:
        wish_for_letters(by=by, partnership=found.partnership, wants_none=True)
    return found


@transaction.atomic
def take_letter_back(*, by: Participant, letter: ImpactLetter) -> ImpactLetter:
    """Take a letter back that was sent: the mentor can read it no longer, and nothing of it is kept.

    Raises:
        NotAllowedError: she is not the mentee, or it was not sent.
        ChangedMeanwhileError: it has moved on.
    """
    if letter.state == ImpactState.WITHDRAWN:
        return letter
    found = _now(by, letter, ImpactState.WITHDRAWN)
    if not _step(by, found, ImpactState.SENT, ImpactState.WITHDRAWN, "take_letter_back"):
        raise _moved()
    return found


@transaction.atomic
def wish_for_letters(
    *, by: Participant, partnership: Partnership, wants_none: bool = False, leaves_out: Collection[str] = ()
) -> LetterWish:
    """Say what one of the two wants of letters to the mentor: none, or without some facts. Nobody is told.

    Raises:
        NotAllowedError: she is not one of the two.
        ValidationError: no such fact.
    """
    partnership = lock(partnership)
    require(may_reflect(by, partnership))
    if not set(leaves_out) <= set(Fact.values):
        raise ValidationError({"leaves_out": _("Choose one of these.")})
    side = side_of(by.person_id, partnership)
    assert side is not None
    known = LetterWish.objects.filter(partnership=partnership, side=side).first()
    wish = known or LetterWish(partnership=partnership, side=side, created_at=by.at)
    wish.wants_none, wish.changed_at = wants_none, by.at
    wish.leaves_out = tuple(fact for fact in Fact.values if fact in leaves_out)
    wish.full_clean()
    wish.save(force_insert=known is None)
    record(by=by, act="followup.wish_for_letters", of=wish)
    return wish
