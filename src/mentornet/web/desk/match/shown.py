"""What the match desk shows: the mentee, the ranked mentors, what a loosened rule would open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.common.actors import Actor
from mentornet.common.spoken import reference_language
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_interviews
from mentornet.matching.enums import DeclineReason, ProposalState, Reply, Side
from mentornet.matching.forecast import expected_wait, newest_forecast, wait_in_words
from mentornet.matching.loan_queries import choosable_mentors
from mentornet.matching.models import Proposal
from mentornet.matching.queries import no_of, proposals_with
from mentornet.matching.ranking import HARD_RULES, LOOSENABLE, REQUIRES, Candidate, Ranking
from mentornet.matching.reasons import CRITERION_NAMES, RULE_NAMES, why_not
from mentornet.web.desk.match.bars import drawn
from mentornet.web.desk.people.facts import Fact, fact_of
from mentornet.web.desk.words import in_full
from mentornet.web.desk.words.terms import occupation, ways_to_meet, work, written
from mentornet.web.desk.words.week import Week, week
from reference.people import Mentee, Mentor
from reference.spoken import LanguageName, OccupationTitle

MOST_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """The mentee, as she stands beside the list.

    Attributes:
        waited: days on the waiting list; ``None`` when it is not known since when.
        about: called her own words only where they are.
        shareable: what was said at the interview and may be told.
        like_her: how long others have waited; empty where it is too early to tell.
    """

    enrolment: Enrolment
    waited: int | None
    facts: list[dict[str, Any]]
    week: Week | None
    wishes: str
    about: Fact
    shareable: str
    like_her: str

    @property
    def name(self) -> str:
        """Her whole name."""
        return self.enrolment.person.name

    @property
    def programme(self) -> SafeString:
        """The programme's name, as somebody has written it."""
        return format_html("<bdi>{}</bdi>", self.enrolment.programme.name)


def interview_of(by: Actor, enrolment: Enrolment) -> str:
    """Return what was said at her latest interview and may be shared."""
    held = visible_interviews(by).filter(application_id=enrolment.application_id, held_at__isnull=False)
    # Nothing but this column is fetched: the notes beside it are read by few, and each reading is recorded.
    return held.order_by("-held_at").values_list("shareable", flat=True).first() or ""


def subject_of(by: Staff, enrolment: Enrolment, known: Mentee) -> Subject:
    """Return the mentee for the side of the page."""
    profile, person = enrolment.profile, enrolment.person
    facts = [
        {"label": _("Aims at"), "value": occupation(known.occupation, profile.occupation_title)},
        {"label": _("Goals, the first one first"), "value": in_full.topics(known, in_order=True)},
        {"label": _("Speaks"), "value": in_full.languages(known)},
        {"label": _("Lives in"), "value": written(person.area or enrolment.division_told)},
        {"label": _("Meets"), "value": ways_to_meet(known.meeting)},
        {"label": _("Pace"), "value": in_full.pace(known)},
        {"label": _("Education"), "value": in_full.education(known)},
        {"label": _("Interests"), "value": in_full.interests(known)},
    ]
    facts += [
        fact
        for fact in (
            {"label": _("Also wants"), "value": in_full.special(known)},
            {"label": _("Must-haves"), "value": in_full.demands(known)},
        )
        if fact["value"]
    ]
    return Subject(
        enrolment=enrolment,
        waited=(by.today - enrolment.since).days if enrolment.since else None,
        facts=facts,
        week=week(known.availability, is_one=True) if known.availability is not None else None,
        wishes=profile.wishes,
        about=fact_of(profile, "about"),
        shareable=interview_of(by, enrolment),
        like_her=_waits_like_hers(enrolment, known),
    )


def _waits_like_hers(enrolment: Enrolment, known: Mentee) -> str:
    found = expected_wait(
        newest_forecast(),
        programme_id=enrolment.programme_id,
        division_id=enrolment.division_id,
        occupation=known.occupation,
    )
    return wait_in_words(found.came, found.women) if found is not None else ""


