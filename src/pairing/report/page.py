"""The page as a whole: its summary, its divisions, its last part, and the running header of the print."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

from markupsafe import Markup

from pairing.outcome import ExplainedPair, ExplainedUnmatched, Outcome
from pairing.report.cases import Cases, division_key
from pairing.report.view import Division, Page, Term
from pairing.report.wording import (
    CRITERION_MEANINGS,
    CRITERION_NAMES,
    RULE_DEMANDS,
    Words,
    danish_order,
    written,
)
from pairing.terms import CRITERIA, RULES, UNITS
from reference.people import Mentee
from reference.translation import N_, Language

_NOTICES_SHOWN: Final = 200
_HEADER_LETTERS: Final = 60


def page_of(outcome: Outcome, language: Language) -> Page:
    """Return everything that the page shows of ``outcome``, in ``language``."""
    words, policy = Words(language), outcome.policy
    divisions = _divisions(outcome, words)
    title = words.say(N_("Proposed pairs, {date}"), date=words.date(outcome.today))
    more = max(0, len(outcome.notices) - _NOTICES_SHOWN)
    return Page(
        language=language,
        direction="ltr",
        style=_style(words, title, divisions),
        title=title,
        files=", ".join(written(file) for file in outcome.files),
        headline=words.share(len(outcome.pairs), outcome.mentees),
        matched_percent=f"{100 * len(outcome.pairs) / max(1, outcome.mentees):.3g}",
        places=_places(outcome, words),
        mean=_mean(outcome, words),
        floor=words.score(policy.floor),
        proof=_proof(outcome, words),
        divisions=divisions,
        criteria=tuple(
            Term(
                name=words.say(CRITERION_NAMES[criterion]),
                meaning=words.say(CRITERION_MEANINGS[criterion]),
                weight=words.number(policy.weights[criterion], 3),
                neutral=words.number(policy.neutral[criterion], 2),
            )
            for criterion in CRITERIA
        )
        + tuple(
            Term(
                name=written(custom.text(language)),
                meaning=words.say(N_("The programme's own criterion.")),
                weight=words.number(custom.weight, 3),
                neutral=words.number(custom.neutral, 2),
            )
            for custom in policy.scored
        ),
        bonus=words.say(
            N_("waiting counts a little: up to {bonus}, reached after {days} days"),
            bonus=words.number(policy.waiting_bonus, 3),
            days=words.plain(policy.waiting_days),
        ),
        rules=tuple(words.say(RULE_DEMANDS[rule], level=policy.min_language.name) for rule in RULES)
        + tuple(
            words.say(N_("The programme's own rule: {name}"), name=custom.text(language)) for custom in policy.own_rules
        ),
        notices=tuple(written(notice.text(language)) for notice in outcome.notices[:_NOTICES_SHOWN]),
        more_notices=words.ngettext("and {count} more", "and {count} more", more) if more else "",
    )


def _places(outcome: Outcome, words: Words) -> str:
    used = len(outcome.pairs)
    return words.ngettext(
        "{used} of {count} free place used, {left} left",
        "{used} of {count} free places used, {left} left",
        outcome.places,
        used=used,
        left=max(0, outcome.places - used),
    )


def _mean(outcome: Outcome, words: Words) -> str:
    if not outcome.pairs:
        return words.say(N_("no pairs"))
    mean = sum(pair.score for pair in outcome.pairs) / len(outcome.pairs) / UNITS
    return words.ngettext(
        "{mean} of 1, for {count} pair",
        "{mean} of 1, over {count} pairs",
        len(outcome.pairs),
        mean=words.number(mean, 3),
    )


def _proof(outcome: Outcome, words: Words) -> tuple[str, ...]:
    """Say what is proved and what is not, and who has checked it."""
    proof = outcome.proof
    is_largest, is_best = proof.number == proof.number_bound, proof.total == proof.total_bound
    said: list[str] = []
    if is_largest and is_best and proof.checked:
        said.append(
            words.say(
                N_(
                    "No other set of pairs has more pairs, and none as large has a higher total. This is proved, and"
                    " the proof has been checked by a second program."
                )
            )
        )
    elif is_largest and is_best:
        said.append(
            words.say(
                N_("No other set of pairs has more pairs, and none as large has a higher total: so says the solver.")
            )
        )
    else:
        number, bound = proof.number, proof.number_bound
        if is_largest:
            said.append(words.say(N_("No other set of pairs has more pairs: this is proved.")))
        else:
            said.append(
                words.say(
                    N_("It is not proved that {number} pairs are the most: up to {bound} may be possible."),
                    number=number,
                    bound=bound,
                )
            )
        total, most = words.score(proof.total), words.score(proof.total_bound)
        if is_best:
            said.append(words.say(N_("No set as large has a higher total: this is proved.")))
        else:
            said.append(
                words.say(
                    N_("It is not proved that their total of {total} is the highest: up to {bound} may be possible."),
                    total=total,
                    bound=most,
                )
            )
    if not proof.checked:
        said.append(words.say(N_("Run “mentornet verify” to have this checked independently.")))
    if any(pair.locked for pair in outcome.pairs):
        said.append(words.say(N_("The pairs locked by you stand outside the proof.")))
    return tuple(said)


def _divisions(outcome: Outcome, words: Words) -> tuple[Division, ...]:
    """Group by the mentee's division, in Danish order, people without one last; longest wait first in each."""
    cases = Cases(outcome, words)

    def longest_wait_first(case: ExplainedPair | ExplainedUnmatched) -> tuple[float, tuple[str, str], str]:
        mentee = case.mentee
        days = cases.days_waited(mentee)
        return math.inf if days is None else -days, danish_order(mentee.name or mentee.id), mentee.id

    pairs: defaultdict[str, list[ExplainedPair]] = defaultdict(list)
    for pair in sorted(outcome.pairs, key=longest_wait_first):
        pairs[division_key(pair.mentee)].append(pair)
    unmatched: defaultdict[str, list[ExplainedUnmatched]] = defaultdict(list)
    for left in sorted(outcome.unmatched, key=longest_wait_first):
        unmatched[division_key(left.mentee)].append(left)

    pairs_of_mentor = Counter(pair.mentor.id for pair in outcome.pairs)
    mentees = [pair.mentee for pair in outcome.pairs] + [left.mentee for left in outcome.unmatched]
    names = _division_names(mentees)
    divisions = []
    for number, key in enumerate(sorted(names, key=lambda key: (not key, danish_order(names[key]))), start=1):
        own = [pair.mentee for pair in pairs[key]] + [left.mentee for left in unmatched[key]]
        waits = (cases.days_waited(mentee) for mentee in own)
        paired, alone = len(pairs[key]), len(unmatched[key])
        divisions.append(
            Division(
                anchor=f"division-{number}",
                name=names[key] or words.say(N_("No division given")),
                share=words.share(paired, paired + alone),
                matched=words.say(N_("{paired} of {all}"), paired=paired, all=paired + alone),
                longest=words.days(max((days for days in waits if days is not None), default=None)),
                pairs_title=words.ngettext("{count} pair", "{count} pairs, longest wait first", paired),
                pairs=tuple(
                    cases.pair(pair, anchor=f"pair-{number}-{place}", pairs_of_mentor=pairs_of_mentor[pair.mentor.id])
                    for place, pair in enumerate(pairs[key], start=1)
                ),
                unmatched_title=words.ngettext(
                    "{count} mentee without a mentor", "{count} mentees without a mentor", alone
                ),
                unmatched=tuple(
                    cases.unmatched(left, anchor=f"open-{number}-{place}")
                    for place, left in enumerate(unmatched[key], start=1)
                ),
            )
        )
    return tuple(divisions)


