"""An ending, filled in as a coordinator fills it in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.models import Closure, Partnership


def fill_in_ending(by: Staff, pair: Partnership, scenario: str = "unplanned", who: str = "", **given: Any) -> Closure:
    """Begin an ending and fill in what must be; ``given`` sets what is chosen."""
    closure = services.begin_ending(by=by, partnership=pair, scenario=scenario, who=who)
    rule = given.get("rule", "none" if scenario == "safety" else "office")
    services.settle_contact(
        by=by, closure=closure, rule=rule, wants={}, keeps_apart=given.get("keeps_apart", scenario == "safety")
    )
    services.settle_next(
        by=by,
        closure=closure,
        mentee=given.get("mentee", "from_now"),
        mentor=given.get("mentor", "rests"),
        mentor_rests_until=given.get("until", by.today + timedelta(days=18)),
        blame=given.get("blame", ""),
        blame_words=given.get("blame_words", ""),
    )
    return Closure.objects.select_related("partnership").get(pk=closure.pk)


def end(by: Staff, pair: Partnership, scenario: str = "unplanned", who: str = "", **given: Any) -> Closure:
    """Fill in an ending and close."""
    closure = fill_in_ending(by, pair, scenario, who, **given)
    services.finish_ending(
        by=by,
        closure=closure,
        on=given.get("on", by.today),
        reason=given.get("reason", "time"),
        note="They parted well.",
    )
    return Closure.objects.select_related("partnership").get(pk=closure.pk)
