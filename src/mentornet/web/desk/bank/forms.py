"""What a search of the bank looks like in an address, and the name under which it is kept."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mentornet.intake.bank_search import Index, Sort, State, Wanted
from mentornet.intake.enums import Facet

LONGEST_TEXT = 200


class SearchForm(forms.Form):
    """A search that is to be kept."""

    name = forms.CharField(label=_("Name of the search"), max_length=80)
    query = forms.CharField(required=False, max_length=1_000)


def wanted_from(query: QueryDict, index: Index, divisions: Collection[UUID]) -> Wanted:
    """Read a search from an address. What does not exist, or not for this reader, asks nothing."""
    known: dict[Facet, Collection[str]] = {
        **index.choices(),
        Facet.DIVISION: {str(key) for key in divisions},
    }
    chosen = {facet: frozenset(query.getlist(facet)) & frozenset(known[facet]) for facet in Facet}
    state, sort = query.get("state", ""), query.get("sort", "")
    return Wanted(
        text=" ".join(query.get("q", "")[:LONGEST_TEXT].split()),
        chosen={facet: values for facet, values in chosen.items() if values},
        fluent_only=bool(query.get("fluent")),
        state=State(state) if state in set(State) else State.IN_BANK,
        sort=Sort(sort) if sort in set(Sort) else Sort.IDLE,
    )


def query_of(wanted: Wanted) -> str:
    """Return the address's query for a search: the same search always gives the same text."""
    query = QueryDict(mutable=True)
    if wanted.text:
        query["q"] = wanted.text
    for facet in Facet:
        if values := wanted.chosen.get(facet):
            query.setlist(facet.value, sorted(values))
    if wanted.fluent_only:
        query["fluent"] = "1"
    if wanted.state is not State.IN_BANK:
        query["state"] = wanted.state.value
    if wanted.sort is not Sort.IDLE:
        query["sort"] = wanted.sort.value
    return query.urlencode()
