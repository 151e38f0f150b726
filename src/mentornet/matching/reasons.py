"""Why a hard rule stands between two people, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.spoken import reference_language
from mentornet.intake.models import UNTIL_SHE_SAYS
from mentornet.matching.ranking import BRIEFED
from pairing.customs import holds
from pairing.sentences import own_answers
from pairing.terms import Criterion, Rule
from reference.cefr import Level
from reference.customs import Custom
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Person, Requirement, RequirementKind
from reference.spoken import LanguageName, Listed, OccupationTitle, SlotName

RULE_NAMES: Final[Mapping[str, str | Promise]] = {
    Rule.LANGUAGE: gettext_lazy("a shared language"),
    Rule.PLACE: gettext_lazy("a place to meet"),
    Rule.TIME: gettext_lazy("a common time"),
    Rule.REQUIRES: gettext_lazy("each one's must-haves"),
    Rule.CONFLICT: gettext_lazy("may meet"),
    Rule.RESTING: gettext_lazy("not resting"),
    Rule.CAPACITY: gettext_lazy("a place left"),
    Rule.FORBIDDEN: gettext_lazy("not ruled out"),
    BRIEFED: gettext_lazy("briefed"),
}
"""What each hard rule asks for."""

CRITERION_NAMES: Final[Mapping[str, str | Promise]] = {
    Criterion.OCCUPATION: gettext_lazy("Occupation"),
    Criterion.TOPICS: gettext_lazy("Goals and offer"),
    Criterion.LANGUAGE: gettext_lazy("Language"),
    Criterion.INTERESTS: gettext_lazy("Interests"),
    Criterion.PACE: gettext_lazy("Pace"),
    Criterion.TIME: gettext_lazy("Times"),
    Criterion.EDUCATION: gettext_lazy("Education"),
    Criterion.SECTOR: gettext_lazy("Sector"),
    Criterion.PLACE: gettext_lazy("Place"),
    Criterion.EXPERIENCE: gettext_lazy("Experience"),
    "waiting": gettext_lazy("Waiting"),
}


def _listed(items: tuple[LanguageName | SlotName, ...]) -> str:
    return Listed(items).text(reference_language())


def _spoken(person: Person) -> str:
    language = reference_language()
    return ", ".join(
        LanguageName(skill.code).text(language) + (f" ({skill.level.name})" if skill.level else "")
        for skill in person.languages or ()
    )


def _danish_of(person: Person) -> LanguageSkill | None:
    return next((skill for skill in person.languages or () if skill.code == "da"), None)


def _language(mentee: Mentee, mentor: Mentor, need: Level) -> str:
    shared = {skill.code for skill in mentee.languages or ()} & {skill.code for skill in mentor.languages or ()}
    if not shared:
        return _("They share no language: the mentee speaks %(mentee)s, the mentor %(mentor)s.") % {
            "mentee": _spoken(mentee),
            "mentor": _spoken(mentor),
        }
    hers = _danish_of(mentee)
    if shared == {"da"} and mentor.min_danish and hers and hers.level and hers.level < mentor.min_danish:
        return _("Danish is all they share; hers is %(level)s, and the mentor asks for %(least)s or better.") % {
            "level": hers.level.name,
            "least": mentor.min_danish.name,
        }
    return _("In no language do both have %(level)s: the mentee speaks %(mentee)s, the mentor %(mentor)s.") % {
        "level": need.name,
        "mentee": _spoken(mentee),
        "mentor": _spoken(mentor),
    }


def _place(mentee: Mentee, mentor: Mentor, _need: Level) -> str:
    one, other = mentee.meeting or (), mentor.meeting or ()
    if MeetingMode.ONLINE in one and MeetingMode.ONLINE not in other:
        template = _("They live in different divisions (%(mentee)s and %(mentor)s); the mentor does not meet online.")
        return template % {"mentee": mentee.division, "mentor": mentor.division}
    if MeetingMode.ONLINE in other and MeetingMode.ONLINE not in one:
        template = _("They live in different divisions (%(mentee)s and %(mentor)s); the mentee does not meet online.")
        return template % {"mentee": mentee.division, "mentor": mentor.division}
    if set(one).isdisjoint(other):
        return _("One of them meets only online, the other only in person.")
    return _("They live in different divisions (%(mentee)s and %(mentor)s), and neither meets online.") % {
        "mentee": mentee.division,
        "mentor": mentor.division,
    }


def _time(mentee: Mentee, mentor: Mentor, _need: Level) -> str:
    return _("They have no time in common: the mentee can %(mentee)s; the mentor can %(mentor)s.") % {
        "mentee": _listed(tuple(SlotName(slot) for slot in sorted(mentee.availability or ()))),
        "mentor": _listed(tuple(SlotName(slot) for slot in sorted(mentor.availability or ()))),
    }


def requirement_words(requirement: Requirement) -> str:
    """Return a must-have in words, to stand in a list."""
    language = reference_language()
    match requirement.kind:
        case RequirementKind.LANGUAGE:
            return _("speaks %(language)s") % {"language": LanguageName(requirement.value).text(language)}
        case RequirementKind.OCCUPATION:
            return _("works as %(occupation)s") % {"occupation": OccupationTitle(requirement.value).text(language)}
        case RequirementKind.DIVISION:
            return _("belongs to %(division)s") % {"division": requirement.value}
        case RequirementKind.ONLINE:
            return _("meets online")
        case RequirementKind.IN_PERSON:
            return _("meets in person")


def _own(mentee: Mentee, mentor: Mentor, own_rules: Collection[Custom]) -> list[str]:
    """Say which of the programme's own rules do not hold for two people."""
    language = reference_language()
    said = []
    for custom in own_rules:
        if holds(custom, mentee, mentor) is False:
            answers = own_answers(custom, mentee, mentor)
            said.append(
                _("The programme’s own rule does not hold. %(answers)s")
                % {"answers": answers.text(language) if answers else custom.text(language)}
            )
    return said


