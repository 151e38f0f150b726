"""What stands beside the pages of an ending: what each of the two wrote, the rule on blame, the letter, a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mentornet.divisions.staff import Staff
from mentornet.messaging.letters import preview
from mentornet.partnerships.ending import without_blame
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.partnerships.outcomes import Said
from mentornet.partnerships.services import read_remark
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.web.desk.people.standing import day


def people_of(pair: Partnership) -> dict[str, Person]:
    """Return the two by their sides."""
    return {Role.MENTEE.value: pair.mentee.person, Role.MENTOR.value: pair.mentor.person}


def beside(
    by: Staff, pair: Partnership, closure: Closure | None, sides: Mapping[str, ClosureSide], step: str, read: str
) -> dict[str, Any]:
    """Return what a page of an ending shows beside its form."""
    if closure is None:
        return {}
    people = people_of(pair)
    shown: dict[str, Any] = {
        "own": [
            {"person": people[side], "side": row, "reason": row.get_own_reason_display(), "words": row.own_words}
            for side, row in sides.items()
            if row.own_at
        ]
    }
    if step.startswith("talk-"):
        side = sides[step.removeprefix("talk-")]
        side.closure = closure
        shown |= {
            "talks_with": people[side.side],
            "has_remark": bool(side.remark),
            "remark": read_remark(by=by, side=side) if read == "remark" and side.remark else "",
        }
    elif step == "next":
        shown["blame"] = without_blame(closure, sides.values())
    elif step == "thanks":
        shown["letters"] = [
            {
                "person": person,
                "language": person.language,
                "body": preview("thanks", {}, person.language, name=person.first_name)[1],
            }
            for person in people.values()
        ]
    elif step == "summary":
        shown |= {
            "summary": summary_of(pair, closure, sides),
            # Where somebody may not be safe nobody is urged to call.
            "untold": [people[side].first_name for side, row in sides.items() if not (row.talk or closure.is_safety)],
        }
    return shown


def summary_of(
    pair: Partnership, closure: Closure, sides: Mapping[str, ClosureSide], *, of_mentee: bool = True
) -> list[dict[str, Any]]:
    """Return an ending in facts, each with the page on which it is changed; ``of_mentee`` those that are hers, too."""
    people = people_of(pair)
    facts: list[dict[str, Any]] = [
        {"label": _("How it ends"), "value": closure.get_scenario_display(), "step": "scenario"}
    ]
    for side, row in sides.items():
        talk = row.get_talk_display() or ""
        if row.talk_on:
            talk = _("%(what)s, on %(day)s") % {"what": talk, "day": day(row.talk_on)}
        reasons = [str(row.get_reason_display())] if row.reason else []
        if row.own_reason and row.own_reason != row.reason:
            reasons.append(_("on her own page: %(reason)s") % {"reason": row.get_own_reason_display()})
        facts.append(
            {
                "label": _("Talk with %(name)s") % {"name": people[side].first_name},
                "value": talk,
                "step": f"talk-{side}",
            }
        )
        facts.append(
            {
                "label": _("Why, as %(name)s says") % {"name": people[side].first_name},
                "value": "; ".join(reasons),
                "step": f"talk-{side}",
            }
        )
    if of_mentee:
        facts += [
            {"label": _("What she does now"), "value": outcome_words(closure), "step": "outcome"},
            {
                "label": _("Has she come a step further in Danish?"),
                "value": closure.get_danish_step_display(),
                "step": "outcome",
            },
            {
                "label": _("Does she know more people in her field?"),
                "value": closure.get_network_display(),
                "step": "outcome",
            },
            {"label": _("What has come of it, in her own words"), "value": closure.outcome_words, "step": "outcome"},
        ]
    facts.append({"label": _("Later contact"), "value": closure.get_later_contact_display(), "step": "contact"})
    if of_mentee:
        facts += _blame(closure)
        facts.append({"label": _("The mentee"), "value": closure.get_mentee_next_display(), "step": "next"})
    facts += [
        {"label": _("The mentor"), "value": _mentor_words(closure), "step": "next"},
        {
            "label": _("Letters of thanks"),
            "value": ", ".join(people[side].first_name for side, row in sides.items() if row.has_thanks) or _("none"),
            "step": "thanks",
        },
        {
            "label": _("May be asked later"),
            "value": ", ".join(people[side].first_name for side, row in sides.items() if row.may_be_asked) or _("none"),
            "step": "thanks",
        },
    ]
    return facts


def _blame(closure: Closure) -> list[dict[str, Any]]:
    """Return what a person has said otherwise than the rule on blame, with her reason."""
    if not closure.blame:
        return []
    words = _("it ended without blame") if closure.blame == Said.YES else _("it did not end without blame")
    value = f"{words}: {closure.blame_words}" if closure.blame_words else words
    return [{"label": _("Without blame?"), "value": value, "step": "next"}]


def outcome_words(closure: Closure) -> str:
    """Return in one line what the mentee does now."""
    parts = [str(closure.get_work_display())] if closure.work else []
    if closure.hours:
        parts.append(_("%(count)s hours a week") % {"count": closure.hours})
    if closure.own_level:
        parts.append(_("at her own level: %(said)s") % {"said": closure.get_own_level_display()})
    return ", ".join(parts)


def _mentor_words(closure: Closure) -> str:
    words = str(closure.get_mentor_next_display()) if closure.mentor_next else ""
    if closure.mentor_rests_until:
        return _("%(what)s, on %(day)s") % {"what": words, "day": day(closure.mentor_rests_until)}
    return words
