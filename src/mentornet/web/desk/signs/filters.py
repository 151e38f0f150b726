"""Which pairs with early signs are listed: the filters of an address, for the page and for the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentornet.divisions.queries import coordinators_of, divisions_of
from mentornet.divisions.staff import Staff
from mentornet.followup.sign_kinds import SignKind
from mentornet.followup.sign_queries import warned_partnerships
from mentornet.partnerships.models import Partnership
from mentornet.programmes.queries import programmes_in

ASIDE: Final = "aside"
MINE: Final = "mine"
Choices = Mapping[str, list[tuple[str, str]]]


def choices_for(by: Staff) -> Choices:
    """Return what can be chosen for each filter, each value with its words."""
    staff = [(str(user.pk), user.name) for user in coordinators_of(by.casework, by.today)]
    return {
        "kind": [(kind.value, str(kind.label).capitalize()) for kind in SignKind],
        "division": [(str(one.pk), one.name) for one in divisions_of(by)],
        "programme": [(str(one.pk), one.name) for one in programmes_in(by.casework)],
        "whose": [(MINE, pgettext("cases", "Mine")), *staff],
        "state": [(ASIDE, _("Put aside"))],
    }


def asked_of(query: QueryDict, choices: Choices) -> dict[str, str]:
    """Return what is asked for; what does not exist, or not for this reader, asks nothing."""
    return {
        name: value if (value := query.get(name, "")) in {choice for choice, _label in some} else ""
        for name, some in choices.items()
    }


def query_of(asked: Mapping[str, str]) -> str:
    """Return the filters as an address carries them."""
    return urlencode({name: value for name, value in asked.items() if value})


def listed_for(by: Staff, asked: Mapping[str, str]) -> QuerySet[Partnership]:
    """Return the pairs with signs, those with most signs first; or those of whom all signs are put aside."""
    only = Q()
    if asked["division"]:
        only &= Q(division_id=asked["division"])
    if asked["programme"]:
        only &= Q(mentee__programme_id=asked["programme"])
    if asked["whose"]:
        only &= Q(mentee__coordinator_id=by.user_id if asked["whose"] == MINE else asked["whose"])
    return warned_partnerships(by, by.today, kind=asked["kind"], is_aside=asked["state"] == ASIDE, only=only)
