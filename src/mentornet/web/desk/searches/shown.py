"""Searches as the pages show them: how a brief was widened, what was answered, and how far those found have come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.partnerships.enums import RUNNING
from mentornet.sourcing.enums import AskingState, Reply, SearchState
from mentornet.sourcing.models import Asking, Search
from mentornet.sourcing.queries import Came
from mentornet.web.ui.briefs import LABELS, words_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

TONES: Final[Mapping[str, tuple[str, str]]] = {
    SearchState.DRAFT: ("quiet", "edit"),
    SearchState.OPEN: ("info", "search"),
    SearchState.CLOSED: ("quiet", "archive"),
}
REPLIES: Final[Mapping[str, tuple[str, str]]] = {
    Reply.KNOWS: ("good", "check-circle"),
    Reply.IS: ("good", "check-circle"),
    Reply.NOT_NOW: ("quiet", "clock"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """How a brief was widened once."""

    label: _StrOrPromise
    was: SafeString | str
    became: SafeString | str
    fits: str


def steps(search: Search) -> list[Step]:
    """Return how the brief was widened, in its order."""
    found = []
    for one in search.steps:
        what, count = str(one["what"]), int(one["fits"])
        words = ngettext("fits %(count)s who waits", "fits %(count)s who wait", count) % {"count": count}
        found.append(Step(LABELS[what], words_of(what, one["was"]), words_of(what, one["became"]), words))
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """One who was asked."""

    name: str
    url: str
    kind: str
    answer: _StrOrPromise
    tone: str
    icon: str
    asking: Asking


def asked(askings: Iterable[Asking]) -> list[Asked]:
    """Return who was asked, with her answer."""
    found = []
    for one in askings:
        if one.contact is not None:
            name, url = one.contact.person.name, reverse("desk:contact_person", args=[one.contact_id])
            kind = _("contact person")
        else:
            assert one.prospect is not None
            there = one.prospect.is_there
            name = one.prospect.name if there else _("an expert of whom nothing is kept any more")
            url = reverse("desk:prospect", args=[one.prospect_id]) if there else ""
            kind = _("expert")
        if one.reply:
            tone, icon = REPLIES[one.reply]
            found.append(Asked(name, url, kind, one.get_reply_display(), tone, icon, one))
        else:
            waits = one.state == AskingState.ASKED
            found.append(Asked(name, url, kind, one.get_state_display(), "info" if waits else "quiet", "letter", one))
    return found


def stands(came: Came) -> str:
    """Say how far somebody has come who was found."""
    if came.is_for_her:
        return _("is her mentor now") if came.pair and came.pair.state in RUNNING else _("was her mentor")
    if came.pair is not None:
        return _("is another one’s mentor") if came.pair.state in RUNNING else _("was another one’s mentor")
    if came.enrolment is None:
        assert came.found.application is not None
        return str(came.found.application.get_state_display())
    if came.enrolment.ended_on is not None:
        return _("has left")
    if came.enrolment.promised:
        return _("a proposal is open")
    return _("in the mentor bank") if came.enrolment.briefed_on else _("waits for her briefing")


def came(rows: Iterable[Came]) -> list[dict[str, Any]]:
    """Return whom a search has brought."""
    found = []
    for one in rows:
        application = one.found.application
        assert application is not None
        found.append(
            {
                "name": application.person.name,
                "url": reverse("desk:person", args=[application.person_id]),
                "stands": stands(one),
                "is_for_her": one.is_for_her,
                "on": application.received_on,
            }
        )
    return found
