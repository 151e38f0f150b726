"""The sentences that give reasons. Plain words, never blame, numbers with their base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pairing.criteria import LANGUAGE_VALUE
from pairing.features import DANISH, folded
from pairing.outcome import OwnValue
from pairing.terms import CRITERIA, UNITS, Criterion, Rule, UnmatchedReason
from reference.cefr import Level
from reference.customs import Custom
from reference.people import Mentee, Mentor, Person, Role
from reference.spoken import Decimal, LanguageName, Listed, OccupationTitle, SlotName
from reference.translation import N2_, N_, Message, Value, counted

GOOD: Final = 0.5
"""From this value on a criterion is a reason for the pair."""
NEARLY_EQUAL: Final = 0.75
MOST_NAMED: Final = 3
MOST_REASONS: Final = 5


def _first(items: Sequence[Value]) -> Listed:
    return Listed(tuple(items[:MOST_NAMED]))


def _occupation(mentee: Mentee, mentor: Mentor, value: float) -> Message | None:
    if mentee.occupation is None or mentor.occupation is None:
        return None
    hers, theirs = OccupationTitle(mentee.occupation), OccupationTitle(mentor.occupation)
    if mentee.occupation == mentor.occupation:
        return Message(N_("The mentor works in the field she aims at: {occupation}."), {"occupation": theirs})
    values: dict[str, Value] = {"theirs": theirs, "hers": hers}
    if value >= GOOD:
        return Message(N_("The mentor's field ({theirs}) is close to the one she aims at ({hers})."), values)
    return None


def _topics(mentee: Mentee, mentor: Mentor, _value: float) -> Message | None:
    goals = mentee.topics or ()
    met = [goal for goal in goals if goal in (mentor.topics or ())]
    if not met:
        return None
    values: dict[str, Value] = {"met": len(met), "topics": _first([goal.label for goal in met])}
    if len(met) > MOST_NAMED:
        values["topics"] = Listed(tuple(goal.label for goal in met))
    return counted(
        N2_(
            "The mentor offers help with her goal: {topics}.",
            "The mentor offers help with {met} of her {count} goals: {topics}.",
        ),
        len(goals),
        values,
    )


def _level_of(person: Person, code: str) -> Level | None:
    return next((skill.level for skill in person.languages or () if skill.code == code), None)


def _best_shared(mentee: Mentee, mentor: Mentor) -> tuple[str, Level] | None:
    shared = []
    for skill in mentee.languages or ():
        theirs = _level_of(mentor, skill.code)
        if theirs is not None and skill.level is not None:
            shared.append((min(theirs, skill.level), skill.code))
    level, code = max(shared, key=lambda found: (found[0], found[1] == DANISH, found[1]), default=(Level.A1, ""))
    return (code, level) if code else None


def _language(mentee: Mentee, mentor: Mentor, value: float) -> Message | None:
    best = _best_shared(mentee, mentor)
    if best is None or best[1] < Level.B1:
        return None
    values: dict[str, Value] = {"language": LanguageName(best[0]), "level": best[1].name}
    danish = [level for level in (_level_of(mentee, DANISH), _level_of(mentor, DANISH)) if level is not None]
    if mentee.practise_danish and len(danish) == 2 and min(danish) >= Level.B1 and value > LANGUAGE_VALUE[0]:
        if best[0] == DANISH:
            return Message(N_("They can talk in {language} ({level}), which she wants to practise."), values)
        return Message(N_("They can talk in {language} ({level}), and practise Danish as she wishes."), values)
    return Message(N_("They can talk in {language} ({level})."), values)


def _interests(mentee: Mentee, mentor: Mentor, _value: float) -> Message | None:
    theirs = {folded(word) for word in mentor.interests or ()}
    common = {folded(word): word for word in mentee.interests or () if folded(word) in theirs}
    if not common:
        return None
    return Message(N_("Both are interested in {interests}."), {"interests": _first(list(common.values()))})


def _alike(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and min(one, other) / max(one, other) >= NEARLY_EQUAL


def _pace(mentee: Mentee, mentor: Mentor, _value: float) -> Message | None:
    if _alike(mentee.hours_per_month, mentor.hours_per_month):
        hers, theirs = Decimal(mentee.hours_per_month or 0), Decimal(mentor.hours_per_month or 0)
        if hers == theirs:
            return Message(N_("Both think of {hours} hours a month."), {"hours": hers})
        values: dict[str, Value] = {"hers": hers, "theirs": theirs}
        return Message(N_("Their pace is alike: she thinks of {hers} hours a month, the mentor of {theirs}."), values)
    if _alike(mentee.months, mentor.months):
        return Message(N_("They think of a partnership of about the same length."))
    return None


def _time(mentee: Mentee, mentor: Mentor, _value: float) -> Message | None:
    theirs = mentor.availability or ()
    common = sorted(slot for slot in mentee.availability or () if slot in theirs)
    if not common:
        return None
    values = {"times": _first([SlotName(slot) for slot in common])}
    if len(common) <= MOST_NAMED:
        forms = N2_("One time of the week suits both: {times}.", "{count} times of the week suit both: {times}.")
        return counted(forms, len(common), values)
    return Message(N_("{count} times of the week suit both, among them {times}."), {"count": len(common), **values})


def _education(_mentee: Mentee, _mentor: Mentor, value: float) -> Message | None:
    return Message(N_("They have about the same length of education.")) if value >= NEARLY_EQUAL else None


def _sector(mentee: Mentee, _mentor: Mentor, value: float) -> Message | None:
    if value < 1 or mentee.sector is None:
        return None
    return Message(N_("Both belong to the same sector: {sector}."), {"sector": mentee.sector})


def _place(mentee: Mentee, _mentor: Mentor, value: float) -> Message | None:
    if value == 1 and mentee.division is not None:
        return Message(N_("Both belong to {division}."), {"division": mentee.division})
    return Message(N_("Their postcodes are near each other.")) if value > GOOD else None


def _experience(mentee: Mentee, mentor: Mentor, value: float) -> Message | None:
    if not mentee.needs_experience or not mentor.pairs_before or value < GOOD:
        return None
    return counted(
        N2_(
            "She needs an experienced mentor, and this one has been in one partnership before.",
            "She needs an experienced mentor, and this one has been in {count} partnerships before.",
        ),
        mentor.pairs_before,
    )


_REASONS: Final = {
    Criterion.OCCUPATION: _occupation,
    Criterion.TOPICS: _topics,
    Criterion.LANGUAGE: _language,
    Criterion.INTERESTS: _interests,
    Criterion.PACE: _pace,
    Criterion.TIME: _time,
    Criterion.EDUCATION: _education,
    Criterion.SECTOR: _sector,
    Criterion.PLACE: _place,
    Criterion.EXPERIENCE: _experience,
}


def own_answers(custom: Custom, mentee: Mentee, mentor: Mentor) -> Message | None:
    """Say what both have answered to one of the programme's own questions; ``None`` where one of them has not."""
    hers, theirs = (custom.answered(person.answer(custom.key)) for person in (mentee, mentor))
    if hers is None or theirs is None:
        return None
    if custom.is_wish_of(Role.MENTEE) and custom.is_wish_of(Role.MENTOR):
        if hers == theirs:
            return Message(N_("“{name}”: both say {answer}."), {"name": custom, "answer": hers})
        template = N_("“{name}”: the mentee says {hers}, the mentor {theirs}.")
    elif custom.is_wish_of(Role.MENTEE):
        template = N_("“{name}”: the mentee wishes {hers}, the mentor says {theirs}.")
    else:
        template = N_("“{name}”: the mentor wishes {theirs}, the mentee says {hers}.")
    return Message(template, {"name": custom, "hers": hers, "theirs": theirs})


