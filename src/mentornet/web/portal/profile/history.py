"""Who has looked at what is kept of her, or worked on it, in words that she can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.matching.seen_by import Trace, Who

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_WHO: Final[Mapping[Who, _StrOrPromise]] = {
    Who.COORDINATOR: gettext_lazy("A coordinator"),
    Who.LEAD: gettext_lazy("The head of the office"),
    Who.NATIONAL: gettext_lazy("The head of the whole network"),
    Who.OFFICE: gettext_lazy("Somebody who works here"),
    Who.PROGRAM: gettext_lazy("The program by itself"),
}
_ACTS: Final[Mapping[str, _StrOrPromise]] = {
    "people.see_identity": gettext_lazy("looked at your sealed name and address"),
    "people.ask_to_reveal": gettext_lazy("asked to look at your sealed name and address"),
    "people.approve_reveal": gettext_lazy("said yes to a colleague’s question about your sealed name"),
    "people.refuse_reveal": gettext_lazy("said no to a colleague’s question about your sealed name"),
    "people.ask_to_copy": gettext_lazy("asked to make a copy of all that we keep about you"),
    "people.ask_to_erase": gettext_lazy("asked to delete all that we keep about you"),
    "people.ask_to_lift": gettext_lazy("asked to open your sealed name again"),
    "people.merge": gettext_lazy("put together what stood of you in two places"),
    "people.unmerge": gettext_lazy("took apart again what had been put together"),
    "people.protect": gettext_lazy("sealed your name and address"),
    "people.lift_protection": gettext_lazy("opened your sealed name and address again"),
    "people.write_sealed": gettext_lazy("wrote anew how we reach you"),
    "people.write_reach": gettext_lazy("wrote anew how we reach you"),
    "people.write_cover": gettext_lazy("wrote down another name for you here"),
    "intake.hide": gettext_lazy("hid you from one of those who work here"),
    "intake.stop_hiding": gettext_lazy("let one of those who work here see you again"),
    "intake.read_coordinator_only": gettext_lazy("read notes from your interview"),
    # That whom she must not meet was read (intake.read_apart) has no words of its own: the other one may have asked.
    "intake.read_wish": gettext_lazy("read what you had asked for"),
    "matching.look_beyond": gettext_lazy("looked for a mentor for you in other divisions"),
    "followup.talk": gettext_lazy("wrote down a talk with you or your partner"),
    "followup.take_talk_back": gettext_lazy("took back a note of a talk with you or your partner"),
    "followup.read_thought": gettext_lazy("read what a coordinator thinks of a talk with you or your partner"),
}
_OTHERS: Final[Mapping[str, _StrOrPromise]] = {
    "people": gettext_lazy("worked on your details"),
    "intake": gettext_lazy("worked on your case"),
    "matching": gettext_lazy("worked on a suggestion to you"),
    "partnerships": gettext_lazy("worked on what you have with your partner"),
    "learning": gettext_lazy("worked on your training"),
    "surveys": gettext_lazy("asked you how it goes"),
    "imports": gettext_lazy("worked on your details"),
}
_READ: Final = gettext_lazy("read something that only few may read")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a day."""

    day: str
    words: str
    icon: str


def rows(traces: Iterable[Trace]) -> list[Row]:
    """Return the lines, like ones of a day as one."""
    found: dict[tuple[str, str], Row] = {}
    for trace in traces:
        if trace.who is Who.SHE:
            # What she has done herself she knows.
            continue
        act = _ACTS.get(trace.act) or (_READ if trace.is_read else _OTHERS.get(trace.act.partition(".")[0]))
        if act is None:
            continue
        day = date_format(trace.on, "DATE_FORMAT")
        words = _("%(who)s %(did)s") % {"who": _WHO[trace.who], "did": act}
        found.setdefault((day, words), Row(day, words, "eye" if trace.is_read else "note"))
    return list(found.values())
