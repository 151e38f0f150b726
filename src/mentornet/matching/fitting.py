"""Why the two of a proposal fit, said to one of them in her language.

The reasons are made of nothing but what the field registry lets the other side of a proposal see
(:class:`mentornet.common.fields.Level`): whoever moves a column to another level moves it here too. Those that a
proposal has kept are for the coordinators: they speak of hours, times and education, and of "the mentor".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from mentornet.common.fields import Level, level_of
from mentornet.common.ordering import folded
from mentornet.common.spoken import reference_language
from mentornet.matching.enums import Side
from mentornet.matching.models import Proposal
from mentornet.people.models import Profile
from mentornet.people.queries import languages_of
from reference.spoken import LanguageName, Listed
from reference.topics import Topic
from reference.translation import Value

MOST_NAMED: Final = 3
_FIELD: Final = 2
"""Digits of ISCO-08 that two share whose fields are close."""


def _shown(row: models.Model, name: str, empty: Any) -> Any:
    """Return a column's value if the other side of a proposal may see it."""
    if level_of(row._meta.label, name) > Level.INTRODUCTION:
        return empty
    return getattr(row, name) or empty


def reasons_for(reader: Side, proposal: Proposal) -> list[str]:
    """Return why the two fit, said to one of them: two queries, for what both speak."""
    mentee, mentor = proposal.mentee.profile, proposal.mentor.profile
    said = [
        _same_field(reader, mentee, mentor),
        _help(reader, mentee, mentor),
        _spoken(proposal),
        _interests(mentee, mentor),
    ]
    return [sentence for sentence in said if sentence]


def _listed(items: Sequence[Value]) -> str:
    return Listed(tuple(items[:MOST_NAMED])).text(reference_language())


def _same_field(reader: Side, mentee: Profile, mentor: Profile) -> str:
    hers, theirs = _shown(mentee, "occupation", ""), _shown(mentor, "occupation", "")
    if not hers or not theirs or hers[:_FIELD] != theirs[:_FIELD]:
        return ""
    if hers == theirs:
        return _("She works with what you want to work with.") if reader == Side.MENTEE else (
            _("She wants to work with what you work with.")
        )  # fmt: skip
    return _("Her work is close to the work that you want.") if reader == Side.MENTEE else (
        _("The work that she wants is close to yours.")
    )  # fmt: skip


def _help(reader: Side, mentee: Profile, mentor: Profile) -> str:
    offered = _shown(mentor, "topics", ())
    language = reference_language()
    met = [Topic(code).label.text(language) for code in _shown(mentee, "topics", ()) if code in offered]
    if not met:
        return ""
    words = {"topics": _listed(met)}
    if reader == Side.MENTEE:
        return _("She can help you with: %(topics)s.") % words
    return _("You can help her with: %(topics)s.") % words


def _spoken(proposal: Proposal) -> str:
    theirs = {skill.code for skill in languages_of(proposal.mentor.person) if _shown(skill, "code", "")}
    common = [LanguageName(skill.code) for skill in languages_of(proposal.mentee.person) if skill.code in theirs]
    return _("You both speak: %(languages)s.") % {"languages": _listed(common)} if common else ""


def _interests(mentee: Profile, mentor: Profile) -> str:
    theirs = {folded(word) for word in _shown(mentor, "interests", ())}
    common = [word for word in _shown(mentee, "interests", ()) if folded(word) in theirs]
    return _("You both like: %(interests)s.") % {"interests": _listed(common)} if common else ""