# The list -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know of a candidate before looking closer."""

    text: str
    tone: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One mentor in the list.

    Attributes:
        against: why she cannot be proposed now, by the rules in force.
        can_choose: nothing stands between the two, and the mentee is free.
    """

    candidate: Candidate
    enrolment: Enrolment
    url: str
    bars: list[dict[str, Any]]
    reasons: list[str]
    against: list[str]
    flags: list[Flag]
    occupation: str
    languages: str
    places: str
    idle: str
    can_choose: bool

    @property
    def name(self) -> str:
        """Her whole name."""
        return self.enrolment.person.name

    @property
    def mentor(self) -> Mentor:
        """As the mathematics knows her."""
        return self.candidate.pair.mentor


def loosened_query(loosened: Collection[str]) -> str:
    """Return set-aside rules as an address carries them."""
    return urlencode([("loosen", rule) for rule in LOOSENABLE if rule in loosened])


def pair_url(mentee_id: UUID, mentor_id: UUID, loosened: Collection[str] = ()) -> str:
    """Return the address of two people side by side."""
    query = loosened_query(loosened)
    return reverse("desk:match_pair", args=[mentee_id, mentor_id]) + (f"?{query}" if query else "")


def reasons_of(candidate: Candidate) -> list[str]:
    """Return the reasons, the strongest first."""
    return [reason.text(reference_language()) for reason in candidate.pair.reasons]


def against(ranking: Ranking, candidate: Candidate, rules: Iterable[str]) -> list[str]:
    """Return why each of these rules stands between the two."""
    mentee, mentor = candidate.pair.mentee, candidate.pair.mentor
    policy = ranking.bank.problem.policy
    return [why_not(rule, mentee, mentor, policy.min_language, policy.own_rules) for rule in rules]


def before(proposal: Proposal) -> Flag | None:
    """Say what became of an earlier proposal of the two; ``None`` while nothing needs to be said."""
    values: dict[str, Any] = {
        "day": date_format(proposal.ended_at or proposal.created_at, "DATE_FORMAT"),
        "author": proposal.author_name,
    }
    match proposal.state:
        case ProposalState.DRAFT:
            told = Flag(_("A draft of %(day)s by %(author)s") % values, "info", "edit")
        case ProposalState.EXPIRED:
            told = Flag(_("Proposed before: no answer until %(day)s") % values, "warn", "hourglass")
        case ProposalState.WITHDRAWN:
            told = Flag(_("Proposed before: taken back on %(day)s") % values, "quiet", "undo")
        case ProposalState.DECLINED:
            return _refused(proposal, values)
        case ProposalState.ACCEPTED:
            return None
        case _:
            told = Flag(_("Proposed already; its answers come first"), "warm", "proposal")
    return told


def _refused(proposal: Proposal, values: dict[str, Any]) -> Flag | None:
    refused = next((answer for answer in proposal.answers.all() if answer.reply == Reply.NO), None)
    if refused is None:
        return None
    values["reason"] = DeclineReason(refused.decline_reason).label
    if refused.side == Side.MENTOR:
        return Flag(_("The mentor said no on %(day)s: %(reason)s") % values, "warn", "minus")
    return Flag(_("The mentee said no on %(day)s: %(reason)s") % values, "warn", "minus")


def asked_about(candidate: Candidate) -> list[str]:
    """Return what rules need to know of the two and nobody has told: the programme's own by their names."""
    own = [custom.text(reference_language()) for custom in candidate.pair.own_unsure]
    names = [str(RULE_NAMES[rule]) for rule in candidate.unsure if not (own and rule == REQUIRES)]
    return [*names, *own]


def flags_of(ranking: Ranking, candidate: Candidate, earlier: Proposal | None) -> list[Flag]:
    """Return what to know of a candidate, the weightiest first."""
    flags = []
    if ranking.column(str(candidate.enrolment_id)) in ranking.kept():
        flags.append(Flag(_("On loan, for her alone"), "info", "swap"))
    if without := ranking.only_without(candidate):
        names = ", ".join(str(RULE_NAMES[rule]) for rule in without)
        flags.append(Flag(_("Only without: %(rules)s") % {"rules": names}, "warn", "unlock"))
    if earlier is not None and (told := before(earlier)):
        flags.append(told)
    if candidate.below_floor:
        flags.append(Flag(_("Below the floor"), "warn"))
    if candidate.unsure:
        names = ", ".join(asked_about(candidate))
        flags.append(Flag(_("To be asked: %(rules)s") % {"rules": names}, "info", "question"))
    unknown = [str(CRITERION_NAMES[criterion]).lower() for criterion in candidate.pair.unknown]
    unknown += [own.custom.text(reference_language()) for own in candidate.pair.own if own.value is None]
    if unknown:
        flags.append(Flag(_("Not known: %(what)s") % {"what": ", ".join(unknown)}, "quiet", "question"))
    return flags


def idle_words(by: Staff, enrolment: Enrolment) -> str:
    """Say how long a mentor has been without a mentee."""
    if enrolment.since is None or enrolment.active:
        return ""
    days = (by.today - enrolment.since).days
    return ngettext("free for %(days)s day", "free for %(days)s days", days) % {"days": days}


