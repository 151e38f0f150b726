"""Two people side by side: facts, rules, bars, what each learns, and the letters that would go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.ranking import HARD_RULES, LOOSENABLE, REQUIRES, Candidate, Ranking
from mentornet.matching.reasons import RULE_NAMES, why_not
from mentornet.messaging.letters import language_of, preview
from mentornet.messaging.ways import channel_of
from mentornet.people.recipients import recipient_of
from mentornet.web.desk.match.shown import Row
from mentornet.web.desk.words import in_full
from mentornet.web.desk.words.terms import occupation, ways_to_meet, written
from mentornet.web.desk.words.week import Week, week
from mentornet.web.ui.listed import said
from reference.people import Mentee, Mentor
from reference.spoken import in_words


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of both; an empty side is not known."""

    label: str
    mentee: SafeString | str
    mentor: SafeString | str


@dataclass(frozen=True, slots=True)
class RuleState:
    """One hard rule and how it stands: ``kept``, ``unsure``, ``aside`` or ``broken``.

    Attributes:
        sentence: why it does not hold, or what is to be asked.
        can_loosen: it may be set aside for a pair.
    """

    name: str
    label: str | Promise
    state: str
    sentence: str
    can_loosen: bool


@dataclass(frozen=True, slots=True)
class LetterShown:
    """One of the two letters, in the language in which it will be sent."""

    to: str
    is_sent: bool
    language: str
    direction: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one side is told of the other."""

    reader: str
    of: str
    facts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Everything about two people before they are proposed to each other."""

    row: Row
    mentee: Enrolment
    mentor: Enrolment
    facts: list[Fact]
    week: Week | None
    rules: list[RuleState]
    learnt: list[Learnt]
    letters: list[LetterShown]

    @property
    def candidate(self) -> Candidate:
        """The mentor as she was judged."""
        return self.row.candidate

    @property
    def broken(self) -> list[RuleState]:
        """The rules in force that stand between the two."""
        return [rule for rule in self.rules if rule.state == "broken"]

    @property
    def can_loosen_all(self) -> bool:
        """Each of these rules can be set aside for the pair."""
        return all(rule.can_loosen for rule in self.broken)


def pair_of(by: Staff, ranking: Ranking, mentee: Enrolment, row: Row, expiry_days: int) -> Pair:
    """Prepare two people for the page."""
    one, other = row.candidate.pair.mentee, row.mentor
    mentor = row.enrolment
    return Pair(
        row=row,
        mentee=mentee,
        mentor=mentor,
        facts=[*_facts(one, other, mentee, mentor), *_own_facts(ranking, one, other)],
        week=week(one.availability, other.availability),
        rules=_rules(ranking, row.candidate),
        learnt=[
            _learnt(mentee, mentor, other, _("Offers")),
            _learnt(mentor, mentee, one, _("Goals")),
        ],
        letters=[
            _letter(by, mentee, "proposal_to_mentee", by.today + timedelta(days=expiry_days), mentee),
            _letter(by, mentor, "proposal_to_mentor", by.today + timedelta(days=expiry_days), mentee),
        ],
    )


