"""What the two write on their pages: goals, doors opened, notes of one's own, and what each lets the other see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.partnerships.enums import SharedContact
from mentornet.partnerships.models import Goal, GoalStep, Introduction, OwnNote, Partnership
from mentornet.partnerships.rules import may_keep_notes, may_take_part, side_of
from mentornet.partnerships.services.steps import lock
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

MOST_GOALS: Final = 20
MOST_STEPS: Final = 30
OWN: Final = "partnerships.write_own_note"


def _take_part(by: Participant, partnership: Partnership) -> tuple[Partnership, Role]:
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    side = side_of(by.person_id, partnership)
    assert side is not None
    return partnership, side


def _write(row: models.Model) -> None:
    row.full_clean()
    row.save(force_insert=True)


def _still_there(partnership: Partnership, goal: Goal) -> Goal:
    """Return a goal as it is now; the other may have taken it away."""
    found = partnership.goals.filter(pk=goal.pk).first()
    if found is None:
        raise _gone()
    return found


def _gone() -> ChangedMeanwhileError:
    return ChangedMeanwhileError(_("This is no longer there. Look at the list again."))


def _note(by: Participant, partnership: Partnership, act: str) -> None:
    record(by=by, act=act, of=partnership, division_id=partnership.division_id)


# Goals and steps ------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_goal(*, by: Participant, partnership: Partnership, words: str) -> Goal:
    """Write down a goal; the same words twice are one goal.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: no words, too many, or too many goals.
    """
    partnership, side = _take_part(by, partnership)
    words = words.strip()
    known = partnership.goals.filter(words=words).first()
    if known is not None:
        return known
    if partnership.goals.count() >= MOST_GOALS:
        raise ValidationError({"words": _("You have many goals already. Reach one, or change one, first.")})
    goal = Goal(partnership=partnership, words=words, side=side, created_at=by.at)
    _write(goal)
    _note(by, partnership, "partnerships.write_goal")
    return goal


@transaction.atomic
def change_goal(*, by: Participant, partnership: Partnership, goal: Goal, words: str) -> Goal:
    """Put a goal into other words; without any, it goes, with its steps.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: it is no longer there.
        ValidationError: too many words.
    """
    partnership, side = _take_part(by, partnership)
    found, words = _still_there(partnership, goal), words.strip()
    if words:
        found.words, found.changed_by = words, side
        found.full_clean()
        found.save(update_fields=["words", "changed_by"])
    else:
        found.delete()
    _note(by, partnership, "partnerships.change_goal")
    return found


@transaction.atomic
def mark_goal(*, by: Participant, partnership: Partnership, goal: Goal, is_reached: bool) -> Goal:
    """Say that a goal has been reached, or that it has not after all.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: it is no longer there.
    """
    partnership, _side = _take_part(by, partnership)
    if not partnership.goals.filter(pk=goal.pk).update(reached_on=by.today if is_reached else None):
        raise _gone()
    _note(by, partnership, "partnerships.mark_goal")
    goal.refresh_from_db()
    return goal


@transaction.atomic
def write_step(*, by: Participant, partnership: Partnership, goal: Goal, words: str) -> GoalStep:
    """Add a step towards a goal; the same words twice are one step.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: the goal is no longer there.
        ValidationError: no words, too many, or too many steps.
    """
    partnership, side = _take_part(by, partnership)
    found, words = _still_there(partnership, goal), words.strip()
    known = found.steps.filter(words=words).first()
    if known is not None:
        return known
    if found.steps.count() >= MOST_STEPS:
        raise ValidationError({"words": _("This goal has many steps already. Do one, or take one away, first.")})
    step = GoalStep(goal=found, words=words, side=side, created_at=by.at)
    _write(step)
    _note(by, partnership, "partnerships.write_step")
    return step


@transaction.atomic
def mark_step(*, by: Participant, partnership: Partnership, step: GoalStep, is_done: bool) -> GoalStep:
    """Say that a step is done, or that it is not after all.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: it is no longer there.
    """
    partnership, _side = _take_part(by, partnership)
    steps = GoalStep.objects.filter(pk=step.pk, goal__partnership=partnership)
    if not steps.update(done_on=by.today if is_done else None):
        raise _gone()
    _note(by, partnership, "partnerships.mark_step")
    step.refresh_from_db()
    return step


@transaction.atomic
def take_step_away(*, by: Participant, partnership: Partnership, step: GoalStep) -> None:
    """Take a step away that was too big or is not wanted any more.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
    """
    partnership, _side = _take_part(by, partnership)
    GoalStep.objects.filter(pk=step.pk, goal__partnership=partnership).delete()
    _note(by, partnership, "partnerships.take_step_away")


# Doors opened ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def tell_introduction(*, by: Participant, partnership: Partnership, facts: Mapping[str, Any]) -> Introduction:
    """Tell of a door that was opened; the same told twice by one of them is one.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: a fact cannot be stored.
    """
    partnership, side = _take_part(by, partnership)
    if facts["on"] > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    known = partnership.introductions.filter(side=side, **facts).first()
    if known is not None:
        return known
    introduction = Introduction(partnership=partnership, side=side, created_at=by.at, **facts)
    _write(introduction)
    _note(by, partnership, "partnerships.introduce")
    return introduction


@transaction.atomic
def change_introduction(
    *, by: Participant, partnership: Partnership, introduction: Introduction, facts: Mapping[str, Any]
) -> Introduction:
    """Change what was told of a door, such as what came of it. Both may: the mentee often knows first.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: it is no longer there.
        ValidationError: a fact cannot be stored.
    """
    partnership, _side = _take_part(by, partnership)
    found = partnership.introductions.filter(pk=introduction.pk).first()
    if found is None:
        raise _gone()
    if facts["on"] > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    for name, value in facts.items():
        setattr(found, name, value)
    found.full_clean()
    found.save(update_fields=list(facts))
    _note(by, partnership, "partnerships.change_introduction")
    return found


# Hers alone -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_own_note(
    *, by: Participant, partnership: Partnership, text: str, note: OwnNote | None = None
) -> OwnNote | None:
    """Write a note for herself, or write one anew; without any words it goes. Nobody else reads it.

    Raises:
        NotAllowedError: she is not one of the two.
        ChangedMeanwhileError: it is no longer there.
        ValidationError: too many words.
    """
    require(may_keep_notes(by, partnership))
    text = text.strip()
    own = OwnNote.objects.filter(partnership=partnership, person_id=by.person_id)
    if note is None:
        known = own.filter(text=text).first()
        if not text or known is not None:
            return known
        written = OwnNote(
            partnership=partnership, person_id=by.person_id, text=text, created_at=by.at, changed_at=by.at
        )
        _write(written)
        record(by=by, act=OWN, of=written)
        return written
    found = own.filter(pk=note.pk).first()
    if found is None:
        raise _gone()
    # Of the note, not of the pair: no timeline tells that it is there.
    record(by=by, act=OWN, of=found)
    if not text:
        found.delete()
        return None
    found.text, found.changed_at = text, by.at
    found.full_clean()
    found.save(update_fields=["text", "changed_at"])
    return found


@transaction.atomic
def share_contact(*, by: Participant, partnership: Partnership, what: SharedContact | str) -> Partnership:
    """Choose what of her contact details the other sees; empty for nothing.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: there is no such choice.
    """
    partnership, side = _take_part(by, partnership)
    if what not in {"", *SharedContact.values}:
        raise ValidationError({"what": _("Choose one of these.")})
    field = f"{side}_shares"
    if getattr(partnership, field) != what:
        Partnership.objects.filter(pk=partnership.pk).update(**{field: what})
        record(
            by=by,
            act="partnerships.share_contact",
            of=partnership,
            division_id=partnership.division_id,
            detail={"side": str(side), "what": str(what)},
        )
        partnership.refresh_from_db()
    return partnership
