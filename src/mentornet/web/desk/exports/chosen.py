"""Who is in a list under the filters of an address, and these filters in words.

A list page passes over what it does not understand in its address. A file of people must not: it would hold more than
was asked for, and another division's key would be told apart from a missing one. So it answers 404.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q
from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.followup.after import alumnae
from mentornet.intake.bank_search import State, mentor_index
from mentornet.intake.enums import WaitReason
from mentornet.intake.queries import people_found, waiting_mentees, where_they_stand
from mentornet.intake.waiting import with_why
from mentornet.matching.outlook import banks_for, without_a_fit
from mentornet.matching.queries import found as proposals_found
from mentornet.matching.queries import open_first, visible_proposals
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.queries import found as partnerships_found
from mentornet.partnerships.queries import not_met, visible_partnerships
from mentornet.people.enums import Role
from mentornet.people.queries import in_use
from mentornet.programmes.queries import programmes_in
from mentornet.web.desk.bank import shown as bank_shown
from mentornet.web.desk.bank.forms import wanted_from
from mentornet.web.desk.partnerships import shown as partnerships_shown
from mentornet.web.desk.partnerships.views import NOT_MET, RUNS
from mentornet.web.desk.people.standing import ROLES
from mentornet.web.desk.people.views import STATES
from mentornet.web.desk.proposals import shown as proposals_shown
from mentornet.web.desk.signs.filters import asked_of, choices_for, listed_for
from mentornet.web.desk.waiting.filters import EARLIER, filters_from, narrowed
from reference import languages as language_names

Words = str | Promise
Choose = Callable[[Staff, QueryDict], "Chosen"]
_BOTH_IN_USE = (in_use("mentee__person"), in_use("mentor__person"))


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter that is in force.

    Attributes:
        words: what is chosen, as the page says it.
        kept: what the audit keeps of it: a key or a code. Of what she has typed only that she has: it is a name.
        is_written: somebody's own words.
    """

    name: str
    label: Words
    words: Words
    kept: str | bool
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows a file is to hold, in the list's order."""

    ids: Sequence[UUID]
    filters: tuple[Filter, ...]


def _refuse_others(query: QueryDict, understood: Mapping[str, Collection[str]]) -> None:
    """Answer 404 when an address filters by something that does not exist, or not for this reader."""
    for name, values in understood.items():
        if any(value and value not in values for value in query.getlist(name)):
            raise Http404


def _text(text: str) -> list[Filter]:
    return [Filter("q", pgettext("filter", "Search"), text, True, is_written=True)] if text else []


def waiting(by: Staff, query: QueryDict) -> Chosen:
    """Return who waits."""
    everybody = with_why(waiting_mentees(by.casework), by.today)
    in_use = set(everybody.order_by().values_list("programme_id", flat=True))
    spoken = set(everybody.order_by().values_list("person__languages__code", flat=True)) - {None}
    filters = filters_from(query, divisions=by.casework, programmes=in_use, languages=spoken)
    names = ("division", "programme", "language", "whose", "fit", "why", "word", "sort")
    _refuse_others(query, {name: {getattr(filters, name)} for name in names})
    listed = narrowed(everybody, filters, by)
    if filters.fit:
        banks = banks_for(in_use, divisions=by.casework, today=by.today)
        nobody_fits = without_a_fit(listed.values_list("pk", "programme_id"), banks)
        ids = [key for key in listed.values_list("pk", flat=True) if key in nobody_fits]
    else:
        ids = list(listed.values_list("pk", flat=True))
    asked = []
    if filters.division:
        words = next(one.name for one in divisions_of(by) if str(one.pk) == filters.division)
        asked.append(Filter("division", _("Division"), words, filters.division, is_written=True))
    if filters.programme:
        words = next(one.name for one in programmes_in(by.casework) if str(one.pk) == filters.programme)
        asked.append(Filter("programme", _("Programme"), words, filters.programme, is_written=True))
    if filters.language:
        words = language_names.name(filters.language, reference_language())
        asked.append(Filter("language", _("Language"), words, filters.language, is_written=True))
    if filters.whose:
        asked.append(Filter("whose", pgettext("cases", "Whose"), pgettext("cases", "Mine"), filters.whose))
    if filters.why:
        words = _("taken before others") if filters.why == EARLIER else str(WaitReason(filters.why).label)
        asked.append(Filter("why", _("Why she waits"), words, filters.why))
    if filters.word:
        asked.append(Filter("word", _("Promise"), _("Word overdue"), filters.word))
    if filters.fit:
        asked.append(Filter("fit", _("Mentors"), _("Nobody fits"), filters.fit))
    return Chosen(ids, tuple(asked))


