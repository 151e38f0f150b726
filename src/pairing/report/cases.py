"""One pair, or one mentee without a mentor, as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pairing.outcome import ExplainedPair, ExplainedUnmatched, Outcome
from pairing.report.view import Bar, Card, Fact, Flag, Pair, RuleRow, Unmatched
from pairing.report.wording import (
    CRITERION_NAMES,
    MEETINGS,
    REASONS,
    RULE_TOPICS,
    Words,
    isolated,
    written,
)
from pairing.rules import RULE_NAMES
from pairing.terms import CRITERIA, RULES, UNITS
from reference import isco, languages
from reference.customs import Custom
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Person
from reference.topics import Topic
from reference.translation import N_

_SLOTS_SHOWN: Final = 4


def division_key(person: Person) -> str:
    """Return the division without its case; empty for nobody's."""
    return (person.division or "").casefold()


class Cases:
    """Shows pairs and mentees of one outcome in one language."""

    def __init__(self, outcome: Outcome, words: Words) -> None:
        self.outcome = outcome
        self.words = words
        policy = outcome.policy
        self.floor = words.score(policy.floor)
        weights = [*policy.weights.values(), *(custom.weight for custom in policy.scored)]
        self.longest_bar = max(policy.waiting_bonus, *weights)

    def days_waited(self, mentee: Mentee) -> int | None:
        """Return the days from *waiting since* to today, at least 0; ``None``: unknown."""
        return None if mentee.waiting_since is None else max(0, (self.outcome.today - mentee.waiting_since).days)

    def pair(self, pair: ExplainedPair, *, anchor: str, pairs_of_mentor: int) -> Pair:
        """Show a pair; ``pairs_of_mentor`` counts the mentor's pairs in the whole outcome."""
        days = self.days_waited(pair.mentee)
        judged = len(CRITERIA) + len(pair.own)
        known = judged - len(pair.unknown) - sum(own.value is None for own in pair.own)
        return Pair(
            anchor=anchor,
            mentee=self._mentee(pair.mentee),
            mentor=self._mentor(pair.mentor, pair.mentee),
            waiting=self.words.waiting(days),
            days=self.words.days(days),
            score=self.words.number(pair.score / UNITS, 3),
            judged=self.words.say(N_("{known} of {all} criteria known"), known=known, all=judged),
            flags=self._flags(pair, pairs_of_mentor),
            reasons=tuple(self.words.sentence(reason) for reason in pair.reasons),
            shared=self._shared(pair.mentee, pair.mentor),
            bars=self._bars(pair),
        )

    def unmatched(self, left: ExplainedUnmatched, *, anchor: str) -> Unmatched:
        """Show a mentee without a mentor; rules that take nobody away are left out."""
        words, days = self.words, self.days_waited(left.mentee)
        helps = words.ngettext(
            "without it {count} mentor would fit well enough",
            "without it {count} mentors would fit well enough",
            left.relaxation_gain,
        )
        rows = [
            RuleRow(
                label=words.say(RULE_NAMES[rule]),
                fails=left.fails[rule],
                only=left.only[rule],
                helps=helps if rule is left.relaxation else "",
            )
            for rule in RULES
            if left.fails[rule]
        ]
        return Unmatched(
            anchor=anchor,
            mentee=self._mentee(left.mentee),
            waiting=words.waiting(days),
            days=words.days(days),
            reason=words.say(REASONS[left.reason], floor=self.floor),
            sentences=tuple(words.sentence(sentence) for sentence in left.sentences),
            counted=self._counted(left),
            rules_caption=words.ngettext(
                "What stands in the way, counted over {count} mentor",
                "What stands in the way, counted over all {count} mentors",
                self.outcome.mentors,
            ),
            rules=tuple(rows),
            no_single_rule=left.relaxation is None,
        )

    def _counted(self, left: ExplainedUnmatched) -> str:
        every = self.outcome.mentors
        if not left.allowed:
            return self.words.say(N_("0 of {all} mentors pass every rule."), all=every)
        return self.words.say(
            N_("{allowed} of {all} mentors pass every rule; {above} of {allowed} reach the floor of {floor}."),
            allowed=left.allowed,
            all=every,
            above=left.above_floor,
            floor=self.floor,
        )

    def _fact(self, label: str, text: str | None) -> Fact:
        return Fact(self.words.say(label), text or self.words.unknown, bool(text))

    def _occupation(self, code: str | None) -> str | None:
        return isco.title(code, self.words.language) if code else None

    def _skill(self, skill: LanguageSkill) -> str:
        name = languages.name(skill.code, self.words.language)
        if skill.level is None:
            return self.words.say(N_("{language} (level unknown)"), language=name)
        return f"{name} {skill.level.name}"

    def _skills(self, skills: Sequence[LanguageSkill] | None) -> str | None:
        return ", ".join(self._skill(skill) for skill in skills) if skills else None

    def _topics(self, topics: Sequence[Topic] | None) -> str | None:
        return ", ".join(topic.label.text(self.words.language) for topic in topics) if topics else None

    def _card(self, person: Person, facts: Sequence[Fact]) -> Card:
        name, own_id = written(person.name), written(person.id)
        return Card(name or own_id, own_id if name else "", tuple(facts), written(person.wishes))

    def _mentee(self, mentee: Mentee) -> Card:
        facts = (
            self._fact(N_("Aims at"), self._occupation(mentee.occupation)),
            self._fact(N_("Languages"), self._skills(mentee.languages)),
            self._fact(N_("Goals, most important first"), self._topics(mentee.topics)),
        )
        return self._card(mentee, facts)

    def _mentor(self, mentor: Mentor, mentee: Mentee) -> Card:
        facts = [
            self._fact(N_("Works as"), self._occupation(mentor.occupation)),
            self._fact(N_("Languages"), self._skills(mentor.languages)),
            self._fact(N_("Offers help with"), self._topics(mentor.topics)),
        ]
        if division_key(mentor) != division_key(mentee):
            facts.append(self._fact(N_("Division"), written(mentor.division)))
        return self._card(mentor, facts)

    def _shared(self, mentee: Mentee, mentor: Mentor) -> tuple[Fact, ...]:
        facts = [
            self._fact(N_("Times that suit both"), self._times(mentee, mentor)),
            self._fact(N_("Ways to meet that suit both"), self._meeting(mentee, mentor)),
        ]
        theirs = {interest.casefold() for interest in mentor.interests or ()}
        if common := [isolated(interest) for interest in mentee.interests or () if interest.casefold() in theirs]:
            facts.append(self._fact(N_("Interests in common"), ", ".join(common)))
        return tuple(facts)

    def _times(self, mentee: Mentee, mentor: Mentor) -> str | None:
        if mentee.availability is None or mentor.availability is None:
            return None
        common = sorted(set(mentee.availability) & set(mentor.availability))
        slots = ", ".join(self.words.slot(slot) for slot in common[:_SLOTS_SHOWN])
        if (more := len(common) - _SLOTS_SHOWN) > 0:
            return self.words.ngettext("{slots} and {count} more", "{slots} and {count} more", more, slots=slots)
        return slots or self.words.say(N_("none in common"))

    def _meeting(self, mentee: Mentee, mentor: Mentor) -> str | None:
        if mentee.meeting is None or mentor.meeting is None:
            return None
        common = [mode for mode in MeetingMode if mode in mentee.meeting and mode in mentor.meeting]
        return ", ".join(self.words.say(MEETINGS[mode]) for mode in common) or self.words.say(N_("none in common"))

    def _flags(self, pair: ExplainedPair, pairs_of_mentor: int) -> tuple[Flag, ...]:
        say = self.words.say
        flags: list[Flag] = []
        if pair.locked:
            flags.append(Flag("lock", say(N_("locked by you"))))
        if pair.fails:
            rules = ", ".join(say(RULE_NAMES[rule]) for rule in pair.fails)
            flags.append(Flag("stop", say(N_("breaks a rule: {rules}"), rules=rules)))
        if pair.score < self.outcome.policy.floor:
            flags.append(Flag("stop", say(N_("below the floor of {floor}"), floor=self.floor)))
        if pair.unsure:
            own = [custom.text(self.words.language) for custom in pair.own_unsure]
            rules = ", ".join([*(say(RULE_TOPICS[rule]) for rule in pair.unsure), *map(isolated, own)])
            flags.append(Flag("ask", say(N_("ask about: {rules}"), rules=rules)))
        if pairs_of_mentor > 1:
            flags.append(
                Flag(
                    "many",
                    self.words.ngettext(
                        "the mentor is in {count} pair here", "the mentor is in {count} pairs here", pairs_of_mentor
                    ),
                )
            )
        return tuple(flags)

    def _bar(self, label: str | Custom, kind: str, *, is_known: bool, amount: float, most: float) -> Bar:
        percent = 100 / self.longest_bar if self.longest_bar else 0.0
        return Bar(
            label=label.text(self.words.language) if isinstance(label, Custom) else self.words.say(label),
            kind=kind,
            is_known=is_known,
            track=f"{most * percent:.3g}",
            fill=f"{min(max(amount, 0.0), most) * percent:.3g}",
            number=self.words.number(amount, 3),
            most=self.words.number(most, 3),
        )

    def _bars(self, pair: ExplainedPair) -> tuple[Bar, ...]:
        policy = self.outcome.policy
        bars = [
            self._bar(
                CRITERION_NAMES[criterion],
                "unknown" if pair.values[criterion] is None else "known",
                is_known=pair.values[criterion] is not None,
                amount=pair.contributions[criterion],
                most=policy.weights[criterion],
            )
            for criterion in CRITERIA
        ]
        bars += [
            self._bar(
                own.custom,
                "unknown" if own.value is None else "known",
                is_known=own.value is not None,
                amount=own.contribution,
                most=own.custom.weight,
            )
            for own in pair.own
        ]
        knows_wait = pair.mentee.waiting_since is not None
        most = policy.waiting_bonus
        return (*bars, self._bar(N_("Waiting bonus"), "waiting", is_known=knows_wait, amount=pair.waiting, most=most))
