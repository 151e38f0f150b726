"""How it goes since: a question or two, each answered by one tap, behind a link and without signing in.

The page tells of nobody but herself, so the link alone opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.accounts.enums import Purpose
from mentornet.followup import services
from mentornet.followup.after import afterwards_of
from mentornet.followup.after_states import AfterState
from mentornet.followup.models import Afterwards
from mentornet.people.enums import Role
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.shell import attempt, portal_page

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_YES: Final = ("yes", pgettext_lazy("one tap", "Yes"))
_NO: Final = ("no", pgettext_lazy("one tap", "No"))
_PERHAPS: Final = ("unknown", pgettext_lazy("one tap", "I do not know"))
STOP: Final = "stop"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its buttons.

    Attributes:
        name: of the fact that is answered.
        choices: what each button sends, and says.
    """

    name: str
    title: _StrOrPromise
    choices: tuple[tuple[str, _StrOrPromise], ...]


_DOING: Final = Question(
    "doing",
    _("What do you do now?"),
    (
        ("work", _("I work")),
        ("education", _("I study")),
        ("looking", _("I look for work")),
        ("other", _("Something else")),
    ),
)
_HOURS: Final = Question(
    "hours",
    _("How many hours a week do you work?"),
    (
        ("10", _("Under 15 hours")),
        ("20", _("15 to 24 hours")),
        ("30", _("25 to 34 hours")),
        ("37", _("35 hours or more")),
    ),
)
_LEVEL: Final = Question("own_level", _("Does the work fit what you have learned?"), (_YES, _NO, _PERHAPS))
_DANISH: Final = Question("danish_better", _("Is your Danish better now than before?"), (_YES, _NO, _PERHAPS))
_AGAIN: Final = Question("again", _("Would you like to be a mentor again?"), (_YES, _NO, _PERHAPS))
_ASK: Final = Question("may_ask_again", _("May we ask you again some time?"), (_YES, _NO))
QUESTIONS: Final[Mapping[str, tuple[Question, ...]]] = {
    Role.MENTEE: (_DOING, _HOURS, _LEVEL, _DANISH, _ASK),
    Role.MENTOR: (_AGAIN, _ASK),
}
_OF_WORK: Final = frozenset({"hours", "own_level"})


def next_question(row: Afterwards) -> Question | None:
    """Return what she has not answered; nothing once all is."""
    for question in QUESTIONS[row.side]:
        if question.name in _OF_WORK and row.doing != "work":
            continue
        if getattr(row, question.name) in {"", None}:
            return question
    return None


def _fact(question: Question, tapped: str) -> Any:
    if question.name == "hours":
        return int(tapped)
    return tapped == "yes" if question.name == "may_ask_again" else tapped


@open_to(Policy.PERSONAL)
@by_link(Purpose.AFTERWARDS, "afterwards_id", code=False)
def afterwards(request: PortalRequest, afterwards_id: UUID) -> HttpResponse:
    """Ask one question after the other; each tap is kept. What was tapped wrongly can be tapped anew."""
    by = request.participant
    row = get_object_or_404(afterwards_of(by), pk=afterwards_id)
    if request.method == "POST":
        _keep(request, row)
        return redirect("portal:afterwards", afterwards_id=row.pk)
    question = next_question(row) if row.state != AfterState.UNWANTED else None
    if "again" in request.GET:
        question = QUESTIONS[row.side][0]
    return portal_page(
        request,
        "portal/partnership/afterwards.html",
        row=row,
        question=question,
        is_first=question is QUESTIONS[row.side][0],
        is_answered=row.state == AfterState.ANSWERED,
        is_unwanted=row.state == AfterState.UNWANTED,
        office=row.partnership.division,
    )


def _keep(request: PortalRequest, row: Afterwards) -> None:
    by = request.participant
    if STOP in request.POST:
        attempt(request, lambda: services.note_no_answer(by=by, row=row, why=AfterState.UNWANTED))
        return
    for question in QUESTIONS[row.side]:
        tapped = request.POST.get(question.name)
        if tapped is not None and tapped in dict(question.choices):
            facts = {question.name: _fact(question, tapped)}
            attempt(request, lambda facts=facts: services.answer(by=by, row=row, facts=facts))  # type: ignore[misc]
            return
