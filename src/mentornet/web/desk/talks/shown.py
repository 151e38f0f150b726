"""Talks as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.followup.enums import Going, TalkWay, WithWhom
from mentornet.followup.models import Talk
from mentornet.partnerships.models import Partnership
from mentornet.web.desk.people.history import Event
from mentornet.web.desk.people.standing import day

_TONES: Final[Mapping[str, str]] = {Going.WELL: "good", Going.SO_SO: "warn", Going.BADLY: "bad"}


def names_in(talk: Talk, pair: Partnership) -> str:
    """Say with whom it was."""
    mentee, mentor = pair.mentee.person.first_name, pair.mentor.person.first_name
    if talk.with_whom == WithWhom.BOTH:
        return _("%(mentee)s and %(mentor)s") % {"mentee": mentee, "mentor": mentor}
    return mentee if talk.with_whom == WithWhom.MENTEE else mentor


def title_of(talk: Talk, pair: Partnership) -> str:
    """Say in a few words what came of it."""
    names = {"names": names_in(talk, pair)}
    if not talk.was_reached:
        return _("Called %(names)s, and did not reach her") % names
    said = {
        Going.WELL: _("Talked with %(names)s: it goes well"),
        Going.SO_SO: _("Talked with %(names)s: it goes so-so"),
        Going.BADLY: _("Talked with %(names)s: it goes badly"),
    }
    return said.get(Going(talk.going), "") % names if talk.going else _("Talked with %(names)s") % names


def event_of(talk: Talk, pair: Partnership) -> Event:
    """Return a talk as the pair's timeline tells it: what was seen, and not what somebody thinks of it."""
    return Event(
        talk.on,
        title_of(talk, pair),
        text=talk.seen,
        who=talk.author_name,
        icon="phone",
        tone=_TONES.get(talk.going, ""),
        noted_at=talk.created_at,
    )


@dataclass(frozen=True, slots=True)
class Thought:
    """A talk about which its coordinator has written what she thinks; read on a page of its own."""

    talk: Talk
    title: str
    day: str


def thoughts_of(talks: Sequence[Talk], pair: Partnership) -> list[Thought]:
    """Return the talks with something that is read only where it is asked for, the newest first."""
    return [Thought(talk, title_of(talk, pair), day(talk.on)) for talk in talks if talk.thought]


def given(facts: Mapping[str, Any], pair: Partnership) -> dict[str, Any]:
    """Return what she would be given of a talk that is not yet noted, and who she is."""
    with_whom = facts.get("with_whom")
    people = {WithWhom.MENTEE: pair.mentee.person.first_name, WithWhom.MENTOR: pair.mentor.person.first_name}
    minutes = facts.get("minutes")
    on, again = facts.get("on"), facts.get("next_call_on")
    rows = [
        (_("Day"), day(on) if isinstance(on, date) else ""),
        (_("How"), str(TalkWay(facts["way"]).label) if facts.get("way") else ""),
        (_("Reached"), _("yes") if facts.get("was_reached") else _("no")),
        (_("How it goes"), str(Going(facts["going"]).label) if facts.get("going") else ""),
        (
            _("Minutes"),
            ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes} if minutes else "",
        ),
        (_("Seen or heard"), facts.get("seen", "")),
        (_("What the coordinator thinks of it"), facts.get("thought", "")),
        (_("Next call"), day(again) if isinstance(again, date) else ""),
    ]
    return {
        "names": [name for side, name in people.items() if with_whom in {side, WithWhom.BOTH}],
        "rows": [(label, value) for label, value in rows if value],
    }
