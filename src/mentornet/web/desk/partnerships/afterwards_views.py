"""How it goes once a partnership has ended: the list with its response rate, and what came of a call."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from mentornet.followup import services
from mentornet.followup.after import counts_of, may_answer, person_of, rates, visible_afterwards
from mentornet.followup.after_states import AfterState
from mentornet.followup.models import Afterwards
from mentornet.people.enums import Role
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.partnerships.ending_forms import AfterForm
from mentornet.web.desk.people.standing import day
from mentornet.web.ui.toasts import say

PAGE: Final = 25
TABS: Final[dict[str, tuple[str | Promise, tuple[str, ...]]]] = {
    "": (gettext_lazy("To call"), (AfterState.NO_ANSWER,)),
    "asked": (gettext_lazy("Asked, no answer yet"), (AfterState.ASKED,)),
    "planned": (gettext_lazy("To be asked"), (AfterState.PLANNED,)),
    "answered": (gettext_lazy("Answered"), (AfterState.ANSWERED,)),
    "silent": (
        pgettext_lazy("asked afterwards", "Not reached, or not asked"),
        (AfterState.UNREACHABLE, AfterState.UNWANTED, AfterState.NOT_ASKED),
    ),
}


def label_of(month: int) -> str:
    """Return after how long she is asked."""
    return ngettext("%(count)s month after it ended", "%(count)s months after it ended", month) % {"count": month}


def words_of(row: Afterwards) -> str:
    """Return how a question stands, with what she does where she has answered."""
    if row.state == AfterState.ANSWERED:
        said = row.get_doing_display() if row.side == Role.MENTEE else row.get_again_display()
        words = _("%(said)s; %(how)s")
        if row.side == Role.MENTOR:
            words = _("another mentee: %(said)s; %(how)s")
        return words % {"said": said, "how": row.get_how_display()}
    return str(row.get_state_display())


def role_words(side: str) -> str:
    """Return which of the two she was."""
    return _("mentee") if side == Role.MENTEE else _("mentor")


def _day_of(row: Afterwards) -> str:
    moment = row.answered_at or row.asked_at
    return day(timezone.localdate(moment) if moment is not None else row.due_on)


@open_to(Policy.CASEWORK)
def afterwards(request: DeskRequest) -> HttpResponse:
    """Show whom to call, who was asked, who is to be asked, who has answered; and of how many that is."""
    every = visible_afterwards(request.actor)
    counts = counts_of(every)
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in TABS else ""
    rows = every.filter(state__in=TABS[wanted][1])
    newest_first = wanted in {"answered", "silent"}
    page = Paginator(rows.order_by("-due_on" if newest_first else "due_on", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "tabs": [
            {
                "label": label,
                "url": "?" + urlencode({"state": name} if name else {}),
                "is_current": name == wanted,
                "count": sum(counts.get(state, 0) for state in states),
            }
            for name, (label, states) in TABS.items()
        ],
        "page": page,
        "rows": [
            {
                "key": row.pk,
                "name": person_of(row).name,
                "role": role_words(row.side),
                "label": label_of(row.month),
                "day": _day_of(row),
                "words": words_of(row),
            }
            for row in page.object_list
        ],
        "rates": [
            {
                "label": f"{label_of(rate.month)}, {role_words(rate.side)}",
                "words": _("%(answered)s of %(asked)s who were asked")
                % {"answered": rate.answered, "asked": rate.asked},
            }
            for rate in rates(every)
        ],
    }
    return render(request, "desk/partnerships/afterwards.html", context)


def _answers(row: Afterwards) -> list[dict[str, Any]]:
    facts = [
        (_("What she does now"), row.get_doing_display()),
        (_("Hours a week"), str(row.hours or "")),
        (_("At the level of what she has learned"), row.get_own_level_display()),
        (_("Her Danish is better"), row.get_danish_better_display()),
        (_("Would like another mentee"), row.get_again_display()),
        (_("May be asked again"), "" if row.may_ask_again is None else _("yes") if row.may_ask_again else _("no")),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


@open_to(Policy.CASEWORK)
def question(request: DeskRequest, afterwards_id: UUID) -> HttpResponse:
    """Note what came of a call."""
    row, by = get_object_or_404(visible_afterwards(request.actor), pk=afterwards_id), request.actor
    form = AfterForm(posted(request), side=row.side)
    may = may_answer(by, row)

    def act() -> Afterwards:
        outcome = form.cleaned_data["outcome"]
        if outcome == "answered":
            return services.answer(by=by, row=row, facts=form.facts)
        return services.note_no_answer(by=by, row=row, why=outcome)

    if request.method == "POST" and form.is_valid() and attempt(request, act, form if may else None) is not None:
        say(request, _("Noted. Thank you for calling her."))
        return redirect("desk:afterwards")
    context = {
        "row": row,
        "pair": row.partnership,
        "person": person_of(row),
        "label": label_of(row.month),
        "words": words_of(row),
        "answers": _answers(row),
        "form": form,
        "may": may,
    }
    return render(request, "desk/partnerships/question.html", context)
