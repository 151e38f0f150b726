"""Retention: for how long what is kept, what goes tomorrow, and what went."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentornet.common.fields import TERMS, Retention
from mentornet.common.row_scope import EVERYTHING, within
from mentornet.divisions.queries import all_divisions
from mentornet.privacy.clocks import BY_OTHER_JOBS, LEAST
from mentornet.privacy.due import begins_on, by_division, due_on, terms_on
from mentornet.privacy.ends import days_of
from mentornet.privacy.enums import Kept
from mentornet.privacy.register import named_among, nights_done, runs_of_other_jobs
from mentornet.privacy.services.keeping import set_term
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.data_protection.forms import TermForm
from mentornet.web.desk.data_protection.shown import CLASSES, class_rows, table_name
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.ui.toasts import say

PAGE: Final = 30
MOST_NAMED: Final = 50


@open_to(Policy.DATA_PROTECTION)
def retention(request: DeskRequest) -> HttpResponse:
    """Show the times, and what goes tomorrow. Names only to whoever works with these people anyway."""
    by = request.actor
    tomorrow = by.today + timedelta(days=1)
    first = begins_on(by.today)
    with within(EVERYTHING):
        due = due_on(tomorrow)
        counts = due.counts()
        known = by_division(due.people)
    kept = [(Kept(why).label, sum(one == why for one in due.kept.values())) for why in Kept]
    context = {
        "tomorrow": tomorrow,
        "begins_on": first if first > tomorrow else None,
        "rows": class_rows(due.days, days_of(), counts),
        "people": len(due.people),
        "divisions": [(one.name, len(known[one.pk])) for one in all_divisions() if one.pk in known],
        "named": named_among(by, due.people)[:MOST_NAMED],
        "kept": [(label, count) for label, count in kept if count],
    }
    return render(request, "desk/data_protection/retention.html", context)


@open_to(Policy.DATA_PROTECTION)
def term(request: DeskRequest, retention: str) -> HttpResponseBase:
    """Say for how many days a class is kept, after the second factor: a shorter time erases people."""
    by = request.actor
    if retention not in {one.value for one in CLASSES}:
        raise Http404
    if not is_fresh(request):
        return ask_for_it(request)
    of = Retention(retention)
    form = TermForm(posted(request), initial={"days": terms_on(by.today)[of]})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            lambda: set_term(by=by, retention=of, author_name=by.name, **form.cleaned_data),
            form,
        )
        if done is not None:
            say(request, _("Saved. A shorter time counts in thirty days, so that nobody is surprised."))
            return redirect("desk:retention")
    name, words = CLASSES[of]
    context = {"form": form, "name": name, "words": words, "term": TERMS[of], "least": LEAST[of], "own": days_of()[of]}
    return render(request, "desk/data_protection/retention_term.html", context, status=422 if form.errors else 200)


@open_to(Policy.DATA_PROTECTION)
def nights(request: DeskRequest) -> HttpResponse:
    """Show what went in which night, and what other jobs of the program see to."""
    page = Paginator(nights_done(), PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "run": run,
            "counts": [
                (CLASSES[Retention(one.retention)][0], table_name(one.table), one.count) for one in run.counts.all()
            ],
        }
        for run in page.object_list
    ]
    runs = runs_of_other_jobs()
    others = [(table_name(table), runs.get(job)) for table, job in BY_OTHER_JOBS.items()]
    return render(request, "desk/data_protection/nights.html", {"page": page, "rows": rows, "others": others})