def _own(own: OwnValue, mentee: Mentee, mentor: Mentor) -> Message | None:
    if own.value is None or own.value < GOOD:
        return None
    return own_answers(own.custom, mentee, mentor)


def pair_reasons(
    mentee: Mentee,
    mentor: Mentor,
    values: Mapping[Criterion, float | None],
    contributions: Mapping[Criterion, float],
    own: Sequence[OwnValue] = (),
) -> tuple[Message, ...]:
    """Say what speaks most for a pair, the largest contribution first: one to five sentences."""
    found = [
        (contributions[criterion], _REASONS[criterion](mentee, mentor, value))
        for criterion in CRITERIA
        if (value := values[criterion]) is not None and value > 0
    ]
    found += [(one.contribution, _own(one, mentee, mentor)) for one in own if one.contribution > 0]
    said = [reason for _, reason in sorted(found, key=lambda one: -one[0])]
    reasons = tuple(reason for reason in said if reason is not None)[:MOST_REASONS]
    return reasons or (Message(N_("Little is known in common: talk with both before you propose this pair.")),)


_REMOVES: Final = {
    Rule.LANGUAGE: N2_(
        "A shared language is missing with {count} of {mentors} mentors.",
        "A shared language is missing with {count} of {mentors} mentors.",
    ),
    Rule.PLACE: N2_(
        "With {count} of {mentors} mentors there is no way to meet that suits both.",
        "With {count} of {mentors} mentors there is no way to meet that suits both.",
    ),
    Rule.TIME: N2_(
        "{count} of {mentors} mentors has no time of the week that suits both.",
        "{count} of {mentors} mentors have no time of the week that suits both.",
    ),
    Rule.REQUIRES: N2_(
        "With {count} of {mentors} mentors, one of the two requires something that the other does not have.",
        "With {count} of {mentors} mentors, one of the two requires something that the other does not have.",
    ),
    Rule.CONFLICT: N2_(
        "{count} of {mentors} mentors has been with her before, or the two must not meet.",
        "{count} of {mentors} mentors have been with her before, or must not meet her.",
    ),
    Rule.RESTING: N2_(
        "{count} of {mentors} mentors is resting.",
        "{count} of {mentors} mentors are resting.",
    ),
    Rule.CAPACITY: N2_(
        "{count} of {mentors} mentors has no free place.",
        "{count} of {mentors} mentors have no free place.",
    ),
    Rule.FORBIDDEN: N2_(
        "{count} of {mentors} mentors is ruled out by you.",
        "{count} of {mentors} mentors are ruled out by you.",
    ),
}