def _requires(mentee: Mentee, mentor: Mentor, _need: Level) -> str:
    said = []
    if mentee.requires:
        said.append(
            _("The mentee needs somebody who %(demands)s.")
            % {"demands": ", ".join(requirement_words(one) for one in mentee.requires)}
        )
    if mentor.requires:
        said.append(
            _("The mentor needs somebody who %(demands)s.")
            % {"demands": ", ".join(requirement_words(one) for one in mentor.requires)}
        )
    return " ".join([*said, _("That does not hold for the other.")]) if said else ""


def _conflict(_mentee: Mentee, _mentor: Mentor, _need: Level) -> str:
    return _("They must not meet, or have been a pair before.")


def _resting(_mentee: Mentee, mentor: Mentor, _need: Level) -> str:
    assert mentor.resting_until is not None
    if mentor.resting_until == UNTIL_SHE_SAYS:
        return _("The mentor is resting until she says that she is back.")
    return _("The mentor is resting until %(day)s.") % {"day": date_format(mentor.resting_until, "DATE_FORMAT")}


def _capacity(_mentee: Mentee, mentor: Mentor, _need: Level) -> str:
    if mentor.capacity == 0:
        return _("The mentor takes nobody at the moment.")
    return ngettext(
        "The mentor has room for %(count)s mentee, and it is taken or promised.",
        "The mentor has room for %(count)s mentees, and all of it is taken or promised.",
        mentor.capacity,
    ) % {"count": mentor.capacity}


def _forbidden(_mentee: Mentee, _mentor: Mentor, _need: Level) -> str:
    return _("The pair has been ruled out.")


def _briefed(_mentee: Mentee, _mentor: Mentor, _need: Level) -> str:
    return _("The mentor has not been briefed yet.")


_SENTENCES: Final[Mapping[str, Callable[[Mentee, Mentor, Level], str]]] = {
    Rule.LANGUAGE: _language,
    Rule.PLACE: _place,
    Rule.TIME: _time,
    Rule.REQUIRES: _requires,
    Rule.CONFLICT: _conflict,
    Rule.RESTING: _resting,
    Rule.CAPACITY: _capacity,
    Rule.FORBIDDEN: _forbidden,
    BRIEFED: _briefed,
}


def why_not(rule: str, mentee: Mentee, mentor: Mentor, need: Level, own_rules: Collection[Custom] = ()) -> str:
    """Return why a rule that fails stands between two people, in the reader's language.

    ``need`` is the language level that both must have; ``own_rules`` are the programme's own, which count as what each
    requires.
    """
    if rule != Rule.REQUIRES or not own_rules:
        return _SENTENCES[rule](mentee, mentor, need)
    own = _own(mentee, mentor, own_rules)
    # With a rule of the programme's that fails, their own must-haves may all hold.
    return " ".join(own or [_requires(mentee, mentor, need)])
