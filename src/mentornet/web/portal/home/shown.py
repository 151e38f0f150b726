"""Where a participant stands, in plain words, and what she can do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.divisions.models import Division
from mentornet.divisions.queries import absences_of, blind_to
from mentornet.intake.enums import ContactPersonState, WaitReason
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Step
from mentornet.web.portal.waiting import next_word, wait_of


@dataclass(frozen=True, slots=True)
class Way:
    """Something that she can change about her place."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """One enrolment of hers.

    Attributes:
        sentences: where she stands.
        next_word: when she hears from us, which the page's top may say already.
        programme: its name, which tells two places of hers apart.
    """

    title: str
    programme: str
    division: Division
    sentences: tuple[SafeString | str, ...]
    next_word: str
    ways: tuple[Way, ...]
    instead: str = ""
    """Whom to ask for while her coordinator is away; empty where she is there."""


def day(value: date) -> str:
    """Return a day in words."""
    return date_format(value, "DATE_FORMAT")


def places_of(standing: Standing) -> list[Place]:
    """Return her places, current ones only."""
    instead = _stand_ins(standing)
    return [replace(_place(one, standing), instead=instead.get(one.coordinator_id, "")) for one in standing.current]


def _stand_ins(standing: Standing) -> dict[UUID | None, str]:
    """Say by coordinator whom she can ask for while that one is away: never somebody who must not see her."""
    coordinators = {one.coordinator_id for one in standing.current if one.coordinator_id is not None}
    away = list(absences_of(coordinators, standing.by.today)) if coordinators else []
    blind = blind_to(standing.by.person_id) if away else set()
    words = _("Your coordinator is away until %(day)s. When you call, ask for %(name)s.")
    alone = _("Your coordinator is away until %(day)s. When you call, somebody else at the office helps you.")
    return {
        one.user_id: (alone if one.stand_in_id in blind else words)
        % {"day": day(one.until_on), "name": one.stand_in.name}
        for one in away
    }


def _suggestion(enrolment: Enrolment, standing: Standing) -> str:
    """Return the address of what is suggested to her, as long as it is open to her; else nothing.

    After her answer nothing is asked of her, so no next step leads there: she still wants to read whom she said yes to.
    """
    if not enrolment.promised:
        return ""
    open_now = [one for one in standing.proposals if enrolment.pk in {one.mentee_id, one.mentor_id}]
    return reverse("portal:proposal", args=[open_now[0].pk]) if open_now else ""


def _leading(words: str, url: str) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', url, words) if url else words


def nothing_to_do(standing: Standing) -> Step:
    """Say that nothing waits for her, and when she hears from us."""
    if standing.rests_since is not None:
        words = _data_rest(standing.rests_since)
    elif standing.current:
        words = _next_word(standing.current[0], standing)
    elif standing.applications:
        words = _("We have your application, and write to you about the next step.")
    elif any(one.state == ContactPersonState.CONFIRMED for one in standing.contacts):
        words = _(
            "Thank you for helping us to find mentors. We write to you when we look for somebody whom you may know."
        )
    else:
        words = _("If you want to begin again, call the office.")
    return Step(title=_("You do not need to do anything now"), words=words, url="", button="")


def _data_rest(since: datetime) -> str:
    return _("Your data rest since %(day)s. We keep them, and do not use them. We tell you before that ends.") % {
        "day": date_format(since, "DATE_FORMAT")
    }


def _next_word(enrolment: Enrolment, standing: Standing) -> str:
    today = standing.by.today
    if enrolment.active:
        return _("You have a partner now: meet when it suits you both.")
    if _suggestion(enrolment, standing):
        return _("There is a suggestion. We write to you when there is something new.")
    if enrolment.is_resting(today):
        return _rest(enrolment)
    if enrolment.role == Role.MENTOR:
        return _("We write to you when there is a woman whom you can help.")
    return next_word(enrolment, today)


def _place(enrolment: Enrolment, standing: Standing) -> Place:
    today, suggestion = standing.by.today, _suggestion(enrolment, standing)
    is_mentor = enrolment.role == Role.MENTOR
    say = _of_mentor if is_mentor else _of_mentee
    sentences = say(enrolment, today, suggestion)
    next_word = _next_word(enrolment, standing) if _is_waiting(enrolment, today) else ""
    if not enrolment.active and standing.rests_since is not None:
        # Nobody looks for anybody, and nobody writes to her: nothing else holds of her place.
        sentences, next_word = [_("You keep your place.")], _data_rest(standing.rests_since)
    return Place(
        title=_("As a mentor") if is_mentor else _("As a mentee"),
        programme=enrolment.programme.name,
        division=enrolment.division,
        sentences=tuple(one for one in sentences if one),
        next_word=next_word,
        ways=tuple(_ways(enrolment, today)),
    )


def _is_waiting(enrolment: Enrolment, today: date) -> bool:
    is_free = not (enrolment.active or enrolment.promised or enrolment.is_resting(today))
    return is_free and enrolment.role == Role.MENTEE


def _rest(enrolment: Enrolment) -> str:
    assert enrolment.resting_until is not None
    if not enrolment.returns_when_asked:
        return _("You have a break until %(day)s.") % {"day": day(enrolment.resting_until)}
    if enrolment.return_asked_on is not None:
        return _("Your break is over. You stay on a break until you tell us that you are ready.")
    return _("You have a break. We ask you again on %(day)s.") % {"day": day(enrolment.resting_until)}


def _of_mentee(enrolment: Enrolment, today: date, suggestion: str) -> list[SafeString | str]:
    if enrolment.active:
        return [_("You have a mentor.")]
    since = (
        _("You have been on our list since %(day)s.") % {"day": day(enrolment.since)}
        if enrolment.since
        else _("You are on our list.")
    )
    # A proposal that stands to her as ended, while its coordinator has not yet taken it back, is none to her.
    if suggestion:
        return [since, _leading(_("We have suggested a mentor to you."), suggestion)]
    if enrolment.is_resting(today):
        return [since, _rest(enrolment), _("You keep your place.")]
    heard = (
        _("We last wrote to you or called you on %(day)s.") % {"day": day(enrolment.last_word_on)}
        if enrolment.last_word_on
        else ""
    )
    wait = wait_of(enrolment, _why(enrolment), today)
    if wait is None:
        return [since, _("We are looking for a mentor who fits you."), heard]
    return [since, wait.doing, wait.expects, heard]


def _why(enrolment: Enrolment) -> str:
    return str(getattr(enrolment, "why", WaitReason.MENTOR))


def _of_mentor(enrolment: Enrolment, today: date, suggestion: str) -> list[SafeString | str]:
    said: list[SafeString | str] = []
    if enrolment.active:
        said.append(
            ngettext("You have %(count)s mentee.", "You have %(count)s mentees.", enrolment.active)
            % {"count": enrolment.active}
        )
    if suggestion:
        said.append(_leading(_("There is a suggestion for you."), suggestion))
    if enrolment.briefed_on is None:
        return [*said, _("Before your first mentee you do a short training.")]
    if enrolment.is_resting(today):
        return [*said, _rest(enrolment), _("Until then we suggest nobody to you. A partnership that you have goes on.")]
    if enrolment.places_left > 0:
        said.append(
            ngettext(
                "You have room for %(count)s more mentee.", "You have room for %(count)s more mentees.",
                enrolment.places_left,
            )
            % {"count": enrolment.places_left}
        )  # fmt: skip
        if not said[1:]:
            said.append(_("We write to you when there is a woman whom you can help."))
    else:
        said.append(_("You do not take any more mentees now."))
    return said


def _ways(enrolment: Enrolment, today: date) -> list[Way]:
    ways = []
    is_mentor = enrolment.role == Role.MENTOR
    wait = wait_of(enrolment, _why(enrolment), today)
    if wait is not None and wait.url:
        ways.append(Way(wait.can_do, wait.url))
    if is_mentor or not (enrolment.active or enrolment.promised):
        if enrolment.is_resting(today):
            ways.append(Way(_("Change or end your break"), reverse("portal:rest", args=[enrolment.pk])))
        else:
            words = _("I need a break") if is_mentor else _("I need to wait a little")
            ways.append(Way(words, reverse("portal:rest", args=[enrolment.pk])))
    if is_mentor:
        ways.append(Way(_("How many mentees I can take"), reverse("portal:places", args=[enrolment.pk])))
    ways.append(Way(_("When I have time"), reverse("portal:availability") + f"?role={enrolment.role}"))
    return ways