def bank(by: Staff, query: QueryDict) -> Chosen:
    """Return which mentors a search of the bank finds."""
    index = mentor_index(by.casework)
    wanted = wanted_from(query, index, by.casework)
    _refuse_others(
        query,
        {
            **{facet.value: wanted.chosen.get(facet, frozenset()) for facet in bank_shown.LEGENDS},
            "state": {wanted.state.value},
            "sort": {wanted.sort.value},
        },
    )
    found = index.search(wanted, by.today)
    facets, _chips = bank_shown.facets(index, wanted, found, divisions_of(by), programmes_in(by.casework))
    asked = _text(wanted.text)
    for facet in facets:
        for option in (*facet.options, *facet.more):
            if option.is_chosen:
                asked.append(Filter(facet.name, facet.legend, option.label, option.value))
    if wanted.fluent_only:
        asked.append(Filter("fluent", _("Language"), _("B1 or better"), True))
    label = next(tab["label"] for tab in bank_shown.tabs(wanted, found) if tab["is_current"])
    if wanted.state is not State.IN_BANK:
        asked.append(Filter("state", _("Where they stand"), str(label), wanted.state.value))
    return Chosen(found.ids, tuple(asked))


def people(by: Staff, query: QueryDict) -> Chosen:
    """Return which people a search finds."""
    text, role, state = query.get("q", "").strip(), query.get("role", ""), query.get("state", "")
    division = next((one for one in divisions_of(by) if str(one.pk) == query.get("division")), None)
    conditions = where_they_stand(by, role=role, division_id=division.pk if division else None)
    conditions |= {"alumnae": alumnae(by) & conditions[""]}
    _refuse_others(
        query, {"role": Role.values, "state": conditions, "division": {str(division.pk)} if division else set()}
    )
    asked = _text(text)
    if role:
        asked.append(Filter("role", _("Role"), ROLES[role], role))
    if state:
        asked.append(Filter("state", _("Where they stand"), STATES[state], state))
    if division:
        asked.append(Filter("division", _("Division"), division.name, str(division.pk), is_written=True))
    # Whose data rest is shown to whoever answers her, and stands in no file.
    found = people_found(by, text).filter(conditions[state], in_use("pk"))
    return Chosen(list(found.values_list("pk", flat=True)), tuple(asked))


def partnerships(by: Staff, query: QueryDict) -> Chosen:
    """Return which partnerships a tab and a search find."""
    text, state = query.get("q", "").strip(), query.get("state", "")
    _refuse_others(query, {"state": partnerships_shown.TABS})
    pairs = partnerships_found(visible_partnerships(by), text).filter(*_BOTH_IN_USE)
    if state == NOT_MET:
        pairs = not_met(pairs, by.today - partnerships_shown.MEET_WITHIN).order_by("matched_on", "created_at", "pk")
    elif state == PartnershipState.CLOSED:
        pairs = pairs.filter(state=state).order_by(F("closed_on").desc(nulls_last=True), "-created_at", "pk")
    else:
        pairs = pairs.filter(state__in=[state] if state else RUNS)
    asked = [*_text(text), Filter("state", _("State"), partnerships_shown.TABS[state], state or "running")]
    return Chosen(list(pairs.values_list("pk", flat=True)), tuple(asked))


def proposals(by: Staff, query: QueryDict) -> Chosen:
    """Return which proposals a tab and a search find."""
    text, state, whose = query.get("q", "").strip(), query.get("state", ""), query.get("whose", "")
    _refuse_others(query, {"state": proposals_shown.TABS, "whose": {"mine"}})
    listed = proposals_found(visible_proposals(by), text).filter(*_BOTH_IN_USE)
    if whose:
        listed = listed.filter(Q(mentee__coordinator_id=by.user_id) | Q(chosen_by=by.key))
    label, states = proposals_shown.TABS[state]
    listed = open_first(listed.filter(state__in=states))
    if state == "ended":
        listed = listed.order_by("-ended_at", "pk")
    asked = [*_text(text), Filter("state", _("State"), label, state or "open")]
    if whose:
        asked.append(Filter("whose", pgettext("cases", "Whose"), pgettext("cases", "Mine"), whose))
    return Chosen(list(listed.values_list("pk", flat=True)), tuple(asked))


def early_signs(by: Staff, query: QueryDict) -> Chosen:
    """Return the pairs with early signs that filters find."""
    choices = choices_for(by)
    asked = asked_of(query, choices)
    _refuse_others(query, {name: {value} for name, value in asked.items()})
    labels: dict[str, Words] = {
        "kind": pgettext("early sign", "Sign"),
        "division": _("Division"),
        "programme": _("Programme"),
        "whose": pgettext("cases", "Whose"),
        "state": _("State"),
    }
    named = {name: dict(choices[name])[value] for name, value in asked.items() if value}
    filters = [
        Filter(name, labels[name], words, asked[name], is_written=name in {"division", "programme"})
        for name, words in named.items()
    ]
    pairs = listed_for(by, asked).filter(*_BOTH_IN_USE)
    return Chosen(list(pairs.values_list("pk", flat=True)), tuple(filters))