def _division_names(mentees: Sequence[Mentee]) -> dict[str, str]:
    """Return each division's commonest spelling; among equals the first in the alphabet."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mentee in mentees:
        spellings[division_key(mentee)][written(mentee.division)] += 1
    return {key: min(found, key=lambda name: (-found[name], name)) for key, found in spellings.items()}


@cache
def _stylesheet() -> str:
    return (resources.files("pairing") / "templates" / "report.css").read_text(encoding="utf-8")


def _css_text(text: str) -> str:
    """Return ``text`` as a CSS string in which every sign but plain letters and digits is escaped."""
    signs = [sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):06x}" for sign in text]
    return '"' + "".join(signs) + '"'


def _style(words: Words, title: str, divisions: Sequence[Division]) -> Markup:
    """Return the style sheet, with what stands at the edges of each printed page: date, division, page of pages."""
    care = _css_text(words.say(N_("Names people: keep safe, shred afterwards")))
    before, between, after = words.say(N_("Page {page} of {pages}"), page="\0", pages="\0").split("\0")
    pages = f"{_css_text(before)} counter(page) {_css_text(between)} counter(pages) {_css_text(after)}"
    rules = [
        _stylesheet(),
        f"@page{{@top-left{{content:{_css_text(title)}}}@bottom-left{{content:{care}}}@bottom-right{{content:{pages}}}}}",
        "@page :first{@top-left{content:none}}",
    ]
    for division in divisions:
        name = _css_text(division.name[:_HEADER_LETTERS])
        rules.append(
            f"@page {division.anchor}{{@top-right{{content:{name}}}}}#{division.anchor}{{page:{division.anchor}}}"
        )
    return Markup("\n".join(rules))  # noqa: S704 - our own file, and every foreign sign in it is escaped
