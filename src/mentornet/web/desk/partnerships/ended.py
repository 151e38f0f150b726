"""On a pair's page: how it ended, or how far its ending has come, and what is asked since."""

from __future__ import annotations

from typing import Any

from mentornet.divisions.staff import Staff
from mentornet.followup.after import of_pair
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.partnerships.queries import sides_of, standing_closure
from mentornet.partnerships.rules import may_work_on
from mentornet.partnerships.services import read_remark
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.web.desk.partnerships.afterwards_views import label_of, role_words, words_of
from mentornet.web.desk.partnerships.ending_shown import people_of, summary_of


def _remark(by: Staff, closure: Closure, row: ClosureSide, person: Person, read: str) -> dict[str, Any]:
    row.closure = closure
    return {"person": person, "side": row.side, "words": read_remark(by=by, side=row) if read == row.side else ""}


def ended_of(by: Staff, pair: Partnership, read: str) -> dict[str, Any]:
    """Return what is known of an ending; nothing, and no query, for a pair that is not about to end.

    What the mentee has said, and what has come of it for her, is her division's: whoever has lent the mentor is told
    what the mentor has said, and what comes next for that one. What is for coordinators only is told when ``read``
    says whose, and that it was read is recorded.
    """
    if pair.state not in {PartnershipState.CLOSING, PartnershipState.CLOSED}:
        return {}
    closure = standing_closure(pair)
    sides: dict[str, ClosureSide] = {}
    if closure is not None:
        closure.partnership = pair
        sides = {row.side: row for row in sides_of(closure)}
    people, hers = people_of(pair), bool(may_work_on(by, pair))
    if not hers:
        sides = {side: row for side, row in sides.items() if side == Role.MENTOR}
    return {
        "closure": closure,
        "facts": summary_of(pair, closure, sides, of_mentee=hers) if closure is not None else [],
        "says": [
            {"person": people[side], "words": words}
            for side, row in sides.items()
            for words in (row.said, row.own_words)
            if words
        ],
        "remarks": [
            _remark(by, closure, row, people[side], read)
            for side, row in sides.items()
            if closure is not None and row.remark and hers
        ],
        "questions": [
            {"key": row.pk, "label": f"{label_of(row.month)}, {role_words(row.side)}", "words": words_of(row)}
            for row in of_pair(pair)
            if hers or row.side == Role.MENTOR
        ],
    }
