"""By what a meeting judges, in words: weights and floor, the programme's own criteria, and what of it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor as rounded_down

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.matching.changes import Turned, customs_of, turned
from mentornet.matching.enums import RunCause
from mentornet.matching.models import MatchingMeeting, MeetingRun
from mentornet.matching.reasons import CRITERION_NAMES
from mentornet.matching.services.meeting_runs import following, settings_by, settings_of
from mentornet.matching.whole import settings_read
from mentornet.programmes.queries import current_version
from reference.customs import Custom

_TENTHS = 1_000
"""Tenths of a point that all shares are together."""
_CHANGING = {RunCause.LOCK, RunCause.FORBID, RunCause.LIFT, RunCause.SETTINGS, RunCause.DECISION}
"""Acts that change nothing of people themselves."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the things by which a run was computed.

    Attributes:
        key: the same in all runs, whatever the language.
        is_share: it is one of those that are a hundred together.
    """

    key: str
    label: str
    value: str
    is_share: bool = False


def written(value: float) -> str:
    """Write points, with one digit behind the point where there is one."""
    rounded = round(value, 1)
    return number_format(rounded, decimal_pos=0 if rounded == int(rounded) else 1)


def called(custom: Custom) -> str:
    """Return what an own criterion is called in the reader's language."""
    return custom.text(reference_language())


def settings_lines(run: MeetingRun) -> list[Line]:
    """Return by which floor, weights and hard rules a run was computed, in words; the shares are 100 together."""
    kept = run.settings
    customs = customs_of(kept)
    named = [(name, str(CRITERION_NAMES[name]), float(share)) for name, share in kept["weights"].items()]
    named += [(custom.column, called(custom), custom.weight) for custom in customs if not custom.is_rule]
    shares = _to_a_hundred([share for _key, _label, share in named])
    return [
        Line("floor", _("Floor"), written(kept["floor"] / 100)),
        *(
            Line(key, label, written(tenths / 10), is_share=True)
            for (key, label, _share), tenths in zip(named, shares, strict=True)
        ),
        *(Line(custom.column, called(custom), _("Hard rule")) for custom in customs if custom.is_rule),
    ]


def _to_a_hundred(shares: Sequence[float]) -> list[int]:
    """Return shares of 1 in whole tenths of a point that are 100 points together: who loses most is rounded up."""
    exact = [_TENTHS * share for share in shares]
    found = [rounded_down(one + 1e-9) for one in exact]
    lacking = max(0, min(_TENTHS - sum(found), len(found)))
    for at in sorted(range(len(exact)), key=lambda at: found[at] - exact[at])[:lacking]:
        found[at] += 1
    return found


def changed_lines(before: MeetingRun, after: MeetingRun) -> list[str]:
    """Tell, one by one, what two runs were computed by otherwise."""
    former = {line.key: line for line in settings_lines(before)}
    there = {line.key: line for line in settings_lines(after)}
    changed = [
        _("%(name)s %(before)s, now %(after)s") % {"name": line.label, "before": former[key].value, "after": line.value}
        for key, line in there.items()
        if key in former and former[key].value != line.value
    ]
    changed += [
        _("%(name)s new: %(after)s") % {"name": line.label, "after": line.value}
        for key, line in there.items()
        if key not in former
    ]
    changed += [_("%(name)s no more") % {"name": line.label} for key, line in former.items() if key not in there]
    if before.settings["borrows"] != after.settings["borrows"]:
        changed.append(
            _("mentors of the other divisions too")
            if after.settings["borrows"]
            else _("no mentors of the other divisions any more")
        )
    if is_other_version(before, after):
        changed.append(_("version %(number)s of the programme") % {"number": after.settings["version"]})
    return changed


def is_other_version(before: MeetingRun, after: MeetingRun) -> bool:
    """Tell whether two runs were computed by two versions of the programme, as far as they have kept it."""
    one, other = before.settings.get("version"), after.settings.get("version")
    return one is not None and other is not None and one != other


def notes_of(before: MeetingRun, after: MeetingRun) -> list[str]:
    """Tell what has changed besides the act itself: the programme, and what is known of people."""
    notes = []
    if is_other_version(before, after):
        what = turned(settings_read(before.settings).policy, settings_read(after.settings).policy)
        words = {"number": after.settings["version"], "what": _listed(_words_of(what))}
        notes.append(_("From here on version %(number)s of the programme counts: %(what)s.") % words)
        others = bool(after.settings.get("others"))
    else:
        others = after.cause in _CHANGING and before.snapshot.mark != after.snapshot.mark
    if others:
        notes.append(_("What is known of people has changed as well."))
    return notes


@dataclass(frozen=True, slots=True)
class Programme:
    """The version of a programme that is in force, while a meeting judges by an earlier one.

    Attributes:
        what: is otherwise, for this meeting.
        keeps: what the meeting has set itself, and keeps.
        forgets: something is asked no more, and the answers are forgotten: whether people are others cannot be told.
    """

    number: int
    what: str
    keeps: str
    forgets: bool


def programme_changed(meeting: MatchingMeeting) -> Programme | None:
    """Tell what another version of its programme will change in a meeting; ``None`` where there is none: one query."""
    version = current_version(meeting.programme_id)
    if version.pk == meeting.version_id:
        return None
    what = turned(settings_of(meeting).policy, settings_by(meeting, version).policy)
    kept, keeps = following(meeting, version), []
    if kept["weights"] == meeting.weights != version.weights or kept["own_weights"]:
        keeps.append(_("weights"))
    if kept["floor"] != version.floor:
        keeps.append(_("floor"))
    return Programme(version.number, _listed(_words_of(what)), _listed(keeps), forgets=bool(what.gone))


def _words_of(what: Turned) -> list[str]:
    found = []
    if what.weights:
        found.append(_("other weights"))
    if what.floor:
        found.append(_("another floor"))
    for words, some in (
        (_("a new criterion, %(name)s"), [one for one in what.new if not one.is_rule]),
        (_("a new hard rule, %(name)s"), [one for one in what.new if one.is_rule]),
        (_("%(name)s is asked otherwise"), what.otherwise),
        (_("%(name)s is asked no more"), what.gone),
    ):
        found += [words % {"name": called(one)} for one in some]
    if what.others:
        found.append(_("other values for what is unknown, for the language or for waiting"))
    return found or [_("nothing by which pairs are judged")]


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)
