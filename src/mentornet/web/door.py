"""What is read once of whoever comes to the desk: whether she has her second factor, and how much she has read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.accounts.queries import AtTheDoor, at_the_door

ABOUT_PEOPLE: Final = frozenset(
    {
        *("person_id", "application_id", "enrolment_id", "mentee_id", "mentor_id", "contact_id"),
        *("proposal_id", "partnership_id", "wish_id", "interview_id", "letter_id", "request_id", "disclosure_id"),
        *("concern_id", "reveal_id", "reference_id", "import_id", "afterwards_id", "talk_id"),
        "loan_id",
        "sought_id",
        *("double_id", "merge_id"),
    }
)
"""Names in addresses under which the key of somebody stands, or of something that shows her."""
ABOUT_NOBODY: Final[Mapping[str, str]] = {
    "absence_id": "who of the staff is away",
    "answer_id": "a button beneath a proposal: leads on to it",
    "breach_id": "what went wrong, without names",
    "confirmation_id": "a button: leads on to her page",
    "division_id": "an office; its lists show people in a few words",
    "map_id": "whom a bank lacks: groups of at least three, and nobody by name",
    "limit_id": "how many may wait; names nobody",
    "handover_id": "a list of cases, each in a few words",
    "hidden_id": "stands beside her own key",
    "place_id": "where people meet",
    "programme_id": "what is offered",
    "questionnaire_id": "what is asked; its answers are counted, and name nobody",
    "question_id": "stands beside the proposal's key",
    "role_id": "somebody of the staff",
    "search_id": "what was looked for in the bank",
    "sign_in_id": "a browser of one's own",
    "prospect_id": "an expert from a list, who takes no part",
    "prospect_list_id": "a list that whoever looks at it has just brought in",
    "slot_id": "a time in the plan; who has it is a button that leads on",
    "thanks_id": "a button: leads back to the list",
    "sitting_id": "a meeting's agenda: who waits, each in a few words",
    "tie_id": "a button: leads back to the meeting",
    "decision_id": "a button: leads back to the meeting",
    "task_id": "a line of Today, which names somebody in a few words",
    "user_id": "somebody of the staff",
}
"""Names of keys in the desk's addresses that show nobody, and why. A test fails for a name that stands in neither."""
ASKED_ABOUT: Final = frozenset({"with", "person", "other", "for", "mentee"})
"""Names in the part of an address behind the question mark under which somebody's key stands."""
_KNOWN: Final = "mentornet_at_the_door"


def opened_in(request: HttpRequest) -> frozenset[UUID]:
    """Return whose pages a request opens, by the keys in its address."""
    match = request.resolver_match
    if match is None:
        return frozenset()
    keys = {value for name, value in match.kwargs.items() if name in ABOUT_PEOPLE and isinstance(value, UUID)}
    if request.GET:
        asked = [text for name in ASKED_ABOUT for text in request.GET.getlist(name)]
        keys |= {key for text in asked if (key := _key(text)) is not None}
    return frozenset(keys)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def at_the_desk(request: HttpRequest, user: User) -> AtTheDoor:
    """Return what is known of whoever comes: asked for once in a request."""
    known = getattr(request, _KNOWN, None)
    if not isinstance(known, AtTheDoor):
        known = at_the_door(user.pk, opened_in(request), timezone.now())
        setattr(request, _KNOWN, known)
    return known