def rows_of(by: Staff, mentee: Enrolment, ranking: Ranking, candidates: Iterable[Candidate]) -> list[Row]:
    """Prepare candidates for the page: two queries, however many there are."""
    listed = list(candidates)
    ids = [candidate.enrolment_id for candidate in listed]
    enrolments: Mapping[UUID, Enrolment] = {
        enrolment.pk: enrolment for enrolment in choosable_mentors(by, mentee).filter(pk__in=ids)
    }
    earlier = proposals_with(mentee.pk, ids)
    rows = []
    for candidate in listed:
        enrolment = enrolments[candidate.enrolment_id]
        mentor = candidate.pair.mentor
        broken = ranking.broken(candidate)
        rows.append(
            Row(
                candidate=candidate,
                enrolment=enrolment,
                url=pair_url(mentee.pk, enrolment.pk, ranking.loosened),
                bars=drawn(candidate.bars),
                reasons=reasons_of(candidate)[:MOST_REASONS],
                against=against(ranking, candidate, broken),
                flags=flags_of(ranking, candidate, earlier.get(enrolment.pk)),
                occupation=work(mentor.occupation, enrolment.profile.occupation_title),
                languages=in_full.languages(mentor),
                places=in_full.places(mentor),
                idle=idle_words(by, enrolment),
                can_choose=not broken and not mentee.promised,
            )
        )
    return rows


# The rules ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """A rule that can be set aside."""

    name: str
    label: str
    is_loosened: bool
    opens: str


@dataclass(frozen=True, slots=True)
class RuleFails:
    """How many mentors a rule takes away."""

    label: str
    count: int
    can_loosen: bool


def rule_choices(ranking: Ranking) -> list[RuleChoice]:
    """Return the rules that can be set aside, and how many more mentors each would open."""
    opens = ranking.opens()
    choices = []
    for rule in LOOSENABLE:
        is_loosened = rule in ranking.loosened
        count = opens.get(rule, 0)
        if is_loosened:
            text = _("set aside")
        elif count:
            text = ngettext("opens %(count)s more", "opens %(count)s more", count) % {"count": count}
        else:
            text = _("opens nobody")
        choices.append(RuleChoice(rule, str(RULE_NAMES[rule]), is_loosened, text))
    return choices


def rule_fails(ranking: Ranking) -> list[RuleFails]:
    """Return how many mentors fail each rule, the rule that takes most first; those that take nobody are left out."""
    failing = ranking.failing()
    rules = sorted((rule for rule in HARD_RULES if failing[rule]), key=lambda rule: -failing[rule])
    return [RuleFails(str(RULE_NAMES[rule]), failing[rule], rule in LOOSENABLE) for rule in rules]


def best_words(mentee: Enrolment, best: tuple[str, int]) -> dict[str, str]:
    """Say which single rule, set aside, opens most; with the address that does it."""
    rule, count = best
    text = ngettext(
        "Set aside %(rule)s: %(count)s mentor more", "Set aside %(rule)s: %(count)s mentors more", count
    ) % {"rule": RULE_NAMES[rule], "count": count}
    return {"text": text, "url": f"{reverse('desk:match', args=[mentee.pk])}?{loosened_query([rule])}"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select by which the list is narrowed."""

    value: str
    label: str
    count: int
    is_chosen: bool


def language_choices(ranking: Ranking, chosen: str) -> list[Choice]:
    """Return the languages of those who fit, the most spoken first."""
    language = reference_language()
    spoken = sorted(ranking.spoken().items(), key=lambda item: (-item[1], item[0]))
    return [Choice(code, LanguageName(code).text(language), count, code == chosen) for code, count in spoken]


def field_choices(ranking: Ranking, chosen: str) -> list[Choice]:
    """Return the fields of those who fit, in the order of ISCO-08."""
    language = reference_language()
    return [
        Choice(code, OccupationTitle(code).text(language), count, code == chosen)
        for code, count in sorted(ranking.fields().items())
    ]


def mentee_of(ranking: Ranking) -> Mentee:
    """Return the mentee of a ranking as the mathematics knows her."""
    return ranking.bank.people.mentees[ranking.row]


def no_words(proposal: Proposal) -> dict[str, str]:
    """Return who of two said no before, when and why, and what she said."""
    told, said = before(proposal), no_of(proposal)
    return {"text": told.text if told else "", "note": said.note if said else ""}