def _facts(one: Mentee, other: Mentor, mentee: Enrolment, mentor: Enrolment) -> list[Fact]:
    facts = [
        Fact(
            _("Occupation"),
            occupation(one.occupation, mentee.profile.occupation_title),
            occupation(other.occupation, mentor.profile.occupation_title),
        ),
        Fact(
            _("Goals and offer"),
            in_full.topics(one, in_order=True, other=other),
            in_full.topics(other, in_order=False, other=one),
        ),
        Fact(_("Languages"), in_full.languages(one, other), in_full.languages(other, one)),
        Fact(_("Lives in"), _home(mentee), _home(mentor)),
        Fact(_("Meets"), ways_to_meet(one.meeting), ways_to_meet(other.meeting)),
        Fact(_("Pace"), in_full.pace(one), in_full.pace(other)),
        Fact(_("Education"), in_full.education(one), in_full.education(other)),
        Fact(_("Sector"), written(one.sector or ""), written(other.sector or "")),
        Fact(_("Interests"), in_full.interests(one, other), in_full.interests(other, one)),
        Fact(_("About her"), written(mentee.profile.about), written(mentor.profile.about)),
    ]
    if one.requires or other.requires:
        facts.append(Fact(_("Must-haves"), in_full.demands(one) or _("none"), in_full.demands(other) or _("none")))
    if mentee.profile.wishes or mentor.profile.wishes:
        facts.append(Fact(_("Wishes"), written(mentee.profile.wishes), written(mentor.profile.wishes)))
    if one.needs_experience or other.pairs_before is not None:
        facts.append(
            Fact(_("Experience"), _("wants it") if one.needs_experience else _("no wish"), in_full.experience(other))
        )
    if one.practise_danish or other.min_danish is not None:
        facts.append(Fact(_("Danish"), *in_full.danish(one, other)))
    return facts


def _own_facts(ranking: Ranking, one: Mentee, other: Mentor) -> list[Fact]:
    """Return what both have answered to the programme's own questions."""
    language = reference_language()
    facts = []
    for custom in ranking.bank.problem.policy.customs:
        answers = [custom.answered(person.answer(custom.key)) for person in (one, other)]
        hers, theirs = ("" if answer is None else in_words(answer, language) for answer in answers)
        facts.append(Fact(said(custom.text(language)), said(hers), said(theirs)))
    return facts


def _home(enrolment: Enrolment) -> SafeString | str:
    return written(enrolment.person.area or enrolment.division_told)


def _rules(ranking: Ranking, candidate: Candidate) -> list[RuleState]:
    one, other = candidate.pair.mentee, candidate.pair.mentor
    policy = ranking.bank.problem.policy
    rules = []
    for rule in HARD_RULES:
        state, sentence = "kept", ""
        if rule in candidate.fails:
            state = "aside" if rule in ranking.loosened else "broken"
            sentence = why_not(rule, one, other, policy.min_language, policy.own_rules)
        elif rule in candidate.unsure:
            state, sentence = "unsure", _("Something is not known: ask before you propose.")
            if rule == REQUIRES and candidate.pair.own_unsure:
                names = [custom.text(reference_language()) for custom in candidate.pair.own_unsure]
                sentence = _("Ask before you propose: %(questions)s.") % {"questions": ", ".join(names)}
        rules.append(RuleState(rule, RULE_NAMES[rule], state, sentence, rule in LOOSENABLE))
    return rules


def _learnt(reader: Enrolment, of: Enrolment, known: Mentee | Mentor, topics: str) -> Learnt:
    """Return what stands at the level of an introduction: nothing by which somebody could be found."""
    return Learnt(
        reader=reader.person.first_name,
        of=of.person.first_name,
        facts=[
            {"label": _("First name"), "value": written(of.person.first_name)},
            {"label": _("Area"), "value": written(of.person.area or of.division_told)},
            {"label": _("Occupation"), "value": occupation(known.occupation, of.profile.occupation_title)},
            {"label": _("Languages"), "value": in_full.languages(known)},
            {"label": topics, "value": in_full.topics(known, in_order=False)},
            {"label": _("Interests"), "value": in_full.interests(known)},
            {"label": _("About her"), "value": written(of.profile.about)},
        ],
    )


def _letter(by: Staff, to: Enrolment, event: str, day: date, mentee: Enrolment) -> LetterShown:
    language = language_of(to.person.language)
    subject, body = preview(
        event,
        # With the link that it will have: its words are others without one.
        {"coordinator": by.name, "phone": mentee.division.phone, "day": day.isoformat(), "link": "proposal"},
        language,
        name=to.person.first_name,
    )
    info = get_language_info(language)
    return LetterShown(
        to=to.person.first_name,
        is_sent=channel_of(recipient_of(to.person))[0] is not None,
        language=language,
        direction="rtl" if info["bidi"] else "ltr",
        subject=subject,
        body=body,
    )