_WOULD_HELP: Final = {
    Rule.LANGUAGE: N2_(
        "What would help most: talk about languages. Without that rule {count} mentor would fit.",
        "What would help most: talk about languages. Without that rule {count} mentors would fit.",
    ),
    Rule.PLACE: N2_(
        "What would help most: another way or place to meet. Then {count} mentor would fit.",
        "What would help most: another way or place to meet. Then {count} mentors would fit.",
    ),
    Rule.TIME: N2_(
        "What would help most: one more time of the week. Then {count} mentor could fit.",
        "What would help most: more times of the week. Then up to {count} mentors could fit.",
    ),
    Rule.REQUIRES: N2_(
        "What would help most: talk about what is required, on both sides. Without it {count} mentor would fit.",
        "What would help most: talk about what is required, on both sides. Without it {count} mentors would fit.",
    ),
    # Nobody is asked to give up a wish not to meet somebody.
    Rule.CONFLICT: N2_(
        "{count} mentor would fit but for an earlier partnership or a wish not to meet. Such a wish stands.",
        "{count} mentors would fit but for an earlier partnership or a wish not to meet. Such a wish stands.",
    ),
    Rule.RESTING: N2_(
        "What would help most: {count} mentor who would fit is resting. Ask her when she wants to start again.",
        "What would help most: {count} mentors who would fit are resting. Ask when they want to start again.",
    ),
    Rule.CAPACITY: N2_(
        "What would help most: {count} mentor who would fit has no free place. Ask her whether she has room.",
        "What would help most: {count} mentors who would fit have no free place. Ask whether one has room for more.",
    ),
    Rule.FORBIDDEN: N2_(
        "What would help most: {count} mentor who would fit is ruled out by you. Look at that decision again.",
        "What would help most: {count} mentors who would fit are ruled out by you. Look at that decision again.",
    ),
}


def _score(units: int) -> Decimal:
    return Decimal(units / UNITS)


def unmatched_sentences(
    *,
    reason: UnmatchedReason,
    mentors: int,
    allowed: int,
    above_floor: int,
    best_score: int,
    floor: int,
    fails: Mapping[Rule, int],
    relaxation: Rule | None,
    gain: int,
    own_fails: Sequence[tuple[Custom, int]] = (),
) -> tuple[Message, ...]:
    """Say why a mentee has no mentor, and what would help; scores in units of 1/10,000."""
    said: list[Message] = []
    if not mentors:
        said.append(Message(N_("There are no mentors in the file.")))
    elif reason is UnmatchedReason.TAKEN:
        said.append(
            counted(
                N2_(
                    "{count} mentor fits her, and is with somebody else in the best set of pairs.",
                    "{count} mentors fit her, and each is with somebody else in the best set of pairs.",
                ),
                above_floor,
            )
        )
    elif reason is UnmatchedReason.FLOOR:
        said.append(
            counted(
                N2_(
                    "{count} mentor passes the rules; the score with her, {best}, is below the floor of {floor}.",
                    "{count} mentors pass the rules; the best score, {best}, is below the floor of {floor}.",
                ),
                allowed,
                {"best": _score(best_score), "floor": _score(floor)},
            )
        )
    else:
        said.append(Message(N_("No mentor passes all the rules.")))
        hardest = max(Rule, key=lambda rule: fails[rule])
        said.append(counted(_REMOVES[hardest], fails[hardest], {"mentors": mentors}))
    if relaxation is Rule.REQUIRES or reason is UnmatchedReason.NO_ALLOWED:
        forms = N2_(
            "The programme's own rule “{name}” excludes {count} of {mentors} mentors.",
            "The programme's own rule “{name}” excludes {count} of {mentors} mentors.",
        )
        said += [
            counted(forms, count, {"name": custom, "mentors": mentors}) for custom, count in own_fails if count > 0
        ]
    if relaxation is not None:
        said.append(counted(_WOULD_HELP[relaxation], gain))
    elif reason is UnmatchedReason.FLOOR:
        said.append(
            Message(N_("No rule stands in the way: look for a mentor who fits better, and ask the contact persons."))
        )
    elif reason is UnmatchedReason.TAKEN:
        said.append(Message(N_("What would help: one more mentor of this kind. Ask the contact persons.")))
    else:
        said.append(Message(N_("No single change would help: look for a new mentor, and ask the contact persons.")))
    return tuple(said)
