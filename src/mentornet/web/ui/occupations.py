"""Asking for an occupation: her own words, and the group of ISCO-08 that she chooses for just these words.

Works without JavaScript: a button looks for what the words may mean, and the list comes back with the page. The list
carries the words that it was made for (:data:`LOOKED_FOR`). When a choice comes back with other words, it is not kept
unseen: the list is shown anew, with the former choice alone where nothing fits the new words. Without words it goes.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.ordering import folded
from mentornet.common.spoken import reference_language
from reference import isco
from reference.occupations import Found, search, title

WORDS: Final = "occupation_title"
GROUP: Final = "occupation"
LOOK: Final = "look"
"""The name of the button that looks, and keeps nothing yet."""
LOOKED_FOR: Final = "looked_for"
_SHOWN: Final = 8


def occupations_found(typed: str, chosen: str = "") -> list[Found]:
    """Return the groups of occupations that some words may mean, the best first.

    Where there are words and none is found, that is the one that was chosen for others: she may only have said more.
    """
    # Wide groups often bear the title of a narrow one, which comes before them: nobody could tell the two apart.
    by_title: dict[str, Found] = {}
    for one in search(typed, reference_language()):
        by_title.setdefault(one.title, one)
    found = list(by_title.values())[:_SHOWN]
    return _with_chosen(found, chosen) if typed.strip() and not found else found


def _with_chosen(found: list[Found], chosen: str) -> list[Found]:
    if not isco.exists(chosen) or any(one.code == chosen for one in found):
        return found
    hers = Found(chosen, title(chosen, reference_language()))
    return [hers, *[one for one in found if one.title != hers.title][: _SHOWN - 1]]


class AsksOccupation(forms.Form):
    """Part of a form with the fields ``occupation_title`` and ``occupation``, which :meth:`seek` makes ready.

    Attributes:
        found: the groups to choose from.
        looked_for: the words for which they are shown.
        has_looked: something was looked for.
        chosen: the group that is chosen among them; empty for none.
        is_stale: a group came with other words than those that it was chosen for.
    """

    found: list[Found]
    looked_for = ""
    has_looked = False
    chosen = ""
    is_stale = False

    def seek(self) -> None:
        """Look for what her words may mean, and let her choose among it; called once the fields stand."""
        field = self.fields[GROUP]
        assert isinstance(field, forms.ChoiceField)
        field.label = gettext_lazy("Does one of these fit?")
        typed, chosen = str(self[WORDS].value() or ""), str(self[GROUP].value() or "")
        stood = str(self.get_initial_for_field(self.fields[WORDS], WORDS) or "")
        # Words that no list was made for yet have nothing beside them that could be kept by mistake.
        listed = self.data.get(LOOKED_FOR, stood or None) if self.is_bound else None
        self.is_stale = bool(chosen) and listed is not None and folded(listed) != folded(typed)
        self.found = occupations_found(typed, chosen)
        if not self.is_stale:
            self.found = _with_chosen(self.found, chosen)
        self.looked_for, self.has_looked = typed, bool(typed.strip())
        self.chosen = chosen if any(one.code == chosen for one in self.found) else ""
        offered = [(one.code, one.title) for one in self.found]
        # What was chosen for other words is let in, to be asked for anew below.
        offered += [(chosen, chosen)] if self.is_stale and isco.exists(chosen) else []
        field.choices = [*offered, ("", _("None of these. My own words are enough."))]

    def clean(self) -> dict[str, Any]:
        """Ask again where a group was chosen for other words; drop it where there are none any more."""
        data = super().clean() or self.cleaned_data
        if self.is_stale and GROUP in data:
            data[GROUP] = ""
            if self.found and LOOK not in self.data:
                self.add_error(GROUP, _("You have written other words. Choose once more which of these fits."))
        return data
