"""The waiting list: who waits, how long, what was promised her, and who could be her mentor."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import divisions_of
from mentornet.intake.queries import waiting_mentees
from mentornet.intake.waiting import with_why
from mentornet.matching.loan_queries import mentors_named
from mentornet.matching.outlook import banks_for, outlooks_for, without_a_fit
from mentornet.programmes.queries import programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.waiting import shown
from mentornet.web.desk.waiting.filters import filters_from, narrowed
from reference import languages as language_names

PAGE: Final = 25
MOST_ON_PAPER: Final = 250


@open_to(Policy.CASEWORK)
def waiting(request: DeskRequest) -> HttpResponse:
    """Show who waits in her divisions, the longest wait first, with what can be done for each."""
    by = request.actor
    everybody = waiting_mentees(by.casework)
    listed = with_why(everybody, by.today)
    cases = list(listed.values_list("programme_id", "since", "word_due_on", "why", "earlier"))
    in_use = {programme_id for programme_id, *_rest in cases}
    divisions = list(divisions_of(by))
    programmes = [one for one in programmes_in(by.casework) if one.pk in in_use]
    spoken = everybody.order_by().values_list("person__languages__code", flat=True).distinct()
    language = reference_language()
    languages = sorted(
        ((code, language_names.name(code, language).capitalize()) for code in spoken if code), key=lambda one: one[1]
    )
    filters = filters_from(
        request.GET, divisions=by.casework, programmes=in_use, languages={code for code, _name in languages}
    )
    listed = narrowed(listed, filters, by)
    banks = banks_for(in_use, divisions=by.casework, today=by.today)
    if filters.fit:
        listed = listed.filter(pk__in=without_a_fit(listed.values_list("pk", "programme_id"), banks))
    size = MOST_ON_PAPER if filters.everybody else PAGE
    page = Paginator(listed.prefetch_related("person__languages"), size).get_page(request.GET.get("page"))
    mentees = list(page.object_list)
    outlooks = outlooks_for(mentees, banks)
    best = {outlook.best.enrolment_id for outlook in outlooks.values() if outlook.best}
    mentors = {mentor.pk: mentor for mentor in mentors_named(by, best)}
    context = {
        "filters": filters,
        "totals": shown.totals(((since, due) for _programme, since, due, *_why in cases), by.today),
        "page": page,
        "rows": shown.rows(mentees, outlooks, mentors, by.today),
        "found": page.paginator.count,
        "divisions": shown.choices(((str(one.pk), one.name) for one in divisions), filters.division),
        "programmes": shown.choices(((str(one.pk), one.name) for one in programmes), filters.programme),
        "spoken": shown.choices(languages, filters.language),
        "whys": shown.choices(shown.whys((why, earlier) for *_dates, why, earlier in cases), filters.why),
        "has_earlier": any(earlier is not None for *_rest, earlier in cases),
        "reference_language": language,
        "today": by.today,
        "print_query": filters.query(everybody="1"),
        "pages_query": filters.query(everybody=""),
    }
    if request.headers.get("HX-Target") != "waiting-found":
        return render(request, "desk/waiting/waiting.html", context)
    response = render(request, "desk/waiting/_answer.html", context)
    query = filters.query()
    response["HX-Push-Url"] = reverse("desk:waiting") + (f"?{query}" if query else "")
    return response
