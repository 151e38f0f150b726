"""The mentor bank: search as one types, filters with counts, searches that are kept."""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.divisions.queries import divisions_of
from mentornet.intake.bank_search import mentor_index, rows_of
from mentornet.intake.queries import kept_searches
from mentornet.intake.services import searches
from mentornet.matching.loan_queries import places_lent
from mentornet.programmes.queries import programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.bank import shown
from mentornet.web.desk.bank.forms import SearchForm, query_of, wanted_from
from mentornet.web.ui.toasts import say

PAGE: Final = 25
KEPT_FOR: Final = "bank"


@open_to(Policy.CASEWORK)
def bank(request: DeskRequest) -> HttpResponse:
    """Show the mentors whom a search finds, and how many each filter would leave."""
    by = request.actor
    index = mentor_index(by.casework)
    wanted = wanted_from(request.GET, index, by.casework)
    found = index.search(wanted, by.today)
    page = Paginator(found.ids, PAGE).get_page(request.GET.get("page"))
    divisions = list(divisions_of(by))
    facets, chips = shown.facets(index, wanted, found, divisions, programmes_in(by.casework))
    query = query_of(wanted)
    listed = rows_of(list(page.object_list))
    kept = list(kept_searches(by.user_id, KEPT_FOR))
    counts = {
        search.query: index.count(wanted_from(QueryDict(search.query), index, by.casework), by.today) for search in kept
    }
    context = {
        "wanted": wanted,
        "found": found,
        "page": page,
        "rows": shown.rows(listed, by.today, places_lent(by, [one.pk for one in listed])),
        "facets": facets,
        "chips": chips,
        "tabs": shown.tabs(wanted, found),
        "sorts": shown.sorts(wanted),
        "count_words": shown.count_words(wanted, found),
        "several_divisions": len(divisions) > 1,
        "query": query,
        "filters": shown.kept(kept, counts, query),
        "save_url": reverse("desk:bank_search_save") if query else "",
        "is_narrowed": bool(wanted.text or chips),
        "mentors": len(index),
        "today": by.today,
    }
    if request.headers.get("HX-Target") != "bank-found":
        return render(request, "desk/bank/bank.html", context)
    response = render(request, "desk/bank/_answer.html", context)
    # A filter is a step that the back button takes back; while she types, the address only follows.
    before = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    steps = wanted_from(before, index, by.casework).text == wanted.text
    response["HX-Push-Url" if steps else "HX-Replace-Url"] = shown.address(wanted)
    return response


@open_to(Policy.CASEWORK)
@require_POST
def save(request: DeskRequest) -> HttpResponse:
    """Keep the present search under a name."""
    form = SearchForm(request.POST)
    query = request.POST.get("query", "")
    if form.is_valid():
        _keep(request, form.cleaned_data["name"], form.cleaned_data["query"])
    else:
        say(request, _("The search was not kept. Give it a name of at most 80 letters."), tone="bad")
    # Read and written again: an address of her own words leads nowhere else.
    return redirect(f"{reverse('desk:bank')}?{QueryDict(query).urlencode()}")


@open_to(Policy.CASEWORK)
@require_POST
def restore(request: DeskRequest) -> HttpResponse:
    """Take back that a search was deleted."""
    form = SearchForm(request.GET)
    if form.is_valid():
        _keep(request, form.cleaned_data["name"], form.cleaned_data["query"])
    return redirect("desk:bank")


@open_to(Policy.CASEWORK)
@require_POST
def forget(request: DeskRequest, search_id: UUID) -> HttpResponse:
    """Delete a search that she keeps."""
    search = get_object_or_404(kept_searches(request.actor.user_id, KEPT_FOR), pk=search_id)
    again = f"{reverse('desk:bank_search_restore')}?{urlencode({'name': search.name, 'query': search.query})}"
    searches.forget_search(by=request.actor, search=search)
    say(request, _("The search “%(name)s” is deleted.") % {"name": search.name}, undo=again)
    return redirect("desk:bank")


def _keep(request: DeskRequest, name: str, query: str) -> None:
    by, index = request.actor, mentor_index(request.actor.casework)
    # Read and written again: only what the page understands is kept.
    plain = query_of(wanted_from(QueryDict(query), index, by.casework))
    user = cast(User, request.user)
    done = attempt(request, lambda: searches.save_search(by=by, user=user, page=KEPT_FOR, name=name, query=plain))
    if done is not None:
        say(request, _("The search “%(name)s” is kept. It stands above the list.") % {"name": done.name})
